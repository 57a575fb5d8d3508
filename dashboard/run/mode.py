"""What a server does for those who look at it: all, what a budget allows, or nothing but showing.

See ``docs/decisions/0058-who-may-do-what.md``.
"""

from __future__ import annotations

import logging
import os
from enum import StrEnum
from ipaddress import ip_address
from typing import NamedTuple

import streamlit as st

from cache import LazybonesError
from cache.commands import Command

VARIABLE = "LAZYBONES_MODE"
BUDGET = "LAZYBONES_BUDGET"
"""Names the seconds of computing an hour: of a visitor, and of all together."""
HOSTED = "PORT"
"""What a host sets that starts servers for others."""


class Mode(StrEnum):
    """Name what visitors may have done."""

    FULL = "full"
    EXPLORE = "explore"
    READ_ONLY = "read-only"


class Allowance(NamedTuple):
    """Hold how much is computed in an hour.

    Attributes
    ----------
    each, every : float
        Seconds: for one visitor, and for all together.
    """

    each: float = 180.0
    every: float = 1200.0


def mode() -> Mode:
    """Give the mode of this process; who reaches it decides where nobody has said.

    Raises
    ------
    LazybonesError
        If the environment names another.
    """
    said = os.environ.get(VARIABLE, "").strip()
    if not said:
        return Mode.EXPLORE if is_reached_by_others() else Mode.FULL
    try:
        return Mode(said)
    except ValueError:
        raise LazybonesError(
            f"{VARIABLE} must be one of {', '.join(Mode)}. Got {said!r}.",
            remedy=Command(f"export {VARIABLE}={Mode.EXPLORE}"),
        ) from None


def check() -> None:
    """Read all that the environment says of it, and say in the log what visitors may do.

    Raises
    ------
    LazybonesError
        If it says something wrong.
    """
    now, allowed = mode(), allowance()
    if now is not Mode.FULL:
        budget = f", {allowed.each:.0f} s of computing an hour each and {allowed.every:.0f} s in all"
        told = f"Mode {now}{budget if now is Mode.EXPLORE else ''} ({VARIABLE} changes it)."
        logging.getLogger(__name__).warning(told)


def is_reached_by_others() -> bool:
    """Tell whether others than this machine's users reach the server: a host runs it, or it listens to the network."""
    address = str(st.get_option("server.address") or "")
    try:
        here = ip_address(address).is_loopback
    except ValueError:
        here = address == "localhost"
    return bool(os.environ.get(HOSTED)) or not here


def allowance() -> Allowance:
    """Give how much is computed in an hour where there is a budget.

    Raises
    ------
    LazybonesError
        If the environment says something else than two numbers of seconds.
    """
    said = os.environ.get(BUDGET, "").split()
    if not said:
        return Allowance()
    if len(said) != len(Allowance._fields) or not all(word.isdecimal() and int(word) for word in said):
        raise LazybonesError(
            f"{BUDGET} must be two whole numbers of seconds an hour: of one visitor, and of all together. "
            f"Got {' '.join(said)!r}.",
            remedy=Command(f'export {BUDGET}="{Allowance().each:.0f} {Allowance().every:.0f}"'),
        )
    return Allowance(*map(float, said))
