"""What the user is looking at, as one value that the URL carries."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from dashboard.page.filter import Filter, Text
from dashboard.page.query import Index, Name, OneOf, Packed, Parts, Query, RunName, Words, asked, parameter
from dashboard.statistics.orders import ORDERS as SORTS
from pipeline.api import Asked, map_options

FAITHFULNESS = "faithfulness"
COLOURS = ("true", "predicted", "correct", "margin", FAITHFULNESS)
"""What the map's points can be coloured by; the last one only where the run has it."""

NORMALISATIONS = ("counts", "rows")
"""What the confusion matrix can show: images, or shares of each true class."""

ORDERS = ("similarity", "dataset", "alphabet")
"""In which order the classes of the confusion matrix can stand."""

GROUPS = ("fixed", "broke", "different", "same", "right", "wrong")
"""Which images of a comparison can be looked at; see `dashboard.statistics.flips`."""

RELABELLED = "relabelled"
"""Of a comparison with a corrected run, besides `GROUPS`: the images whose label was corrected."""

PROJECTION = ("projection", *map_options())
"""Query parameters that say how the map is laid out: the method, and its options."""

PAIR_GROUPS = ("support", "along")
"""Which images of a pair of classes can be looked at, besides the wrong ones; see `dashboard.analysis.pair_images`."""

UNJUDGED = "unjudged"
VERDICTS = (UNJUDGED, "keep", "wrong", "unsure", "excluded")
"""What people can have said of a label; the first: nothing."""

COPIES = ("labels", "leaked", "same", "near")
"""Which copies of images can be asked for; see `dashboard.labels.copies`."""

BY = ("pairs", "slices")
"""By what the page Errors lists errors: pairs of classes, or parts of feature space."""

DEFAULT_PAGE = "overview"


@dataclass(frozen=True)
class Versus:
    """Say what to compare with.

    Attributes
    ----------
    run : str or None
        Name of the run; None: the one that is looked at.
    asked : Asked
        Which of its classifiers.
    """

    run: str | None = parameter(RunName("versus"))
    asked: Asked = parameter(asked("versus"), Asked())


