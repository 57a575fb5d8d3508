"""What a server process and its children hold, looked at several times a second. Linux only."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

SECONDS_BETWEEN_LOOKS = 0.1


@dataclass(frozen=True)
class Held:
    """Hold the memory of a process at one moment, in bytes.

    Attributes
    ----------
    resident : int
        All its pages that are in memory: what ``LAZYBONES_MEMORY`` bounds, and what ``ps`` and a container count.
    private : int
        Of these the anonymous ones: its own arrays and objects.
    mapped : int
        Of these the rest, pages of files: libraries, and arrays of the store that are mapped.
    children : int
        What processes that it has started hold.
    """

    resident: int = 0
    private: int = 0
    mapped: int = 0
    children: int = 0

    def most(self, other: Held) -> Held:
        """Give the larger of each."""
        return Held(*(max(getattr(self, f.name), getattr(other, f.name)) for f in fields(self)))


def held(process: int) -> Held:
    """Look at a process; nothing where it has ended."""
    resident, private = _of(process)
    return Held(resident, private, resident - private, sum(_of(child)[0] for child in _children(process)))


def peak(process: int) -> int:
    """Give the most that a process ever held, as the kernel noted it, bytes."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def processor_seconds(process: int) -> float:
    """Give the processor seconds that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _of(process: int) -> tuple[int, int]:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0, 0
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines[1:]}
    return sizes.get("Rss", 0), sizes.get("Anonymous", 0)


def _children(process: int) -> Iterator[int]:
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            named = listed.read_text().split()
        except OSError:  # the thread has ended
            continue
        for child in map(int, named):
            yield child
            yield from _children(child)


class Meter:
    """Look at a process, and at what is being written to its store, until told to stop.

    Parameters
    ----------
    process : int
        The process.
    store : Path
        The root of its store.
    """

    def __init__(self, process: int, store: Path) -> None:
        self._process, self._store = process, store
        self._most = Held()
        self._written: set[tuple[str, str]] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Meter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def most(self) -> Held:
        """Give the most of each kind since the last call."""
        found, self._most = self._most.most(held(self._process)), Held()
        return found

    def writers(self, stage: str) -> int:
        """Count how many times somebody began to write a stage."""
        return sum(name == stage for name, _ in self._written.copy())

    def _look(self) -> None:
        while not self._stop.wait(SECONDS_BETWEEN_LOOKS):
            self._most = self._most.most(held(self._process))
            drafts = self._store.glob("artefacts/*/*.tmp-*")
            self._written |= {(draft.parent.name, draft.name) for draft in drafts}
