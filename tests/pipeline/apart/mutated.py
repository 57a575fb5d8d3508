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


NUMBERS = (0, 1, -1, 2, 7, 1 << 16, 2**31 - 1, 2**31, 2**62, -(2**63))


def restructured(rng, content):
    """Give a graph of TensorFlow's with other edges, operations, types or sizes in some nodes."""
    import tensorflow as tf

    definition = tf.compat.v1.GraphDef.FromString(content)
    for _ in range(rng.integers(1, 4)):
        node, other = (definition.node[int(one)] for one in rng.integers(0, len(definition.node), 2))
        deed = rng.integers(0, 4)
        if deed == 0 and node.input:
            del node.input[int(rng.integers(0, len(node.input))) :]
        elif deed == 1 and node.input:
            node.input[int(rng.integers(0, len(node.input)))] = other.name
        elif deed == 2:
            node.op = other.op
        else:
            _change(rng, node.attr[sorted(node.attr)[int(rng.integers(0, len(node.attr)))]])
    return definition.SerializeToString()


def _change(rng, attribute):
    """Change a type, a size or a number of a node."""
    number = NUMBERS[int(rng.integers(0, len(NUMBERS)))]
    if attribute.list.i:
        attribute.list.i[int(rng.integers(0, len(attribute.list.i)))] = number
    elif attribute.HasField("type"):
        attribute.type = int(rng.integers(0, 24))
    elif attribute.HasField("i"):
        attribute.i = number
    elif attribute.HasField("tensor") and attribute.tensor.tensor_shape.dim:
        attribute.tensor.tensor_shape.dim[0].size = min(number, 1 << 16)
    elif attribute.HasField("tensor"):
        attribute.tensor.dtype = int(rng.integers(0, 24))


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


def graph(path, *, spoilt=False):
    """Write a small graph of TensorFlow's, or one with a constant of another type than it says."""
    import tensorflow as tf

    from tests.pipeline.extractors.tiny_inception import tiny_graph

    definition = tiny_graph(np.random.default_rng(20151205))
    nodes = {node.name: node for node in definition.node}
    if spoilt:  # TensorFlow aborts
        nodes["Sub/y"].attr["value"].tensor.dtype = tf.float16.as_datatype_enum
    path.write_bytes(definition.SerializeToString())
    return path
