"""Which images are the same picture: by their places, in the list, in the browser, and in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dashboard.labels.copies import (
    ALONE,
    SHOWN,
    copies_message,
    copies_of,
    found_copies,
    together,
    told,
    told_of_two_labels,
)
from dashboard.run.data import RunData, judged_of
from pipeline.api import DuplicatesStage, Leakage, ensure, images_of
from tests.planted import NAMES, Plan, planted_run

N_TEST, N_TRAIN = 40, 60
TWO = [4, 9]
"""Test images of classes 0 and 1 that show one picture."""


@pytest.fixture
def data(store):
    """A planted run in which one picture stands in two classes, and training images are copies of test images."""
    planted_run(store, plan=Plan(noise=2.5, n_train=N_TRAIN, n_test=N_TEST, copies=[(9, 4)]))
    return RunData(store, "planted")


@pytest.fixture
def copies(store, data):
    """Its copies, searched by the real stage."""
    return copies_of(data, ensure(store, DuplicatesStage(), data.run.stages))


def test_copies_are_told_by_places(data, copies):
    """Test images first; a training image with the pixels and the features of a test image is its copy."""
    images = images_of(data.artefact("dataset"))
    assert len(copies.same) == len(images) == N_TEST + N_TRAIN
    assert copies.pictures == 1
    assert np.flatnonzero(copies.kinds["labels"]).tolist()[:2] == TWO
    both = np.flatnonzero(copies.kinds["leaked"])
    learnt = {images.ids[place].replace("train", "test") for place in both if images.splits[place] == "train"}
    assert {images.ids[place] for place in both if images.splits[place] == "test"} >= learnt - {"test/0009"}
    assert (copies.kinds["same"] <= copies.kinds["near"]).all()
    assert ((copies.same == ALONE) == ~copies.kinds["same"]).all()


def test_nothing_is_known_until_somebody_has_searched(store, data):
    """The Overview only looks."""
    assert found_copies(data) is None
    ensure(store, DuplicatesStage(), data.run.stages)
    assert found_copies(data).pictures == 1


def test_copies_stand_side_by_side():
    """In the order of the first of each group."""
    assert together(np.array([3, 0, 2, 1]), np.array([7, 5, 5, 7])).tolist() == [3, 0, 2, 1]
    assert together(np.array([3, 2, 0, 1]), np.array([7, 5, 5, 7])).tolist() == [3, 0, 2, 1]


def test_the_browser_is_told_of_the_copies_of_what_is_listed(data, copies):
    """Of each class one before others, and never more than it shows; nothing where nobody has searched."""
    labels = np.concatenate([data.test_labels, data.train_labels])
    alone = int(np.flatnonzero(copies.near == ALONE)[0])
    at = np.array([9, alone])

    def named(places):
        return [f"image {place}" for place in places.tolist()]

    found = copies_message(copies, labels, at, named, lambda place: "test" if place < N_TEST else "train")
    assert found["group"] == [0, -1]
    (group,) = found["groups"]
    assert set(TWO) <= set(group["number"])
    assert group["total"] == np.count_nonzero(copies.near == copies.near[9])
    assert {NAMES[label] for label in group["label"][:2]} == {"circle", "square"}
    assert group["name"] == [f"image {place}" for place in group["number"]]
    many = replace(copies, near=np.zeros_like(copies.near))
    (group,) = copies_message(many, labels, at, named, lambda _: "test")["groups"]
    assert (group["total"], len(group["number"])) == (N_TEST + N_TRAIN, SHOWN + 1)
    assert sorted(group["label"][:4]) == [0, 1, 2, 3]
    assert copies_message(None, labels, at, named, lambda _: "test") is None


def test_what_an_accuracy_owes_to_copies_is_said(data, copies):
    """How many test images were learnt from, and the accuracy without them; nothing where there are none."""
    judged = judged_of(data)
    leakage = copies.leakage(data.own_predictions.predicted)
    assert leakage.n_leaked == np.count_nonzero(copies.kinds["leaked"][:N_TEST])
    words = told(copies, Leakage(40, 12, 0.75, 0.7, 0.9), judged)
    assert words.endswith(
        "**12** of 40 test images have copies among the training images that were learnt from: accuracy is **75.0%**, "
        "**70.0%** without them."
    )
    assert "learnt from" not in told(copies, Leakage(40, 0, 0.75, 0.75, np.nan), judged)
    assert told_of_two_labels(copies).startswith("This picture stands in two classes")
