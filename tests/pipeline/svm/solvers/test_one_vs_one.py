"""What libsvm gives up on is not tried again where it is known to be hard, in whatever pieces the fits are done."""

import numpy as np
import pytest
from sklearn.svm import SVC

from pipeline.compute import memory
from pipeline.stages.validation import ValidationStage
from pipeline.svm.solvers import choose, pairs
from tests.pipeline.conftest import clouds

PATH = (1e-3, 1.0, 10.0, 100.0)


@pytest.fixture
def points(rng):
    """Three clouds that overlap so much that a large C is hard."""
    return clouds(rng, k=3, n=180, d=5, spread=4)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Solve pair by pair, and give up after two steps a row: at the smallest C that is enough, then it is not."""
    monkeypatch.setattr(choose, "SMALL_PAIR", 0)
    monkeypatch.setattr(pairs, "LEAST_STEPS", 1)
    monkeypatch.setattr(pairs, "STEPS_PER_ROW", 2)


def validated(points):
    """Validate a path, five folds."""
    return ValidationStage(path=PATH).validate(points.train, points.train_labels)


def test_a_hard_pair_is_tried_once_and_not_at_every_larger_c_and_fold(points, monkeypatch):
    """Three pairs and five folds: the smallest C everywhere, the next one in one fold; not 60 calls."""
    calls, fit = [], SVC.fit
    monkeypatch.setattr(SVC, "fit", lambda *arguments: calls.append(1) or fit(*arguments))
    _, facts = validated(points)
    assert len(calls) == 3 * 5 + 3
    assert "45 of 60" in facts["solver_note"]


@pytest.mark.parametrize("fits", [0, 4, 12])
def test_pieces_change_nothing(points, monkeypatch, fits):
    """One, two and six fits at a time: the same accuracies, and the same fits by the other method."""
    wanted = validated(points)
    counts = np.bincount(points.train_labels).tolist()
    monkeypatch.setattr(memory, "available", lambda kept=0: fits * memory.bytes_per_fit(counts, 5))
    accuracy, facts = validated(points)
    np.testing.assert_array_equal(accuracy, wanted[0])
    assert facts == wanted[1]
