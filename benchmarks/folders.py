"""Seconds of a folder of photographs: decoding and the network, each alone and together, before and after.

Needs the shared data: ``python -m benchmarks.folders [--photographs ../shared/data/ants-bees] [--times 3]``.
The folder is taken several times over. The ways take turns, so that a machine that is busy with other things slows
all of them; each ratio is taken within one round.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._measure import measure
from cache import Artefact, Store
from cache.places import remember_place
from pipeline.compute.pool import ahead
from pipeline.extractors.efficientnet_lite0 import EfficientNetLite0
from pipeline.sources.folder import Folder
from pipeline.stages.contract import ensure
from pipeline.stages.images import originals_of

DEFAULT = Path(__file__).parents[2] / "shared" / "data" / "ants-bees"
Ways = dict[str, Callable[[], Any]]


def photographs(source: Path, times: int, folder: Path) -> Path:
    """Lay a folder's files several times into another, each time under other names."""
    for file in source.rglob("*.jpg"):
        for number in range(times):
            place = folder / file.parent.relative_to(source) / f"{number}-{file.name}"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.read_bytes())
    return folder


def data_set(store: Store, folder: Path) -> Artefact:
    """Give the data set of a folder."""
    dataset = ensure(store, Folder(folder), {})
    remember_place(store, dataset.key, folder)
    return dataset


def ways(images: Sequence[NDArray[np.uint8]]) -> Ways:
    """Give what is measured: name and what to do."""
    extractor = EfficientNetLite0()
    extract, size = extractor.load(), extractor.chunk_size
    starts = range(0, len(images), size)
    decoded = list(images)

    def before() -> None:
        for start in starts:
            extract(list(images[start : start + size]))

    def after() -> None:
        for start in starts:
            extract(images[start : start + size])

    def decoding() -> None:
        for _ in ahead(images.__getitem__, range(len(images))):
            pass

    def network() -> None:
        for start in starts:
            extract(decoded[start : start + size])

    return {
        "decoding alone, all processors": decoding,
        "network alone, all processors": network,
        "before: a chunk is decoded, then in the network": before,
        "after: side by side": after,
    }


def print_table(made: Ways, n: int, rounds: int) -> None:
    """Measure the ways in turns, and print a line each."""
    found = [{name: measure(name, way) for name, way in made.items()} for _ in range(rounds + 1)][1:]
    alone = [name for name in made if "alone" in name]
    print("| way | ms an image | processor ms | times the longer of the two alone |\n|---|---:|---:|---:|")
    for name in made:
        wall, processor = (
            statistics.median(getattr(turn[name], kind) for turn in found) / n * 1e3
            for kind in ("seconds", "processor")
        )
        ratios = [turn[name].seconds / max(turn[a].seconds for a in alone) for turn in found]
        print(f"| {name} | {wall:.1f} | {processor:.1f} | {statistics.median(ratios):.2f} |", flush=True)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--photographs", type=Path, default=DEFAULT)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if not options.photographs.is_dir():
        sys.stderr.write(f"--photographs must be a folder of class folders. Got {options.photographs}.\n")
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        folder = photographs(options.photographs, options.times, Path(temporary) / "photographs")
        images = originals_of(data_set(Store(Path(temporary) / "store"), folder), "train")
        print_table(ways(images), len(images), options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
