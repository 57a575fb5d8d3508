"""The colours that classes have, on light and dark pages alike."""

from __future__ import annotations

FAMILIES = 10
"""Families of hues. Colour i of the palette is of family i % 10: one a family, then a second of each."""

# Blue, orange, purple, teal, red, green, pink, violet, olive, cyan. Found by simulated annealing, as
# docs/decisions/0037-colours-of-classes.md says; tests/pipeline/colours/test_palette.py holds them to it.
PALETTE = (
    "#0596FF", "#E17305", "#AA00C3", "#007864", "#D21450", "#73A05F", "#FF19B9", "#7D1EFF", "#696400", "#058CA5",
    "#0066DE", "#8A5A42", "#844EA2", "#488A72", "#C6667E", "#4EA200", "#BA008A", "#7E72D8", "#8A780C", "#489CBA",
)  # fmt: skip
"""``#RRGGBB``; each has a contrast of at least 3:1 with both pages, and the first ten stay apart for every sight."""
