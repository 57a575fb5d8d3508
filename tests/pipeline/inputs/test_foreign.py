"""Whatever a foreign file makes its parser raise is told in a sentence of ours: one test for all readers."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import random
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from cache.archive import unpack
from cache.errors import LazybonesError
from cache.foreign import foreign, said_of
from pipeline.errors import Cancelled, SourceError
from pipeline.inputs.folders.zip_files import Archive
from pipeline.inputs.npz import read_npz
from pipeline.inputs.pickles import load_plain_pickle
from pipeline.inputs.tables.opening import open_table
from pipeline.inputs.tarballs import read_members
from pipeline.networks.sidecar import read_sidecar, sidecar_of
from pipeline.verdicts.files import read as read_verdicts
from tests.pipeline.inputs.hostile import archive, member

TABLE = pa.table({"label": ["a", "b"] * 5, "vector": [[1.0, 2.0]] * 10, "number": list(range(10))})
VERDICTS = [
    {"id": "a", "judged": "x", "verdict": "keep", "tags": ["t"], "note": "é", "key": "k" * 40, "score": 1.5}
]
MUTATIONS = 60


def _written(write: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    write(file)
    return file.getvalue()


def _zip(members: dict[str, bytes]) -> bytes:
    def write(file: io.BytesIO) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in members.items():
                packed.writestr(name, content)

    return _written(write)


def _stream(file: io.BytesIO) -> None:
    with pa.ipc.new_stream(file, TABLE.schema) as writer:
        writer.write_table(TABLE)


def _tar(path: Path, content: bytes) -> None:
    path.write_bytes(gzip.compress(content, 1))
    read_members(path, ["a", "b"], 1000)


def _members(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for name in Archive(path).files:
        Archive(path).read(name, 1000)


def _inside(path: Path, content: bytes) -> None:
    """Read an array that is whole in its archive."""
    path.write_bytes(_zip({"x.npy": content}))
    read_npz(path, ["x"])


def _table(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    table = open_table(path)
    table.read_typed(list(table.types))


def _beside(path: Path, content: bytes) -> None:
    sidecar_of(path).write_bytes(content)
    read_sidecar(path)


def _at(read: Callable[[Path], object]) -> Callable[[Path, bytes], object]:
    def written(path: Path, content: bytes) -> None:
        path.write_bytes(content)
        read(path)

    return written


def _tarball(format: int) -> bytes:
    def write(file: io.BytesIO) -> None:
        with tarfile.open(fileobj=file, mode="w", format=format) as tar:
            for name in ("folder/a", "l" * 150 + "/b"):
                info = tarfile.TarInfo(name)
                info.size = 600
                tar.addfile(info, io.BytesIO(b"x" * 600))

    return _written(write)


READERS: dict[str, tuple[str, bytes, Callable[[Path, bytes], object]]] = {
    "tar": (".tgz", _tarball(tarfile.GNU_FORMAT), _tar),
    "tar with pax headers": (".tgz", _tarball(tarfile.PAX_FORMAT), _tar),
    "zip": (".zip", _zip({"a/é.png": b"x" * 90, "b.png": b"y" * 90}), _members),
    "bundle": (".zip", _zip({"runs/a.json": b"{}"}), _at(lambda path: unpack(path, path.parent))),
    "npz": (".npz", _written(lambda file: np.savez(file, x=np.eye(3))), _at(lambda path: read_npz(path, ["x"]))),
    "array in an npz": (".npz", _written(lambda file: np.save(file, np.eye(3))), _inside),
    "table, npz": (".npz", _written(lambda file: np.savez(file, x=np.eye(3), label=np.array(["a"] * 3))), _table),
    "table, stream": (".arrow", _written(_stream), _table),
    "table, parquet": (".parquet", _written(lambda file: parquet.write_table(TABLE, file)), _table),
    "table, csv": (".csv", b'label,vector\n"a","[1, 2]"\nb,"[3, 4]"\n', _table),
    "pickle": (".pkl", pickle.dumps({b"data": np.zeros((2, 3), np.uint8), b"labels": [1]}, 2),
               lambda path, content: load_plain_pickle(content, path.name)),
    "sidecar": (".onnx", b'{"mean": [0.5], "pretrained_cfg": {"input_size": [3, 8, 8]}}', _beside),
    "verdicts, json": (".json", json.dumps(VERDICTS).encode(), _at(read_verdicts)),
    "verdicts, csv": (".csv", b"id,key,judged,verdict,tags,note\na,k,x,keep,t,n\n", _at(read_verdicts)),
}  # fmt: skip


def _changed(content: bytes, rng: random.Random) -> bytes:
    """Change a few bytes: another value, one bit, some gone, some more, a number at its limit."""
    changed = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 4, 8])):
        at, how = rng.randrange(len(changed)), rng.randrange(5)
        if how == 0:
            changed[at] = rng.randrange(256)
        elif how == 1:
            changed[at] ^= 1 << rng.randrange(8)
        elif how == 2 and len(changed) > 20:
            del changed[at : at + rng.randrange(1, 9)]
        elif how == 3:
            changed[at:at] = rng.randbytes(rng.randrange(1, 9))
        else:
            changed[at : at + 4] = rng.choice([b"\xff" * 4, b"\0\0\0\x80", b"\xff\xff\xff\x7f", b"\0" * 4])
    return bytes(changed)


@pytest.mark.parametrize("name", READERS)
def test_a_changed_file_is_read_or_refused_in_a_sentence(name, tmp_path):
    """The same changes each time; whatever the parser raises of them is ours, or nothing."""
    suffix, content, read = READERS[name]
    read(tmp_path / f"whole{suffix}", content)
    rng = random.Random(7)  # noqa: S311  # changes, no secrets
    refused = []
    for number in range(MUTATIONS):
        try:
            read(tmp_path / f"{number}{suffix}", _changed(content, rng))
        except LazybonesError as error:
            refused.append(error)
    assert refused
    assert all(" must " in error.message and "Got" in error.message for error in refused)


def _long_names(kind: bytes) -> bytes:
    """Chain headers that only say more of the one that follows."""
    chain = b""
    for _ in range(900):
        info = tarfile.TarInfo("x")
        info.type, info.size = kind, 4
        chain += info.tobuf() + b"8 a".ljust(512, b"\0")
    return chain + tarfile.TarInfo("a").tobuf() + b"\0" * 1024


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE])
def test_a_chain_of_headers_in_a_tar_is_a_sentence(tmp_path, kind):
    """Each is read by the one before: 900 of them overflow the stack of Python's reader."""
    (tmp_path / "x.tgz").write_bytes(gzip.compress(_long_names(kind)))
    with pytest.raises(SourceError, match=r"must be a complete \.tar\.gz archive\. Got"):
        read_members(tmp_path / "x.tgz", ["a"], 10)


