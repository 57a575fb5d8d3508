"""The numbers of the Overview: what they are measured against, and what they do not say."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData, has_neighbourhoods
from dashboard.run.predictions import untrained
from dashboard.views.overview import _always_the_largest, _numbers
from dashboard.views.retrain import machines
from dashboard.wording.comparison import untrained_sentence
from tests.planted import Plan, planted_run


def context_of(store, labels=None) -> ViewContext:
    """Open the planted run; with other true labels in the test split."""
    data = RunData(store, "planted")
    if labels is not None:
        data.test_labels = labels
    return ViewContext(store, data, data.own_predictions, ViewState(run="planted"))


def test_the_largest_class_is_the_baseline(store):
    """499 to 1 is no 50 %."""
    planted_run(store)
    data = RunData(store, "planted")
    data.train_labels, data.test_labels = np.repeat([0, 1], [499, 1]), np.repeat([0, 1], [499, 1])
    row = _always_the_largest(data)
    assert (row.value, row.label) == (499 / 500, "Always the largest class")
    assert row.note == f"{data.class_names[0]}, the largest of the training split: 499 test images"


def test_unequal_classes_have_a_balanced_accuracy(store):
    """Equal ones do not: it would be the same number."""
    planted_run(store)
    assert "Balanced accuracy" not in _numbers(context_of(store))
    labels = RunData(store, "planted").test_labels
    assert "Balanced accuracy" in _numbers(
        context_of(store, np.where(labels == 1, 0, labels).astype(np.int16))
    )


def test_a_class_without_training_images_says_why_its_recall_is_zero(store):
    """By name, as Markdown that is only text; others say nothing."""
    planted_run(store)
    said = context_of(store).predictions
    assert untrained(said) == []
    assert untrained(replace(said, train_labels=np.where(said.train_labels == 2, 0, said.train_labels))) == [
        2
    ]
    sentence = untrained_sentence([1], ["a", "*b*"])
    assert "recall is 0" in sentence
    assert r"**\*b\***" in sentence
    assert untrained_sentence([], ["a"]) == ""
    assert "7 more classes" in untrained_sentence(range(12), list("abcdefghijkl"))


@pytest.mark.parametrize(("n", "chosen"), [(21, False), (22, True)])
def test_where_all_are_neighbours_none_are_kept(store, n, chosen):
    """With 20 neighbours of 20 others, any map keeps all of them."""
    planted_run(store, plan=Plan(n_test=n))
    assert has_neighbourhoods(RunData(store, "planted")) is chosen


@pytest.mark.parametrize(
    ("solver", "support", "words"),
    [
        ("libsvm", [3], "1 pair of classes"),
        ("libsvm", [3, 1, 2], "3 pairs of classes"),
        ("liblinear, one-vs-rest", [7] * 200, "200 machines, each class against all others"),
        ("liblinear, one-vs-rest", [7, 0, 7], "2 machines, each class against all others"),
    ],
)
def test_support_vectors_are_those_of_the_machines_there_are(solver, support, words):
    """One-vs-rest has a machine a class, and no pairs."""
    classifier = SimpleNamespace(manifest=SimpleNamespace(facts={"solver": solver}))
    assert machines(classifier, np.array(support, np.int32)) == words
