"""The one way to write numbers on every page; ``dashboard/ui/data/numbers.js`` writes the same words in the browser.

Halves are rounded away from zero, as browsers do it, and nothing is "minus nothing".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from cache.counting import counted

DASH = "\N{EN DASH}"
"""Stands for what cannot be measured: NaN."""

PERCENT_TICKS = ".1~%"
"""For an axis, where Plotly does the writing: a decimal only where it takes one."""

_MINUS = "\N{MINUS SIGN}"
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
_THREE_DIGITS = Context(prec=3, rounding=ROUND_HALF_UP)


def fixed(value: float, decimals: int) -> str:
    """Write a number with so many decimals and a true minus: what the rest of this module does not know."""
    if not math.isfinite(value):
        return DASH
    rounded = Decimal(float(value)).quantize(Decimal(1).scaleb(-decimals), context=_EXACT)
    return f"{rounded if rounded else rounded.copy_abs():f}".replace("-", _MINUS)


def thousands(n: Any) -> str:
    """Write how many: "10,000"."""
    return f"{round(n):,}"


def images(n: Any) -> str:
    """Write how many images: "1 image", "10,000 images"."""
    return counted(n, "image")


def percent(share: float) -> str:
    """Write a share of 0 to 1: "93.7%"."""
    text = fixed(100 * share, 1)
    return text if text == DASH else f"{text}%"


def score(value: float) -> str:
    """Write a score of 0 to 1 that is no share, F1 for example: "0.937"."""
    return fixed(value, 3)


def signed(value: float, decimals: int = 2) -> str:
    """Write a margin, or another number whose sign matters, with a true minus: "+1.25", "0.00"; "none" for NaN."""
    if not math.isfinite(value):
        return "none"
    text = fixed(value, decimals)
    return text if text.startswith(_MINUS) or not float(text) else f"+{text}"


def number(value: float) -> str:
    """Write a number of somebody's table, with six digits unless it is whole: "1987", "0.25", "1.2e-9"."""
    if not math.isfinite(value):
        return DASH
    exact = value if value == round(value) and abs(value) < 1e15 else float(f"{value:.6g}")
    exact = exact or 0.0  # and never minus nothing
    if exact == 0 or 1e-6 <= abs(exact) < 1e21:
        text = f"{Decimal(repr(exact)):f}".removesuffix(".0")
    else:
        digits, exponent = repr(exact).split("e")
        text = f"{digits}e{int(exponent):+d}"
    return _MINUS + text[1:] if text.startswith("-") else text


def points(gain: float) -> str:
    """Write a difference of two shares in percentage points: "+1.23"."""
    return signed(100 * gain)


def difference(n: Any) -> str:
    """Write a difference of two counts: "+1,200", "0"."""
    return f"{int(n):+,}".replace("-", _MINUS) if n else "0"


def distance(value: float) -> str:
    """Write a distance in feature space with three digits: "0.123", "12.3", "1230"."""
    if not math.isfinite(value):
        return DASH
    rounded = _THREE_DIGITS.plus(Decimal(float(value)))
    return f"{rounded:.{max(0, 2 - rounded.adjusted())}f}"


def decimals_of(width: float) -> int:
    """Give how many decimals signed distances take, two at least, so that such a width has three digits."""
    return max(2, 2 - math.floor(math.log10(width)))


def interval(low: float, high: float, write: Callable[[float], str] = percent) -> str:
    """Write from where to where: "91.9% to 95.1%".

    Parameters
    ----------
    low, high : float
        Its ends.
    write : callable
        Writes one of them; shares without it.
    """
    return f"{write(low)} to {write(high)}"


def interval95(low: float, high: float, write: Callable[[float], str] = percent) -> str:
    """Write a 95 % interval with its name: "95% interval 91.9% to 95.1%"; as `interval`."""
    return f"95% interval {interval(low, high, write)}"


def p_value(p: float) -> str:
    """Write how likely chance is: "p < 0.001", "p = 0.012", "p = 0.34"."""
    return "p < 0.001" if p < 0.001 else f"p = {fixed(p, 3 if p < 0.1 else 2)}"
