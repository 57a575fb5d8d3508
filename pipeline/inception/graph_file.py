"""Find Inception's graph: a .pb file, the published archive, or by downloading it."""

from __future__ import annotations

from pathlib import Path

from cache.commands import Again
from pipeline.compute.progress import Progress
from pipeline.errors import ExtractorError
from pipeline.inputs.download import Remote
from pipeline.inputs.files import read_bytes
from pipeline.inputs.published import PublishedArchive

GRAPH = "classify_image_graph_def.pb"
PUBLISHED_SHA256 = "009d6814d1bc560d4e7b236e170e9b2d5ca6f4b57bd8037f6db05776204415c6"
PUBLISHED = PublishedArchive(
    remote=Remote(
        url="http://download.tensorflow.org/models/image/imagenet/inception-2015-12-05.tgz",
        name="inception-2015-12-05.tgz",
        size=88_931_400,
        digest="f6b539e07358fc4622efdd40cdb5577672c46cd416bbfccf9d4d2438f9b93a1c",
        algorithm="sha256",
        option="--graph",
    ),
    folder="inception-2015-12-05",
    members={GRAPH: PUBLISHED_SHA256},
    max_bytes=200 << 20,  # the published graph has 96 million
)
REMEDY = Again({"--graph": None})


def read_graph(graph: Path | None, progress: Progress) -> bytes:
    """Give the content of the graph's file.

    Parameters
    ----------
    graph : Path, optional
        A GraphDef file (.pb) or the published archive (.tgz). Without it, the archive is downloaded once.
    progress : Progress
        Told the bytes downloaded.

    Returns
    -------
    bytes
        A serialised GraphDef, not yet looked into.

    Raises
    ------
    ExtractorError
        If the file cannot be read.
    SourceError, UnsafeInput
        If the archive is malformed or hostile, or the file too large.
    DownloadError
        If the archive cannot be downloaded, or is not the published one.
    """
    if graph is None or graph.name.endswith((".tgz", ".tar.gz")):
        return PUBLISHED.read(graph, progress)[GRAPH]
    return read_bytes(graph, PUBLISHED.max_bytes, ExtractorError)
