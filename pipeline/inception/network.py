"""Run Inception's graph on batches of images."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache.commands import Again
from cache.counting import counted
from pipeline.compute.log_lines import tensorflow, without_log_lines
from pipeline.compute.memory import VARIABLE
from pipeline.errors import ExtractorError
from pipeline.inception.graph_check import ENTRANCES, check_graph, check_output
from pipeline.inception.graph_rewrite import rewrite_graph

MAX_JPEG_BYTES = 32 << 20
MAX_JPEG_PIXELS = 50_000_000  # a small JPEG can unpack to gigabytes


class Network:
    """Hold a loaded graph, ready to turn images into features.

    Parameters
    ----------
    content : bytes
        A serialised GraphDef. It is checked before any of it is run.
    name : str
        The file's name, for error messages.
    output : str
        Name of the tensor to read, for example ``"pool_3:0"``.
    bfloat16 : bool
        Let TensorFlow compute convolutions in bfloat16.
    batch_size : int
        Images at a time.

    Raises
    ------
    UnsafeInput
        If the graph could do more than compute.
    InvalidParameter
        If it has no such output.
    ExtractorError
        If it is no graph, or not one like Inception's.
    """

    def __init__(self, content: bytes, name: str, output: str, *, bfloat16: bool, batch_size: int) -> None:
        tf = tensorflow()
        definition = _parse(content, name)
        check_graph(definition, name)
        with (
            without_log_lines(),
            tf.Graph().as_default() as graph,
            _graph_errors(f"{name} must be Inception's graph of 2015, or one like it", name),
        ):
            self._images = tf.compat.v1.placeholder(tf.float32, (None, None, None, 3))
            self._features = _import(definition, name, output, self._images)
            self._contents = graph.get_tensor_by_name("DecodeJpeg/contents:0")
            self._decoded = graph.get_tensor_by_name("ExpandDims:0")
            self._jpeg_shape = tf.image.extract_jpeg_shape(self._contents)
            self._session = tf.compat.v1.Session(graph=graph, config=_config(bfloat16))
        self._batch_size, self._name = batch_size, name

    def extract(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Give the features of images.

        Parameters
        ----------
        images : ndarray of uint8, shape (n, h, w, c)
            Grey images are fed as three equal channels.

        Returns
        -------
        ndarray of float32, shape (n, d)

        Raises
        ------
        ExtractorError
            If the output is not one row, or one spatial map, an image.
        """
        starts = range(0, len(images), self._batch_size)
        return np.concatenate([self._run(images[start : start + self._batch_size]) for start in starts])

    def extract_jpegs(self, contents: Iterable[bytes]) -> NDArray[np.float32]:
        """Give the features of JPEG files, decoded by the graph itself, one at a time.

        Parameters
        ----------
        contents : iterable of bytes
            At least one file's content.

        Returns
        -------
        ndarray of float32, shape (n, d)

        Raises
        ------
        ExtractorError
            If one is no JPEG, or too large.
        """
        return np.concatenate([self._run(self._decode(content)) for content in contents])

    def _decode(self, content: bytes) -> NDArray[np.float32]:
        """Give the pixels float32 (1, h, w, 3) of a JPEG."""
        if len(content) > MAX_JPEG_BYTES:
            raise ExtractorError(f"A JPEG must be at most {MAX_JPEG_BYTES:,} bytes. Got {len(content):,}.")
        with _graph_errors("A JPEG must be complete and well-formed", self._name), without_log_lines():
            height, width, _ = self._session.run(self._jpeg_shape, {self._contents: content})
            if int(height) * int(width) > MAX_JPEG_PIXELS:
                raise ExtractorError(
                    f"A JPEG must have at most {MAX_JPEG_PIXELS:,} pixels. Got {width} x {height}."
                )
            return np.asarray(self._session.run(self._decoded, {self._contents: content}), np.float32)

    def _run(self, images: NDArray[Any]) -> NDArray[np.float32]:
        """Give the features float32 (n, d) of one batch (n, h, w, c)."""
        batch = np.broadcast_to(images, (*images.shape[:3], 3)).astype(np.float32)
        with (
            _graph_errors("output must be one row, or one spatial map, an image", self._name),
            without_log_lines(),
        ):
            features = np.asarray(self._session.run(self._features, {self._images: batch}))
        if features.ndim != 2 or len(features) != len(images):
            raise ExtractorError(
                f"output must be one row, or one spatial map, an image. Got the shape {features.shape} "
                f"for {counted(len(images), 'image')}.",
                remedy=Again({"--output": None}),
            )
        return features


def _parse(content: bytes, name: str) -> Any:
    """Give the GraphDef in a file's content."""
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # it ships no types

    definition = tensorflow().compat.v1.GraphDef()
    try:
        definition.ParseFromString(content)
    except DecodeError as problem:
        raise ExtractorError(
            f"{name} must be a TensorFlow GraphDef. Got {len(content):,} other bytes."
        ) from problem
    return definition


def _import(definition: Any, name: str, output: str, images: Any) -> Any:
    """Import the graph behind a placeholder for images, and give the features, float32 (n, d)."""
    tf = tensorflow()
    check_output(output, [f"{node.name}:0" for node in definition.node], name)
    rewritten = rewrite_graph(definition, keep={*ENTRANCES, output.split(":")[0]})
    (tensor,) = tf.import_graph_def(
        rewritten, input_map={"ExpandDims:0": images}, return_elements=[output], name=""
    )
    if tensor.shape.rank == 4:
        tensor = tf.reduce_mean(tensor, axis=[1, 2])
    return tf.cast(tensor, tf.float32)


def _config(bfloat16: bool) -> Any:
    """Give the session's settings."""
    tf = tensorflow()
    config = tf.compat.v1.ConfigProto()
    if bfloat16:
        rewrites = config.graph_options.rewrite_options
        rewrites.auto_mixed_precision_onednn_bfloat16 = type(rewrites).ON
    return config


@contextmanager
def _graph_errors(what: str, name: str) -> Iterator[None]:
    """Turn what TensorFlow raises about a graph or an image into our own error."""
    errors = tensorflow().errors
    try:
        yield
    except errors.ResourceExhaustedError as problem:
        raise ExtractorError(
            f"{name} must be a network that fits into the memory there is. Got one that does not.",
            remedy=f"another file, or more memory, which {VARIABLE} may limit",
        ) from problem
    except (ValueError, TypeError, errors.OpError) as problem:
        raise ExtractorError(f"{what}. Got: {_reason(problem)}.") from problem


def _reason(problem: Exception) -> str:
    """Give the one line of TensorFlow's message that says what is wrong."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    after_node = [row + 1 for row, line in enumerate(lines[:-1]) if line.startswith("Node:")]
    row = after_node[0] if after_node else 0  # before it stands where the node was made, in Python
    return lines[row][:300].rstrip(".") if lines else type(problem).__name__
