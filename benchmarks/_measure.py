"""Measure one way of computing something."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measured:
    """One row of a table: seconds by the clock and of processors, what was found, and how good that is."""

    way: str
    seconds: float
    processor: float
    found: Any
    quality: str = ""


def measure(way: str, compute: Callable[[], Any], rounds: int = 1) -> Measured:
    """Give the median times of a few rounds, and what the last one found."""
    clock, processor = [], []
    for _ in range(rounds):
        started, worked = time.perf_counter(), time.process_time()
        found = compute()
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - worked)
    return Measured(way, statistics.median(clock), statistics.median(processor), found)


def print_rows(rows: Sequence[Measured], quality: str) -> None:
    """Print a table; the first row is what the others are compared with."""
    print(f"| way | seconds | times faster | processor seconds | times less | {quality} |")
    print("|---|---:|---:|---:|---:|---|")
    base = rows[0]
    for row in rows:
        faster, less = base.seconds / row.seconds, base.processor / max(row.processor, 1e-6)
        print(
            f"| {row.way} | {row.seconds:.2f} | {faster:,.1f} | {row.processor:.2f} | {less:,.1f} | {row.quality} |"
        )
    print(flush=True)
