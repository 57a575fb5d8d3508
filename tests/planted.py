"""A small run with planted structure, written through the real store: what pages and routes are tested on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cache import Run, Store
from cache.keys import stage_key
from pipeline.colours.palette import PALETTE
from pipeline.inputs.columns import columns_of, write_columns
from pipeline.retraining.setting import Setting
from pipeline.stages.faithfulness import FaithfulnessStage

NAMES = ("circle", "square", "cross", "bar")
PATH = (0.001, 0.01, 0.1, 1.0, 10.0)
SIDE = 16


@dataclass(frozen=True)
class Plan:
    """What to plant.

    Attributes
    ----------
    class_names : sequence of str
        Two or more.
    n_train, n_test : int
        Images in each split; 21 or more in the test split, for 20 neighbours each.
    channels : int
        1 (grey) or 3 (colour).
    noise : float
        Spread of a class in feature space; class centres are about 4 apart. 0: no errors at all.
    seed : int
        Equal plans give equal artefacts.
    copies : sequence of (int, int)
        Rows of the test split, each with the row whose picture it shows, too, whatever its class.
    """

    class_names: Sequence[str] = NAMES
    n_train: int = 60
    n_test: int = 80
    channels: int = 3
    noise: float = 1.2
    seed: int = 0
    source: str = "planted"
    copies: Sequence[tuple[int, int]] = ()


@mock.patch("os.fsync", new=int)  # what is planted need not survive a power cut
def planted_run(
    store: Store,
    name: str = "planted",
    *,
    plan: Plan | None = None,
    extractor: str = "planted",
    stand_in: bool = False,
    C: float = 0.1,
    without: Sequence[str] = (),
    table: pd.DataFrame | None = None,
    labelled: bool = True,
) -> Run:
    """Write a whole run into a store.

    Parameters
    ----------
    store : Store
        A writable store, for example ``Store(tmp_path)``.
    name : str
        The run's name.
    plan : Plan, optional
        What to plant.
    extractor : str
        Recorded name of the extractor; ``"hog"`` makes the run a baseline of the others of its plan.
    stand_in : bool
        Whether the features are said to come from a stand-in.
    C : float
        The run's penalty, one of ``PATH``.
    without : sequence of str
        Stages to leave out, for example ``("validation",)``.
    table : DataFrame, optional
        Further columns, a row a test image.
    labelled : bool
        Whether the data set has classes; else the run has no classifier.

    Returns
    -------
    Run
        As ``store.run(name)`` gives it.
    """
    plan = plan or Plan()
    rng = np.random.default_rng(plan.seed)
    labels = {split: _labels(n, len(plan.class_names)) for split, n in _sizes(plan).items()}
    features = {split: _features(rng, plan, labels[split], extractor) for split in labels}
    writer = _Writer(store, plan.seed)
    content, told = _dataset(plan, labels), _dataset_facts(plan)
    for row, other in plan.copies:
        for arrays, of in ((features, "test"), (content, "test_images")):
            arrays[of][row] = arrays[of][other]
    if not labelled:
        content |= {f"{split}_labels": np.full_like(own, -1) for split, own in labels.items()}
        told |= {"class_names": [], "no_classifier": "The images must have two classes or more. Got none."}
        without = (*without, "classifier", "colours", "validation")
    dataset = writer.write("dataset", plan.source, {}, content, told, table)
    made = {"model": f"{extractor}.bin", "stand_in": stand_in, "output": "planted:0", "precision": "float32"}
    table = writer.write("features", extractor, {"dataset": dataset}, features, made)
    both = {"dataset": dataset, "features": table}
    fitted = _classifier(features, labels, len(plan.class_names), plan.seed)
    judge = writer.write("classifier", "linear-svm", both, fitted, {"solver": "planted"})
    judged = {"dataset": dataset, "classifier": judge}
    spread, facts = _projection(features["test"])
    near = _neighbours(features["test"])
    made_of = {
        "features": table,
        "neighbours": writer.write("neighbours", "exact", {"features": table}, near, {}),
        "projection": writer.write("projection", "pca", {"features": table}, {"test": spread}, facts),
    }
    stages = {
        "dataset": dataset,
        "features": table,
        "classifier": judge,
        "colours": writer.write("colours", "confusions", judged, _colours(len(plan.class_names)), {}),
        "validation": writer.write("validation", "linear-svm", both, _validation(plan.seed), {"folds": 5}),
        **made_of,
        "faithfulness": writer.write(
            "faithfulness", "ranks", made_of, *_faithfulness(features["test"], near, spread)
        ),
        "thumbnails": writer.thumbnails(dataset, _images(plan, labels["test"])),
    }
    kept = {stage: key for stage, key in stages.items() if stage not in without}
    command = f"python -m pipeline run --source {plan.source} --extractor {extractor}"
    created = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).isoformat()
    store.save_run(Run(name, f"Planted, {extractor}", C, kept, command, created))
    return store.run(name)


def linear(C: float) -> Setting:
    """Give the setting of a planted run's classifier at a penalty."""
    return Setting(C, "linear")


