"""A run to measure retraining on: from the store, from .npy files, or planted."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache import Run, Store, open_store
from cache.arrays import StoredArray
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.stages.contract import ensure

COMMAND = "python -m pipeline run"
STAGES = ("dataset", "features", "classifier")


@dataclass(frozen=True)
class Split:
    """Features float32 (n, d) and labels int16 (n,)."""

    features: NDArray[np.float32] | StoredArray
    labels: NDArray[np.int16]


@dataclass(frozen=True)
class FittedRun:
    """A run in a store of its own, with a path of one C."""

    title: str
    store: Store
    run: Run
    train: Split
    test: Split

    @property
    def fit_arguments(self) -> tuple[Any, ...]:
        """What a classifier's fit takes."""
        k = int(max(self.train.labels.max(), self.test.labels.max())) + 1
        return self.train.features, self.train.labels, self.test.features, self.test.labels, k


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what to measure on."""
    parser.add_argument("--run", help="a run in the store, for example cifar10-inception-2015")
    for split in ("train", "test"):
        parser.add_argument(f"--{split}", type=Path, help=f"features of the {split} split, float32 .npy")
        parser.add_argument(f"--{split}-labels", type=Path, help=f"labels of the {split} split, .npy")
    parser.add_argument("--C", type=float, default=0.1)


@contextmanager
def fitted_run(options: argparse.Namespace) -> Iterator[FittedRun]:
    """Copy what the options name into a temporary store, so that nothing measured is there already."""
    title, train, test = _splits(options)
    with TemporaryDirectory(prefix="lazybones-benchmark-") as folder:
        store = Store(Path(folder))
        run = _write(store, train, test, options.C)
        features = store.artefact("features", run.stages["features"])
        yield FittedRun(
            title,
            store,
            run,
            Split(features.rows("train"), train.labels),
            Split(features.rows("test"), test.labels),
        )


def _splits(options: argparse.Namespace) -> tuple[str, Split, Split]:
    if options.run:
        store = open_store()
        run = store.run(options.run)
        dataset, features = (store.artefact(stage, run.stages[stage]) for stage in ("dataset", "features"))
        train, test = (
            Split(features.rows(split), dataset.array(f"{split}_labels")) for split in ("train", "test")
        )
        return run.title, train, test
    if options.train:
        train = Split(
            StoredArray(options.train, "another file"), np.load(options.train_labels).astype(np.int16)
        )
        test = Split(StoredArray(options.test, "another file"), np.load(options.test_labels).astype(np.int16))
        return options.train.stem, train, test
    return "planted classes (no --run and no --train given)", *_planted()


def _planted(n: int = 10_000, d: int = 2048, k: int = 10) -> tuple[Split, Split]:
    """Plant overlapping classes of the published experiment's size, positive like a network's features."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(k, d)).astype(np.float32)

    def split() -> Split:
        labels = rng.integers(0, k, n).astype(np.int16)
        features = 0.12 * centres[labels] + rng.standard_normal((n, d), dtype=np.float32)
        return Split(np.maximum(features, 0), labels)

    return split(), split()


def _write(store: Store, train: Split, test: Split, C: float) -> Run:
    names = [str(label) for label in range(int(max(train.labels.max(), test.labels.max())) + 1)]
    with store.writing("dataset", plugin="benchmark", version=1, identity={}, inputs={}) as dataset:
        for name, split in (("train", train), ("test", test)):
            dataset.save(f"{name}_images", np.zeros((len(split.labels), 1, 1, 1), np.uint8))
            dataset.save(f"{name}_labels", np.asarray(split.labels))
            dataset.save(f"{name}_ids", np.arange(len(split.labels)).astype(np.str_))
        dataset.facts["class_names"] = names
    inputs = {"dataset": dataset.key}
    with store.writing("features", plugin="benchmark", version=1, identity={}, inputs=inputs) as features:
        features.save("train", np.asarray(train.features))
        features.save("test", np.asarray(test.features))
    inputs["features"] = features.key
    path = ensure(store, LinearSVM(C=C, path=(C,)), inputs)
    stages = dict(zip(STAGES, (dataset.key, features.key, path.key), strict=True))
    store.save_run(Run("benchmark", "Benchmark", C, stages, COMMAND, "2026-01-01T00:00:00+00:00"))
    return store.run("benchmark")
