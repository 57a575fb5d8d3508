"""The numbers of the Overview: what they are measured against, and what they do not say."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from dashboard.analysis.penalty_path import machines
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData, has_neighbourhoods
from dashboard.run.predictions import untrained
from dashboard.views.overview import averages
from dashboard.wording.comparison import untrained_sentence
from tests.planted import Plan, planted_run


def context_of(store, labels=None) -> ViewContext:
    """Open the planted run; with other true labels in the test split."""
    data = RunData(store, "planted")
    said = data.own_predictions if labels is None else replace(data.own_predictions, test_labels=labels)
    return ViewContext(store, data, said, ViewState(run="planted"))


def test_unequal_classes_have_a_mean_recall(store):
    """Equal ones do not: it would be the accuracy again."""
    planted_run(store)
    assert "recall" not in averages(context_of(store))
    labels = RunData(store, "planted").test_labels
    assert "recall" in averages(context_of(store, np.where(labels == 1, 0, labels).astype(np.int16)))


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
        ("libsvm", [3], "1 SVM"),
        ("libsvm", [3, 1, 2], "3 SVMs, one a pair of classes"),
        ("liblinear, one-vs-rest", [7] * 200, "200 SVMs, each class against all others"),
        ("liblinear, one-vs-rest", [7, 0, 7], "2 SVMs, each class against all others"),
    ],
)
def test_support_vectors_are_those_of_the_machines_there_are(solver, support, words):
    """One-vs-rest has a machine a class, and no pairs."""
    classifier = SimpleNamespace(manifest=SimpleNamespace(facts={"solver": solver}))
    assert machines(classifier, np.array(support, np.int32)) == words
