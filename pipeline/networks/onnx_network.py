"""Run a network that is described in ONNX."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.pool import processors
from pipeline.networks.preprocessing import Images, Preprocessing

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]  # it ships no types

BATCH = 8  # images; from 1 to 16 an image takes as long, with 32 and more longer
ERRORS_ONLY = 3  # ONNX Runtime's own number


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
    """

    def __init__(self, model: bytes, output: str, preprocessing: Preprocessing) -> None:
        self._session = _session(model)
        self._input = self._session.get_inputs()[0].name
        self._output = output
        self._preprocessing = preprocessing

    def extract(self, images: Images) -> NDArray[np.float32]:
        """Give the features float32 (n, d) of images uint8 (h, w, c), grey or in colour, each of its own size."""
        batches = (images[start : start + BATCH] for start in range(0, len(images), BATCH))
        with ThreadPoolExecutor(processors()) as pool:
            return np.concatenate(list(pool.map(self._run, batches)))

    def _run(self, images: Images) -> NDArray[np.float32]:
        (features,) = self._session.run([self._output], {self._input: self._preprocessing.apply(images)})
        return np.asarray(features, np.float32)


def _session(model: bytes) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = ERRORS_ONLY
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
