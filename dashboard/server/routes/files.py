"""The content of the map's files."""

from __future__ import annotations

import json

from cache import Store
from cache.artefact import Artefact
from cache.errors import ArtefactMissing
from dashboard.run.table import table_of
from dashboard.server.columns import (
    VERDICT,
    encode_cells,
    encode_columns,
    encode_labels,
    encode_points,
    encode_values,
)
from dashboard.server.routes.addresses import Match
from dashboard.server.routes.responses import Body, opened
from dashboard.statistics.shared_neighbours import common_neighbours
from pipeline.api import grid_cells

BINARY = "application/octet-stream"


def points(store: Store, match: Match) -> Body:
    """Encode positions and true labels."""
    projection, dataset = opened(store, match)
    true = dataset.array("test_labels")
    return encode_points(projection.array("test"), true, n_classes(dataset)), BINARY


def labels(store: Store, match: Match) -> Body:
    """Encode the true labels alone, for who has no use for positions."""
    (dataset,) = opened(store, match)
    return encode_labels(dataset.array("test_labels"), n_classes(dataset)), BINARY


def columns(store: Store, match: Match) -> Body:
    """Encode what a classifier says at one C."""
    (classifier,) = opened(store, match)
    index = row_of_C(classifier, match)
    dataset = store.artefact("dataset", classifier.manifest.inputs["dataset"])
    predicted, runner_up, margin, ahead = (classifier.rows(name)[index] for name in VERDICT)
    return encode_columns(predicted, runner_up, margin, ahead, n_classes(dataset)), BINARY


def ids(store: Store, match: Match) -> Body:
    """List the names of the test images."""
    (dataset,) = opened(store, match)
    return json.dumps(dataset.array("test_ids").tolist(), separators=(",", ":")).encode(), "application/json"


def values(store: Store, match: Match) -> Body:
    """Encode a column of the images' table: its numbers, or with ``.json`` its texts or the names of its categories."""
    (dataset,) = opened(store, match)
    index, table = int(match["index"]), table_of(dataset)
    if index >= len(table):
        raise ArtefactMissing(f"index must be below {len(table)}. Got {index}.")
    column = table[index]
    if match["ending"] == "json":
        texts = column.values.tolist() if column.kind == "text" else list(column.names)
        return json.dumps(texts, separators=(",", ":")).encode(), "application/json"
    encoded = encode_values(column)
    if encoded is None:
        raise ArtefactMissing("A column of text must be asked for as .json. Got .bin.")
    return encoded, BINARY


def thumbnails(store: Store, match: Match) -> Body:
    """Read a sheet of thumbnails as it is."""
    (artefact,) = opened(store, match)
    name = f"sheet_{match['index']}.webp"
    if name not in artefact.manifest.files:
        raise ArtefactMissing(f"{name} must be one of the sheets. Got none.")
    return artefact.path(name).read_bytes(), "image/webp"


def grid(store: Store, match: Match) -> Body:
    """Lay the points out on a grid, and encode its cells."""
    (projection,) = opened(store, match)
    return encode_cells(grid_cells(projection.array("test"))[2]), BINARY


def faithfulness(store: Store, match: Match) -> Body:
    """Give how many of each point's neighbours the map keeps, a byte a point."""
    (artefact,) = opened(store, match)
    return artefact.array("preserved").astype("u1").tobytes(), BINARY


def common(store: Store, match: Match) -> Body:
    """Count the neighbours that each image has in two feature spaces, a byte an image."""
    counts = common_neighbours(*(neighbours.rows("indices") for neighbours in opened(store, match)))
    return counts.astype("u1").tobytes(), BINARY


def row_of_C(classifier: Artefact, match: Match) -> int:  # C is the field's name
    """Give the row of the classifier's arrays that an address asks for.

    Raises
    ------
    ArtefactMissing
        If it has no such row.
    """
    index, m = int(match["index"]), len(classifier.rows("C"))
    if index >= m:
        raise ArtefactMissing(f"index must be below {m}. Got {index}.")
    return index


def n_classes(dataset: Artefact) -> int:
    """Count the classes of a dataset."""
    return len(dataset.manifest.facts["class_names"])
