"""The colours of classes, outcomes and margins: the same on every page."""

from __future__ import annotations

import colorsys

# Okabe and Ito's order of hues (blue, orange, green, pink, sky, red, purple, olive, ...), darkened or lightened
# until each has a contrast of at least 3:1 with the page and stays apart from the others in simulated protanopia,
# deuteranopia and tritanopia (Machado et al. 2009): see tests/dashboard/test_palette.py.
_LIGHT = (
    "#2F6FDE", "#D55E00", "#007A55", "#C2408F", "#1293B8", "#8C1D18", "#6F3FB0", "#8A7500", "#004B63", "#A06A8C",
    "#5B8C00", "#7A4A1E", "#3B3FA8", "#E0457B", "#3F7F7F", "#B07A3C", "#5A2A5E", "#4E5D2A", "#8E8ED6", "#9C3F55",
)  # fmt: skip
_DARK = (
    "#6EA2FF", "#FF8A3C", "#2FBF8F", "#F08CC8", "#7FDBF5", "#E0564F", "#A98BEB", "#E5D04A", "#3F97B0", "#C79BB5",
    "#A5D64F", "#C2885A", "#8287F5", "#FF7FA5", "#86C9C4", "#F2C58C", "#B76FC0", "#A9B97C", "#C9C9FA", "#DB8298",
)  # fmt: skip

CORRECT = {False: "#2F6FDE", True: "#6EA2FF"}
"""Colour of a right prediction, by ``dark``."""

WRONG = {False: "#D55E00", True: "#FF8A3C"}
"""Colour of a wrong prediction, by ``dark``; always paired with another shape or a word."""


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
    return ["#8A3200", "#D55E00", "#F0A875", "#C9CDD3", "#8FB4F2", "#2F6FDE", "#12408F"]


def _generated(i: int, dark: bool) -> str:
    """Step round the hue circle by the golden angle, on alternating levels of lightness."""
    low, high = (0.62, 0.78) if dark else (0.30, 0.42)
    red, green, blue = colorsys.hls_to_rgb((0.11 + i * 0.381966) % 1, high if i % 2 else low, 0.55)
    return f"#{round(red * 255):02X}{round(green * 255):02X}{round(blue * 255):02X}"
