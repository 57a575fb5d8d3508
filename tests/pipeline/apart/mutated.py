"""Networks that were damaged, or made to do harm."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from tests.pipeline.networks.tiny_networks import network


def mutated(rng, content):
    """Change, remove, add or repeat some bytes."""
    changed = bytearray(content)
    for _ in range(rng.integers(1, 6)):
        at, other, size = (int(one) for one in rng.integers(0, [len(changed), len(changed), 9]))
        deed = rng.integers(0, 5)
        if deed == 0:
            changed[at] ^= 1 << int(rng.integers(0, 8))
        elif deed == 1:
            changed[at] = int(rng.integers(0, 256))
        elif deed == 2 and size < len(changed):
            del changed[at : at + size]
        elif deed == 3:
            changed[at:at] = rng.integers(0, 256, size, dtype=np.uint8).tobytes()
        else:
            changed[at : at + 16] = changed[other : other + 16]
    return bytes(changed)


def endless(side=4096, times=10_000):
    """Give a network without a loop that computes for days."""
    sides = numpy_helper.from_array(np.array([side, side], np.int64), "sides")
    nodes = [helper.make_node("ConstantOfShape", ["sides"], ["m0"])]
    nodes += [helper.make_node("MatMul", [f"m{n}", "m0"], [f"m{n + 1}"]) for n in range(times)]
    return network(nodes=[*nodes, *_onto_features(f"m{times}")], constants=[sides])


def hungry(side):
    """Give a network that makes a matrix of this many rows and columns out of a few bytes."""
    sides = numpy_helper.from_array(np.array([side, side], np.int64), "sides")
    one = helper.make_tensor("value", TensorProto.FLOAT, [1], [1.0])
    nodes = [helper.make_node("ConstantOfShape", ["sides"], ["big"], value=one)]
    return network(nodes=[*nodes, *_onto_features("big")], constants=[sides])


def _onto_features(matrix):
    return [
        helper.make_node("ReduceMax", [matrix], ["most"], keepdims=0),
        helper.make_node("Add", ["flat", "most"], ["sum"]),
    ]


def graph(path, spoil=None):
    """Write a small graph of TensorFlow's; spoilt: a constant's type, a node's inputs, an edge."""
    import tensorflow as tf

    from tests.pipeline.extractors.tiny_inception import tiny_graph

    definition = tiny_graph(np.random.default_rng(20151205))
    nodes = {node.name: node for node in definition.node}
    if spoil == "type":  # TensorFlow aborts
        nodes["Sub/y"].attr["value"].tensor.dtype = tf.float16.as_datatype_enum
    if spoil == "input":
        del nodes["conv/batchnorm"].input[2:]
    if spoil == "edge":
        nodes["conv_1/batchnorm"].input[1] = "nowhere"
    path.write_bytes(definition.SerializeToString())
    return path
