"""What the maps are measured on: a run of the store, and planted ones of any size, each as files for the rivals too."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cache import Run, Store, open_store
from cache.errors import ArtefactMissing
from tests.map_runs import write_stages

CLASSES = 10
CELL, COLUMNS = 32, 64  # a sheet of 2048 x 2048 pixels
PER_SHEET = COLUMNS * COLUMNS
QUALITY = 85
COMMAND = "python -m pipeline run"  # runs must name one of its commands


@dataclass(frozen=True)
class Case:
    """One set of points.

    Attributes
    ----------
    title : str
        What they are.
    rows : int
        How many there are.
    store : Path
        The store's root.
    run : str
        The run in it.
    points : Path
        The same points for the rivals: .npz with x, y float32 (n,), label int16 (n,), names (k,), and, up to 10,000
        rows, images uint8 (n, h, w, 3).
    """

    title: str
    rows: int
    store: Path
    run: str
    points: Path


def real_case(name: str, location: str | None, folder: Path) -> Case:
    """Take a run of a store."""
    if location:
        os.environ["LAZYBONES_CACHE"] = location
    store = open_store()
    run = store.run(name)
    dataset, projection = (store.artefact(stage, run.stages[stage]) for stage in ("dataset", "projection"))
    positions = np.asarray(projection.array("test"), np.float32)
    points = folder / f"{name}.npz"
    images = np.broadcast_to(dataset.array("test_images"), (*dataset.array("test_images").shape[:3], 3))
    labels, names = np.asarray(dataset.array("test_labels")), dataset.manifest.facts["class_names"]
    np.savez(points, x=positions[:, 0], y=positions[:, 1], label=labels, names=names, images=images)
    return Case(run.title, len(labels), store.root, name, points)


def planted_case(rows: int, folder: Path) -> Case:
    """Write a run of ten round clusters, or find it where an earlier call left it."""
    name = f"planted-{rows}"
    store = Store(folder / "planted")
    rng = np.random.default_rng(rows)
    labels = rng.integers(0, CLASSES, rows).astype(np.int16)
    angle, radius = 2.4 * labels, 9 * np.sqrt((labels + 0.5) / CLASSES)  # a sunflower: no hole in the middle
    centres = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    positions = (centres + rng.normal(scale=2.2, size=(rows, 2))).astype(np.float32)
    points = folder / f"{name}.npz"
    pictures = {"images": _pictures(rng, rows)} if rows <= 10_000 else {}
    names = np.array([f"class {label}" for label in range(CLASSES)])
    np.savez(points, x=positions[:, 0], y=positions[:, 1], label=labels, names=names, **pictures)
    try:
        store.run(name)
    except ArtefactMissing:
        _write_run(store, name, positions, labels, rng)
    return Case("planted clusters", rows, store.root, name, points)


def _write_run(
    store: Store,
    name: str,
    positions: NDArray[np.float32],
    labels: NDArray[np.int16],
    rng: np.random.Generator,
) -> None:
    rows = len(labels)
    wrong = rng.random(rows) < 0.25
    predicted = np.where(wrong, (labels + 1 + rng.integers(0, CLASSES - 1, rows)) % CLASSES, labels)
    margin = np.where(wrong, -1, 1) * rng.gamma(2, 0.6, rows)
    pixels = np.zeros((rows, 1, 1, 1), np.uint8)  # the map never asks for more than their thumbnails
    stages = write_stages(store, name, positions, pixels, labels, predicted, margin, CLASSES)
    stages["thumbnails"] = _write_thumbnails(store, name, stages["dataset"], rows, rng)
    store.save_run(Run(name, "Planted clusters", 1.0, stages, COMMAND, "2026-01-01T00:00:00+00:00"))


def _pictures(rng: np.random.Generator, n: int) -> NDArray[np.uint8]:
    """Draw soft blotches of about a photograph's detail, uint8 (n, CELL, CELL, 3)."""
    coarse = rng.integers(0, 256, (n, CELL // 4, CELL // 4, 3))
    return (
        (coarse.repeat(4, axis=1).repeat(4, axis=2) + rng.integers(-8, 9, (n, CELL, CELL, 3)))
        .clip(0, 255)
        .astype(np.uint8)
    )


def _sheet(rng: np.random.Generator) -> bytes:
    cells = _pictures(rng, PER_SHEET).reshape(COLUMNS, COLUMNS, CELL, CELL, 3)
    file = BytesIO()
    side = COLUMNS * CELL
    Image.fromarray(cells.swapaxes(1, 2).reshape(side, side, 3)).save(file, "WEBP", quality=QUALITY)
    return file.getvalue()


def _write_thumbnails(store: Store, name: str, dataset: str, rows: int, rng: np.random.Generator) -> str:
    """Write the same sheet as often as it takes: a browser cannot tell, and it is quick."""
    sheets, sheet = ceil(rows / PER_SHEET), _sheet(rng)
    facts = {"cell": CELL, "columns": COLUMNS, "rows": COLUMNS, "per_sheet": PER_SHEET, "sheets": sheets}
    identity, inputs = {"run": name}, {"dataset": dataset}
    with store.writing("thumbnails", plugin="planted", version=1, identity=identity, inputs=inputs) as draft:
        for index in range(sheets):
            draft.path(f"sheet_{index}.webp").write_bytes(sheet)
        draft.facts.update({**facts, "lossless": False})
    return draft.key


def all_cases(rows: list[int], run: str | None, location: str | None, folder: Path) -> Iterator[Case]:
    """Give the cases in turn: the real run first, if there is one; planted rows of each number after it."""
    if run:
        yield real_case(run, location, folder)
    for number in rows:
        yield planted_case(number, folder)