def test_deep_nesting_is_a_sentence(tmp_path):
    """Of JSON, in each of the files that are JSON."""
    for suffix in (".onnx", ".json"):
        _, _, read = READERS["sidecar" if suffix == ".onnx" else "verdicts, json"]
        with pytest.raises(LazybonesError, match="parts within parts"):
            read(tmp_path / f"x{suffix}", b"[" * 200_000)


class Odd(Exception):
    """Says nothing."""


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (RecursionError("maximum recursion depth exceeded"), "parts within parts, more than can be followed"),
        (MemoryError(), "more than there is memory for"),
        (PermissionError(13, "Permission denied", "/secret"), "Permission denied"),
        (IndexError("list index out of range.\n"), "list index out of range"),
        (ValueError("x" * 1000), "x" * 300),
        (Odd(), "Odd"),
    ],
)  # fmt: skip
def test_anything_becomes_a_sentence(problem, said):
    """In one line that ends without a stop, with a reason in any case."""
    assert said_of(problem) == said
    with (
        pytest.raises(SourceError, match=r"^must\. Got"),
        foreign(lambda got: SourceError(f"must. Got {got}.")),
    ):
        raise problem


@pytest.mark.parametrize("ours", [Cancelled("stop"), KeyboardInterrupt()])
def test_what_is_ours_passes_through(ours):
    """And so does a person who interrupts."""
    with pytest.raises(type(ours)), foreign(SourceError):
        raise ours


def test_a_whole_archive_is_read(tmp_path):
    """What the others are changed from."""
    path = archive(tmp_path / "x.tgz", member("folder/a", b"A"))
    assert read_members(path, ["a"], 10) == {"a": b"A"}
