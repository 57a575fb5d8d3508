"""What the analyses are measured on: a run of the store, or planted clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cache import open_store

Features = NDArray[np.float32]
Labels = NDArray[np.int16]


@dataclass(frozen=True)
class Data:
    """Features and labels of both splits, and the name of the run they are of, if there is one."""

    train: Features
    train_labels: Labels
    test: Features
    test_labels: Labels
    run: str | None = None

    @property
    def fit_arguments(self) -> tuple[Features, Labels, Features, Labels, int]:
        """What a classifier's fit takes."""
        k = int(self.train_labels.max()) + 1
        return self.train, self.train_labels, self.test, self.test_labels, k


def planted(n: int = 10_000, d: int = 2048, k: int = 10) -> Data:
    """Give overlapping clusters of the published experiment's size."""
    rng = np.random.default_rng(0)
    centres = 0.02 * rng.standard_normal((k, d), np.float32)
    labels = (np.arange(n) % k).astype(np.int16)
    train, test = (centres[labels] + 0.3 * rng.standard_normal((n, d), np.float32) for _ in range(2))
    return Data(train, labels, test, labels)


def of_run(name: str) -> Data:
    """Read a run of the store."""
    store = open_store()
    features, dataset = (
        store.artefact(stage, store.run(name).stages[stage]) for stage in ("features", "dataset")
    )
    arrays = (
        artefact.array(array)
        for split in ("train", "test")
        for artefact, array in ((features, split), (dataset, f"{split}_labels"))
    )
    return Data(*arrays, run=name)
