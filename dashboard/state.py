"""What the user is looking at, as one value that the URL carries."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from pipeline.api import map_options

FAITHFULNESS = "faithfulness"
COLOURS = ("true", "predicted", "correct", "margin", FAITHFULNESS)
"""What the map's points can be coloured by; the last one only where the run has it."""

OUTCOMES = ("all", "correct", "wrong")
"""Which predictions the map can show in colour."""

NORMALISATIONS = ("counts", "rows")
"""What the confusion matrix can show: images, or shares of each true class."""

GROUPS = ("fixed", "broke", "different", "same", "right", "wrong")
"""Which images of a comparison can be looked at; see `dashboard.flips`."""

PROJECTION = ("projection", *map_options())
"""Query parameters that say how the map is laid out: the method, and its options."""

DEFAULT_PAGE = "overview"
C_RANGE = (1e-6, 1e6)
MAX_INDEX = 10**7
LONGEST_WORD = 40
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_INDEX = re.compile(r"[0-9]{1,8}")
_NUMBER = re.compile(r"[0-9.eE+-]{1,32}")


@dataclass(frozen=True)
class ViewState:
    """Hold what the user is looking at; equal states show the same page.

    Attributes
    ----------
    run : str or None
        Name of the run; None: the store's default run.
    page : str
        The page's path in the URL, for example ``"errors"``. It is the URL's path, not part of its query.
    C : float or None
        The linear SVM's penalty; None: the run's own.
    colour : str
        What the map's points are coloured by, one of ``COLOURS``.
    true_label, predicted_label : int or None
        Filters: indices into the run's class names; None: every class.
    outcome : str
        Filter of the map, one of ``OUTCOMES``.
    selected : int or None
        The selected image: a row of the test split.
    normalise : str
        What the confusion matrix shows, one of ``NORMALISATIONS``.
    sheet : int
        Which sheet of a gallery, from 1.
    versus : str or None
        Name of the run to compare with; None: this one.
    versus_C : float or None
        The penalty to compare with; None: the own one of the run to compare with.
    group : str or None
        Which images of the comparison are shown, one of ``GROUPS``; None: where the answers differ.
    projection : tuple of (str, str)
        How the map is laid out, as the URL has it: some of ``PROJECTION``, with whatever somebody typed there, which
        `dashboard.projections` reads and answers. Empty: the run's own map.
    """

    run: str | None = None
    page: str = DEFAULT_PAGE
    C: float | None = None
    colour: str = "true"
    true_label: int | None = None
    predicted_label: int | None = None
    outcome: str = "all"
    selected: int | None = None
    normalise: str = "counts"
    sheet: int = 1
    versus: str | None = None
    versus_C: float | None = None
    group: str | None = None
    projection: tuple[tuple[str, str], ...] = ()

    def to_query(self) -> dict[str, str]:
        """Write the state as query parameters; what is at its default is left out.

        Returns
        -------
        dict of str to str
            Without the page, which is the URL's path.
        """
        written = ((name, getattr(self, attribute)) for name, attribute in PARAMETERS.items())
        default = {field.name: field.default for field in fields(self)}
        told = {name: str(value) for name, value in written if value != default[PARAMETERS[name]]}
        return told | dict(self.projection)

    @classmethod
    def from_query(cls, query: Mapping[str, str], page: str = DEFAULT_PAGE) -> ViewState:
        """Read a state from query parameters, which anyone may have typed.

        Parameters
        ----------
        query : mapping of str to str
            Unknown parameters are ignored, and bad values fall to the default.
        page : str
            The page's path in the URL.
        """
        read: dict[str, Any] = {
            attribute: _READERS[attribute](query.get(name)) for name, attribute in PARAMETERS.items()
        }
        given = {attribute: value for attribute, value in read.items() if value is not None}
        words = ((name, (query.get(name) or "")[:LONGEST_WORD]) for name in PROJECTION)
        return cls(page=page, projection=tuple((name, word) for name, word in words if word), **given)

    def within(self, n_classes: int, n_images: int) -> ViewState:
        """Drop the filters and the selection that point outside a run.

        Parameters
        ----------
        n_classes, n_images : int
            Number of classes, and of images in the test split.
        """
        return replace(
            self,
            true_label=_below(self.true_label, n_classes),
            predicted_label=_below(self.predicted_label, n_classes),
            selected=_below(self.selected, n_images),
        )

    def changed(self, **changes: Any) -> ViewState:
        """Give this state with some attributes replaced, and what no longer fits them reset.

        Another run drops C, filters, selection and comparison; other filters or another C go back to the first
        sheet.
        """
        after = replace(self, **changes)
        if after.run != self.run:
            fresh = ViewState(run=after.run, page=after.page, colour=after.colour, normalise=after.normalise)
            return replace(fresh, **changes)
        scope = ("true_label", "predicted_label", "outcome", "C", "versus", "versus_C", "group")
        narrowed = any(getattr(after, name) != getattr(self, name) for name in scope)
        return replace(after, sheet=1) if narrowed and "sheet" not in changes else after


PARAMETERS = {
    "run": "run",
    "C": "C",
    "colour": "colour",
    "true": "true_label",
    "predicted": "predicted_label",
    "only": "outcome",
    "image": "selected",
    "matrix": "normalise",
    "sheet": "sheet",
    "versus": "versus",
    "versusC": "versus_C",
    "group": "group",
}
"""Query parameter of each attribute that has one of its own."""

QUERY = (*PARAMETERS, *PROJECTION)
"""Every query parameter that is ours."""


def _name(text: str | None) -> str | None:
    return text if text is not None and _NAME.fullmatch(text) else None


def _index(text: str | None) -> int | None:
    return int(text) if text is not None and _INDEX.fullmatch(text) and int(text) <= MAX_INDEX else None


def _sheet(text: str | None) -> int | None:
    return _index(text) or None


def _penalty(text: str | None) -> float | None:
    if text is None or not _NUMBER.fullmatch(text):
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and C_RANGE[0] <= value <= C_RANGE[1] else None


def _colour(text: str | None) -> str | None:
    return text if text in COLOURS else None


def _outcome(text: str | None) -> str | None:
    return text if text in OUTCOMES else None


def _normalisation(text: str | None) -> str | None:
    return text if text in NORMALISATIONS else None


def _group(text: str | None) -> str | None:
    return text if text in GROUPS else None


def _below(index: int | None, n: int) -> int | None:
    return index if index is not None and 0 <= index < n else None


_READERS = {
    "run": _name,
    "C": _penalty,
    "colour": _colour,
    "true_label": _index,
    "predicted_label": _index,
    "outcome": _outcome,
    "selected": _index,
    "normalise": _normalisation,
    "sheet": _sheet,
    "versus": _name,
    "versus_C": _penalty,
    "group": _group,
}
