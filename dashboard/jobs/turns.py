"""In which order visitors have their turns: whoever had one longest ago comes next."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence

from dashboard.jobs.job import Clock, Job
from dashboard.jobs.visitor import Visitor

REMEMBERED = 50
"""Turns; whoever had none of these is new."""
LATELY = 60.0
"""Seconds for which it counts that somebody has asked."""
MOST = 2000
"""Requests that are remembered."""

Had = dict[Visitor | str, int]
"""The last turn of each visitor and of each address."""


class Turns:
    """Remember who had a turn lately and who asks how often, and put jobs in order.

    Addresses take turns, and of one address its sessions do: ten tabs are no more than one. Where all come from one
    address, as behind a proxy that is not trusted to say who asks, turns are between sessions. Of those who are new,
    whoever has asked least in the last minute comes first: somebody with one request does not stand behind those who
    ask without an end, and whoever waits and asks no more is behind nobody for longer than that.

    Parameters
    ----------
    clock : callable
        Gives seconds that only grow.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._past: deque[tuple[Visitor, ...]] = deque(maxlen=REMEMBERED)
        self._asked: deque[tuple[float, Visitor]] = deque(maxlen=MOST)

    def ask(self, visitor: Visitor) -> None:
        """Note that somebody asks, be it refused or not."""
        self._asked.append((self._clock(), visitor))

    def note(self, visitors: Iterable[Visitor]) -> None:
        """Note that these have their turn now."""
        self._past.append(tuple(visitors))

    def ordered(self, jobs: Sequence[Job]) -> list[Job]:
        """Put jobs that wait in the order in which they will run, if nobody else asks.

        Parameters
        ----------
        jobs : sequence of Job
            Of one visitor, in the order in which they were asked for.
        """
        since = self._clock() - LATELY
        asked = Counter(visitor for time, visitor in self._asked if time > since)
        had: Had = {}
        for number, visitors in enumerate(self._past):
            _take_turn(had, visitors, number)
        left, ordered = list(jobs), []
        while left:
            following = min(left, key=lambda job: _place(had, asked, job.askers))
            left.remove(following)
            ordered.append(following)
            _take_turn(had, following.askers, REMEMBERED + len(ordered))
        return ordered


def _place(had: Had, asked: Counter[Visitor], visitors: Iterable[Visitor]) -> tuple[int, int, int]:
    """Give the last turns of an address and of a visitor, and how often they asked: of the one who comes first."""
    return min((had.get(visitor.address, -1), had.get(visitor, -1), asked[visitor]) for visitor in visitors)


def _take_turn(had: Had, visitors: Iterable[Visitor], number: int) -> None:
    for visitor in visitors:
        had[visitor.address] = had[visitor] = number
