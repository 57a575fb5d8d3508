"""Read the arrays of a .npz file that a stranger made: no pickles, and nothing larger than it says at once."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from cache.foreign import foreign
from pipeline.compute.memory import require
from pipeline.errors import SourceError, UnsafeInput
from pipeline.inputs.files import describe, list_briefly

MAX_HEADER = 10_000  # characters, as numpy has it
MAX_MEMBERS = 1000
NUMBERS = frozenset("biuf")


def read_npz(path: Path, wanted: Collection[str]) -> dict[str, NDArray[Any]]:
    """Give the arrays that have these names.

    Parameters
    ----------
    path : Path
        A .npz file, packed or not.
    wanted : collection of str
        Their names; what else is in the file is not looked at.

    Returns
    -------
    dict of str to ndarray
        Arrays of numbers; names that the file does not have are left out.

    Raises
    ------
    SourceError
        If it is no complete .npz file, or there is too little memory for what it holds.
    UnsafeInput
        If an array holds something else than numbers, or not what its header says.
    """
    with _opened(path) as archive:
        there = _names(archive)
        members = {name: f"{name}.npy" for name in wanted if name in there}
        sizes = {name: archive.getinfo(member).file_size for name, member in members.items()}
        require(f"the arrays of {path.name}", 3 * sum(sizes.values()))
        found = {name: _read(archive, member, path) for name, member in members.items()}
    if not found:
        raise SourceError(f"{path} must hold arrays named {', '.join(wanted)}. Got {list_briefly(there)}.")
    return found


def names_in(path: Path) -> list[str]:
    """List the names of a file's arrays; errors as `read_npz`."""
    with _opened(path) as archive:
        return _names(archive)


def _names(archive: zipfile.ZipFile) -> list[str]:
    return [name.removesuffix(".npy") for name in archive.namelist()]


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a file, and turn what is raised about it into our own error."""
    if not path.is_file():
        raise SourceError(f"{path} must be a .npz file. Got {describe(path)}.")
    whole = foreign(lambda got: SourceError(f"{path} must be a complete .npz file. Got: {got}."))
    with whole, zipfile.ZipFile(path) as archive:
        if len(archive.infolist()) > MAX_MEMBERS:
            raise UnsafeInput(f"{path} must hold at most {MAX_MEMBERS:,} arrays. Got more.")
        yield archive


def _read(archive: zipfile.ZipFile, member: str, path: Path) -> NDArray[Any]:
    """Give one array, once its header was found to say what the archive says of its size."""
    name, size = f"{member} in {path.name}", archive.getinfo(member).file_size
    with archive.open(member) as file:
        with foreign(lambda got: UnsafeInput(f"{name} must be an array of numpy. Got: {got}.")):
            version = npy.read_magic(file)
            read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
            shape, fortran, dtype = read(file, max_header_size=MAX_HEADER)
        if dtype.kind not in NUMBERS or dtype.itemsize > 8:
            raise UnsafeInput(f"{name} must hold numbers. Got {dtype}, which was not read.")
        count = int(np.prod([int(length) for length in shape], dtype=object))
        if count * dtype.itemsize != size - file.tell():
            raise UnsafeInput(f"{name} must hold as many bytes as its shape {shape} needs. Got {size:,}.")
        content = bytearray(file.read(count * dtype.itemsize))
    if len(content) != count * dtype.itemsize:
        raise EOFError(f"{name} ends early")
    array = np.frombuffer(content, dtype)
    return array.reshape(shape, order="F" if fortran else "C")