@dataclass(frozen=True)
class _Writer:
    store: Store
    seed: int

    def write(
        self,
        stage: str,
        plugin: str,
        inputs: dict[str, str],
        arrays: dict[str, NDArray[Any]],
        facts: dict[str, Any],
        table: pd.DataFrame | None = None,
    ) -> str:
        identity = {
            "planted": _digest(arrays),
            "seed": self.seed,
            **({} if table is None else {"table": table.to_csv()}),
        }
        key = stage_key(stage, plugin, 1, identity, inputs)
        if self.store.has(stage, key):
            return key
        address = {"plugin": plugin, "version": 1, "identity": identity, "inputs": inputs, "seed": self.seed}
        with self.store.writing(stage, **address) as draft:
            for name, array in arrays.items():
                draft.save(name, array)
            draft.facts.update(facts)
            if table is not None:
                write_columns(draft, columns_of(table), np.arange(len(table)))
        return key

    def thumbnails(self, dataset: str, images: NDArray[np.uint8]) -> str:
        columns = int(np.ceil(np.sqrt(len(images))))
        facts = {
            "cell": images.shape[1],
            "columns": columns,
            "rows": columns,
            "per_sheet": columns * columns,
            "sheets": 1,
            "lossless": True,
        }
        address: dict[str, Any] = {
            "plugin": "webp",
            "version": 1,
            "identity": facts,
            "inputs": {"dataset": dataset},
        }
        key = stage_key("thumbnails", **address)
        if not self.store.has("thumbnails", key):
            with self.store.writing("thumbnails", **address) as draft:
                _save_sheet(draft.path("sheet_0.webp"), images, columns)
                draft.facts.update(facts)
        return key


def _digest(arrays: dict[str, NDArray[Any]]) -> str:
    import hashlib

    parts = (name.encode() + np.ascontiguousarray(arrays[name]).tobytes() for name in sorted(arrays))
    return hashlib.sha256(b"".join(parts)).hexdigest()


def _sizes(plan: Plan) -> dict[str, int]:
    return {"train": plan.n_train, "test": plan.n_test}


def _labels(n: int, k: int) -> NDArray[np.int16]:
    return (np.arange(n) % k).astype(np.int16)


def _features(
    rng: np.random.Generator, plan: Plan, labels: NDArray[np.int16], extractor: str
) -> NDArray[np.float32]:
    k = len(plan.class_names)
    worse = 1.5 if extractor in ("hog", "pixels") else 1.0
    centres = 3 * np.eye(k, max(k, 8))
    noise = rng.normal(0, 1, (len(labels), centres.shape[1])) * plan.noise * worse
    return (centres[labels] + noise).astype(np.float32)


