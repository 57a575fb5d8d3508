"""How long work tells how far it is, and how it is told to stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Progress(Protocol):
    """Take note that ``done`` of ``total`` steps are finished.

    Called from the thread that works, at most every few milliseconds. It may raise
    `pipeline.errors.Cancelled`, which the work lets through after putting things in order.
    """

    def __call__(self, done: int, total: int, what: str) -> None:
        """Report ``done`` of ``total`` units of ``what`` (for example "images").

        Where nothing can be counted, ``total`` is 0 and ``what`` says what goes on.
        """


def silent(done: int, total: int, what: str) -> None:
    """Report nothing."""


def waiting_on(progress: Progress) -> Callable[[str], None]:
    """Give what tells a progress who is waited for, as `cache.locks.locked` takes it."""
    return lambda holder: progress(0, 0, f"waiting for {holder}")


def share(progress: Progress, number: int, count: int) -> Progress:
    """Give what tells a progress how far number ``number`` of ``count`` pieces of like size is."""

    def report(done: int, total: int, what: str) -> None:
        progress(number * total + done, count * total, what)

    return report
