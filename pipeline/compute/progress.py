"""How long work tells how far it is, and how it is told to stop."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Take note that ``done`` of ``total`` steps are finished.

    Called from the thread that works, at most every few milliseconds. It may raise
    `pipeline.errors.Cancelled`, which the work lets through after putting things in order.
    """

    def __call__(self, done: int, total: int, what: str) -> None:
        """Report ``done`` of ``total`` units of ``what`` (for example "images")."""


def silent(done: int, total: int, what: str) -> None:
    """Report nothing."""
