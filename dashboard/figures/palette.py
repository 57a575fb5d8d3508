"""The colours of classes, outcomes and margins: the same on every page."""

from __future__ import annotations

import colorsys

# Blue, red, green, pink, sky, maroon, violet, olive, navy, plum, ... in both themes. Found by simulated annealing:
# the first ten have a contrast of at least 3:1 with the page and stay apart (0.08 in Oklab) for normal sight and in
# simulated protanopia, deuteranopia and tritanopia; all twenty stay apart for normal sight.
# tests/dashboard/figures/test_palette.py holds them to it.
_LIGHT = (
    "#2467F9", "#CE1612", "#16733D", "#ED50BA", "#1D97EF", "#730D23", "#7244C1", "#96941B", "#083978", "#A3427F",
    "#D67977", "#6C6000", "#723C18", "#3D95A7", "#8063A2", "#AF6F09", "#55355C", "#043B12", "#9D6369", "#424E99",
)  # fmt: skip
_DARK = (
    "#6892FF", "#FE7E26", "#19D98A", "#F98DCE", "#56E9FD", "#EB3D37", "#8759E0", "#E1DE18", "#2985A8", "#9E5A6F",
    "#78AE38", "#BD806B", "#97BBF3", "#64B69D", "#FEBBC3", "#F9ECA9", "#D959CA", "#6B8312", "#BBC15E", "#6565AC",
)  # fmt: skip

CORRECT = {False: "#2F6FDE", True: "#6EA2FF"}
"""Colour of a right prediction, by ``dark``."""

WRONG = {False: "#D55E00", True: "#FF8A3C"}
"""Colour of a wrong prediction, by ``dark``; always paired with another shape or a word."""

WHO = {
    False: ("#AEB6C2", "#0067A6", "#B8330F", "#41464E"),
    True: ("#5A616C", "#56B4E9", "#FF8A5C", "#D3D7DE"),
}
"""Of two classifiers A and B: colours of what both have right, only A, only B, neither, by ``dark``."""


def class_colours(n: int, dark: bool) -> list[str]:
    """Give each class its colour.

    Parameters
    ----------
    n : int
        Number of classes.
    dark : bool
        For the dark theme; a class keeps its hue in both.

    Returns
    -------
    list of str
        ``#RRGGBB``, the first ten safe for colour-blind readers, the first twenty hand-picked, the others generated.
    """
    base = _DARK if dark else _LIGHT
    return [base[i] if i < len(base) else _generated(i - len(base), dark) for i in range(n)]


def margin_scale(dark: bool) -> list[str]:
    """List the stops of the diverging margin scale, most wrong to most right; the middle is margin 0."""
    if dark:
        return ["#FFB27A", "#FF8A3C", "#C2662B", "#5B5A5C", "#3F6CB8", "#6EA2FF", "#B5D0FF"]
    return ["#8A3200", "#D55E00", "#E89A5E", "#B4BAC3", "#7FA8EE", "#2F6FDE", "#12408F"]


def kept_scale(dark: bool) -> list[str]:
    """List the stops of the scale of neighbours kept, none to all; what is torn apart stands out from the page."""
    if dark:
        return ["#FDE725", "#5EC962", "#21918C", "#3B528B"]
    return ["#440154", "#3B528B", "#21918C", "#5EC962"]


def number_scale(dark: bool) -> list[str]:
    """List the stops of the scale of somebody's numbers, lowest to highest; the highest stand out from the page."""
    return kept_scale(dark)[::-1]


def common_scale(dark: bool) -> list[str]:
    """List the stops of the scale of neighbours in common, none to most; none is pale, as few images have any."""
    if dark:
        return ["#3F4650", "#6EA2FF", "#93BAFF", "#C4D9FF", "#FFFFFF"]
    return ["#C6CCD5", "#2F6FDE", "#1B4FAE", "#12408F", "#1B0A45"]


def _generated(i: int, dark: bool) -> str:
    """Step round the hue circle by the golden angle, on alternating levels of lightness."""
    low, high = (0.62, 0.78) if dark else (0.30, 0.42)
    red, green, blue = colorsys.hls_to_rgb((0.11 + i * 0.381966) % 1, high if i % 2 else low, 0.55)
    return f"#{round(red * 255):02X}{round(green * 255):02X}{round(blue * 255):02X}"