def _images(plan: Plan, labels: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Draw a bright shape per class on a dark, noisy ground, uint8 (n, SIDE, SIDE, channels)."""
    rng = np.random.default_rng(plan.seed + 1)
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    shapes = (x**2 + y**2 < 25, np.maximum(abs(x), abs(y)) < 5, abs(abs(x) - abs(y)) < 2, abs(x) < 2)
    images = rng.integers(0, 60, (len(labels), SIDE, SIDE, plan.channels))
    tint = np.array([[255, 120, 80], [90, 200, 255], [120, 230, 120], [250, 220, 90]])[:, : plan.channels]
    for i, label in enumerate(labels):
        images[i][shapes[label % 4]] = tint[label % 4]
    return images.astype(np.uint8)


def _dataset(plan: Plan, labels: dict[str, NDArray[np.int16]]) -> dict[str, NDArray[Any]]:
    return {
        f"{split}_{what}": array
        for split, own in labels.items()
        for what, array in (
            ("images", _images(plan, own)),
            ("labels", own),
            ("ids", np.array([f"{split}/{i:04d}" for i in range(len(own))])),
        )
    }


def _dataset_facts(plan: Plan) -> dict[str, Any]:
    return {"class_names": list(plan.class_names), "title": "Planted shapes", "licence": "none"}


def _classifier(
    features: dict[str, NDArray[np.float32]], labels: dict[str, NDArray[np.int16]], k: int, seed: int
) -> dict[str, NDArray[Any]]:
    """Separate each pair of classes halfway between their means; another C leans another way."""
    pairs = list(combinations(range(k), 2))
    means = np.array([features["train"][labels["train"] == label].mean(axis=0) for label in range(k)])
    rng = np.random.default_rng(seed + 2)
    rows = []
    for C in PATH:
        weights = np.array([means[i] - means[j] for i, j in pairs])
        middle = np.array([(means[i] + means[j]) / 2 for i, j in pairs])
        lean = rng.normal(0, 1, len(pairs)) * abs(np.log10(C / 0.1))
        rows.append((weights, -np.sum(weights * middle, axis=1) + lean))
    decided = [_decide(features["test"] @ w.T + b, labels["test"], k) for w, b in rows]
    train = [_decide(features["train"] @ w.T + b, labels["train"], k)["predicted_label"] for w, b in rows]
    return {
        "C": np.array(PATH),
        "intercepts": np.array([b for _, b in rows]),
        "n_support": np.full((len(PATH), len(pairs)), 7, dtype=np.int32),
        "train_predicted_label": np.array(train),
        **{name: np.array([row[name] for row in decided]) for name in decided[0]},
    }


def _decide(f: NDArray[Any], labels: NDArray[np.int16], k: int) -> dict[str, NDArray[Any]]:
    """Vote as libsvm does, and measure the margins as docs/architecture.md defines them."""
    n, pairs = len(f), list(combinations(range(k), 2))
    votes, confidence, against = np.zeros((n, k), int), np.zeros((n, k)), np.zeros((n, k, k))
    for column, (i, j) in enumerate(pairs):
        votes[:, i] += f[:, column] > 0
        votes[:, j] += f[:, column] <= 0
        confidence[:, i] += f[:, column]
        confidence[:, j] -= f[:, column]
        against[:, i, j], against[:, j, i] = f[:, column], -f[:, column]
    rows = np.arange(n)
    predicted = votes.argmax(axis=1)
    rest = votes + confidence / (3 * (np.abs(confidence) + 1))
    rest[rows, predicted] = -np.inf
    runner_up = rest.argmax(axis=1)
    rival = np.where(predicted == labels, runner_up, predicted)
    return {
        "predicted_label": predicted.astype(np.int16),
        "runner_up_label": runner_up.astype(np.int16),
        "votes": votes[rows, predicted].astype(np.int16),
        "runner_up_votes": votes[rows, runner_up].astype(np.int16),
        "margin": against[rows, labels, rival].astype(np.float32),
        "runner_up_margin": against[rows, predicted, runner_up].astype(np.float32),
    }


def _colours(k: int) -> dict[str, NDArray[Any]]:
    """Give each class another colour than it would have without any stored."""
    backwards = [PALETTE[-1 - label % len(PALETTE)] for label in range(k)]
    return {"colours": np.array([tuple(bytes.fromhex(colour[1:])) for colour in backwards], np.uint8)}


def _validation(seed: int) -> dict[str, NDArray[Any]]:
    rng = np.random.default_rng(seed + 3)
    best = 0.9 - 0.05 * np.abs(np.log10(np.array(PATH) / 0.01))
    return {"C": np.array(PATH), "accuracy": best[:, None] + rng.normal(0, 0.01, (len(PATH), 5))}


def _projection(features: NDArray[np.float32]) -> tuple[NDArray[np.float32], dict[str, Any]]:
    centred = features - features.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    return (centred @ axes.T).astype(np.float32), {"method": "PCA"}


def _neighbours(features: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
    distances = np.linalg.norm(features[:, None] - features[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    indices = np.argsort(distances, axis=1, kind="stable")[:, :20]
    near = np.take_along_axis(distances, indices, axis=1)
    return {"indices": indices.astype(np.int32), "distances": near.astype(np.float32)}


def _faithfulness(
    features: NDArray[np.float32], near: dict[str, NDArray[Any]], spread: NDArray[np.float32]
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    found = FaithfulnessStage().measure(features, near["indices"], spread)
    return {"preserved": found.preserved}, found.facts


def _save_sheet(path: Any, images: NDArray[np.uint8], columns: int) -> None:
    from PIL import Image

    cell, channels = images.shape[1], images.shape[3]
    sheet = np.zeros((columns * cell, columns * cell, channels), dtype=np.uint8)
    for i, image in enumerate(images):
        y, x = (i // columns) * cell, (i % columns) * cell
        sheet[y : y + cell, x : x + cell] = image
    Image.fromarray(sheet if channels == 3 else sheet[..., 0]).save(path, lossless=True)
