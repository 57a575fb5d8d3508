"""A run's colours are made of what its classifier confuses at the run's own C."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.colours.assignment import assign
from pipeline.colours.stage import ColoursStage
from pipeline.stages.contract import ensure
from tests.planted import PATH, Plan, planted_run


def by_hand(store, run, row):
    """Count what was taken for what, image by image, and assign."""
    dataset, classifier = (store.artefact(stage, run.stages[stage]) for stage in ("dataset", "classifier"))
    k = len(dataset.manifest.facts["class_names"])
    matrix = np.zeros((k, k), np.int64)
    for true, said in zip(
        dataset.array("test_labels"), classifier.array("predicted_label")[row], strict=True
    ):
        matrix[true, said] += 1
    return assign(matrix)


@pytest.mark.parametrize(("C", "row"), [(0.001, 0), (0.1, 2), (10.0, 4), (0.02, 1), (1000.0, 4)])
def test_colours_are_by_the_confusions(store, C, row):
    """At the run's C, or at the nearest on the path."""
    run = planted_run(store, plan=Plan("abcdefghijkl", n_train=120, n_test=240, noise=3.0))
    stored = ensure(store, ColoursStage(C), run.stages).array("colours")
    assert (stored.dtype, stored.shape) == (np.uint8, (12, 3))
    assert [f"#{bytes(colour).hex().upper()}" for colour in stored.tolist()] == by_hand(store, run, row)


def test_other_confusions_give_other_colours(store):
    """Else the stage would say nothing."""
    run = planted_run(store, plan=Plan("abcdefghijkl", n_train=120, n_test=240, noise=3.0))
    found = {ensure(store, ColoursStage(C), run.stages).array("colours").tobytes() for C in PATH}
    assert len(found) > 1
