"""A long array written in pieces that survive a kill."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache.files import write_atomically

_CHUNK = re.compile(r"(\d{6})-([0-9a-f]{16})\.npy")


@dataclass(frozen=True)
class Chunks:
    """Keep the finished pieces of one array in a folder.

    A piece's file name holds its number and the start of its content's SHA-256, so a damaged piece is
    recognised and made again.

    Attributes
    ----------
    folder : Path
        Where the pieces are.
    rows, size : int
        Rows of the whole array, and of each piece but the last.
    """

    folder: Path
    rows: int
    size: int

    @property
    def spans(self) -> list[tuple[int, int]]:
        """First and last-plus-one row of each piece."""
        return [(start, min(start + self.size, self.rows)) for start in range(0, self.rows, self.size)]

    def finished(self) -> dict[int, Path]:
        """Find the pieces that are there and whole, by number; remove the others."""
        self.folder.mkdir(parents=True, exist_ok=True)
        found: dict[int, Path] = {}
        for path in sorted(self.folder.iterdir()):
            number = self._number_if_whole(path)
            if number is None:
                path.unlink()
            else:
                found[number] = path
        return found

    def _number_if_whole(self, path: Path) -> int | None:
        match = _CHUNK.fullmatch(path.name)
        if match is None or int(match[1]) >= len(self.spans):
            return None
        content = path.read_bytes()
        return int(match[1]) if hashlib.sha256(content).hexdigest()[:16] == match[2] else None

    def complete(self, compute: Callable[[int, int], NDArray[Any]]) -> Iterator[tuple[int, bool]]:
        """Compute the pieces that are missing.

        Parameters
        ----------
        compute : callable (start, stop) -> ndarray, shape (stop - start, ...)
            Gives the rows from ``start`` up to ``stop``.

        Yields
        ------
        (rows, reused) : (int, bool)
            Rows there so far, and whether this piece was there before.
        """
        there = self.finished()
        for number, (start, stop) in enumerate(self.spans):
            if number not in there:
                self._write(number, compute(start, stop))
            yield stop, number in there

    def _write(self, number: int, rows: NDArray[Any]) -> None:
        buffer = io.BytesIO()
        np.save(buffer, rows, allow_pickle=False)
        content = buffer.getvalue()
        name = f"{number:06d}-{hashlib.sha256(content).hexdigest()[:16]}.npy"
        write_atomically(self.folder / name, content)

    def join(self, target: Path) -> None:
        """Write all pieces as one ``.npy`` file, without holding more than one in memory.

        Raises
        ------
        ValueError
            If a piece is missing or has another shape.
        """
        pieces = self.finished()
        if len(pieces) != len(self.spans):
            raise ValueError(f"{self.folder} must have {len(self.spans)} pieces. Got {len(pieces)}.")
        first = np.load(pieces[0], allow_pickle=False)
        whole = np.lib.format.open_memmap(
            target, mode="w+", dtype=first.dtype, shape=(self.rows, *first.shape[1:])
        )
        for number, (start, stop) in enumerate(self.spans):
            whole[start:stop] = np.load(pieces[number], allow_pickle=False)
        whole.flush()
