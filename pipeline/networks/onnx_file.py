"""Look into an ONNX file that a stranger made: refuse what could do more than compute; say what it takes and gives."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ExtractorError, InvalidParameter, UnsafeInput
from pipeline.inputs.files import bytes_digest, list_briefly, read_bytes
from pipeline.networks.onnx_network import Ends
from pipeline.networks.preprocessing import LAYOUTS, Layout

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto

MAX_BYTES = 1 << 30  # a network of 250 million numbers
MAX_NODES = 50_000
LARGE = 10_000  # numbers of a constant that says nothing of shapes
DOMAINS = ("", "ai.onnx", "ai.onnx.ml")
ENDLESS = frozenset({"Loop", "Scan", "SequenceMap"})
DTYPES = {1: "float32", 10: "float16", 2: "uint8"}  # ONNX's own numbers
CHANNELS = (1, 3)
FLATTENING = frozenset({"GlobalAveragePool", "GlobalMaxPool", "Flatten", "ReduceMean", "Squeeze", "Reshape"})
ONE_FILE = "save it as one file of standard operations, with its weights in it and its functions inlined"

PARTS = ("outputs", "flat", "others")

Shape = tuple[int, ...]
"""Sizes, 0 where one is not known."""


@dataclass(frozen=True)
class OnnxFile:
    """Describe a network: what it takes, and what can be read from it.

    Attributes
    ----------
    sha256 : str
        Of the file.
    input : tuple of int
        Shape of a batch of images; 0 where any size is taken.
    dtype : str
        Of the pixels.
    outputs : mapping of str to tuple of int
        Its own outputs with their shapes.
    flat : mapping of str to tuple of int
        Pooled or flattened tensors, in the order in which they are computed.
    others : mapping of str to tuple of int
        All other tensors; the empty shape where it is not known.
    """

    sha256: str
    input: Shape
    dtype: str
    outputs: dict[str, Shape]
    flat: dict[str, Shape]
    others: dict[str, Shape]

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> OnnxFile:
        """Read what is said of a file as JSON, which may be anything.

        Raises
        ------
        ValueError, KeyError, TypeError, AttributeError
            If it is no such thing.
        """
        shapes = ({str(name): _shape(shape) for name, shape in said[part].items()} for part in PARTS)
        sha256, dtype = said["sha256"], said["dtype"]
        if len(str(sha256)) != 64 or dtype not in DTYPES.values() or len(_shape(said["input"])) != 4:
            raise ValueError(f"a file {sha256} of {dtype}")
        return cls(sha256, _shape(said["input"]), dtype, *shapes)

    def layout(self, wanted: Layout | None) -> Layout:
        """Say where the channels are.

        Raises
        ------
        InvalidParameter
            If the file does not tell, or tells something else.
        """
        at = {"nchw": self.input[1], "nhwc": self.input[3]}
        allowed = [layout for layout in LAYOUTS if at[layout] in CHANNELS]
        possible = allowed or [layout for layout in LAYOUTS if at[layout] == 0]
        if wanted in possible:
            return wanted
        if wanted is None and allowed:
            return allowed[0]
        raise InvalidParameter(
            f"layout of onnx must be {' or '.join(possible) or 'of one or three channels'}. "
            f"Got {wanted or 'none'} for images of the shape {self.input}."
        )

    def output(self, wanted: str | None) -> str:
        """Give the name of the tensor to read: by default the last pooled or flat one.

        Raises
        ------
        InvalidParameter
            If there is none of the wanted name.
        """
        known = {**self.others, **self.flat, **self.outputs}
        if wanted is None:
            ordinary = [name for name, shape in self.outputs.items() if len(shape) == 2]
            return [*self.outputs, *ordinary, *self.flat][-1]
        if wanted in known:
            return wanted
        near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.5)
        told = [f"{name} {shape}" for name, shape in {**self.flat, **self.outputs}.items()][::-1]
        raise InvalidParameter(
            f"output of onnx must be a tensor of the file, for example {list_briefly(told)}. Got {wanted!r}."
            + (f" Similar: {', '.join(near)}." if near else ""),
        )

    def ends(self, output: str, layout: Layout) -> Ends:
        """Say how images go in, and how features of one output come out."""
        shape = {**self.others, **self.flat, **self.outputs}[output]
        last = (
            layout == "nhwc" and output in self.outputs
        )  # inside, channels of convolutions always come first
        averaged = {4: (1, 2) if last else (2, 3), 3: (1,)}.get(len(shape), ())
        return Ends(layout, self.dtype, self.input[0], averaged, foreign=True)


def describe_onnx(path: Path) -> OnnxFile:
    """Read a file and say what is in it; nothing is run.

    Raises
    ------
    ExtractorError
        If it cannot be read, is no ONNX model, or takes something else than images.
    UnsafeInput
        If it is too large, or could do more than compute.
    """
    content = read_bytes(path, MAX_BYTES, ExtractorError)
    model = _parse(content, path.name)
    image = _image_input(model.graph, path.name)
    shapes = _shapes(model)
    made = [(node.op_type, name) for node in model.graph.node for name in node.output if name]
    outputs = {value.name: shapes.get(value.name, ()) for value in model.graph.output}
    flat = {name: shapes[name] for operation, name in made if _is_flat(operation, shapes.get(name, ()))}
    return OnnxFile(
        bytes_digest(content, "sha256"),
        _sizes(image),
        DTYPES[image.type.tensor_type.elem_type],
        outputs,
        flat,
        {name: shapes.get(name, ()) for _, name in made},
    )


def cut(content: bytes, name: str, output: str) -> bytes:
    """Give a network that ends at one of its tensors, without what is not needed for it; see `describe_onnx`."""
    import onnx

    model = _parse(content, name)
    needed, kept = {output}, list[Any]()
    for node in reversed(model.graph.node):
        if needed.intersection(node.output):
            kept.append(node)
            needed.update(_taken(node))
    constants = [constant for constant in model.graph.initializer if constant.name in needed]
    own = [value for value in model.graph.output if value.name == output]
    for part, items in (("node", kept[::-1]), ("initializer", constants)):
        whole = getattr(model.graph, part)
        copies = [type(item).FromString(item.SerializeToString()) for item in items]
        del whole[:]
        whole.extend(copies)
    ends = own or [onnx.ValueInfoProto(name=output)]
    ends = [onnx.ValueInfoProto.FromString(value.SerializeToString()) for value in ends]
    del model.graph.output[:]
    model.graph.output.extend(ends)
    return bytes(model.SerializeToString())


def _parse(content: bytes, name: str) -> ModelProto:
    """Give a model that only computes."""
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # it ships no types

    model = onnx.ModelProto()
    try:
        model.ParseFromString(content)
    except DecodeError as problem:
        raise ExtractorError(f"{name} must be an ONNX model. Got {len(content):,} other bytes.") from problem
    if not model.graph.node:
        raise ExtractorError(f"{name} must be an ONNX model. Got one without a node.")
    if len(model.functions) or len(model.training_info):
        raise UnsafeInput(f"{name} must have no functions of its own. Got some.", remedy=ONE_FILE)
    _check_graph(model.graph, name)
    return model


def _check_graph(graph: GraphProto, name: str) -> None:
    """Refuse operations that are none of the standard, or never end, and weights that lie elsewhere."""
    if len(graph.node) > MAX_NODES:
        raise UnsafeInput(f"{name} must have at most {MAX_NODES:,} nodes. Got {len(graph.node):,}.")
    if len(graph.sparse_initializer):
        raise UnsafeInput(f"{name} must have no sparse weights. Got some.", remedy=ONE_FILE)
    for tensor in graph.initializer:
        _check_tensor(tensor, name)
    for node in graph.node:
        if node.domain not in DOMAINS or node.op_type in ENDLESS:
            operation = f"{node.domain}.{node.op_type}".strip(".")[:80]
            raise UnsafeInput(
                f"{name} must have standard operations of ONNX only, and no loops. "
                f"Got {operation!r}. It was not run.",
                remedy=ONE_FILE,
            )
        for attribute in node.attribute:
            if attribute.HasField("sparse_tensor") or len(attribute.sparse_tensors):
                raise UnsafeInput(f"{name} must have no sparse weights. Got some.", remedy=ONE_FILE)
            for tensor in (attribute.t, *attribute.tensors):
                _check_tensor(tensor, name)
            for inner in _graphs(attribute):
                _check_graph(inner, name)


def _check_tensor(tensor: TensorProto, name: str) -> None:
    if tensor.data_location or len(tensor.external_data):
        raise UnsafeInput(
            f"{name} must hold its weights itself. Got weights in another file (external data), which was not opened.",
            remedy=ONE_FILE,
        )


def _graphs(attribute: Any) -> list[GraphProto]:
    return ([attribute.g] if attribute.HasField("g") else []) + list(attribute.graphs)


def _taken(node: NodeProto) -> Iterator[str]:
    """Name all tensors that a node, or a branch in it, takes from outside."""
    yield from node.input
    for attribute in node.attribute:
        for graph in _graphs(attribute):
            yield from (value.name for value in graph.output)
            for inner in graph.node:
                yield from _taken(inner)


def _image_input(graph: GraphProto, name: str) -> ValueInfoProto:
    """Give the one input, which must be of images."""
    constants = {tensor.name for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in constants]
    told = list_briefly([f"{value.name} {_sizes(value)}" for value in inputs])
    images = [
        value for value in inputs if len(_sizes(value)) == 4 and value.type.tensor_type.elem_type in DTYPES
    ]
    if len(inputs) == len(images) == 1:
        image: ValueInfoProto = images[0]
        return image
    raise ExtractorError(
        f"{name} must have one input, of images: four dimensions, of {', '.join(DTYPES.values())}. Got {told}."
    )


def _shape(said: Any) -> Shape:
    return tuple(int(size) for size in said)


def _sizes(value: ValueInfoProto) -> Shape:
    return tuple(max(size.dim_value, 0) for size in value.type.tensor_type.shape.dim)


def _shapes(model: ModelProto) -> dict[str, Shape]:
    """Give the shapes of all tensors that can be told without running it; large constants do not matter for them."""
    import onnx

    bones = onnx.ModelProto(ir_version=max(model.ir_version, 4))
    bones.opset_import.extend(model.opset_import)
    bones.graph.name = "bones"
    bones.graph.node.extend(model.graph.node)
    bones.graph.input.extend(model.graph.input)
    bones.graph.output.extend(model.graph.output)
    for tensor in model.graph.initializer:
        small = sum(1 for _ in tensor.dims) <= 1 and all(size <= LARGE for size in tensor.dims)
        if small:
            bones.graph.initializer.append(tensor)
        elif tensor.name not in {value.name for value in model.graph.input}:
            bones.graph.input.append(
                onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, list(tensor.dims))
            )
    try:
        found = onnx.shape_inference.infer_shapes(bones).graph
    except Exception:  # it raises kinds of its own; ONNX Runtime tells better what is wrong
        found = bones.graph
    known = [*found.value_info, *found.output]
    return {value.name: _sizes(value) for value in known}


def _is_flat(operation: str, shape: Shape) -> bool:
    """Say whether a tensor is one row an image: (n, d), or (n, d, 1, 1)."""
    if operation not in FLATTENING or len(shape) not in (2, 4) or shape[1] == 1:
        return False
    return len(shape) == 2 or shape[2:] == (1, 1)
