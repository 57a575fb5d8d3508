"""All that pages read of a run and make of it, without drawing it: it works, or says in a sentence why not."""

from __future__ import annotations

import json
import logging
import warnings
from pathlib import Path

import numpy as np

from cache import Artefact, Run, Store
from cache.consistency import check_dataset
from dashboard.analysis.pair_text import error_sentence, hardest_pairs
from dashboard.analysis.slices import described, note, told
from dashboard.figures.separability import pair_figure
from dashboard.figures.theme import LIGHT
from dashboard.findings.choose import findings_of, headline_of
from dashboard.images.files_report import show_files_report
from dashboard.labels.copies import copies_of
from dashboard.labels.suspects import by_place
from dashboard.labels.worth import worth
from dashboard.maps.files import sheets_of
from dashboard.maps.in_use import title
from dashboard.run.data import (
    RunData,
    colours_of,
    folds_in,
    has_neighbourhoods,
    image_ids,
    judged_of,
    most_taught,
    neighbours_of,
    pixels,
    why_no_classifier,
)
from dashboard.run.fits import accuracy_path
from dashboard.run.predictions import cell_rows, untrained
from dashboard.run.provenance import stage_rows, stage_table
from dashboard.run.shared import forget_all
from dashboard.run.table import said_of
from dashboard.server import columns
from dashboard.statistics.class_order import similarity_order
from dashboard.statistics.cross_validation import cross_validation
from dashboard.statistics.learning_curve import learning_curve
from dashboard.statistics.scores import class_scores, confusion_matrix
from dashboard.wording.learning_curve import learning_sentences
from pipeline.api import (
    Slices,
    grid_cells,
    images_of,
    read_hit_rate,
    read_supports,
    setting_of,
    stored_maps,
)
from pipeline.cli.summary import run_summary

logging.disable(logging.WARNING)
warnings.simplefilter("ignore")


def read_everything(store: Store) -> None:
    """Open all results of a store, and read them as pages do.

    Raises
    ------
    LazybonesError
        If one is not as it must be.
    """
    forget_all()  # what was made of another store, whose results have the same keys
    for name in store.run_names():
        data = RunData(store, name)
        for stage in data.run.stages:
            _open(data.artefact(stage))
        _read_run(data)
        on_top = [store.artefact(*at) for at in store.artefacts() if at[1] not in data.run.stages.values()]
        for made in on_top:
            _open(made)
        for made in on_top:
            _read_on_top(data, made)


def _open(artefact: Artefact) -> None:
    for name in artefact.manifest.files:
        artefact.path(name)


def _read_run(data: RunData) -> None:
    dataset, said = data.artefact("dataset"), data.own_predictions
    check_dataset(dataset)
    k, n = data.n_classes, data.n_test
    matrix = confusion_matrix(data.test_labels, said.predicted, k)
    class_scores(matrix)
    similarity_order(matrix)
    cell_rows(said, 0, None)
    untrained(said, folds_in(data))
    judged_of(data), most_taught(data), colours_of(data), why_no_classifier(data), has_neighbourhoods(data)
    image_ids(data, "test", range(n)), image_ids(data, "train", [0]), pixels(data, "test", [0, n - 1])
    neighbours_of(data, n - 1)
    findings_of(data, said), headline_of(data, said)
    stage_table(stage_rows(data, said))
    run_summary(data.store, data.run)
    show_files_report(dataset.manifest.facts)
    images_of(dataset)
    [data.settings.relative(setting_of(said.artefact, row)) for row in range(len(said.artefact.array("C")))]
    accuracy_path(said.artefact, data)
    [said_of(dataset, row) for row in (0, n - 1)]
    found = data.artefact("validation")
    cross_validation(found.array("C"), found.array("accuracy"))
    _read_map(data)


def _read_map(data: RunData) -> None:
    said, projection, dataset = data.own_predictions, data.artefact("projection"), data.artefact("dataset")
    stored_maps(data.store, data.run)
    title(projection)
    columns.encode_points(projection.array("test"), data.test_labels, data.n_classes)
    columns.encode_cells(grid_cells(projection.array("test"))[2])
    columns.margin_range(said.margin, said.runner_up_margin)
    columns.encode_columns(said.predicted, said.runner_up, said.margin, said.runner_up_margin, data.n_classes)
    json.dumps(dataset.array("test_ids").tolist()).encode()
    facts = data.artefact("faithfulness").manifest.facts
    float(data.artefact("faithfulness").array("preserved").mean()), int(facts["k"])
    _open(data.artefact("thumbnails"))
    sheets, _ = sheets_of(data)
    assert sheets is not None
    rows = [data.artefact("thumbnails").path(f"sheet_{i}.webp").read_bytes() for i in range(len(sheets.urls))]
    assert all(rows)


def _read_on_top(data: RunData, made: Artefact) -> None:
    names, judged = data.class_names, judged_of(data)
    match made.manifest.stage:
        case "separability":
            error, margin = made.array("error"), made.array("margin")
            sentence = error_sentence(error, margin, names)
            pair_figure(error, names, LIGHT, sentence=sentence, means=True)
            pair_figure(made.array("neighbours"), names, LIGHT, sentence=sentence)
            hardest_pairs(error, 8)
        case "slices":
            slices = Slices.of(made)
            told(slices)
            [(one.name(names), one.rate, one.rest_rate, one.faces, note(one, names)) for one in slices.found]
            [described(one, names) for one in slices.found]
            data.artefact("dataset").array("test_ids")[[row for one in slices.found for row in one.members]]
        case "suspects":
            listed = by_place(data, made)
            [names[label] for label in (*listed.given, *listed.suggested)]
            np.argsort(listed.rank)
        case "duplicates":
            copies_of(data, made).leakage(data.own_predictions.predicted)
        case "hitrate":
            worth(read_hit_rate(made), 500)
        case "supports":
            found = read_supports(made, int(made.array("folds")[0]), [(0, 1), (0, len(names) - 1)])
            data.train_labels[[row for one in found.values() if one for row in one.rows]]
        case "learning":
            curve = learning_curve(made.array("sizes"), made.array("accuracy"), most_taught(data))
            learning_sentences(curve, judged)


def run_of(path: Path) -> Run:
    """Give the only run of a store."""
    store = Store(path)
    return store.run(store.run_names()[0])
