"""Measure ways of computing the same thing, and print them as rows of one table."""

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


def print_head() -> None:
    """Begin a table."""
    print("| way | seconds | times faster | processor seconds | times less | found |")
    print("|---|---:|---:|---:|---:|---|", flush=True)


def print_rows(title: str, rows: Sequence[Measured], quality: str, *, compare: bool = True) -> None:
    """Print a group of rows; the first is what the others are compared with, unless they are different things."""
    print(f"| **{title}** | | | | | *{quality}* |")
    for row in rows:
        base = rows[0] if compare else row
        faster, less = _times(base.seconds, row.seconds), _times(base.processor, row.processor)
        times = f"{row.seconds:.3g} | {faster} | {row.processor:.3g} | {less}"
        print(f"| {row.way} | {times} | {row.quality} |", flush=True)


def _times(base: float, own: float) -> str:
    return f"{base / own:,.1f}" if own and base != own else ""
