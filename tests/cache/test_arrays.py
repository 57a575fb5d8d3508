"""Array files: whatever their header says, they are read or refused."""

from __future__ import annotations

import gc
import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import ArtefactCorrupt, StoreError
from cache.arrays import open_array
from tests.cache.making import assert_helps

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
@pytest.mark.parametrize("mmap", [True, False])
def test_a_hostile_header_is_refused(tmp_path, content, mmap):
    """It neither runs code nor takes memory nor raises anything else."""
    path = tmp_path / "test.npy"
    path.write_bytes(content + b"\0" * 64)
    with pytest.raises(ArtefactCorrupt) as caught:
        open_array(path, REPAIR, mmap=mmap)
    assert_helps(caught.value, path)


@given(st.binary(max_size=120), st.booleans())
def test_random_headers_are_refused_or_read(tmp_path_factory, content, with_magic):
    """Whatever NumPy's parser raises becomes the store's own error."""
    path = _one_file(tmp_path_factory)
    path.write_bytes((b"\x93NUMPY\x01\x00\x40\x00" if with_magic else b"") + content)
    try:
        open_array(path, REPAIR)
    except ArtefactCorrupt as error:
        assert_helps(error, path)


def _one_file(tmp_path_factory) -> Path:
    return tmp_path_factory.getbasetemp() / "random.npy"


def test_want_of_memory_is_not_called_corrupt(tmp_path, monkeypatch):
    """The file is good; the machine is small."""

    def refuse(*args, **kwargs):
        raise MemoryError

    monkeypatch.setattr("numpy.lib.format.open_memmap", refuse)
    np.save(tmp_path / "test.npy", np.zeros(3))
    with pytest.raises(StoreError) as caught:
        open_array(tmp_path / "test.npy", REPAIR)
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
            shapes = list(pool.map(lambda _: [open_array(path, REPAIR).shape for _ in range(100)], range(8)))
    finally:
        gc.set_threshold(*turns)
        gc.callbacks.remove(turn)
    assert shapes == [[(3, 4)] * 100] * 8