@dataclass(frozen=True)
class ViewState:
    """Hold what the user is looking at; equal states show the same page.

    A field's metadata says how it stands in the query, whether it ``narrows`` what a gallery has, whether it
    ``lists`` only some images, whether it ``stays`` when the run changes, and whether the map's
    part of the address has it too (``on_map``).

    Attributes
    ----------
    run : str or None
        Name of the run; None: the store's default run.
    page : str
        The page's path in the URL, for example ``"errors"``. It is the URL's path, not part of its query.
    asked : Asked
        Which of the run's classifiers.
    colour : str
        What the map's points are coloured by, one of ``COLOURS``.
    filter : Filter
        Which images pass, on every page. `changed` also takes ``true_label``, ``predicted_label`` (a label, or None for
        all) and ``outcome``.
    selected : int or None
        The selected image: a row of the test split.
    normalise : str
        What the confusion matrix shows, one of ``NORMALISATIONS``.
    sheet : int
        Which sheet of a gallery, from 1.
    versus : Versus
        What to compare with.
    group : str or None
        Which images of a comparison are shown, one of ``GROUPS`` or ``RELABELLED``; of a pair, also of
        ``PAIR_GROUPS``; None: where
        the answers differ, or those nearest to the boundary.
    projection : tuple of (str, str)
        How the map is laid out, as the URL has it: some of ``PROJECTION``, with whatever somebody typed there, which
        `dashboard.maps.in_use` reads and answers. Empty: the run's own map.
    order : str or None
        In which order the classes of the confusion matrix stand, one of ``ORDERS``; None: that of the data set while
        there is room for numbers, else similarity.
    sort : str or None
        In which order images are shown, one of `dashboard.statistics.orders.ORDERS`; None: the page's own order.
    among : str or None
        Which list of the page the drawer walks through (`dashboard.page.lists`); None: the first that has the image.
    ranked : str or None
        How a table of classes is sorted (`dashboard.components.class_table`); None: in its usual order.
    verdict : str or None
        Of which verdict the images on the page Labels are, one of ``VERDICTS``; None: of any, or none.
    tag : str
        Which tag they have; empty: any, or none.
    rows : str
        Which test images they are, as `dashboard.page.packed` writes them; empty: all, and those of the training split.
        Other images pass on no page; on the map they are selected.
    copies : str or None
        Which copies they have, one of ``COPIES``; None: any, or none.
    by : str
        By what errors are listed, one of ``BY``.
    """

    run: str | None = parameter(RunName("run"))
    page: str = field(default=DEFAULT_PAGE, metadata={"stays": True})
    asked: Asked = parameter(asked(), Asked(), narrows=True)
    colour: str = parameter(OneOf("colour", COLOURS), "true", stays=True, on_map=True)
    filter: Filter = parameter(Parts.of(Filter), Filter(), narrows=True, lists=True)
    selected: int | None = parameter(Index("image", "the number of an image,"), on_map=True)
    normalise: str = parameter(OneOf("matrix", NORMALISATIONS), "counts", stays=True)
    sheet: int = parameter(Index("sheet", "a number", 1), 1)
    versus: Versus = parameter(Parts.of(Versus), Versus(), narrows=True)
    group: str | None = parameter(OneOf("group", (*GROUPS, RELABELLED, *PAIR_GROUPS)), narrows=True)
    projection: tuple[tuple[str, str], ...] = parameter(Words(PROJECTION), ())
    order: str | None = parameter(OneOf("order", ORDERS), stays=True)
    sort: str | None = parameter(OneOf("sort", SORTS), narrows=True, stays=True)
    among: str | None = parameter(Name("list"))
    ranked: str | None = parameter(Name("ranked"), stays=True)
    verdict: str | None = parameter(OneOf("verdict", VERDICTS), narrows=True, lists=True)
    tag: str = parameter(Text("tag"), "", narrows=True, lists=True)
    rows: str = parameter(Packed("rows"), "", narrows=True, on_map=True, lists=True)
    copies: str | None = parameter(OneOf("copies", COPIES), narrows=True, lists=True)
    by: str = parameter(OneOf("by", BY), "pairs")

    @property
    def true_label(self) -> int | None:
        """The true class that passes; None where not exactly one does."""
        return only(self.filter.true)

    @property
    def predicted_label(self) -> int | None:
        """The predicted class that passes; None where not exactly one does."""
        return only(self.filter.predicted)

    def to_query(self) -> dict[str, str]:
        """Write the state as query parameters; what is at its default is left out.

        Returns
        -------
        dict of str to str
            Without the page, which is the URL's path.
        """
        return PARAMETERS.write(self)

    @classmethod
    def from_query(cls, query: Query, page: str = DEFAULT_PAGE) -> ViewState:
        """Read a state from query parameters, which anyone may have typed.

        Parameters
        ----------
        query : mapping of str to str
            Unknown parameters are ignored, and bad values fall to the default.
        page : str
            The page's path in the URL.
        """
        return replace(PARAMETERS.read(query), page=page)

    def within(self, n_classes: int, n_images: int) -> ViewState:
        """Drop the filters and the selection that point outside a run.

        Parameters
        ----------
        n_classes, n_images : int
            Number of classes, and of images in the test split.
        """
        return replace(
            self,
            filter=self.filter.within(n_classes),
            selected=_below(self.selected, n_images),
        )

    def changed(self, **changes: Any) -> ViewState:
        """Give this state with some attributes replaced, and what no longer fits them reset.

        Another run drops its classifier, filters, selection and comparison; other filters or another classifier go
        back to the first sheet; another image is of no list that was named before.
        """
        changes = self._whole({"among": None, **changes} if "selected" in changes else changes)
        after = replace(self, **changes)
        if after.run != self.run:
            kept = {name: getattr(after, name) for name in marked("stays")}
            return ViewState(**{"run": after.run, **kept, **changes})
        narrowed = any(getattr(after, name) != getattr(self, name) for name in marked("narrows"))
        return replace(after, sheet=1) if narrowed and "sheet" not in changes else after

    def _whole(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Put parts of the filter together."""
        parts = {_PARTS[name]: _part(value) for name, value in changes.items() if name in _PARTS}
        others = {name: value for name, value in changes.items() if name not in _PARTS}
        return others | {"filter": replace(others.get("filter", self.filter), **parts)} if parts else changes


def refused(query: Query) -> list[str]:
    """Say which parameters of a query have values that cannot be, and what they may be.

    Parameters
    ----------
    query : mapping of str to str
        Anyone may have typed it; unknown parameters are somebody else's.
    """
    return PARAMETERS.refused(query)


PARAMETERS = Parts.of(ViewState)
"""How a state stands in the query."""


def marked(mark: str) -> tuple[str, ...]:
    """List the fields of a state whose metadata has a mark."""
    return tuple(item.name for item in fields(ViewState) if item.metadata.get(mark))


ALL_IMAGES = MappingProxyType(
    {item.name: item.default for item in fields(ViewState) if item.name in marked("lists")}
)
"""Changes of a view that list all images again."""

_PARTS = {"true_label": "true", "predicted_label": "predicted", "outcome": "outcome"}
"""Changes of a part of the filter, and the part."""


def _part(value: int | str | None) -> Any:
    return value if isinstance(value, str) else () if value is None else (value,)


def only(labels: tuple[int, ...]) -> int | None:
    """Give the one label; None where there are others, or none."""
    return labels[0] if len(labels) == 1 else None


def _below(number: int | None, n: int) -> int | None:
    return number if number is not None and 0 <= number < n else None
