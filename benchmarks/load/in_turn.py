"""Visitors one after the other, each with a few pages: whether what the server holds grows with how many were there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks._map.servers import serving
from benchmarks.load.together import LEFT, whole
from tests.tabs.tab import Tab

PAGES = ("retrain", "map", "errors")
"""That each of them turns to after the first page."""
SHARE = 10
"""Times that memory is looked at while they come."""


@dataclass(frozen=True)
class Growth:
    """Hold what the server held.

    Attributes
    ----------
    held : list of int
        Bytes after each tenth of the visitors.
    after : int
        Bytes a minute after the last.
    trouble : list of str
        What went wrong.
    """

    held: list[int]
    after: int
    trouble: list[str]


def in_turn(run: str, visitors: int, environment: Mapping[str, str]) -> Growth:
    """Serve a run to so many visitors, one after the other."""
    with serving("dashboard/app.py", **environment) as server:
        held, trouble = asyncio.run(_all(server.address, server.process, run, visitors))
        time.sleep(LEFT)
        return Growth(held, whole(server.process), trouble)


async def _all(address: str, process: int, run: str, visitors: int) -> tuple[list[int], list[str]]:
    held, trouble = [], []
    for number in range(1, visitors + 1):
        async with Tab(address) as tab:
            shown = await tab.open("", f"run={run}")
            for page in PAGES:
                shown = await tab.turn_to(page)
                trouble += [message.decode(errors="replace") for message in shown.trouble]
        if number % max(1, visitors // SHARE) == 0:
            held.append(whole(process))
    return held, trouble
