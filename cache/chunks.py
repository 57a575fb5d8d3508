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

from cache.files import discard, sha256, write_atomically

_PIECE = re.compile(r"([0-9]{9})-([0-9]{9})-([0-9a-f]{16})\.npy")


@dataclass(frozen=True)
class Chunks:
    """Keep the finished pieces of one array in a folder.

    A piece's file name holds its first and last-plus-one row and the start of its content's SHA-256, so a
    damaged piece, and one of another size, is recognised and made again.

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
        """Find the pieces that are there and whole, by number; remove everything else in the folder."""
        if self.folder.is_symlink():  # nothing here makes links: never remove anything behind one
            self.folder.unlink()
        self.folder.mkdir(parents=True, exist_ok=True)
        found: dict[int, Path] = {}
        for path in sorted(self.folder.iterdir()):
            number = self._number_if_whole(path)
            if number is None:
                discard(path)
            else:
                found[number] = path
        return found

    def _number_if_whole(self, path: Path) -> int | None:
        match = _PIECE.fullmatch(path.name)
        if match is None or path.is_symlink() or not path.is_file():
            return None
        number, offset = divmod(int(match[1]), self.size)
        stop = min(int(match[1]) + self.size, self.rows)
        fits = offset == 0 and int(match[1]) < self.rows and int(match[2]) == stop
        return number if fits and sha256(path)[:16] == match[3] else None

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

        Raises
        ------
        ValueError
            If ``compute`` gives another number of rows.
        """
        there = self.finished()
        for number, (start, stop) in enumerate(self.spans):
            if number not in there:
                self._write(start, stop, compute(start, stop))
            yield stop, number in there

    def _write(self, start: int, stop: int, rows: NDArray[Any]) -> None:
        if len(rows) != stop - start:
            raise ValueError(f"A piece must have {stop - start} rows. Got {len(rows)}.")
        buffer = io.BytesIO()
        np.save(buffer, rows, allow_pickle=False)
        content = buffer.getvalue()
        name = f"{start:09d}-{stop:09d}-{hashlib.sha256(content).hexdigest()[:16]}.npy"
        write_atomically(self.folder / name, content)

    def join(self, target: Path) -> None:
        """Write all pieces as one ``.npy`` file, without holding more than one in memory.

        The bytes are those of `numpy.save` of the whole array. They are written, not mapped: a mapped
        file on a full disk kills the process.

        Raises
        ------
        ValueError
            If a piece is missing, or differs from the first in dtype or width.
        """
        pieces = self.finished()
        if len(pieces) != len(self.spans):
            raise ValueError(f"{self.folder} must have {len(self.spans)} pieces. Got {len(pieces)}.")
        first = np.load(pieces[0], allow_pickle=False)
        header = {"descr": first.dtype.str, "fortran_order": False, "shape": (self.rows, *first.shape[1:])}
        with target.open("wb") as file:
            np.lib.format.write_array_header_1_0(file, header)
            for number in range(len(self.spans)):
                piece = np.load(pieces[number], allow_pickle=False)
                if piece.dtype != first.dtype or piece.shape[1:] != first.shape[1:]:
                    raise ValueError(f"{pieces[number]} must be like the first piece. Got {piece.shape[1:]}.")
                file.write(piece.tobytes())
