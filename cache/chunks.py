"""Long work kept in pieces that survive a kill: bytes, or rows of a long array."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache.files import discard, sha256, write_atomically

_PIECE = re.compile(r"([0-9]{9})-([0-9]{9})-([0-9a-f]{16})\.([a-z]+)")


@dataclass(frozen=True)
class Pieces:
    """Keep what was made of some rows of a long work, piece by piece, in a folder.

    A piece's file name holds its first and last-plus-one row and the start of its content's SHA-256, so a
    damaged piece, and one of another size, is recognised and made again.

    Attributes
    ----------
    folder : Path
        Where the pieces are.
    rows, size : int
        Rows of the whole, and of each piece but the last.
    """

    SUFFIX: ClassVar[str] = "bin"

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

    def missing(self) -> list[tuple[int, int]]:
        """First and last-plus-one row of each piece that is still to be made."""
        there = self.finished()
        return [span for number, span in enumerate(self.spans) if number not in there]

    def _number_if_whole(self, path: Path) -> int | None:
        match = _PIECE.fullmatch(path.name)
        if match is None or match[4] != self.SUFFIX or path.is_symlink() or not path.is_file():
            return None
        number, offset = divmod(int(match[1]), self.size)
        stop = min(int(match[1]) + self.size, self.rows)
        fits = offset == 0 and int(match[1]) < self.rows and int(match[2]) == stop
        return number if fits and sha256(path)[:16] == match[3] else None

    def write(self, start: int, stop: int, content: bytes) -> None:
        """Keep a piece: what was made of the rows from ``start`` up to ``stop``."""
        name = f"{start:09d}-{stop:09d}-{hashlib.sha256(content).hexdigest()[:16]}.{self.SUFFIX}"
        write_atomically(self.folder / name, content)

    def read(self) -> Iterator[bytes]:
        """Give the content of each piece in order, one at a time.

        Raises
        ------
        ValueError
            If a piece is missing.
        """
        pieces = self.finished()
        if len(pieces) != len(self.spans):
            raise ValueError(f"{self.folder} must have {len(self.spans)} pieces. Got {len(pieces)}.")
        for number in range(len(pieces)):
            yield pieces[number].read_bytes()


class Chunks(Pieces):
    """Keep the finished pieces of one array in a folder."""

    SUFFIX: ClassVar[str] = "npy"

    def write_rows(self, start: int, stop: int, rows: NDArray[Any]) -> None:
        """Keep the rows from ``start`` up to ``stop``, an array of shape (stop - start, ...).

        Raises
        ------
        ValueError
            If they are of another number.
        """
        if len(rows) != stop - start:
            raise ValueError(f"A piece must have {stop - start} rows. Got {len(rows)}.")
        buffer = io.BytesIO()
        np.save(buffer, rows, allow_pickle=False)
        self.write(start, stop, buffer.getvalue())

    def join(self, target: Path) -> None:
        """Write all pieces as one ``.npy`` file, without holding more than one in memory.

        The bytes are those of `numpy.save` of the whole array. They are written, not mapped: a mapped
        file on a full disk kills the process.

        Raises
        ------
        ValueError
            If a piece is missing, or differs from the first in dtype or width.
        """
        first: NDArray[Any] | None = None
        with target.open("wb") as file:
            for content in self.read():
                piece = np.load(io.BytesIO(content), allow_pickle=False)
                if first is None:
                    first, shape = piece, (self.rows, *piece.shape[1:])
                    header = {"descr": piece.dtype.str, "fortran_order": False, "shape": shape}
                    np.lib.format.write_array_header_1_0(file, header)
                if piece.dtype != first.dtype or piece.shape[1:] != first.shape[1:]:
                    raise ValueError(
                        f"A piece of {self.folder} must be like the first. Got {piece.shape[1:]}."
                    )
                file.write(piece.tobytes())
