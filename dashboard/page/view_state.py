"""What the user is looking at, as one value that the URL carries."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from dashboard.wording.penalty import C_RANGE
from dashboard.wording.settings import GAMMA_RANGE
from pipeline.api import KERNELS, SCALE, Asked, Gamma, map_options

FAITHFULNESS = "faithfulness"
COLOURS = ("true", "predicted", "correct", "margin", FAITHFULNESS)
"""What the map's points can be coloured by; the last one only where the run has it."""

OUTCOMES = ("all", "correct", "wrong")
"""Which predictions the map can show in colour."""

NORMALISATIONS = ("counts", "rows")
"""What the confusion matrix can show: images, or shares of each true class."""

GROUPS = ("fixed", "broke", "different", "same", "right", "wrong")
"""Which images of a comparison can be looked at; see `dashboard.statistics.flips`."""

PROJECTION = ("projection", *map_options())
"""Query parameters that say how the map is laid out: the method, and its options."""

PAIR_GROUPS = ("support", "along")
"""Which images of a pair of classes can be looked at, besides the wrong ones; see `dashboard.analysis.pair_images`."""

DEFAULT_PAGE = "overview"
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
        The SVM's penalty; None: the run's own.
    kernel : str or None
        Its kernel, one of ``KERNELS``; None: the run's own.
    gamma : float, "scale" or None
        Of the RBF kernel; None: the run's own, else "scale".
    per_class : int or None
        Training images a class; None: as many as the run's own, usually all.
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
    versus_C, versus_kernel, versus_gamma, versus_per_class
        The setting to compare with, as above; None: the own one of the run to compare with.
    group : str or None
        Which images of a comparison are shown, one of ``GROUPS``, or of a pair, also of ``PAIR_GROUPS``; None: where
        the answers differ, or those nearest to the boundary.
    projection : tuple of (str, str)
        How the map is laid out, as the URL has it: some of ``PROJECTION``, with whatever somebody typed there, which
        `dashboard.maps.in_use` reads and answers. Empty: the run's own map.
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
    kernel: str | None = None
    gamma: Gamma | None = None
    per_class: int | None = None
    versus_kernel: str | None = None
    versus_gamma: Gamma | None = None
    versus_per_class: int | None = None

    @property
    def asked(self) -> Asked:
        """The classifier that is asked for."""
        return Asked(self.C, self.kernel, self.gamma, self.per_class)

    @property
    def versus_asked(self) -> Asked:
        """The classifier to compare with, of the run to compare with."""
        return Asked(self.versus_C, self.versus_kernel, self.versus_gamma, self.versus_per_class)

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
            attribute: _READERS[attribute][0](query.get(name)) for name, attribute in PARAMETERS.items()
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
        narrowed = any(getattr(after, name) != getattr(self, name) for name in _SCOPE)
        return replace(after, sheet=1) if narrowed and "sheet" not in changes else after


def refused(query: Mapping[str, str]) -> list[str]:
    """Say which parameters of a query have values that cannot be, and what they may be.

    Parameters
    ----------
    query : mapping of str to str
        Anyone may have typed it; unknown parameters are somebody else's.
    """
    read = ((name, query.get(name), *_READERS[attribute]) for name, attribute in PARAMETERS.items())
    return [
        f"{name} in the address must be {allowed}. Got {text[:40]!r}."
        for name, text, reader, allowed in read
        if text is not None and reader(text) is None
    ]


PARAMETERS = {
    "run": "run",
    "C": "C",
    "kernel": "kernel",
    "gamma": "gamma",
    "train": "per_class",
    "colour": "colour",
    "true": "true_label",
    "predicted": "predicted_label",
    "only": "outcome",
    "image": "selected",
    "matrix": "normalise",
    "sheet": "sheet",
    "versus": "versus",
    "versusC": "versus_C",
    "versusKernel": "versus_kernel",
    "versusGamma": "versus_gamma",
    "versusTrain": "versus_per_class",
    "group": "group",
}
"""Query parameter of each attribute that has one of its own."""

QUERY = (*PARAMETERS, *PROJECTION)
"""Every query parameter that is ours."""

_SCOPE = (
    "true_label", "predicted_label", "outcome", "group", "C", "kernel", "gamma", "per_class",
    "versus", "versus_C", "versus_kernel", "versus_gamma", "versus_per_class",
)  # fmt: skip
"""What decides which images a gallery has."""


def _name(text: str | None) -> str | None:
    return text if text is not None and _NAME.fullmatch(text) else None


def _index(text: str | None) -> int | None:
    return int(text) if text is not None and _INDEX.fullmatch(text) and int(text) <= MAX_INDEX else None


def _count(text: str | None) -> int | None:
    return _index(text) or None


def _penalty(text: str | None) -> float | None:
    return _number(text, C_RANGE)


def _gamma(text: str | None) -> Gamma | None:
    return SCALE if text == SCALE else _number(text, GAMMA_RANGE)


def _number(text: str | None, allowed: tuple[float, float]) -> float | None:
    if text is None or not _NUMBER.fullmatch(text):
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and allowed[0] <= value <= allowed[1] else None


def _below(index: int | None, n: int) -> int | None:
    return index if index is not None and 0 <= index < n else None


_Reader = tuple[Callable[[str | None], Any], str]


def _one_of(words: Sequence[str]) -> _Reader:
    return (lambda text: text if text in words else None), f"one of {', '.join(words)}"


_RUN: _Reader = _name, "the name of a run"
_LABEL: _Reader = _index, f"the number of a class, from 0 to {MAX_INDEX}"
_C: _Reader = _penalty, f"a number from {C_RANGE[0]:f} to {C_RANGE[1]:.0f}"
_GAMMA: _Reader = _gamma, f"a number from {GAMMA_RANGE[0]:g} to {GAMMA_RANGE[1]:.0f}, or {SCALE}"
_SIZE: _Reader = _count, f"a number of training images a class, from 1 to {MAX_INDEX}"

_READERS: dict[str, _Reader] = {
    "run": _RUN,
    "C": _C,
    "kernel": _one_of(KERNELS),
    "gamma": _GAMMA,
    "per_class": _SIZE,
    "colour": _one_of(COLOURS),
    "true_label": _LABEL,
    "predicted_label": _LABEL,
    "outcome": _one_of(OUTCOMES),
    "selected": (_index, f"the number of a test image, from 0 to {MAX_INDEX}"),
    "normalise": _one_of(NORMALISATIONS),
    "sheet": (_count, f"a number from 1 to {MAX_INDEX}"),
    "versus": _RUN,
    "versus_C": _C,
    "versus_kernel": _one_of(KERNELS),
    "versus_gamma": _GAMMA,
    "versus_per_class": _SIZE,
    "group": _one_of((*GROUPS, *PAIR_GROUPS)),
}
"""How each attribute is read, and what it may be, for people."""
