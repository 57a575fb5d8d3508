"""Seconds an image: the original loop against the extractor, in float32 and bfloat16.

Needs a graph, by default the shared one: ``python -m benchmarks.extraction [--graph FILE] [--rounds 7]``.
It is measured as it is, and with its layers rebuilt as in the published file (``_as_published.py``).

The variants take turns, so that a machine that is busy with other things slows all of them; each ratio is
taken within one round. What is left of a busy machine's influence shows in the column of processor seconds:
they hardly depend on what else runs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.extractors.inception_2015 import Inception2015
from pipeline.inception.processor import has_bfloat16

DEFAULT = (
    Path(__file__).parents[2] / "shared" / "data" / "inception-2015-12-05" / "classify_image_graph_def.pb"
)
Extract = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


@dataclass
class Variant:
    """One way to extract, the number of images it gets a turn, and its times in seconds an image."""

    name: str
    extract: Extract
    images: int
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def take_turn(self, images: NDArray[np.uint8], *, note: bool) -> None:
        """Extract once; note the time unless it was to warm up."""
        wall, processor = time.perf_counter(), time.process_time()
        self.extract(images[: self.images])
        if note:
            self.wall.append((time.perf_counter() - wall) / self.images)
            self.processor.append((time.process_time() - processor) / self.images)


def original_loop(definition: Any) -> Extract:
    """Give the published script's way: one image a ``session.run``, fed as an array to ``DecodeJpeg:0``."""
    import tensorflow as tf

    with tf.Graph().as_default() as imported:
        tf.import_graph_def(definition, name="")
    session = tf.compat.v1.Session(graph=imported)

    def extract(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.array([np.squeeze(session.run("pool_3:0", {"DecodeJpeg:0": image})) for image in images])

    return extract


def variants(graph: Path, batch_size: int) -> list[Variant]:
    """Give the original loop, then each precision of the extractor."""
    import tensorflow as tf

    definition = tf.compat.v1.GraphDef()
    definition.ParseFromString(graph.read_bytes())
    made = [Variant("original loop", original_loop(definition), 16)]
    for precision in ("float32", "bfloat16") if has_bfloat16() else ("float32",):
        extractor = Inception2015(graph=graph, precision=precision, batch_size=batch_size)  # type: ignore[arg-type]
        made.append(Variant(f"batches of {batch_size}, {precision}", extractor.load(), 2 * batch_size))
    return made


def print_table(title: str, graph: Path, rounds: int, batch_size: int) -> None:
    """Measure one graph and print its table."""
    images = np.random.default_rng(0).integers(0, 256, (512, 32, 32, 3), dtype=np.uint8)
    made = variants(graph, batch_size)
    for turn in range(rounds + 1):
        for variant in made:
            variant.take_turn(images, note=turn > 0)
    print(f"\n{title}: seconds an image, median of {rounds} rounds\n")
    print("| variant | wall clock | least | processor | times faster (wall) | from | to |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for variant in made:
        ratios = [base / value for base, value in zip(made[0].wall, variant.wall, strict=True)]
        times = statistics.median(variant.wall), min(variant.wall), statistics.median(variant.processor)
        cells = (*times, statistics.median(ratios), min(ratios), max(ratios))
        print(
            "| {} | {:.3f} | {:.3f} | {:.3f} | {:.2f} | {:.2f} | {:.2f} |".format(variant.name, *cells),
            flush=True,
        )


def print_published(graph: Path, rounds: int, batch_size: int) -> None:
    """Measure the graph with its layers rebuilt as published."""
    import tensorflow as tf

    from benchmarks._as_published import as_published

    definition = tf.compat.v1.GraphDef()
    definition.ParseFromString(graph.read_bytes())
    if not any(node.op == "BiasAdd" for node in definition.node):
        return  # it has those layers already
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "as_published.pb"
        path.write_bytes(as_published(definition).SerializeToString())
        print_table("With the published file's layers", path, rounds, batch_size)


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--graph", type=Path, default=DEFAULT)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--batch-size", type=int, default=16)
    args = parser.parse_args()
    if not args.graph.is_file():
        sys.stderr.write(f"--graph must be a frozen graph. Got {args.graph}, which is no file.\n")
        return 2
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {args.graph.name}")
    print_table("The graph as it is", args.graph, args.rounds, args.batch_size)
    print_published(args.graph, args.rounds, args.batch_size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
