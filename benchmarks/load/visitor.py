"""A very active visitor: a browser-shaped client that opens the dashboard, moves C, changes pages, opens images."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import cycle
from typing import Any

from tests.tabs.files import Files
from tests.tabs.tab import Tab

CURVE = "lazybones_penalty_curve"
THINK = (0.5, 1.5)
"""Seconds between the end of one answer and the next action: uniformly so long."""
PAGES = ("map", "confusion", "errors", "")
"""Where visitors go when they leave Retrain."""
STEPS = 3
"""Values of C up the path, and down again to where it began, between two other things."""

Times = defaultdict[str, list[float]]
"""Seconds that each kind of action took."""


class Visitor:
    """Be one visitor.

    Parameters
    ----------
    address : str
        Of the server; ends in a slash.
    run : str
        The run to look at.
    number : int
        Tells visitors apart; what they do follows from it.
    times : Times
        Where the seconds of each action go.
    """

    def __init__(self, address: str, run: str, number: int, times: Times) -> None:
        self.address, self.run, self.times = address, run, times
        self.chance = random.Random(number)  # noqa: S311  # no secret
        self.pages = cycle(PAGES[number % len(PAGES) :] + PAGES[: number % len(PAGES)])
        self.trouble: list[str] = []

    async def visit(self, seconds: float) -> None:
        """Open the dashboard, and be active for so long."""
        async with AsyncExitStack() as stack:
            self.files = await stack.enter_async_context(Files(self.address))
            try:
                async with asyncio.timeout(seconds):
                    await self._live(stack)
            except TimeoutError:
                pass
            except Exception as error:
                self.trouble.append(repr(error))
            self.trouble += self.files.failed

    async def _live(self, stack: AsyncExitStack) -> None:
        started = time.perf_counter()
        await self.files.page(f"?run={self.run}")
        self.tab = await stack.enter_async_context(Tab(self.address))
        await self.tab.open("", f"run={self.run}")
        await self._fetched()
        self.times["first page"].append(time.perf_counter() - started)
        while True:
            await self._act("page", lambda: self.tab.turn_to("retrain"))
            for C in self._walk():
                await self._act("C", lambda C=C: self.tab.tell(CURVE, "picked", C))
            await self._act("image", lambda: self.tab.tell(CURVE, "opened", self.chance.randrange(self._n)))
            await self._act("closing it", self.tab.close_drawer)
            await self._act("page", lambda: self.tab.turn_to(next(self.pages)))

    async def _act(self, kind: str, act: Callable[[], Awaitable[Any]]) -> None:
        """Think, act, and wait for all that follows from it."""
        await asyncio.sleep(self.chance.uniform(*THINK))
        started = time.perf_counter()
        await act()
        await self._fetched()
        self.times[kind].append(time.perf_counter() - started)

    async def _fetched(self) -> None:
        shown = self.tab.shown
        self.trouble += [message.decode(errors="replace") for message in shown.trouble]
        await self.files.fetch(shown.files)

    def _walk(self) -> list[float]:
        """List the values of C beside the one in use, away from it one after the other, and back to it."""
        told = self.tab.shown.parts[CURVE].told()
        stops = [float(stop["C"]) for stop in told["stops"] if stop["said"]]
        self._n = int(told["n"])
        at = min(range(len(stops)), key=lambda place: abs(stops[place] - told["C"]))
        up, down = stops[at + 1 : at + 1 + STEPS], stops[max(0, at - STEPS) : at][::-1]
        away = up if len(up) == STEPS and self.chance.random() < 0.5 else down
        return [*away, *away[-2::-1], stops[at]]
