"""Refuse a TensorFlow graph that could do more than turn an image into numbers.

A graph is a program: it can read and write files, or call Python. So its operations are checked against
a list before any of it is run, as TensorFlow's own security notes ask for models of unknown origin.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from math import prod
from typing import Any

from cache.commands import Again
from pipeline.errors import ExtractorError, InvalidParameter, UnsafeInput

MAX_NODES = 20_000
MAX_ELEMENTS = 1 << 26  # of one constant: a few bytes can describe terabytes
ALLOWED_OPERATIONS = frozenset(
    {
        *("Placeholder", "Const", "Identity", "CheckNumerics", "Cast"),
        *("DecodeJpeg", "ExpandDims", "ResizeBilinear", "Reshape", "Squeeze"),
        *("Sub", "Mul", "Add", "AddV2", "BiasAdd", "MatMul", "Conv2D"),
        *("BatchNormWithGlobalNormalization", "FusedBatchNorm", "FusedBatchNormV3"),
        *("Relu", "Relu6", "Softmax", "AvgPool", "MaxPool", "Mean", "Concat", "ConcatV2"),
    }
)
ENTRANCES = ("DecodeJpeg/contents", "DecodeJpeg", "ExpandDims")


def check_graph(graph: Any, name: str) -> None:
    """Check that a graph only computes, and starts as Inception's graph of 2015 does.

    Parameters
    ----------
    graph : tensorflow.compat.v1.GraphDef
        The graph; not run.
    name : str
        The file's name, for error messages.

    Raises
    ------
    UnsafeInput
        If it has an operation outside ``ALLOWED_OPERATIONS``, functions of its own, or is too large.
    ExtractorError
        If it lacks the nodes that take an image.
    """
    if len(graph.node) > MAX_NODES or len(graph.library.function):
        raise UnsafeInput(
            f"{name} must have at most {MAX_NODES:,} nodes and no functions. "
            f"Got {len(graph.node):,} nodes and {len(graph.library.function)} functions."
        )
    for node in graph.node:
        _check_node(node, name)
    nodes = {node.name for node in graph.node}
    if missing := [entrance for entrance in ENTRANCES if entrance not in nodes]:
        raise ExtractorError(
            f"{name} must have the nodes {', '.join(ENTRANCES)}. Got a graph without {', '.join(missing)}."
        )


def _check_node(node: Any, name: str) -> None:
    """Refuse one node unless it only computes, on constants of sane size."""
    if node.op not in ALLOWED_OPERATIONS:
        raise UnsafeInput(
            f"{name} must only compute features of images. Got the operation {node.op[:80]!r} "
            f"in node {node.name[:80]!r}. It was not run."
        )
    if node.op == "Const":
        shape = [size.size for size in node.attr["value"].tensor.tensor_shape.dim]
        if any(size < 0 for size in shape) or prod(shape) > MAX_ELEMENTS:
            raise UnsafeInput(
                f"Constants in {name} must have at most {MAX_ELEMENTS:,} numbers. "
                f"Got the shape {shape[:8]} in node {node.name[:80]!r}."
            )


def check_output(output: str, tensors: Collection[str], name: str) -> None:
    """Check that a graph has the asked-for output.

    Parameters
    ----------
    output : str
        A tensor's name, for example ``"pool_3:0"``.
    tensors : collection of str
        Names of the graph's tensors.
    name : str
        The file's name, for the error message.

    Raises
    ------
    InvalidParameter
        If it has none of this name; lists those with similar names.
    """
    if output in tensors:
        return
    near = difflib.get_close_matches(output, tensors, n=5, cutoff=0.4)
    raise InvalidParameter(
        f"output of inception-2015 must be a tensor of {name}. Got {output!r}."
        + (f" Similar: {', '.join(near)}." if near else ""),
        remedy=Again({"--output": None}),
    )
