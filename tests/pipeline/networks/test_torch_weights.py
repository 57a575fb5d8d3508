import collections
import io
import pickle
import sys
import types

import numpy as np
import pytest

from pipeline.networks.torch_weights import read_torch_weights

MAGIC, VERSION = 0x1950A86A20F9469CFC6C, 1001


class Tensor:
    """A tensor that pickles as PyTorch's did: a call that rebuilds it from a view of a storage."""

    def __init__(self, key, array, strides=None):
        self.array = array
        kind = (
            sys.modules["torch"].FloatStorage
            if array.dtype == np.float32
            else sys.modules["torch"].LongStorage
        )
        self.storage = ("storage", kind, key, "cpu", array.size, None)
        self.strides = strides or tuple(step // array.itemsize for step in array.strides)

    def __reduce__(self):
        rebuild = sys.modules["torch._utils"]._rebuild_tensor_v2
        pinned = Storage(self.storage)
        return rebuild, (pinned, 0, self.array.shape, self.strides, False, collections.OrderedDict())


class Storage:
    """What stands in a pickle by a persistent id only."""

    def __init__(self, pid):
        self.pid = pid


class Writer(pickle.Pickler):
    """Write storages by their persistent ids, as PyTorch does."""

    def persistent_id(self, item):  # noqa: D102  # as its parent says
        return item.pid if isinstance(item, Storage) else None


@pytest.fixture
def torch(monkeypatch):
    """The names of PyTorch that its files mention, without PyTorch."""
    package, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    for name in ("FloatStorage", "LongStorage"):
        setattr(package, name, type(name, (), {"__module__": "torch", "__qualname__": name}))

    def _rebuild_tensor_v2():
        raise AssertionError("nothing is called")

    _rebuild_tensor_v2.__module__, _rebuild_tensor_v2.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2
    monkeypatch.setitem(sys.modules, "torch", package)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)


def written(tensors):
    """Give the file that PyTorch before 1.6 would have written."""
    file = io.BytesIO()
    keys = [tensor.storage[2] for tensor in tensors.values()]
    for part in (MAGIC, VERSION, {"little_endian": True}, collections.OrderedDict(tensors), keys):
        Writer(file, protocol=2).dump(part)
    for tensor in tensors.values():
        memory = tensor.array if tensor.array.flags.c_contiguous else tensor.array.T
        file.write(tensor.array.size.to_bytes(8, "little") + memory.tobytes())
    return file.getvalue()


def test_tensors_come_back_with_their_shapes_and_types(torch, rng):
    """Floats, whole numbers, a scalar, and a matrix that lies column by column."""
    columns = np.asfortranarray(rng.normal(size=(3, 5)).astype(np.float32))
    arrays = {
        "weight": rng.normal(size=(2, 3, 4)).astype(np.float32),
        "columns": columns,
        "count": np.array(7, np.int64),
    }
    found = read_torch_weights(
        written({name: Tensor(str(i), a) for i, (name, a) in enumerate(arrays.items())})
    )
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype
        assert not found[name].flags.writeable


def test_any_other_name_is_refused_before_it_is_looked_up(torch):
    """A file that wants to call something else ends the reading: nothing is imported, nothing runs."""
    file = io.BytesIO()
    for part in (MAGIC, VERSION, {}, print):
        Writer(file, protocol=2).dump(part)
    with pytest.raises(KeyError, match="print"):
        read_torch_weights(file.getvalue())
