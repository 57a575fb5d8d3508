"""A choice of test images as short text, as ``dashboard/ui/state/packed_bits.js`` reads and writes it."""

from __future__ import annotations

import base64
import binascii
import zlib

import numpy as np
from numpy.typing import NDArray

LONGEST = 4000
"""Characters of a choice that an address can have."""


def pack_rows(rows: NDArray[np.intp], n: int) -> str:
    """Write rows: a bit a row, deflated, in base64 for URLs.

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


def unpack_rows(text: str, n: int) -> NDArray[np.intp]:
    """Read rows, which anybody may have typed, intp (m,): none where the text is not that of n rows."""
    size = -(-n // 8)
    try:
        reader = zlib.decompressobj(wbits=-15)
        squeezed = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        found = reader.decompress(squeezed, size + 1)
    except (ValueError, binascii.Error, zlib.error):
        return np.empty(0, np.intp)
    if len(found) != size:
        return np.empty(0, np.intp)
    return np.flatnonzero(np.unpackbits(np.frombuffer(found, np.uint8), bitorder="little")[:n])
