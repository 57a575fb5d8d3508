"""Strangers who ask for fits without an end, and an honest visitor who comes meanwhile: when theirs is done.

The strangers ask for one to four fits at once, each in a tab of its own page, wait a moment, and ask again.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks._map.servers import serving
from benchmarks.load.together import whole
from tests.tabs.files import Files
from tests.tabs.tab import Tab

COMES = 60.0
"""Seconds after the strangers at which the honest visitor comes."""
PLACE = re.compile(rb"(?:number (\d+)|(next)) in the queue")
ASKS = (0.5, 2.0)
"""Seconds between a stranger's requests."""
FIELD, BUTTON = "Any other C", "Fit"


@dataclass
class Crowd:
    """Hold what happened.

    Attributes
    ----------
    most : int
        Bytes that the server and its children held at most.
    answers : list of float
        Seconds in which ``/`` was answered.
    place : int
        Where in the queue the honest visitor's fit stood at first; 0 where it ran at once.
    waited : float
        Seconds until it was done.
    asked : int
        Requests of the strangers.
    trouble : list of str
        What went wrong.
    """

    most: int = 0
    answers: list[float] = field(default_factory=list)
    place: int = 0
    waited: float = 0.0
    asked: int = 0
    trouble: list[str] = field(default_factory=list)


def crowd(run: str, strangers: int, seconds: float, environment: Mapping[str, str]) -> Crowd:
    """Serve a run to strangers for so many seconds, and to an honest visitor who comes after `COMES`."""
    found = Crowd()
    with serving("dashboard/app.py", **environment) as server:
        asyncio.run(_crowd(server.address, server.process, run, strangers, seconds, found))
    return found


async def _crowd(address: str, process: int, run: str, strangers: int, seconds: float, found: Crowd) -> None:
    others = [asyncio.create_task(_stranger(address, run, number, found)) for number in range(strangers)]
    watch = asyncio.create_task(_watch(address, process, found))
    honest = asyncio.create_task(_honest(address, run, found))
    await asyncio.sleep(seconds)
    for task in (*others, watch):
        task.cancel()
    await asyncio.gather(*others, watch, return_exceptions=True)
    await honest


async def _stranger(address: str, run: str, number: int, found: Crowd) -> None:
    chance = random.Random(number)  # noqa: S311  # no secret
    try:
        async with Tab(address) as tab:
            await tab.open("retrain", f"run={run}")
            while True:
                for _ in range(chance.randint(1, 4)):
                    found.asked += 1
                    await _ask(tab, 10 ** chance.uniform(-4, 2))
                await asyncio.sleep(chance.uniform(*ASKS))
    except Exception as error:
        found.trouble.append(f"stranger {number}: {error!r}")


async def _ask(tab: Tab, C: float) -> None:
    await tab.press(BUTTON, {FIELD: f"{C:.6g}"})


async def _honest(address: str, run: str, found: Crowd) -> None:
    await asyncio.sleep(COMES)
    try:
        async with Files(address) as files, Tab(address, keep=True) as tab:
            await files.page(f"retrain?run={run}")
            await tab.open("retrain", f"run={run}")
            started = time.perf_counter()
            tab.messages.clear()
            await _ask(tab, 0.0712345)
            said = b"".join(message.SerializeToString() for message in tab.messages)
            place = PLACE.search(said)
            found.place = 0 if place is None else 1 if place[2] else int(place[1])
            while not _is_fitted(tab):
                await asyncio.sleep(0.1)
            found.waited = time.perf_counter() - started
    except Exception as error:
        found.trouble.append(f"honest visitor: {error!r}")


def _is_fitted(tab: Tab) -> bool:
    told = (
        tab.shown.parts["lazybones_penalty_curve"].told()
        if "lazybones_penalty_curve" in tab.shown.parts
        else {}
    )
    return any(stop["said"] and abs(stop["C"] - 0.0712345) < 1e-9 for stop in told.get("stops", ()))


async def _watch(address: str, process: int, found: Crowd) -> None:
    async with Files(address) as files:
        while True:
            started = time.perf_counter()
            await files.get("", accept="text/html")
            found.answers.append(time.perf_counter() - started)
            found.most = max(found.most, await asyncio.to_thread(whole, process))
            await asyncio.sleep(0.5)
