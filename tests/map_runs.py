"""Runs with a map of any shape: one point, a pile, many classes, no margins, no thumbnails."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cache import Run, Store

SIDE = 8


def map_run(
    store: Store,
    name: str,
    positions: NDArray[Any],
    *,
    n_classes: int = 3,
    margin: NDArray[Any] | None = None,
    thumbnails: bool = True,
    ids: Sequence[str] | None = None,
) -> Run:
    """Write a run whose test images lie at given places.

    Parameters
    ----------
    store : Store
        A writable store.
    name : str
        The run's name.
    positions : ndarray of float, shape (n, 2)
        Image i is truly of class ``i % n_classes``; every fourth one is predicted as the next class.
    n_classes : int
        Two or more.
    margin : ndarray of float, shape (n,), optional
        By default 1 where right and -1 where wrong.
    thumbnails : bool
        Whether there are any.
    ids : sequence of str, optional
        Names of the test images, by default ``"test/0000"`` and so on.
    """
    n = len(positions)
    labels = (np.arange(n) % n_classes).astype(np.int16)
    predicted = np.where(np.arange(n) % 4 == 3, (labels + 1) % n_classes, labels).astype(np.int16)
    if margin is None:
        margin = np.where(predicted == labels, 1.0, -1.0)
    images = np.random.default_rng(0).integers(0, 256, (n, SIDE, SIDE, 3)).astype(np.uint8)
    stages = write_stages(store, name, positions, images, labels, predicted, margin, n_classes, ids)
    if thumbnails:
        stages["thumbnails"] = write_thumbnails(store, name, stages["dataset"], images)
    store.save_run(
        Run(name=name, title=name, C=1.0, stages=stages, command="", created="2026-01-02T03:04:05+00:00")
    )
    return store.run(name)


def write_stages(
    store: Store,
    name: str,
    positions: NDArray[Any],
    images: NDArray[np.uint8],
    labels: NDArray[np.int16],
    predicted: NDArray[Any],
    margin: NDArray[Any],
    n_classes: int,
    ids: Sequence[str] | None = None,
    table: dict[str, NDArray[np.float32]] | None = None,
) -> dict[str, str]:
    """Write all that a map shows but thumbnails. Give the keys of the stages.

    Features mean nothing and there are two training images, unless a table of features is given, whose training images
    take turns in class, as the judged ones do.
    """
    names = [f"class {i}" for i in range(n_classes)]
    table = table or {"train": np.zeros((2, 4), np.float32), "test": np.zeros((len(labels), 4), np.float32)}
    taught = (np.arange(len(table["train"])) % n_classes).astype(np.int16)
    content = _dataset(images, labels, taught, ids)
    dataset = _write(store, "dataset", name, {}, content, {"class_names": names})
    features = _write(
        store, "features", name, {"dataset": dataset}, table, {"model": "none", "stand_in": False}
    )
    both, spread = {"dataset": dataset, "features": features}, {"test": positions.astype(np.float32)}
    return {
        **both,
        "classifier": write_classifier(store, name, both, predicted, margin, n_classes, len(taught)),
        "projection": _write(store, "projection", name, {"features": features}, spread, {}),
    }


def write_classifier(
    store: Store,
    name: str,
    inputs: dict[str, str],
    predicted: NDArray[Any],
    margin: NDArray[Any],
    k: int,
    n_train: int,
) -> str:
    """Write what a classifier says of the judged images; give its key."""
    said = _classifier(predicted, (predicted + 1) % k, margin, k, n_train)
    return _write(store, "classifier", name, inputs, said, {})


def _write(
    store: Store,
    stage: str,
    name: str,
    inputs: dict[str, str],
    arrays: dict[str, NDArray[Any]],
    facts: dict[str, Any],
) -> str:
    with store.writing(stage, plugin="made", version=1, identity={"run": name}, inputs=inputs) as draft:
        for file, array in arrays.items():
            draft.save(file, array)
        draft.facts.update(facts)
    return draft.key


def _dataset(
    images: NDArray[np.uint8],
    labels: NDArray[np.int16],
    taught: NDArray[np.int16],
    ids: Sequence[str] | None,
) -> dict[str, NDArray[Any]]:
    return {
        "train_images": np.zeros((len(taught), *images.shape[1:]), np.uint8),
        "test_images": images,
        "train_labels": taught,
        "test_labels": labels,
        "train_ids": np.array([f"train/{i:04d}" for i in range(len(taught))]),
        "test_ids": np.array(ids or [f"test/{i:04d}" for i in range(len(images))]),
    }


def _classifier(
    predicted: NDArray[Any], runner_up: NDArray[Any], margin: NDArray[Any], k: int, n_train: int
) -> dict[str, NDArray[Any]]:
    pairs = len(list(combinations(range(k), 2)))
    votes = np.full((1, len(predicted)), k - 1, np.int16)
    return {
        "C": np.array([1.0]),
        "intercepts": np.zeros((1, pairs)),
        "n_support": np.zeros((1, pairs), np.int32),
        "predicted_label": predicted[None].astype(np.int16),
        "runner_up_label": runner_up[None].astype(np.int16),
        "votes": votes,
        "runner_up_votes": votes - 1,
        "margin": margin[None].astype(np.float32),
        "runner_up_margin": np.abs(margin[None]).astype(np.float32),
        "train_predicted_label": np.zeros((1, n_train), np.int16),
    }


def write_thumbnails(store: Store, name: str, dataset: str, images: NDArray[np.uint8]) -> str:
    """Write the sheets of the judged images; give their key."""
    columns = -(-len(images) // 100)
    cells = np.zeros((100 * columns, SIDE, SIDE, 3), np.uint8)
    cells[: len(images)] = images
    sheet = cells.reshape(100, columns, SIDE, SIDE, 3).swapaxes(1, 2).reshape(100 * SIDE, columns * SIDE, 3)
    facts = {
        "cell": SIDE,
        "columns": columns,
        "rows": 100,
        "per_sheet": 100 * columns,
        "sheets": 1,
        "lossless": True,
    }
    inputs = {"dataset": dataset}
    with store.writing(
        "thumbnails", plugin="made", version=1, identity={"run": name}, inputs=inputs
    ) as draft:
        Image.fromarray(sheet).save(draft.path("sheet_0.webp"), lossless=True)
        draft.facts.update(facts)
    return draft.key
