"""A graph of a few kilobytes that is built as the published Inception graph of 2015 is.

The same entrance, node names, old batch normalisation, checks and control edges, the reshape to one row and the
softmax: what the loader must cope with, without the hundred megabytes.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import tensorflow as tf
from PIL import Image

SIDE = 15
CHANNELS = 6
CLASSES = 4


def jpeg(image: np.ndarray) -> bytes:
    """Give an image uint8 (h, w, 3) as a JPEG file."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=95)
    return file.getvalue()


def tiny_graph(rng: np.random.Generator) -> Any:
    """Give the graph, with random weights."""
    graph = tf.compat.v1.GraphDef()
    graph.versions.producer = 8  # the last that may hold the old batch normalisation
    _constant(graph, "DecodeJpeg/contents", jpeg(np.zeros((4, 4, 3), np.uint8)))
    add(graph, "DecodeJpeg", "DecodeJpeg", ["DecodeJpeg/contents"], channels=3)
    add(graph, "Cast", "Cast", ["DecodeJpeg"], SrcT=tf.uint8, DstT=tf.float32)
    _constant(graph, "ExpandDims/dim", np.int32(0))
    add(graph, "ExpandDims", "ExpandDims", ["Cast", "ExpandDims/dim"], T=tf.float32)
    _constant(graph, "ResizeBilinear/size", np.array([SIDE, SIDE], np.int32))
    add(graph, "ResizeBilinear", "ResizeBilinear", ["ExpandDims", "ResizeBilinear/size"], T=tf.float32)
    _constant(graph, "Sub/y", np.float32(128))
    add(graph, "Sub", "Sub", ["ResizeBilinear", "Sub/y"], T=tf.float32)
    _constant(graph, "Mul/y", np.float32(1 / 128))
    add(graph, "Mul", "Mul", ["Sub", "Mul/y"], T=tf.float32)
    _layer(graph, "conv", "Mul", (3, 3, 3, CHANNELS), 2, rng)
    _layer(graph, "conv_1", "conv", (1, 1, CHANNELS, CHANNELS), 1, rng)
    size = {"ksize": [1, 7, 7, 1], "strides": [1, 1, 1, 1], "padding": b"VALID", "T": tf.float32}
    add(graph, "pool_3", "AvgPool", ["conv_1"], **size)
    _constant(graph, "pool_3/_reshape/shape", np.array([1, CHANNELS], np.int32))
    add(graph, "pool_3/_reshape", "Reshape", ["pool_3", "pool_3/_reshape/shape"], T=tf.float32)
    _constant(graph, "softmax/weights", rng.normal(size=(CHANNELS, CLASSES)).astype(np.float32))
    add(graph, "softmax/logits", "MatMul", ["pool_3/_reshape", "softmax/weights"], T=tf.float32)
    add(graph, "softmax", "Softmax", ["softmax/logits"], T=tf.float32)
    return graph


def _layer(graph: Any, name: str, before: str, shape: tuple[int, ...], stride: int, rng: Any) -> None:
    """Add convolution, old batch normalisation, check, control edge and rectifier."""
    _constant(graph, f"{name}/conv2d_params", rng.normal(size=shape).astype(np.float32))
    strides = {"strides": [1, stride, stride, 1], "padding": b"VALID", "T": tf.float32}
    add(graph, f"{name}/Conv2D", "Conv2D", [before, f"{name}/conv2d_params"], **strides)
    parameters = {"mean": rng.normal, "variance": rng.uniform, "beta": rng.normal, "gamma": rng.normal}
    for parameter, draw in parameters.items():
        _constant(graph, f"{name}/batchnorm/{parameter}", draw(0.5, 1.5, shape[-1]).astype(np.float32))
    inputs = [f"{name}/Conv2D", *(f"{name}/batchnorm/{parameter}" for parameter in parameters)]
    settings = {"variance_epsilon": 1e-3, "scale_after_normalization": name == "conv", "T": tf.float32}
    add(graph, f"{name}/batchnorm", "BatchNormWithGlobalNormalization", inputs, **settings)
    add(graph, f"{name}/CheckNumerics", "CheckNumerics", [f"{name}/batchnorm"], T=tf.float32, message=b"")
    passing = [f"{name}/batchnorm", f"^{name}/CheckNumerics"]
    add(graph, f"{name}/control_dependency", "Identity", passing, T=tf.float32)
    add(graph, name, "Relu", [f"{name}/control_dependency"], T=tf.float32)


def _constant(graph: Any, name: str, value: Any) -> None:
    tensor = tf.make_tensor_proto(value)
    add(graph, name, "Const", [], dtype=tf.as_dtype(tensor.dtype)).attr["value"].tensor.CopyFrom(tensor)


def add(graph: Any, name: str, operation: str, inputs: list[str], **attributes: Any) -> Any:
    """Add a node to a graph, and give it."""
    node = graph.node.add(name=name, op=operation, input=inputs)
    for key, value in attributes.items():
        if isinstance(value, tf.DType):
            node.attr[key].type = value.as_datatype_enum
        elif isinstance(value, bool):
            node.attr[key].b = value
        elif isinstance(value, int):
            node.attr[key].i = value
        elif isinstance(value, float):
            node.attr[key].f = value
        elif isinstance(value, bytes):
            node.attr[key].s = value
        else:
            node.attr[key].list.i.extend(value)
    return node


def run_unchanged(graph: Any, output: str, feeds: list[dict[str, Any]]) -> np.ndarray:
    """Run a graph as it is, once for each feed, as the original script of 2016 did."""
    with tf.Graph().as_default() as imported:
        tf.import_graph_def(graph, name="")
        with tf.compat.v1.Session(graph=imported) as session:
            return np.stack([np.squeeze(session.run(output, feed)) for feed in feeds])
