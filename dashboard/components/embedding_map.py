"""The map of a projection: a component of plain ES modules, ``dashboard/ui/map/embedding_map.js`` and what it imports.

Points and thumbnails are files that the browser fetches and keeps (`dashboard.server.routes`); what travels with every
script run is about 2 kB of JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from dashboard.components.map_content import MapFiles
from dashboard.components.widget import component, heard
from dashboard.figures.palette import (
    CORRECT,
    WHO,
    WRONG,
    common_scale,
    kept_scale,
    margin_scale,
    number_scale,
)
from dashboard.jobs import display
from dashboard.page.filter import Filter
from dashboard.page.query import Parts
from dashboard.run.table import LEGEND
from dashboard.server import ui_bundle
from pipeline.api import PALETTE

NAME = "lazybones_embedding_map"
FILTERS = Parts.of(Filter)


@dataclass(frozen=True)
class FlipRows:
    """Name the images that the classifier in use has right where another had them wrong, and the other way round.

    Attributes
    ----------
    label : str
        The other classifier: "C = 0.1".
    fixed, broke : str
        A bit a row, packed for ``dashboard/ui/state/packed_bits.js``.
    """

    label: str
    fixed: str
    broke: str


@dataclass(frozen=True)
class Seed:
    """Say what the map is asked to show when it opens, by a link from elsewhere for example.

    Attributes
    ----------
    filter : Filter
        Which images are lit.
    colour : str
        One of ``dashboard.page.view_state.COLOURS``.
    image : int or None
        Row of the selected image.
    """

    filter: Filter = field(default_factory=Filter)
    colour: str = "true"
    image: int | None = None

    def told(self) -> dict[str, Any]:
        """Give it as the browser has it: filters as in the query of an address."""
        return {**FILTERS.write(self.filter), "colour": self.colour, "image": self.image}


@dataclass(frozen=True)
class MapData:
    """Describe the map.

    Attributes
    ----------
    run : str
        Name of the run.
    n : int
        Number of points.
    class_names : sequence of str
        Name of each class.
    colours : sequence of str
        Of each class, ``#RRGGBB``.
    label : str
        What the map shows, for screen readers; for example ``"t-SNE map of 10,000 images"``.
    files : MapFiles
        Where the browser finds points and thumbnails.
    margin_range : tuple of float
        Lowest and highest margin at this C.
    flips : FlipRows or None
        What changes against the classifier that this one is compared with.
    linked : bool
        Whether the address is about these points; not while another projection is being laid out.
    chosen : str
        Which images are selected when it opens, packed as in a link; empty: none, or those that its address says.
    """

    run: str
    n: int
    class_names: Sequence[str]
    colours: Sequence[str]
    label: str
    files: MapFiles
    margin_range: tuple[float, float] = (0.0, 0.0)
    flips: FlipRows | None = None
    linked: bool = True
    chosen: str = ""


@dataclass(frozen=True)
class Opened:
    """Say where the map's user wants to see an image: a page's path, and the image's row."""

    page: str
    row: int


def embedding_map(
    content: MapData,
    seed: Seed | None,
    *,
    key: str = "embedding_map",
    on_view: Callable[[Seed], None] | None = None,
) -> Opened | None:
    """Mount the map.

    Parameters
    ----------
    content : MapData
        What there is to see.
    seed : Seed
        What other pages share with the map: what it shows first. None: what its part of the address says.
    key : str
        Streamlit's key of this component.
    on_view : callable, optional
        Called with what other pages share with the map, when the viewer has changed it.

    Returns
    -------
    Opened or None
        Where the viewer has just asked to see an image.
    """
    data = for_visitor(message(content, seed))

    def viewed() -> None:
        seen = heard(key, "view")
        if on_view is not None and isinstance(seen, dict):
            on_view(read_seed(seen, seed or Seed(), content))

    result = _component()(key=key, data=data, on_view_change=viewed, on_open_change=lambda: None)
    return read_opened(result.open, content)


def message(content: MapData, seed: Seed | None) -> dict[str, Any]:
    """Write what the browser is told."""
    told = asdict(content)
    classes = told.pop("colours")
    return {
        **told.pop("files"),
        **told,
        "paints": {
            "classes": classes,
            "names": PALETTE[:LEGEND],
            "correct": CORRECT,
            "wrong": WRONG,
            "light": _scales(dark=False),
            "dark": _scales(dark=True),
        },
        "seed": seed.told() if seed else None,
    }


def for_visitor(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out of what the browser is told what may not be computed for this visitor, and say why."""
    refused = display.refusal()
    return told if refused is None else {**told, "grid": None, "posters": [], "refusal": refused.message}


def read_seed(seen: Mapping[str, Any], before: Seed, content: MapData) -> Seed:
    """Read what a browser says it shows: anything that is not of this map is taken as not said.

    Parameters
    ----------
    seen : mapping
        From a browser, which may send anything.
    before : Seed
        What was shown; a colour that other pages do not know stays as it was.
    content : MapData
        What there is to see.
    """
    texts = {name: seen[name] for name in FILTERS.names if isinstance(seen.get(name), str)}
    colour = seen.get("colour")
    return Seed(
        filter=FILTERS.read(texts).within(len(content.class_names)),
        colour=colour if isinstance(colour, str) and colour in content.files.colours else before.colour,
        image=read_row(seen.get("image"), content.n),
    )


def read_row(wish: Any, n: int) -> int | None:
    """Read which of n a browser means, which may say anything; None if it is none of these."""
    return wish if type(wish) is int and 0 <= wish < n else None


def read_opened(wish: Any, content: MapData) -> Opened | None:
    """Read where a browser wants to go; None if that is no row of this map, or no page's name."""
    if not isinstance(wish, Mapping):
        return None
    page, row = wish.get("page"), read_row(wish.get("row"), content.n)
    return Opened(page, row) if isinstance(page, str) and row is not None else None


def _component() -> Callable[..., Any]:
    return component(NAME, js=ui_bundle.loader("map/entry.js"))


def _scales(*, dark: bool) -> dict[str, Any]:
    return {
        "margin": margin_scale(dark),
        "kept": kept_scale(dark),
        "common": common_scale(dark),
        "ramp": number_scale(dark),
        "groups": WHO[dark],
    }
