"""Run a network that is described in ONNX."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.compute import memory
from pipeline.compute.pool import processors
from pipeline.errors import ExtractorError
from pipeline.networks.preprocessing import Images, Layout, Preprocessing

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]  # it ships no types

BATCH = 8  # images; from 1 to 16 an image takes as long, with 32 and more longer
ERRORS_ONLY, NOTHING = 3, 4  # ONNX Runtime's own numbers


@dataclass(frozen=True)
class Ends:
    """Say how a network takes images and gives features.

    Attributes
    ----------
    layout : str
        Where the channels are.
    dtype : str
        Of the pixels: ``"float32"``, ``"float16"`` or ``"uint8"``.
    batch : int
        Images that it takes at a time; 0 for any number.
    averaged : tuple of int
        Axes of the output that are averaged: height and width, or the tokens.
    foreign : bool
        Whether the file is a stranger's, whose memory is bounded.
    """

    layout: Layout = "nchw"
    dtype: str = "float32"
    batch: int = 0
    averaged: tuple[int, ...] = ()
    foreign: bool = False


class OnnxNetwork:
    """Hold a network, ready to turn images into features.

    Batches run side by side, each in one thread: while one is prepared another is in the network, and the last bits of
    a feature do not depend on the number of processors.

    Parameters
    ----------
    model : bytes
        A serialised ONNX model with one input, of images.
    output : str
        The output to read, float32 (n, d).
    preprocessing : Preprocessing
        What is done to the images before.
    ends : Ends, optional
        What else there is to know of its input and output.

    Raises
    ------
    ExtractorError
        If ONNX Runtime cannot load it.
    """

    def __init__(
        self, model: bytes, output: str, preprocessing: Preprocessing, ends: Ends | None = None
    ) -> None:
        self._ends = ends or Ends()
        self._session = _session(model, foreign=self._ends.foreign)
        self._input = self._session.get_inputs()[0].name
        self._output = output
        self._preprocessing = preprocessing

    def extract(self, images: Images) -> NDArray[np.float32]:
        """Give the features float32 (n, d) of images uint8 (h, w, c), grey or in colour, each of its own size.

        Raises
        ------
        ExtractorError
            If the network fails, or its output is not one row, or one spatial map, an image.
        """
        size = self._ends.batch or BATCH
        batches = (images[start : start + size] for start in range(0, len(images), size))
        with ThreadPoolExecutor(processors()) as pool:
            return np.concatenate(list(pool.map(self._run, batches)))

    def _run(self, images: Images) -> NDArray[np.float32]:
        count, ends = len(images), self._ends
        pixels = self._preprocessing.apply(images, ends.layout)
        if ends.batch > count:
            pixels = np.concatenate([pixels, np.repeat(pixels[-1:], ends.batch - count, axis=0)])
        features = np.asarray(self._ask(_as_type(pixels, ends.dtype)), np.float32)[:count]
        features = features.mean(axis=ends.averaged) if ends.averaged else features
        if features.ndim > 2 and features.shape[1:].count(1) >= features.ndim - 2:
            features = features.reshape(count, -1)
        if features.ndim != 2 or len(features) != count:
            raise ExtractorError(
                f"{self._output} must be one row, or one spatial map, an image. Got the shape {features.shape}.",
                remedy="another output",
            )
        return features

    def _ask(self, pixels: NDArray[Any]) -> NDArray[Any]:
        """Run the network on one batch."""
        try:
            (answer,) = self._session.run([self._output], {self._input: pixels})
        except Exception as problem:  # ONNX Runtime has many kinds, and no common one of its own
            raise _refusal(f"The network must take images of the shape {pixels.shape}", problem) from problem
        return np.asarray(answer)


def _as_type(pixels: NDArray[np.float32], dtype: str) -> NDArray[Any]:
    if dtype == "uint8":
        return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)
    return pixels.astype(dtype, copy=False)


def _session(model: bytes, *, foreign: bool) -> InferenceSession:
    """Load a network; one of a stranger without folding its constants, and with all its numbers in bounded memory."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = NOTHING if foreign else ERRORS_ONLY
    if foreign:
        _bound_memory()
        options.add_session_config_entry("session.use_env_allocators", "1")
    skipped = ["ConstantFolding"] if foreign else []
    try:
        return onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"], disabled_optimizers=skipped
        )
    except Exception as problem:  # as above
        raise _refusal("The file must be a network that ONNX Runtime can load", problem) from problem


@cache
def _bound_memory() -> None:
    """Let all networks of strangers together take as much memory as there is; a process can say so once."""
    import onnxruntime as ort

    place = ort.OrtMemoryInfo("Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT)
    most = max(memory.available(), 1 << 28)
    ort.create_and_register_allocator(place, ort.OrtArenaCfg({"max_mem": most, "arena_extend_strategy": 1}))


def _refusal(what: str, problem: Exception) -> ExtractorError:
    """Turn what ONNX Runtime says into our own error; too little memory is told in words."""
    said = " ".join(str(problem).split())
    if "Available memory" in said or "allocate memory" in said:
        said = "a network that takes more memory than there is"
    return ExtractorError(f"{what}. Got: {said[:300].rstrip('.')}.", remedy="another file, or another size")
