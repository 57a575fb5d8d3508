"""Give a folded graph the layers of the published one, which must not be shared and may not be at hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

EPSILON = 1e-3


def as_published(folded: Any) -> Any:
    """Rebuild each layer as in 2015: old batch normalisation, a check, a control edge, then the rectifier.

    The new normalisations do nothing but add the bias, so the features stay the same; the time is that of
    the published graph's layers.

    Parameters
    ----------
    folded : tensorflow.compat.v1.GraphDef
        A graph whose layers are convolution, bias and rectifier.

    Returns
    -------
    tensorflow.compat.v1.GraphDef
    """
    graph = tf.compat.v1.GraphDef()
    graph.versions.producer = 8  # the last that may hold the old batch normalisation
    nodes = {node.name: node for node in folded.node}
    for node in folded.node:
        if node.op == "BiasAdd":
            _add_normalisation(graph, node, nodes[node.input[1]])
        else:
            copy = graph.node.add()
            copy.CopyFrom(node)
            if node.op == "Relu":
                copy.input[0] = f"{node.input[0]}/control_dependency"
    return graph


def _add_normalisation(graph: Any, node: Any, bias: Any) -> None:
    """Add a normalisation that adds ``bias``, its check, and the control edge."""
    beta = tf.make_ndarray(bias.attr["value"].tensor)
    parameters = {
        "mean": np.zeros_like(beta),
        "variance": np.full_like(beta, 1 - EPSILON),
        "beta": beta,
        "gamma": np.ones_like(beta),
    }
    for name, value in parameters.items():
        constant = graph.node.add(name=f"{node.name}/{name}", op="Const")
        constant.attr["dtype"].type = tf.float32.as_datatype_enum
        constant.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(value))
    inputs = [node.input[0], *(f"{node.name}/{name}" for name in parameters)]
    norm = _add(graph, node.name, "BatchNormWithGlobalNormalization", inputs)
    norm.attr["variance_epsilon"].f = EPSILON
    norm.attr["scale_after_normalization"].b = True
    _add(graph, f"{node.name}/CheckNumerics", "CheckNumerics", [node.name]).attr["message"].s = b"not finite"
    _add(graph, f"{node.name}/control_dependency", "Identity", [node.name, f"^{node.name}/CheckNumerics"])


def _add(graph: Any, name: str, operation: str, inputs: list[str]) -> Any:
    """Add a node of float32."""
    node = graph.node.add(name=name, op=operation, input=inputs)
    node.attr["T"].type = tf.float32.as_datatype_enum
    return node
