"""Array files: whatever their header says, they are read or refused."""

from __future__ import annotations

import gc
import os
import pickle
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import ArtefactCorrupt, StoreError
from cache.arrays import AT_ONCE, StoredArray, write_array
from tests.cache.making import assert_helps
from tests.cache.processes import in_a_child

REPAIR = "python -m pipeline clean --corrupt"


def _header(text: str) -> bytes:
    padded = text.encode() + b" " * (-(10 + len(text) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded


HEADERS = {
    "huge header": _header("{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1, " * 15_000 + ")}"),
    "huge shape": _header("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 2)}"),
    "overflowing shape": _header(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}"
    ),
    "shape beyond integers": _header(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "9" * 60 + ",)}"
    ),
    "negative shape": _header("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"),
    "objects": _header("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}"),
    "unknown dtype": _header("{'descr': 'q17', 'fortran_order': False, 'shape': (1,)}"),
    "nested dtype": _header("{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (1,)}"),
    "other keys": _header("{'descr': '<f4'}"),
    "unhashable": _header("{[]: 1}"),
    "deep": _header("(" * 3000 + ")" * 3000),
    "code": _header("__import__('os').abort()"),
    "no end": b"\x93NUMPY\x01\x00\xff\xff",
    "future format": b"\x93NUMPY\x09\x00\x00\x00",
    "empty": b"",
    "pickle": pickle.dumps(np.zeros(3)),
    "zip": b"PK\x03\x04" + b"\0" * 60,
}


@pytest.mark.parametrize("content", HEADERS.values(), ids=HEADERS)
def test_a_hostile_header_is_refused(tmp_path, content):
    """It neither runs code nor takes memory nor raises anything else."""
    path = tmp_path / "test.npy"
    path.write_bytes(content + b"\0" * 64)
    with pytest.raises(ArtefactCorrupt) as caught:
        StoredArray(path, REPAIR).whole()
    assert_helps(caught.value, path)


@given(st.binary(max_size=120), st.booleans())
def test_random_headers_are_refused_or_read(tmp_path_factory, content, with_magic):
    """Whatever NumPy's parser raises becomes the store's own error."""
    path = _one_file(tmp_path_factory)
    path.write_bytes((b"\x93NUMPY\x01\x00\x40\x00" if with_magic else b"") + content)
    try:
        StoredArray(path, REPAIR).whole()
    except ArtefactCorrupt as error:
        assert_helps(error, path)


def _one_file(tmp_path_factory) -> Path:
    return tmp_path_factory.getbasetemp() / "random.npy"


def test_want_of_memory_is_not_called_corrupt(tmp_path, monkeypatch):
    """The file is good; the machine is small."""

    def refuse(*args, **kwargs):
        raise MemoryError

    monkeypatch.setattr("numpy.empty", refuse)
    np.save(tmp_path / "test.npy", np.zeros(3))
    with pytest.raises(StoreError) as caught:
        StoredArray(tmp_path / "test.npy", REPAIR).whole()
    assert type(caught.value) is StoreError
    assert_helps(caught.value, tmp_path / "test.npy")


def test_headers_are_read_from_many_threads(tmp_path):
    """Also where another one gets its turn while a header is parsed: Python before 3.11.8 took that for damage."""
    path, turns = tmp_path / "a.npy", gc.get_threshold()
    np.save(path, np.zeros((3, 4)))

    def turn(*_: object) -> None:
        time.sleep(0)

    gc.callbacks.append(turn)
    gc.set_threshold(1)
    try:
        with ThreadPoolExecutor(8) as pool:
            shapes = list(pool.map(lambda _: [StoredArray(path, REPAIR).shape for _ in range(100)], range(8)))
    finally:
        gc.set_threshold(*turns)
        gc.callbacks.remove(turn)
    assert shapes == [[(3, 4)] * 100] * 8


ARRAYS = {
    "matrix": np.arange(24.0).reshape(6, 4),
    "turned": np.asfortranarray(np.arange(24.0).reshape(6, 4)),
    "turned images": np.asfortranarray(np.arange(6 * 2 * 3 * 4, dtype=np.uint8).reshape(6, 2, 3, 4)),
    "numbers": np.arange(6, dtype=np.int16),
    "texts": np.array(["a", "bcd", "", "é", "e", "f"]),
    "no rows": np.zeros((0, 3)),
    "no columns": np.zeros((6, 0)),
}
KEYS = [3, -1, slice(None), slice(1, 4), slice(None, None, -2), [5, 0, 0], [], np.arange(6) % 2 == 0]


@pytest.mark.parametrize("name", ARRAYS)
def test_rows_are_those_of_the_array(tmp_path, name, monkeypatch):
    """By number, slice, list or mask, one after another or all at once, whatever the order of its bytes."""
    array, path = ARRAYS[name], tmp_path / "a.npy"
    write_array(path, array)
    stored = StoredArray(path, REPAIR)
    assert (len(stored), stored.shape, stored.dtype) == (len(array), array.shape, array.dtype)
    np.testing.assert_array_equal(stored, array)
    for key in KEYS if len(array) else [slice(None), []]:
        wanted = (
            array[np.asarray(key, np.intp) if key == [] else key] if isinstance(key, list) else array[key]
        )
        np.testing.assert_array_equal(stored[key], wanted, strict=True)
    np.testing.assert_array_equal(stored.part(slice(1, 3)), array[1:3])
    monkeypatch.setattr("cache.arrays.AT_ONCE", 40)
    assert AT_ONCE > 40
    np.testing.assert_array_equal(np.array(list(stored)).reshape(array.shape), array)
    if array.ndim == 2 and array.size:
        np.testing.assert_array_equal(stored.column(2), array[:, 2])


def test_a_row_beyond_the_last_is_refused(tmp_path):
    """Not what lies behind it in the file."""
    write_array(tmp_path / "a.npy", np.zeros((4, 2)))
    part = StoredArray(tmp_path / "a.npy", REPAIR).part(slice(0, 2))
    for row in (2, -3, [0, 2]):
        with pytest.raises(IndexError, match="Rows must be below 2"):
            part[row]
    with pytest.raises(TypeError):
        part[0.5]


def _cut(path):
    os.truncate(path, 1000)


def _overwrite(path):
    path.write_bytes(path.read_bytes()[:-8] + b"\1" * 8)
    os.utime(path, ns=(1, 1))


def _replace(path):
    write_array(path.with_suffix(".new"), np.ones((300, 100)))
    path.with_suffix(".new").replace(path)


@pytest.mark.parametrize("change", [_cut, _overwrite, _replace, os.remove])
def test_a_file_that_changes_while_it_is_in_use_is_an_error(tmp_path, change):
    """Cut short in place, it is a sentence: mapped, it was the end of the process (SIGBUS)."""
    path = tmp_path / "test.npy"
    write_array(path, np.zeros((300, 100)))

    def read():
        stored = StoredArray(path, REPAIR)
        assert stored[299].sum() == 0
        change(path)
        return [
            _refused(lambda read=read: read(stored)) for read in (lambda it: it[299], StoredArray.whole, list)
        ]

    for error in in_a_child(read):
        assert_helps(error, path)


def _refused(read):
    with pytest.raises(ArtefactCorrupt) as caught:
        read()
    return caught.value


def test_a_file_that_is_cut_while_it_is_read_is_an_error(tmp_path, monkeypatch):
    """After its look was found good: a short read is no row of zeros."""
    path = tmp_path / "test.npy"
    write_array(path, np.zeros((300, 100)))
    stored = StoredArray(path, REPAIR)
    os.truncate(path, 1000)
    monkeypatch.setattr(stored, "_state", (1000, path.stat().st_ino, path.stat().st_mtime_ns))
    with pytest.raises(ArtefactCorrupt, match="it was cut short"):
        stored[299]


def test_nothing_of_ours_maps_a_file():
    """A mapped file that is cut short ends the process: what is served, shown or computed with is read."""
    project = Path(__file__).parents[2]
    sources = [
        path for folder in ("cache", "pipeline", "dashboard") for path in (project / folder).rglob("*.py")
    ]
    mapping = re.compile(r"mmap|memory_map|np\.memmap")
    found = {str(path.relative_to(project)) for path in sources if mapping.search(path.read_text("utf-8"))}
    assert found == set()
