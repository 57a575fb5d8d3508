"""Colours of every Plotly figure, in the light and in the dark, and the layout they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

Vector = NDArray[np.floating[Any] | np.integer[Any]]


@dataclass(frozen=True)
class Theme:
    """Name the colours of a figure by what they mean, as ``#rrggbb``.

    Attributes
    ----------
    text, muted, line : str
        Words, secondary words, and rules or grid lines.
    paper : str
        The page behind a figure: figures are transparent, but a marker's rim needs it.
    right : str
        A count on the diagonal: right, hence neutral.
    empty, wrong : str
        Ends of the sequential scale of errors, from none to the most.
    train, test, validation : str
        The three accuracies; blue, vermilion and green of Okabe and Ito, or their lighter kin.
    chosen : str
        What the user has chosen.
    """

    text: str
    muted: str
    line: str
    paper: str
    right: str
    empty: str
    wrong: str
    train: str
    test: str
    validation: str
    chosen: str


LIGHT = Theme(
    text="#1f2430",
    muted="#5b6472",
    line="#d9dde3",
    paper="#ffffff",
    right="#c9d3df",
    empty="#faf7f5",
    wrong="#b8330f",
    train="#5b6472",
    test="#0067a6",
    validation="#b65c00",
    chosen="#1f2430",
)
DARK = Theme(
    text="#eef1f6",
    muted="#a3adbb",
    line="#39414e",
    paper="#0f1216",
    right="#3d4a5c",
    empty="#171b22",
    wrong="#ff8a5c",
    train="#a3adbb",
    test="#56b4e9",
    validation="#e69f00",
    chosen="#ffffff",
)


def theme(dark: bool) -> Theme:
    """Give the colours of the dark or the light theme."""
    return DARK if dark else LIGHT


def blend(low: str, high: str, share: float) -> str:
    """Mix two ``#rrggbb`` colours; ``share`` in 0..1 is the part of ``high``."""
    pairs = zip(_channels(low), _channels(high), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(colour: str, other: str) -> float:
    """Give the contrast ratio of two ``#rrggbb`` colours, 1 to 21.

    References
    ----------
    W3C, Web Content Accessibility Guidelines 2.2, "contrast ratio".
    """
    dim, bright = sorted((_luminance(colour), _luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def ink(background: str) -> str:
    """Give black or white, whichever reads better on ``background``: at least 4.5 to 1 on any colour."""
    return max(("#000000", "#ffffff"), key=lambda colour: contrast(colour, background))


def layout(colours: Theme, **more: Any) -> go.Layout:
    """Give the layout all figures share: transparent, no mode bar clutter, nothing to zoom."""
    clear = "rgba(0,0,0,0)"
    shared: dict[str, Any] = {
        "paper_bgcolor": clear,
        "plot_bgcolor": clear,
        "font": {"color": colours.text, "size": 12},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {
            "bgcolor": colours.paper,
            "bordercolor": colours.line,
            "font": {"color": colours.text},
        },
    }
    return go.Layout(**(shared | more))


def axis(colours: Theme, title: str = "", **more: Any) -> dict[str, Any]:
    """Give an axis that cannot be dragged, with a grid; ``more`` is Plotly's."""
    font = {"color": colours.muted, "size": 12}
    words = {"text": title, "font": font, "standoff": 8} if title else None
    return {
        "fixedrange": True,
        "zeroline": False,
        "tickfont": font,
        "gridcolor": colours.line,
        "title": words,
    } | more


def band(x: Vector, middle: Vector, half: Vector, colour: str) -> go.Scatter:
    """Draw a band of half its width around a line."""
    return go.Scatter(
        x=np.concatenate([x, x[::-1]]),
        y=np.concatenate([middle + half, (middle - half)[::-1]]),
        fill="toself",
        fillcolor=colour,
        opacity=0.2,
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        showlegend=False,
    )


def never_faded(opacity: float = 1) -> dict[str, Any]:
    """Keep Plotly from fading what was not clicked."""
    return {state: {"marker": {"opacity": opacity}} for state in ("selected", "unselected")}


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))


def _luminance(colour: str) -> float:
    shares = (channel / 255 for channel in _channels(colour))
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
