"""What stands in the cells of a matrix of classes and at its rim: numbers, and colours behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.figures.theme import Theme, blend, contrast, ink

NUMBERS_UP_TO = 20
"""Classes beyond which no number is written: cells are too small."""
GAP = 0.25
"""Between the matrix and its rim, in cells."""

_GAPS_UP_TO = 100  # classes between whose cells there is room for a line
_STEPS = 254  # of the scale of cells without numbers
_TALL_UP_TO = 12  # classes whose numbers have room for the larger of two sizes
_DIGIT = 0.57  # width of a digit and of most signs, as a share of the size


def number_size(k: int) -> int:
    """Give the size in pixels of the numbers in a matrix of k classes."""
    return 12 if k <= _TALL_UP_TO else 11


def width(number: str, size: int) -> float:
    """Give how many pixels a number takes at a size of the font; points and commas take half of what digits do."""
    return size * _DIGIT * sum(0.5 if letter in ".," else 1 for letter in number)


def rim(
    rows: Sequence[Any], columns: Sequence[Any], corner: Any, write: Callable[[Any], str], colours: Theme
) -> tuple[go.Scatter, go.Scatter]:
    """Write a number beside each row, then one below each column and in the corner, if there is room to read them."""
    k = len(rows)
    rim = k + GAP + 0.5
    centres = [*(np.arange(k) + 0.5)]

    def line(x: Sequence[float], y: Sequence[float], shown: Sequence[Any]) -> go.Scatter:
        return go.Scatter(
            x=x,
            y=y,
            mode="text",
            text=[write(number) for number in shown] if k <= NUMBERS_UP_TO else [],
            textfont={"color": colours.muted, "size": 11},
            hoverinfo="skip",
            cliponaxis=False,
        )

    return line([rim] * k, centres, rows), line([*centres, rim], [rim] * (k + 1), [*columns, corner])


def numbers(values: NDArray[Any], write: Callable[[Any], str]) -> NDArray[np.str_]:
    """Write a number into each cell, if there is room to read them."""
    if len(values) > NUMBERS_UP_TO:
        return np.full(values.shape, "")
    return np.array([[write(value) for value in row] for row in values])


def shaded(values: NDArray[np.float64], texts: NDArray[np.str_], scale: Sequence[str]) -> list[go.Heatmap]:
    """Draw cells in a trace for each ink, as the numbers of one can only be of one colour.

    Parameters
    ----------
    values : ndarray of float64, shape (k, k)
        What is coloured; nothing where it is NaN.
    texts : ndarray of str, shape (k, k)
        What is written.
    scale : sequence of str
        The colours of 0 and of the largest value; before them that of the lowest, for values below 0.
    """
    most = float(np.nanmax(np.abs(values), initial=0)) or 1.0
    *below, weak, above = scale
    shares = np.nan_to_num(values) / most
    strong = [(shares > turning_point(weak, above), above)]
    strong += [(-shares > turning_point(weak, end), end) for end in below]
    rest = ~np.any([shown for shown, _ in strong], axis=0)
    return [
        _cells(np.where(shown, values, np.nan), texts, scale, (-most if below else 0, most), backdrop)
        for shown, backdrop in ((rest, weak), *strong)
    ]


def errors_and_diagonal(
    values: NDArray[np.float64], texts: NDArray[np.str_], colours: Theme
) -> list[go.Heatmap]:
    """Draw what is off the diagonal on a sequential scale, and the diagonal grey; as `shaded`."""
    if len(values) > NUMBERS_UP_TO:
        return [_coded(values, colours)]
    diagonal = np.eye(len(values), dtype=bool)
    right = np.where(diagonal, values, np.nan)
    errors = shaded(np.where(diagonal, np.nan, values), texts, (colours.empty, colours.wrong))
    return [*errors, _cells(right, texts, [colours.right] * 2, (0, 1), colours.right)]


def _coded(values: NDArray[np.float64], colours: Theme) -> go.Heatmap:
    """Draw cells without numbers by a byte each: a thousand classes have a million of them."""
    errors = values.copy()
    np.fill_diagonal(errors, np.nan)
    most = float(np.nanmax(errors, initial=0)) or 1.0
    codes = np.where(np.isnan(errors), 0, 1 + np.rint(np.nan_to_num(errors) / most * (_STEPS - 1)))
    np.fill_diagonal(codes, np.where(np.isnan(np.diag(values)), 0, _STEPS + 1))
    nothing, first, last = (at / (_STEPS + 1) for at in (0.5, 0.5, _STEPS + 0.5))
    clear, right = "rgba(0,0,0,0)", colours.right
    ends = [(first, colours.empty), (last, colours.wrong)]
    return go.Heatmap(
        z=codes.astype(np.uint8),
        colorscale=[(0, clear), (nothing, clear), *ends, (last, right), (1, right)],
        zmin=0,
        zmax=_STEPS + 1,
        showscale=False,
        hoverinfo="skip",
        **_places(1 if len(values) <= _GAPS_UP_TO else 0),
    )


def _places(gap: int) -> dict[str, float]:
    """Put the centre of each cell half-way between whole numbers."""
    return (
        dict.fromkeys(("x0", "y0"), 0.5)
        | dict.fromkeys(("dx", "dy"), 1)
        | dict.fromkeys(("xgap", "ygap"), gap)
    )


def _cells(
    values: NDArray[np.float64],
    texts: NDArray[np.str_],
    scale: Sequence[str],
    ends: tuple[float, float],
    backdrop: str,
) -> go.Heatmap:
    """Draw cells between two values on evenly spaced colours; numbers have the ink that reads on the backdrop."""
    return go.Heatmap(
        z=values,
        colorscale=[*zip(np.linspace(0, 1, len(scale)), scale, strict=True)],
        zmin=ends[0],
        zmax=ends[1],
        showscale=False,
        text=np.where(np.isnan(values), "", texts),
        texttemplate="%{text}",
        textfont={"color": ink(backdrop), "size": number_size(len(values))},
        hoverinfo="skip",
        hoverongaps=False,
        **_places(1),
    )


def turning_point(weak: str, strong: str) -> float:
    """Give the share of a scale from which numbers read better in the ink of its strong end."""
    inks = ink(weak), ink(strong)
    shades = [(share, blend(weak, strong, share)) for share in np.linspace(0, 1, 101)]
    return next(
        (float(share) for share, shade in shades if contrast(inks[1], shade) > contrast(inks[0], shade)), 1.0
    )
