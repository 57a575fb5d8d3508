"""Inception-v3 as published in December 2015, cut off before its classifier."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.progress import Progress, silent
from pipeline.errors import ExtractorError
from pipeline.inception.graph_file import GRAPH, PUBLISHED, PUBLISHED_SHA256, REMEDY, read_graph
from pipeline.inception.network import Network
from pipeline.inception.processor import has_bfloat16
from pipeline.inputs.files import bytes_digest, check_unchanged
from pipeline.inputs.remedies import suggesting
from pipeline.networks.preprocessing import Images
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_choice, check_count, check_path, reject
from pipeline.stages.kinds import Extractor

MODEL = "Inception-v3 (December 2015)"
PREPROCESSING = (
    "the graph's own: each image whole into ResizeBilinear to 299 x 299 pixels, then (x - 128) / 128"
)
"""Of the published graph; part of the identity by the graph's SHA-256, as it is done in there."""


@dataclass(frozen=True)
class Inception2015(Extractor):
    """Describe each image by what a network trained on ImageNet sees in it.

    Parameters
    ----------
    graph : Path, optional
        The frozen graph (.pb) or its archive (.tgz). Without it, the published one is downloaded once.
        Any other file than the published one is recorded and shown as a stand-in.
    output : str
        Which tensor to read; spatial ones are averaged over height and width.
    precision : str
        ``"float32"``, or ``"bfloat16"`` on processors that have it: about twice as fast, features off by
        about two per cent.
    batch_size : int
        Images at a time; changes the features by rounding only, so that it is not part of their key.

    References
    ----------
    C. Szegedy et al. (2016), Rethinking the Inception Architecture for Computer Vision, CVPR,
    https://arxiv.org/abs/1512.00567
    """

    NAME: ClassVar[str] = "inception-2015"
    SUMMARY: ClassVar[str] = "Inception-v3, the frozen graph of December 2015 (TensorFlow)"
    REQUIRES: ClassVar[tuple[str, ...]] = ("tensorflow",)
    chunk_size: ClassVar[int] = 64  # some four seconds: what a kill costs, and how often progress is told

    graph: Path | None = option(
        None, "frozen graph (.pb) or its archive (.tgz); without it, downloads 89 MB once"
    )
    output: str = option("pool_3:0", "tensor to read; spatial ones are averaged")
    precision: Literal["float32", "bfloat16"] = option(
        "float32", "bfloat16 is twice as fast where the processor has it"
    )
    batch_size: int = option(16, "images at a time", told=False)

    def __post_init__(self) -> None:
        check_path("graph", "inception-2015", self.graph)
        check_choice("precision", "inception-2015", self.precision, ("float32", "bfloat16"))
        check_count("batch_size", "inception-2015", self.batch_size, 1, self.chunk_size)
        if not isinstance(self.output, str) or not self.output:
            raise reject("output", "inception-2015", "a tensor's name, for example pool_3:0", self.output)
        if self.precision == "bfloat16" and not has_bfloat16():
            allowed = "float32, as this processor has neither avx512_bf16 nor amx_bf16"
            raise reject("precision", "inception-2015", allowed, self.precision)

    def identity(self) -> dict[str, object]:
        """Give what changes the result: the graph's content, the output and the precision.

        Raises
        ------
        ExtractorError, SourceError
            If the graph's file cannot be read.
        """
        return {"model_sha256": self._sha256, "output": self._tensor, "precision": self.precision}

    def facts(self) -> dict[str, Any]:
        """Give the features' provenance, for people."""
        stand_in = self._sha256 != PUBLISHED_SHA256
        return {
            "model": f"Stand-in for {MODEL}" if stand_in else MODEL,
            "stand_in": stand_in,
            "url": None if stand_in else PUBLISHED.remote.url,
            "published_sha256": PUBLISHED_SHA256,
            "preprocessing": PREPROCESSING,
            **self.identity(),
        }

    def load(self, progress: Progress = silent) -> Callable[[Images], NDArray[np.float32]]:
        """Load the network.

        Parameters
        ----------
        progress : Progress, optional
            Told the bytes downloaded.

        Returns
        -------
        callable
            Takes images uint8 (h, w, c), returns features float32 (n, d), d = 2048 for ``pool_3:0``.

        Raises
        ------
        UnsafeInput
            If the graph could do more than compute.
        InvalidParameter
            If it has no such output.
        ExtractorError, SourceError, DownloadError
            If the graph cannot be had, or is none.
        """
        return self._network(progress).extract

    def load_jpeg(self, progress: Progress = silent) -> Callable[[Iterable[bytes]], NDArray[np.float32]]:
        """Load the network for JPEG files, which the graph decodes itself; see `load`.

        Returns
        -------
        callable
            Takes the files' contents, returns features float32 (n, d).
        """
        return self._network(progress).extract_jpegs

    def _network(self, progress: Progress) -> Network:
        """Load the network."""
        with suggesting(REMEDY):
            content = read_graph(self.graph, progress)
            check_unchanged(
                self.graph or GRAPH, bytes_digest(content, "sha256"), self._sha256, ExtractorError
            )
            return Network(
                content,
                self.graph.name if self.graph else GRAPH,
                self._tensor,
                bfloat16=self.precision == "bfloat16",
                batch_size=self.batch_size,
            )

    @cached_property
    def _sha256(self) -> str:
        """Give the SHA-256 of the graph, without downloading it: the published one's is known."""
        with suggesting(REMEDY):
            return bytes_digest(read_graph(self.graph, silent), "sha256") if self.graph else PUBLISHED_SHA256

    @property
    def _tensor(self) -> str:
        """Give the output's full name: "pool_3" means its first output."""
        return self.output if ":" in self.output else f"{self.output}:0"


PLUGIN = Inception2015
