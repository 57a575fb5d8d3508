"""Rewrite the graph of 2015 so that it takes batches, and computes no more than it must."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

OLD_BATCH_NORM = "BatchNormWithGlobalNormalization"
PASS_THROUGH = frozenset({"Identity", "CheckNumerics"})


def rewrite_graph(graph: Any, keep: set[str]) -> Any:
    """Give an equivalent graph for batches of images.

    Three things stand in the way: reshapes to one row, checks and control edges after each layer (they
    keep TensorFlow from fusing convolutions with what follows), and a batch normalisation that it no
    longer optimises. The first become reshapes to any number of rows; the second are bypassed; the third
    is folded into the weights of the convolution before it.

    Parameters
    ----------
    graph : tensorflow.compat.v1.GraphDef
        The graph; left as it is.
    keep : set of str
        Nodes that will be fed or read. They, and what they need, keep their names.

    Returns
    -------
    tensorflow.compat.v1.GraphDef
        The rewritten graph, without what ``keep`` does not need.
    """
    rewritten = type(graph)()
    rewritten.CopyFrom(graph)
    nodes = {node.name: node for node in rewritten.node}
    _bypass_checks(nodes)
    _free_row_count(nodes)
    for node in [node for node in nodes.values() if node.op == OLD_BATCH_NORM]:
        _fold(node, nodes)
    return _pruned(nodes, keep, rewritten)


def _source(edge: str) -> str:
    """Give the node that an edge comes from: "conv:0" and "^conv" come from "conv"."""
    return edge.removeprefix("^").split(":")[0]


def _bypass_checks(nodes: dict[str, Any]) -> None:
    """Lead every edge around the nodes that pass their input on, and drop control edges."""
    for node in nodes.values():
        edges = [_before_checks(edge, nodes) for edge in node.input if not edge.startswith("^")]
        del node.input[:]
        node.input.extend(edges)


def _before_checks(edge: str, nodes: dict[str, Any]) -> str:
    """Give the edge that a chain of passing nodes starts from."""
    for _ in range(len(nodes)):
        node = nodes.get(_source(edge))
        if node is None or node.op not in PASS_THROUGH:
            break
        edge = node.input[0]
    return edge


def _free_row_count(nodes: dict[str, Any]) -> None:
    """Make every reshape to one row a reshape to as many rows as there are."""
    for node in nodes.values():
        shape = nodes.get(_source(node.input[1])) if node.op == "Reshape" and len(node.input) > 1 else None
        if shape is None or shape.op != "Const":
            continue
        sizes = _constant(shape)
        if sizes.ndim == 1 and len(sizes) > 1 and sizes[0] == 1 and (sizes > 0).all():
            sizes[0] = -1
            _set_constant(shape, sizes)


def _fold(norm: Any, nodes: dict[str, Any]) -> None:
    """Turn a batch normalisation into a bias, folding its scale into the convolution before it.

    The node keeps its name; the new convolution stands beside the old one, which nothing needs any more.
    """
    convolution, *parameters = (nodes[_source(edge)] for edge in norm.input)
    weights = nodes[_source(convolution.input[1])] if convolution.op == "Conv2D" else convolution
    if any(node.op != "Const" for node in (weights, *parameters)):
        return
    mean, variance, beta, gamma = (_constant(node).astype(np.float64) for node in parameters)
    scale = 1 / np.sqrt(variance + norm.attr["variance_epsilon"].f)
    if norm.attr["scale_after_normalization"].b:
        scale = scale * gamma
    folded_weights = _copy(weights, f"{norm.name}/folded_weights", nodes)
    _set_constant(folded_weights, (_constant(weights) * scale).astype(np.float32))
    folded_bias = _copy(weights, f"{norm.name}/folded_bias", nodes)
    _set_constant(folded_bias, (beta - mean * scale).astype(np.float32))
    folded_convolution = _copy(convolution, f"{norm.name}/folded_convolution", nodes)
    folded_convolution.input[1] = folded_weights.name
    _become_bias(norm, folded_convolution.name, folded_bias.name)


def _become_bias(node: Any, values: str, bias: str) -> None:
    """Turn a node of float32 into the sum of a convolution and a bias."""
    kind = node.attr["T"].type
    name = node.name
    node.Clear()
    node.name, node.op = name, "BiasAdd"
    node.input.extend([values, bias])
    node.attr["T"].type = kind
    node.attr["data_format"].s = b"NHWC"


def _copy(node: Any, name: str, nodes: dict[str, Any]) -> Any:
    """Add a copy of a node under a new name."""
    copy = type(node)()
    copy.CopyFrom(node)
    copy.name = name
    nodes[name] = copy
    return copy


def _constant(node: Any) -> NDArray[Any]:
    """Give a constant's value."""
    import tensorflow as tf

    return np.array(tf.make_ndarray(node.attr["value"].tensor))


def _set_constant(node: Any, value: NDArray[Any]) -> None:
    """Change a constant's value."""
    import tensorflow as tf

    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(value))


def _pruned(nodes: dict[str, Any], keep: set[str], graph: Any) -> Any:
    """Give the graph of what the nodes to keep need."""
    needed: set[str] = set()
    waiting = [name for name in keep if name in nodes]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [_source(edge) for edge in nodes[name].input if _source(edge) in nodes]
    pruned = type(graph)()
    pruned.versions.CopyFrom(graph.versions)
    pruned.node.extend(node for name, node in nodes.items() if name in needed)
    return pruned
