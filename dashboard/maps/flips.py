"""Which of the map's images the classifier in use fixes and breaks, against the one it is compared with."""

from __future__ import annotations

from dashboard.comparison.sides import Side, baseline
from dashboard.components.embedding_map import FlipRows
from dashboard.page.context import ViewContext
from dashboard.page.packed import pack_rows
from dashboard.statistics.flips import BROKE, FIXED


def map_flips(context: ViewContext) -> FlipRows | None:
    """Compare the classifier in use with the baseline of the Retrain page, by default the run's own C.

    Returns
    -------
    FlipRows or None
        None where both are one classifier, or none, or no image is fixed or broken.
    """
    if context.said is None or not context.data.n_test:
        return None
    after, (before, _) = Side.of(context), baseline(context)
    if after.is_same(before):
        return None
    flips, n = after.since(before), context.data.n_test
    if not flips.counts[FIXED] + flips.counts[BROKE]:
        return None
    fixed, broke = (pack_rows(flips.rows(group), n) for group in (FIXED, BROKE))
    return FlipRows(before.name(after), fixed, broke)
