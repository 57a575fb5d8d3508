"""The colours of outcomes, margins and numbers: the same on every page. Those of classes belong to a run."""

from __future__ import annotations

CORRECT = "#2F6FDE"
"""Colour of a right prediction, in both themes."""

WRONG = "#D55E00"
"""Colour of a wrong prediction, in both themes; always paired with another shape or a word."""

WHO = {
    False: ("#AEB6C2", "#0067A6", "#B8330F", "#41464E"),
    True: ("#5A616C", "#56B4E9", "#FF8A5C", "#D3D7DE"),
}
"""Of two classifiers A and B: colours of what both have right, only A, only B, neither, by ``dark``."""


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
