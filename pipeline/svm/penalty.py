"""Values of C: which are allowed, and which are one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from pipeline.plugins.parameters import reject

DIGITS = 12
"""Significant digits of C that count: 10**-1.0 and 0.1 are one value."""


def round_C(C: float) -> float:
    """Give C with ``DIGITS`` significant digits."""
    return float(f"{C:.{DIGITS}g}")


def check_C(C: Any, of: str, name: str = "C") -> float:
    """Give a penalty of the plug-in ``of`` with ``DIGITS`` significant digits.

    Raises
    ------
    InvalidParameter
        If it is not a finite number above 0.
    """
    good = isinstance(C, int | float | np.number) and not isinstance(C, bool)
    if not good or not math.isfinite(C) or round_C(C) <= 0:
        raise reject(name, of, "a finite number above 0", C)
    return round_C(C)


def check_path(path: Any, of: str) -> tuple[float, ...]:
    """Give penalties of the plug-in ``of`` in ascending order, each once.

    Raises
    ------
    InvalidParameter
        If there is none, or one is not a finite number above 0.
    """
    if isinstance(path, str) or not isinstance(path, Iterable):
        raise reject("path", of, "numbers above 0, comma-separated", path)
    checked = tuple(sorted({check_C(C, of, "path") for C in path}))
    if not checked:
        raise reject("path", of, "numbers above 0, comma-separated", path)
    return checked


DEFAULT_PATH = tuple(round_C(10 ** (-4 + i / 2)) for i in range(13))
