"""The content of the map's files."""

from __future__ import annotations

import json
from collections.abc import Callable

from cache import Store
from cache.artefact import Artefact
from cache.errors import ArtefactMissing
from dashboard.jobs.queue import JobQueue
from dashboard.server.columns import encode_cells, encode_columns, encode_points
from dashboard.server.routes.addresses import Match
from dashboard.server.routes.answers import Body, check
from dashboard.statistics.shared_neighbours import common_neighbours
from pipeline.api import Progress, grid_cells

BINARY = "application/octet-stream"
SAID = ("predicted_label", "runner_up_label", "margin", "runner_up_margin")
"""What the columns say of a test image, in this order."""


def points(store: Store, match: Match) -> Body:
    """Encode positions and true labels."""
    projection = store.artefact("projection", match["projection"])
    dataset = store.artefact("dataset", match["dataset"])
    check(match, projection, dataset)
    labels = dataset.array("test_labels")
    return encode_points(projection.array("test"), labels, n_classes(dataset)), BINARY


def columns(store: Store, match: Match) -> Body:
    """Encode what a classifier says at one C."""
    classifier = store.artefact("classifier", match["classifier"])
    check(match, classifier)
    index = row_of_C(classifier, match)
    dataset = store.artefact("dataset", classifier.manifest.inputs["dataset"])
    predicted, runner_up, margin, ahead = (classifier.array(name)[index] for name in SAID)
    return encode_columns(predicted, runner_up, margin, ahead, n_classes(dataset)), BINARY


def ids(store: Store, match: Match) -> Body:
    """List the names of the test images."""
    dataset = store.artefact("dataset", match["dataset"])
    check(match, dataset)
    return json.dumps(dataset.array("test_ids").tolist(), separators=(",", ":")).encode(), "application/json"


def thumbnails(store: Store, match: Match) -> Body:
    """Read a sheet of thumbnails as it is."""
    artefact = store.artefact("thumbnails", match["thumbnails"])
    check(match, artefact)
    name = f"sheet_{match['index']}.webp"
    if name not in artefact.manifest.files:
        raise ArtefactMissing(f"{name} must be one of the sheets. Got none.")
    return artefact.path(name).read_bytes(), "image/webp"


def grid_files(grids: JobQueue) -> Callable[[Store, Match], Body]:
    """Give what encodes the grid layout, laid out once however many ask."""

    def grid(store: Store, match: Match) -> Body:
        projection = store.artefact("projection", match["projection"])
        check(match, projection)

        def lay_out(_: Progress) -> bytes:
            return encode_cells(grid_cells(projection.array("test"))[2])

        return grids.result((projection.key, match["digest"]), "Grid of a map", lay_out), BINARY

    return grid


def faithfulness(store: Store, match: Match) -> Body:
    """Give how many of each point's neighbours the map keeps, a byte a point."""
    artefact = store.artefact("faithfulness", match["faithfulness"])
    check(match, artefact)
    return artefact.array("preserved").astype("u1").tobytes(), BINARY


def common(store: Store, match: Match) -> Body:
    """Count the neighbours that each image has in two feature spaces, a byte an image."""
    ours, theirs = (store.artefact("neighbours", match[name]) for name in ("neighbours", "others"))
    check(match, ours, theirs)
    counts = common_neighbours(ours.array("indices"), theirs.array("indices"))
    return counts.astype("u1").tobytes(), BINARY


def row_of_C(classifier: Artefact, match: Match) -> int:  # C is the field's name
    """Give the row of the classifier's arrays that an address asks for.

    Raises
    ------
    ArtefactMissing
        If it has no such row.
    """
    index, m = int(match["index"]), len(classifier.array("C"))
    if index >= m:
        raise ArtefactMissing(f"index must be below {m}. Got {index}.")
    return index


def n_classes(dataset: Artefact) -> int:
    """Count the classes of a dataset."""
    return len(dataset.manifest.facts["class_names"])
