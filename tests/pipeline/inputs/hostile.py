"""What strangers may hand us: pickles as Python 2 wrote them, and archives, good and hostile."""

from __future__ import annotations

import io
import struct
import tarfile
from pathlib import Path
from typing import Any

import numpy as np


def python2_pickle(value: Any) -> bytes:
    """Write a value the way Python 2's protocol 2 does, with which CIFAR-10 was published."""
    return b"\x80\x02" + _dump(value) + b"."


def _dump(value: Any) -> bytes:
    if isinstance(value, bytes):
        short = len(value) < 256
        return (b"U" + bytes([len(value)]) if short else b"T" + struct.pack("<i", len(value))) + value
    if isinstance(value, int):
        return b"J" + struct.pack("<i", value)
    if isinstance(value, tuple):
        return b"(" + b"".join(map(_dump, value)) + b"t"
    if isinstance(value, list):
        return b"](" + b"".join(map(_dump, value)) + b"e"
    if isinstance(value, dict):
        return b"}(" + b"".join(_dump(key) + _dump(item) for key, item in value.items()) + b"u"
    return _dump_array(value)


def _dump_array(array: np.ndarray) -> bytes:
    empty = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n" + _dump((0,)) + _dump(b"b") + b"tR"
    dtype = b"cnumpy\ndtype\n" + _dump((array.dtype.str[1:].encode(), 0, 1)) + b"R"
    dtype += b"(" + _dump(3) + _dump(b"|") + b"NNN" + _dump(-1) + _dump(-1) + _dump(0) + b"tb"
    return (
        empty
        + b"("
        + _dump(1)
        + _dump(tuple(map(int, array.shape)))
        + dtype
        + b"\x89"
        + _dump(array.tobytes())
        + b"tb"
    )


def batch(n: int, rng: np.random.Generator) -> tuple[bytes, np.ndarray, np.ndarray]:
    """Give a CIFAR-10 batch file of ``n`` random images, its images (n, 32, 32, 3) and its labels."""
    images = rng.integers(0, 256, (n, 32, 32, 3), dtype=np.uint8)
    labels = rng.integers(0, 10, n)
    rows = np.ascontiguousarray(images.transpose(0, 3, 1, 2)).reshape(n, 3072)
    content = python2_pickle({b"data": rows, b"labels": labels.tolist(), b"batch_label": b"a batch"})
    return content, images, labels


CLASSES = [b"airplane", b"automobile", b"bird", b"cat", b"deer", b"dog", b"frog", b"horse", b"ship", b"truck"]
META = python2_pickle({b"label_names": CLASSES, b"num_vis": 3072})


def cifar10_files(rng: np.random.Generator) -> dict[str, bytes]:
    """Give three small files like those of CIFAR-10."""
    return {
        "data_batch_1": batch(7, rng)[0],
        "test_batch": batch(5, rng)[0],
        "batches.meta": META,
    }


def cifar100_files(rng: np.random.Generator) -> dict[str, bytes]:
    """Give three small files like those of CIFAR-100: four coarse classes of two fine ones each."""
    files = {}
    for name, n in (("train", 12), ("test", 8)):
        fine = np.arange(n) % 8
        rows = rng.integers(0, 256, (n, 3072), dtype=np.uint8)
        labels = {b"fine_labels": fine.tolist(), b"coarse_labels": (fine // 2).tolist()}
        files[name] = python2_pickle({b"data": rows, **labels, b"filenames": [b"x.png"] * n})
    names = [b"name %d" % number for number in range(8)]
    files["meta"] = python2_pickle({b"fine_label_names": names, b"coarse_label_names": names[:4]})
    return files


def member(name: str, content: bytes = b"", **changes: Any) -> tuple[tarfile.TarInfo, bytes]:
    """Give a member for `archive`; ``changes`` are attributes of the `tarfile.TarInfo`."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for attribute, value in changes.items():
        setattr(info, attribute, value)
    return info, content


def archive(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    """Write a .tar.gz of any members, however hostile."""
    with tarfile.open(path, "w:gz") as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return path


def archive_of(path: Path, files: dict[str, bytes], folder: str = "cifar-10-batches-py") -> Path:
    """Write a .tar.gz of files in a folder, as the official archive is."""
    inside = [member(f"{folder}/{name}", content) for name, content in files.items()]
    return archive(path, member(folder, type=tarfile.DIRTYPE), *inside)
