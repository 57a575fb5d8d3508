"""So many very active visitors at once: how long each action takes, and what the server holds meanwhile and after."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks._map.servers import PROJECT, serving
from benchmarks._meter import held, processor_seconds
from benchmarks.load.visitor import Times, Visitor

SETTLE = 10.0
"""Seconds that a server has to itself before anybody comes."""
LEFT = 60.0
"""Seconds after the last visitor has left at which memory is looked at."""
LOOKS = 0.5


@dataclass
class Load:
    """Hold what one server did under load.

    Attributes
    ----------
    times : Times
        Seconds of each action.
    idle, most, after : int
        Bytes that it and its children held before anybody came, at most, and after all had left.
    server, client : float
        Processor seconds that each took while visitors were there.
    trouble : list of str
        What went wrong.
    """

    times: Times = field(default_factory=lambda: defaultdict(list))
    idle: int = 0
    most: int = 0
    after: int = 0
    server: float = 0.0
    client: float = 0.0
    trouble: list[str] = field(default_factory=list)

    def joined(self, other: Load) -> Load:
        """Give both rounds as one: all times, the worst of memory, processor seconds of both."""
        both: Times = defaultdict(list)
        for times in (self.times, other.times):
            for kind, seconds in times.items():
                both[kind] += seconds
        return Load(
            both,
            *(max(getattr(self, name), getattr(other, name)) for name in ("idle", "most", "after")),
            self.server + other.server,
            self.client + other.client,
            self.trouble + other.trouble,
        )


def load(
    run: str, visitors: int, seconds: float, environment: Mapping[str, str], project: Path = PROJECT
) -> Load:
    """Serve a run to so many visitors at once, each active for so many seconds.

    Parameters
    ----------
    run : str
        Its name.
    visitors : int
        They all come at one moment.
    seconds : float
        How long they stay.
    environment : mapping of str to str
        Of the server: its store, and how much memory it may take.
    project : Path
        The checkout whose server it is.
    """
    found = Load()
    with serving("dashboard/app.py", project=project, **environment) as server:
        time.sleep(SETTLE)
        found.idle = whole(server.process)
        worked, own = processor_seconds(server.process), time.process_time()
        asyncio.run(_visits(server.address, server.process, run, visitors, seconds, found))
        found.server, found.client = processor_seconds(server.process) - worked, time.process_time() - own
        time.sleep(LEFT)
        found.after = whole(server.process)
    return found


def whole(process: int) -> int:
    """Give the bytes that a server and all its children hold."""
    now = held(process)
    return now.resident + now.children


async def _visits(address: str, process: int, run: str, count: int, seconds: float, found: Load) -> None:
    people = [Visitor(address, run, number, found.times) for number in range(count)]
    looking = asyncio.create_task(_look(process, found))
    await asyncio.gather(*(one.visit(seconds) for one in people))
    looking.cancel()
    found.trouble += [trouble for one in people for trouble in one.trouble]


async def _look(process: int, found: Load) -> None:
    while True:
        found.most = max(found.most, await asyncio.to_thread(whole, process))
        await asyncio.sleep(LOOKS)


def high(seconds: Sequence[float]) -> float:
    """Give what 95 % took at most."""
    return sorted(seconds)[max(0, -(-95 * len(seconds) // 100) - 1)]


def table(loads: Mapping[str, Load]) -> str:
    """Write what several servers did as one table, a column each."""
    names = list(loads)
    kinds = list(dict.fromkeys(kind for load in loads.values() for kind in load.times))
    rows = [
        [f"{kind}, seconds: median (95 %), times", *(_times(loads[name].times[kind]) for name in names)]
        for kind in kinds
    ]
    for title, of in (
        ("memory idle, at most, a minute after, MB", _memory),
        ("processor seconds: server, clients", lambda load: f"{load.server:.1f}, {load.client:.1f}"),
        ("went wrong", lambda load: str(len(load.trouble))),
    ):
        rows.append([title, *(of(loads[name]) for name in names)])
    head = ["", *names]
    lines = [head, ["---", *["---:"] * len(names)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _times(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.2f} ({high(seconds):.2f}), {len(seconds)}" if seconds else ""


def _memory(load: Load) -> str:
    return ", ".join(f"{size / 1e6:.0f}" for size in (load.idle, load.most, load.after))
