"""Networks of a few hundred bytes in ONNX, made as exporters make them."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

KERNEL = np.random.default_rng(7).normal(size=(5, 3, 3, 3)).astype(np.float32)
HEAD = np.random.default_rng(8).normal(size=(5, 4)).astype(np.float32)


def network(
    *,
    nhwc: bool = False,
    dtype: int = TensorProto.FLOAT,
    shape: Any = None,
    inputs: Any = None,
    **changes: Any,
) -> bytes:
    """Give a convolution, a pool and a linear layer: outputs ``maps``, and ``logits``.

    Parameters
    ----------
    nhwc : bool
        Channels last, as tf2onnx writes it.
    dtype : int
        Of the input.
    shape : sequence, optional
        Of the input.
    inputs : list, optional
        Further inputs.
    **changes
        Attributes of `helper.make_graph` and of the model, to spoil it.
    """
    nodes = [helper.make_node("Cast", ["image"], ["cast"], to=TensorProto.FLOAT)]
    if nhwc:
        nodes.append(helper.make_node("Transpose", ["cast"], ["turned"], perm=[0, 3, 1, 2]))
        nodes.append(helper.make_node("Conv", ["turned", "kernel"], ["inner"]))
        nodes.append(helper.make_node("Transpose", ["inner"], ["maps"], perm=[0, 2, 3, 1]))
    else:
        nodes.append(helper.make_node("Conv", ["cast", "kernel"], ["maps"]))
    nodes += [
        helper.make_node("GlobalAveragePool", ["inner" if nhwc else "maps"], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["flat"]),
        helper.make_node("Gemm", ["flat", "head"], ["logits"]),
        *changes.pop("nodes", []),
    ]
    usual = ["n", 8, 8, 3] if nhwc else ["n", 3, 8, 8]
    image = helper.make_tensor_value_info("image", dtype, usual if shape is None else shape)
    outputs = [
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 4]),
        helper.make_tensor_value_info(
            "maps", TensorProto.FLOAT, ["n", *(("h", "w", 5) if nhwc else (5, "h", "w"))]
        ),
    ]
    constants = [numpy_helper.from_array(KERNEL, "kernel"), numpy_helper.from_array(HEAD, "head")]
    graph = helper.make_graph(
        nodes, "tiny", [image, *(inputs or [])], outputs, [*constants, *changes.pop("constants", [])]
    )
    opsets = [helper.make_opsetid("", 17), *changes.pop("opsets", [])]
    return bytes(helper.make_model(graph, opset_imports=opsets, ir_version=8, **changes).SerializeToString())


def expected(pixels: np.ndarray) -> dict[str, np.ndarray]:
    """Give what the network gives, by numpy: pixels float32 (n, 3, 8, 8)."""
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (3, 3), axis=(2, 3))
    maps = np.einsum("nchwij,ocij->nohw", windows, KERNEL)
    flat = maps.mean(axis=(2, 3))
    return {"maps": flat, "flat": flat, "logits": flat @ HEAD}


def with_external_weights(content: bytes) -> bytes:
    """Give a model whose weights lie in another file."""
    model = onnx.load_model_from_string(content)
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    return bytes(model.SerializeToString())
