"""The SVM's penalty C as people read and type it."""

from __future__ import annotations

import math
import re

from pipeline.api import InvalidParameter

C_RANGE = (1e-6, 1e6)
"""The penalties that can be typed, or asked for in the address."""

_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_penalty(C: float) -> str:
    """Write C with three significant digits, and without an exponent from 0.0001 to 99,999."""
    text = f"{C:.3g}"
    if "e" not in text:
        return text
    if 1e-4 <= C < 1e5:
        return f"{C:.0f}" if C >= 1 else f"{C:f}".rstrip("0")
    digits, exponent = text.split("e")
    power = f"10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    return power if digits == "1" else f"{digits} \N{MULTIPLICATION SIGN} {power}"


def read_number(text: str, ends: tuple[float, float], what: str) -> float:
    """Read a number that somebody typed; a decimal comma is fine, but 1,000 may mean one or a thousand.

    Parameters
    ----------
    text : str
        What was typed.
    ends : tuple of float
        The lowest and the highest that are allowed.
    what : str
        What it is and may be besides, for the message.

    Raises
    ------
    InvalidParameter
        If it is no number between the ends.
    """
    low, high = ends
    try:
        number = math.nan if _AMBIGUOUS.fullmatch(text.strip()) else float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        least = f"{low:f}" if low >= 1e-6 else f"{low:g}"
        raise InvalidParameter(f"{what} a number from {least} to {high:.0f}. Got {text.strip()[:40]!r}.")
    return number


def read_penalty(text: str) -> float:
    """Read a C that somebody typed, as `read_number`."""
    return read_number(text, C_RANGE, "C must be")
