"""Which of the map's images the classifier in use fixes and breaks, against the one it is compared with."""

from __future__ import annotations

import base64
import zlib

import numpy as np
from numpy.typing import NDArray

from dashboard.comparison.sides import Side, baseline
from dashboard.components.embedding_map import FlipRows
from dashboard.page.context import ViewContext
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


def pack_rows(rows: NDArray[np.intp], n: int) -> str:
    """Write rows as ``dashboard/ui/state/packed_bits.js`` reads them: a bit a row, deflated, in base64 for URLs.

    Parameters
    ----------
    rows : ndarray of int, shape (m,)
        Below ``n``.
    n : int
        Number of rows there are.
    """
    bits = np.zeros(n, np.uint8)
    bits[rows] = 1
    squeezed = zlib.compress(np.packbits(bits, bitorder="little").tobytes(), 9, wbits=-15)
    return base64.urlsafe_b64encode(squeezed).rstrip(b"=").decode()
