"""In which order visitors have their turns: whoever had one longest ago comes next."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from dashboard.jobs.job import Job
from dashboard.jobs.visitor import Visitor

REMEMBERED = 50
"""Turns; whoever had none of these is new, and those who are new come in the order in which they ask."""

Had = dict[Visitor | str, int]
"""The last turn of each visitor and of each address."""


class Turns:
    """Remember who had a turn lately, and put jobs in order.

    Addresses take turns, and of one address its sessions do: ten tabs are no more than one. Where all come from one
    address, as behind a proxy that is not trusted to say who asks, turns are between sessions.
    """

    def __init__(self) -> None:
        self._past: deque[tuple[Visitor, ...]] = deque(maxlen=REMEMBERED)

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
        had: Had = {}
        for number, visitors in enumerate(self._past):
            _take_turn(had, visitors, number)
        left, ordered = list(jobs), []
        while left:
            following = min(left, key=lambda job: _last_turn(had, job.askers))
            left.remove(following)
            ordered.append(following)
            _take_turn(had, following.askers, REMEMBERED + len(ordered))
        return ordered


def _last_turn(had: Had, visitors: Iterable[Visitor]) -> tuple[int, int]:
    """Give when these had their turn, the one who had it longest ago: their address, and themselves."""
    return min((had.get(visitor.address, -1), had.get(visitor, -1)) for visitor in visitors)


def _take_turn(had: Had, visitors: Iterable[Visitor], number: int) -> None:
    for visitor in visitors:
        had[visitor.address] = had[visitor] = number
