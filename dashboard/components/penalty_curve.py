"""Accuracy against C as a slider: a component of plain ES modules, ``dashboard/ui/curve/``.

What the classifiers say of the images are files that the browser fetches and keeps (`dashboard.server.routes`); while
its thumb is dragged no script runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from dashboard.components.map_content import Sheets
from dashboard.components.widget import component, heard, row_index
from dashboard.figures.theme import theme
from dashboard.jobs import display
from dashboard.server import ui_bundle
from dashboard.statistics.flips import BROKE, FIXED

T = TypeVar("T")

NAME = "lazybones_penalty_curve"
HTML = '<div class="room"></div>'
HEIGHTS = ".room {height: 690px} @media (max-width: 900px) {.room {height: 1420px}}"


@dataclass(frozen=True)
class Said:
    """Name the file with what a classifier says of the images.

    Attributes
    ----------
    columns : str
        Where the browser finds it.
    range : tuple of float
        Lowest and highest margin, as `dashboard.server.columns.margin_range` gives them.
    """

    columns: str
    range: tuple[float, float]


@dataclass(frozen=True)
class Stop:
    """Describe one value of C at which the thumb can stand.

    Attributes
    ----------
    C : float
        The penalty.
    name, title : str
        It in words, and the whole setting as briefly as tells it from what it is compared with.
    said : Said or None
        What the classifier says of the images; None where none is fitted yet.
    right : int or None
        Images that it has right; None where none is fitted.
    train : float or None
        Its training accuracy, 0 to 1; None where none is fitted.
    validation : tuple of float, or None
        Mean accuracy and standard error by cross-validation; None where that was not measured.
    support : str
        Its support vectors, in words.
    live : bool
        Whether it was fitted live.
    """

    C: float
    name: str
    title: str
    said: Said | None = None
    right: int | None = None
    train: float | None = None
    validation: tuple[float, float] | None = None
    support: str = ""
    live: bool = False


@dataclass(frozen=True)
class Before:
    """Describe the classifier that all are compared with; ``C`` is None where it is not one of the stops."""

    C: float | None
    name: str
    said: Said


@dataclass(frozen=True)
class Suggestion:
    """Say what to compare the baseline itself with: a C of the stops, why it, in a sentence, and whether to use it."""

    C: float
    words: str
    urged: bool = False


@dataclass(frozen=True)
class CurveContent:
    """Hold everything the curve shows.

    Attributes
    ----------
    n : int
        Images that are judged.
    names : sequence of str
        Name of each class.
    labels : str
        Where the browser finds the true labels.
    sheets : Sheets or None
        Thumbnails; without them images have no picture.
    stops : sequence of Stop
        Ascending in C; at least the one in use.
    C : float
        Where the thumb stands: the one in use, or the one that is being fitted.
    own, best : float or None
        The run's own, and the cross-validated one.
    before : Before
        What is compared with.
    suggestion : Suggestion or None
        What to compare the baseline itself with.
    called : mapping of str to str
        What the lines ``test``, ``train`` and ``validation`` are called.
    measured, judged : str
        What the accuracy is called, and one of the images.
    """

    n: int
    names: Sequence[str]
    labels: str
    sheets: Sheets | None
    stops: Sequence[Stop]
    C: float
    own: float | None
    best: float | None
    before: Before
    suggestion: Suggestion | None
    called: Mapping[str, str]
    measured: str
    judged: str


def penalty_curve(
    content: CurveContent,
    key: str,
    *,
    picked: Callable[[float], None],
    opened: Callable[[int], None],
    listed: Callable[[str], None],
) -> None:
    """Mount the curve.

    Parameters
    ----------
    content : CurveContent
        What there is to see.
    key : str
        Streamlit's key of this component.
    picked : callable
        Called with the C of the stop where the thumb was let go.
    opened : callable
        Called with the row of an image that was clicked.
    listed : callable
        Called with the name of a group whose images are all asked for, as `Flips` has it.
    """

    def follow(name: str, read: Callable[[Any], T | None], act: Callable[[T], None]) -> Callable[[], None]:
        def follows() -> None:
            value = read(heard(key, name))  # the browser may send anything
            if value is not None:
                act(value)

        return follows

    stops, refused = [stop.C for stop in content.stops], display.refusal()
    component(NAME, HTML, HEIGHTS, ui_bundle.loader("curve/entry.js"))(
        key=key,
        data=message(content) | {"refusal": "" if refused is None else refused.message},
        on_picked_change=follow(
            "picked", lambda C: next((stop for stop in stops if stop == C), None), picked
        ),
        on_opened_change=follow("opened", lambda row: row_index(row, range(content.n)), opened),
        on_group_change=follow("group", lambda group: group if group in (FIXED, BROKE) else None, listed),
    )


def message(content: CurveContent) -> dict[str, Any]:
    """Write what the browser is told."""
    return {**asdict(content), "colours": {"light": asdict(theme(False)), "dark": asdict(theme(True))}}
