"""Check a plug-in's parameters, with one sentence for every mistake."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from cache.files import absolute
from pipeline.errors import InvalidParameter


def reject(name: str, of: str, allowed: str, value: Any) -> InvalidParameter:
    """Give the error for a parameter outside its allowed values.

    Parameters
    ----------
    name, of : str
        The parameter, and the plug-in it belongs to.
    allowed : str
        What it must be, for example ``"an integer of at least 1"``.
    value : object
        What it was.

    Returns
    -------
    InvalidParameter
        For the caller to raise.
    """
    return InvalidParameter(f"{name} of {of} must be {allowed}. Got {value!r}.")


def check_count(name: str, of: str, value: Any, low: int, high: int | None = None) -> None:
    """Check that a parameter is an integer from ``low`` to ``high``.

    Raises
    ------
    InvalidParameter
        If it is not.
    """
    good = isinstance(value, int) and not isinstance(value, bool) and value >= low
    if not good or (high is not None and value > high):
        allowed = f"an integer of at least {low}" if high is None else f"an integer from {low} to {high}"
        raise reject(name, of, allowed, value)


def check_choice(name: str, of: str, value: Any, choices: Collection[str]) -> None:
    """Check that a parameter is one of a few words.

    Raises
    ------
    InvalidParameter
        If it is not.
    """
    if value not in choices:
        raise reject(name, of, f"one of {', '.join(choices)}", value)


def check_path(name: str, of: str, value: Any) -> None:
    """Check that a parameter is a `pathlib.Path` or None, and can be written into the command of a run.

    What it leads to is checked when it is read.

    Raises
    ------
    InvalidParameter
        If it is not.
    """
    if value is not None and not isinstance(value, Path):
        raise reject(name, of, "a pathlib.Path or None", value)
    if value is not None and not str(absolute(value)).isprintable():
        raise reject(name, of, "a path of printable characters", str(absolute(value)))


def check_numbers(
    name: str, of: str, value: Any, counts: Collection[int], low: float, high: float = 1e6
) -> None:
    """Check that a parameter is a tuple of so many numbers from ``low`` to ``high``.

    Raises
    ------
    InvalidParameter
        If it is not.
    """
    good = isinstance(value, tuple) and len(value) in counts
    if not good or not all(type(item) in (int, float) and low <= item <= high for item in value):
        many = " or ".join(map(str, counts))
        allowed = f"{many} numbers" if many != "1" else "a number"
        shown = value[0] if counts == (1,) and isinstance(value, tuple) and len(value) == 1 else value
        raise reject(name, of, f"{allowed} from {low:g} to {high:g}", shown)
