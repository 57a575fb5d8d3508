"""Which findings a run has, and how good it is said to be."""

from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from dashboard.findings.choose import findings_of, headline_of
from dashboard.findings.headline import headline
from dashboard.findings.labels import two_labels, wrong_labels
from dashboard.labels.suspects import most_suspect
from dashboard.labels.worth import found_hit_rate
from dashboard.run.data import RunData
from pipeline.api import DuplicatesStage, Estimate, HitRateStage, SuspectsStage, ensure, keys_of_hit_rate
from tests.planted import Plan, linear, planted_run


@pytest.fixture
def data(store):
    """Open a planted run whose best C by cross-validation is 0.01."""
    planted_run(store)
    return RunData(store, "planted")


def test_the_findings_of_a_planted_run_are_its_truth(data):
    """The C that was planted as the best, the pair that is confused most, images that are wrong; weightiest first."""
    said = data.own_predictions
    found = {finding.key: finding for finding in findings_of(data, said)}
    assert found["setting"].use == linear(0.01)
    assert found["setting"].evidence.changes["asked"] == data.settings.relative(linear(0.01))
    moving = data.predictions(linear(0.01)).correct != said.correct
    assert all(moving[row] for row in found["setting"].shown())
    wrong = said.predicted != said.test_labels
    pair = found["pair"].evidence.changes
    both = np.isin(said.test_labels, [pair["true_label"], pair["predicted_label"]])
    assert all((both & wrong)[row] for row in found["pair"].shown())
    weights = [finding.weight for finding in findings_of(data, said)]
    assert weights == sorted(weights, reverse=True)


def test_at_the_best_setting_no_other_is_better(data):
    """The finding goes when its button was pressed."""
    keys = [finding.key for finding in findings_of(data, data.predictions(linear(0.01)))]
    assert "setting" not in keys


def test_a_setting_that_was_never_cross_validated_is_not_compared(store):
    """Without the stage, or at a penalty beside its path."""
    planted_run(store, without=("validation",))
    data = RunData(store, "planted")
    assert "setting" not in [finding.key for finding in findings_of(data, data.own_predictions)]


def test_a_perfect_classifier_has_nothing_to_find(store):
    """No errors, no pair, no class; a better setting cannot be."""
    planted_run(store, plan=Plan(noise=0.0), without=("validation",))
    data = RunData(store, "planted")
    assert data.own_predictions.n_correct == data.n_test
    assert findings_of(data, data.own_predictions) == ()
    assert headline_of(data, data.own_predictions).title == "80 of 80 test images are right"


def test_a_run_is_compared_with_the_other_run_and_with_guessing(store):
    """From both sides; equal classes are guessed, of unequal ones the largest is always said."""
    planted_run(store)
    alone = RunData(store, "planted")
    told = headline_of(alone, alone.own_predictions)
    assert told.rival == ""
    assert "than guessing would get" in told.sentences
    planted_run(store, "planted-hog", extractor="hog")
    rich, hog = RunData(store, "planted"), RunData(store, "planted-hog")
    gain = 100 * (rich.own_predictions.accuracy - hog.own_predictions.accuracy)
    said = headline_of(rich, rich.own_predictions)
    assert said.rival == "planted-hog"
    assert f"<b>{gain:.1f} points more</b> than with hog.bin" in said.sentences
    back = headline_of(hog, hog.own_predictions)
    assert f"<b>{gain:.1f} points fewer</b> than with planted.bin" in back.sentences


def test_a_difference_that_can_be_chance_is_not_called_one(data):
    """Two that answer alike are about as good."""
    told = headline(data, data.own_predictions, RunData(data.store, "planted"))
    assert "about as many as with planted.bin" in told.sentences


def test_unequal_classes_are_compared_with_the_largest(data):
    """Of the judged images: another one is the largest among those that were learnt from."""
    data.train_labels, labels = np.repeat([0, 1], [1, 499]), np.repeat([0, 1], [72, 8]).astype(np.int16)
    said = replace(data.own_predictions, test_labels=labels)
    said.__dict__["predicted"] = labels
    assert "10.0 points more</b> than always answering “circle”" in headline(data, said, None).sentences
    said.__dict__["predicted"] = np.zeros_like(labels)
    del said.__dict__["correct"], said.__dict__["n_correct"]
    assert "as many as always answering “circle” would get" in headline(data, said, None).sentences


def test_published_numbers_stand_beside_the_published_split_only(data, monkeypatch):
    """87.4% means nothing beside other images."""
    assert "87.4%" not in headline(data, data.own_predictions, None).sentences
    labels = np.concatenate([data.train_labels, data.test_labels]).astype("u1").tobytes()
    monkeypatch.setattr("dashboard.run.features._PUBLISHED_LABELS", sha256(labels).hexdigest())
    assert "87.4%" in headline(data, data.own_predictions, None).sentences


def test_suspect_labels_are_found_once_they_are_measured(store):
    """Falsified on purpose in a planted run: nothing is said before, and then the falsified ones are shown."""
    planted_run(store, plan=Plan(noise=0.4, n_train=200, n_test=200))
    data = RunData(store, "planted")
    assert "labels" not in [finding.key for finding in findings_of(data, data.own_predictions)]
    for stage in (SuspectsStage(), HitRateStage()):
        ensure(store, stage, keys_of_hit_rate(data.run.stages))
    told = wrong_labels(found_hit_rate(data), 400, most_suspect(data, 3))
    assert told is None or told.evidence.page == "labels"
    rate = replace(found_hit_rate(data), in_first_50=Estimate(21.4, 10, 34), wrong=Estimate(40, 20, 60))
    found = wrong_labels(rate, 400, (5, 3))
    assert found.sentence.startswith("<b>21</b> of the 50 labels")
    assert found.sentence.endswith("(10 to 34).")
    assert found.shown() == [5, 3]
    assert wrong_labels(rate, 40, (5,)) is None


def test_pictures_in_two_classes_are_found_once_they_are_searched(store):
    """With both copies as its first images; nothing is said where no picture is in two classes."""
    planted_run(store, plan=Plan(copies=[(9, 4)]))
    data = RunData(store, "planted")
    assert "copies" not in [finding.key for finding in findings_of(data, data.own_predictions)]
    ensure(store, DuplicatesStage(), data.run.stages)
    found = {finding.key: finding for finding in findings_of(data, data.own_predictions)}["copies"]
    assert found.sentence.startswith("<b>1 picture stands</b> in two classes")
    assert found.shown() == [4, 9]
    assert (found.evidence.page, found.evidence.changes["copies"]) == ("labels", "labels")
    assert two_labels(25, 1240, (1, 2)).sentence.startswith("<b>25 pictures stand</b>")
    assert two_labels(0, 80, ()) is None
