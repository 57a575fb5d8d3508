"""Whether a visitor may have something computed or saved now: asked by every queue, and by what saves labels."""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict, deque

from cache.counting import counted
from dashboard.jobs.job import Clock, QueueFull
from dashboard.jobs.visitor import Visitor
from dashboard.run.mode import HOSTED, Mode, allowance, mode
from dashboard.run.of_process import one_of_process

PERIOD = 3600.0
"""Seconds for which it counts what was computed."""
LEAST = 0.02
"""Seconds that anything counts at least: so what is remembered of an hour has an end."""
READ_ONLY = "This dashboard is read-only: it shows what was computed before, and computes and saves nothing."
PROXIES = "FORWARDED_ALLOW_IPS"
"""Names the proxies that are believed when they say who asks."""


class Refused(QueueFull):
    """Signal that this server does not compute or save that for this visitor, now or at all.

    It is nobody's mistake, so the message is a plain sentence for visitors.

    Attributes
    ----------
    again : float
        Seconds after which there is some again; 0 where there never is.
    """

    def __init__(self, message: str, again: float = 0.0) -> None:
        super().__init__(message)
        self.again = again


class Permission:
    """Say who may have something computed or saved, and remember what that took.

    What is in the store already needs none.

    Parameters
    ----------
    clock : callable
        Gives seconds that only grow.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._spent: deque[tuple[float, str, float]] = deque()
        self._sums: dict[str | None, float] = defaultdict(float)  # of each; None: of all

    def refusal(self, visitor: Visitor) -> Refused | None:
        """Say why a visitor may not have anything computed or saved now; None where they may."""
        now = mode()
        if now is Mode.FULL:
            return None
        if now is Mode.READ_ONLY:
            return Refused(READ_ONLY)
        allowed, payer = allowance(), payer_of(visitor)
        again = self._until(allowed.each, payer) if payer else 0.0
        if again:
            who = (
                f"Each visitor has {_words(allowed.each)} of computing an hour here, and you have used yours."
            )
            return _spent(who, again)
        again = self._until(allowed.every)
        if again:
            who = f"All visitors together have {_words(allowed.every)} of computing an hour here, and it is used up."
            return _spent(who, again)
        return None

    def check(self, visitor: Visitor) -> None:
        """Refuse what a visitor may not have now.

        Raises
        ------
        Refused
            With the reason.
        """
        refused = self.refusal(visitor)
        if refused is not None:
            raise refused

    def check_time(self, seconds: float) -> None:
        """Refuse to go on with what takes more than one visitor has in an hour.

        Raises
        ------
        Refused
            If it does.
        """
        if mode() is Mode.EXPLORE and seconds > allowance().each:
            longest = _words(allowance().each)
            words = f"This takes longer than a visitor has of computing in an hour here, which is {longest}."
            raise Refused(words, allowance().each)

    def charge(self, visitor: Visitor, seconds: float) -> None:
        """Note what something took that a visitor has asked for."""
        if mode() is not Mode.EXPLORE:
            return
        payer, seconds = payer_of(visitor), max(seconds, LEAST)
        with self._lock:
            self._spent.append((self._clock(), payer, seconds))
            for name in (payer, None):
                self._sums[name] += seconds

    def _until(self, allowed: float, payer: str | None = None) -> float:
        """Give the seconds until somebody, or all, have spent less than is allowed; 0 where they have now."""
        with self._lock:
            now = self._clock()
            while self._spent and self._spent[0][0] <= now - PERIOD:
                _, who, seconds = self._spent.popleft()
                for name in (who, None):
                    self._sums[name] -= seconds
                if self._sums[who] < LEAST / 2:  # but for rounding: nothing
                    del self._sums[who]
            end, left = 0.0, self._sums.get(payer, 0.0)
            for at, who, seconds in self._spent if left >= allowed else ():
                if left < allowed:
                    break
                if payer in (None, who):
                    left -= seconds
                    end = at + PERIOD - now
            return end


@one_of_process
def permission() -> Permission:
    """Give what all queues of this process ask."""
    return Permission()


def payer_of(visitor: Visitor) -> str:
    """Name who pays for what a visitor asks for: their address where it is known to be theirs, else their tab.

    Empty where neither is known: what they ask for counts for all together alone. Behind a host's proxy that nobody has
    named as one to be believed, all have its address.
    """
    told = bool(os.environ.get(PROXIES)) or not os.environ.get(HOSTED)
    return (visitor.address if told else "") or visitor.session


def _spent(who: str, again: float) -> Refused:
    words = f"{who} There is some again in {_words(again)}; what was computed before is shown as always."
    return Refused(words, again)


def _words(seconds: float) -> str:
    """Write a time, rounded up: "40 seconds", "12 minutes"."""
    whole = -int(-seconds // 1)
    return counted(whole, "second") if whole < 60 else counted(-(-whole // 60), "minute")
