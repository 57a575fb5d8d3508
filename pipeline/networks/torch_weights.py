"""Read the weights in a file that PyTorch wrote, without PyTorch."""

from __future__ import annotations

import collections
import io
import pickle
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

HEADER = 3  # pickles before the one with the tensors: a magic number, a version, the machine's sizes
DTYPES: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class _Storage(NamedTuple):
    """Where a tensor's numbers are: PyTorch's persistent id of a storage."""

    tag: str
    kind: str
    key: str
    device: str
    size: int
    view: None


class _Tensor(NamedTuple):
    """How a tensor lies in its storage; shape and strides count numbers, not bytes."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _describe_tensor(
    storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> _Tensor:
    """Stand in for the function of PyTorch that would make the tensor."""
    return _Tensor(storage, offset, shape, strides)


class _Reader(pickle.Unpickler):
    """Read what the file says of its tensors; it knows four names, and none of them does anything."""

    NAMES: ClassVar[dict[tuple[str, str], Any]] = {
        ("collections", "OrderedDict"): collections.OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _describe_tensor,
        ("torch", "FloatStorage"): "FloatStorage",
        ("torch", "LongStorage"): "LongStorage",
    }

    def find_class(self, module: str, name: str) -> Any:
        """Give one of the four."""
        return self.NAMES[module, name]

    def persistent_load(self, pid: Any) -> _Storage:
        """Give the storage that a persistent id names."""
        return _Storage(*pid)


def read_torch_weights(content: bytes) -> dict[str, NDArray[Any]]:
    """Give the tensors of a file in PyTorch's format before 1.6.

    Five pickles, the fourth with the tensors' shapes and the fifth with the order of the storages, then the
    storages: each a 64-bit length and as many numbers, all little-endian.

    Parameters
    ----------
    content : bytes
        The file. Its digest must be known: `pickle` reads it, though no name in it is looked up anywhere.

    Returns
    -------
    dict of str to ndarray
        Tensors of float32 or int64 by name, read-only.

    References
    ----------
    ``torch.serialization._legacy_load``, https://github.com/pytorch/pytorch/blob/main/torch/serialization.py
    """
    file = io.BytesIO(content)
    pickles = [_Reader(file).load() for _ in range(HEADER + 2)]
    tensors: dict[str, _Tensor] = pickles[HEADER]
    kinds = {tensor.storage.key: tensor.storage.kind for tensor in tensors.values()}
    storages, start = {}, file.tell()
    for key in pickles[HEADER + 1]:
        size = int.from_bytes(content[start : start + 8], "little")
        storages[key] = np.frombuffer(content, DTYPES[kinds[key]], size, start + 8)
        start += 8 + storages[key].nbytes
    return {name: _lay_out(tensor, storages[tensor.storage.key]) for name, tensor in tensors.items()}


def _lay_out(tensor: _Tensor, storage: NDArray[Any]) -> NDArray[Any]:
    strides = [step * storage.itemsize for step in tensor.strides]
    return np.lib.stride_tricks.as_strided(storage[tensor.offset :], tensor.shape, strides, writeable=False)
