"""Inception-v3 as published in December 2015, cut off before its classifier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.apart.extractor import Describe, Foreign
from pipeline.compute.pool import ahead
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
from pipeline.stages.extraction import Extract

MODEL = "Inception-v3 (December 2015)"
AHEAD = 4
"""Images that wait for the network at full size."""
PREPROCESSING = (
    "the graph's own: each image whole into ResizeBilinear to 299 x 299 pixels, then (x - 128) / 128"
)
"""Of the published graph; part of the identity by the graph's SHA-256, as it is done in there."""


@dataclass(frozen=True)
class Inception2015(Foreign):
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

    @property
    def brought(self) -> str:
        """The graph's file."""
        return self.graph.name if self.graph else GRAPH

    def parts(self, images: Images) -> Iterator[NDArray[np.uint8]]:
        """Give images of one size in batches; others one by one, each whole, decoded ahead of the network."""
        if isinstance(images, np.ndarray):
            for start in range(0, len(images), self.batch_size):
                yield images[start : start + self.batch_size]
        else:
            yield from (image[np.newaxis] for image in ahead(images.__getitem__, range(len(images)), AHEAD))

    def load(self, progress: Progress = silent) -> Extract:
        """Load the network; see `Foreign.load`.

        Parameters
        ----------
        progress : Progress, optional
            Told the bytes downloaded.
        """
        if self.graph is None:
            with suggesting(REMEDY):
                read_graph(None, progress)
        return super().load(progress)

    def open(self) -> Describe:
        """Load the network into this process.

        Raises
        ------
        UnsafeInput
            If the graph could do more than compute.
        InvalidParameter
            If it has no such output.
        ExtractorError, SourceError, DownloadError
            If the graph cannot be had, or is none.
        """
        return self._network().extract

    def load_jpeg(self) -> Callable[[Iterable[bytes]], NDArray[np.float32]]:
        """Load the network into this process, for JPEG files, which the graph decodes itself; see `open`.

        Returns
        -------
        callable
            Takes the files' contents, returns features float32 (n, d).
        """
        return self._network().extract_jpegs

    def _network(self) -> Network:
        """Load the network."""
        with suggesting(REMEDY):
            content = read_graph(self.graph, silent)
            check_unchanged(
                self.graph or GRAPH, bytes_digest(content, "sha256"), self._sha256, ExtractorError
            )
            return Network(
                content,
                self.brought,
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
