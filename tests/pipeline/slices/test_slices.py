"""Slices: a planted one is found, none is where there is no difference, and they are the same each time."""

import json

import numpy as np
import pytest

from pipeline.cli import main
from pipeline.compute.rows import ArrayRows
from pipeline.errors import Cancelled, InvalidParameter
from pipeline.retraining.retrainer import find_fit
from pipeline.slices.candidates import ANY_CLASS, SMALLEST, candidates
from pipeline.slices.evidence import holding
from pipeline.slices.result import Slices
from pipeline.slices.stage import SlicesStage
from pipeline.stages.contract import ensure
from tests.hostile_names import NAMES
from tests.planted import Plan, linear, planted_run


@pytest.fixture
def clouds(rng):
    """Ten clouds of 120 images each in 20 dimensions, of four classes."""
    centres = rng.normal(0, 4, (10, 20))
    cloud = np.repeat(np.arange(10), 120)
    features = (centres[cloud] + rng.normal(size=(1200, 20))).astype(np.float32)
    return ArrayRows(features), (np.arange(1200) % 4).astype(np.int16), cloud


def test_a_cloud_with_more_errors_is_found(clouds, rng):
    """And is listed once, though it is looked at at four granularities."""
    features, labels, cloud = clouds
    wrong = rng.random(1200) < np.where(cloud == 3, 0.5, 0.1)
    first, *more = holding(candidates(features, labels), labels, wrong)
    assert (cloud[first.members] == 3).mean() > 0.9
    assert wrong[first.members[: first.errors]].all()
    assert not wrong[first.members[first.errors :]].any()
    assert first.low > first.rest_errors / first.rest
    assert first.low < first.errors / len(first.members) < first.high
    assert all(len(set(one.members[: one.errors]) & set(first.members)) <= one.errors / 2 for one in more)


def test_a_class_that_is_worse_in_one_place_is_compared_with_its_own_kind(clouds, rng):
    """All of it is worse than other classes, which is no slice of it."""
    features, labels, cloud = clouds
    share = np.where(labels == 2, np.where(np.isin(cloud, (1, 2)), 0.95, 0.3), 0.02)
    wrong = rng.random(1200) < share
    found = [one for one in holding(candidates(features, labels), labels, wrong) if one.label == 2]
    assert found
    assert np.isin(cloud[found[0].members[: found[0].errors]], (1, 2)).mean() > 0.8
    assert (labels[found[0].members] == 2).all()
    assert found[0].rest + len(found[0].members) == 300


def test_without_a_difference_at_most_one_classifier_in_twenty_has_a_slice(clouds, rng):
    """Whatever its errors are, as long as they are anywhere."""
    features, labels, _ = clouds
    parts = candidates(features, labels)
    assert len(parts) > 40
    some = [
        bool(holding(parts, labels, rng.random(1200) < rate)) for rate in (0.05, 0.2, 0.5) for _ in range(100)
    ]
    assert np.mean(some) <= 0.05


def test_parts_are_large_enough_and_each_is_looked_at_once(clouds):
    """The same ones each time."""
    features, labels, _ = clouds
    parts, again = candidates(features, labels), candidates(features, labels)
    assert all(len(part.members) >= SMALLEST for part in parts)
    assert len({tuple(sorted(part.members)) for part in parts}) == len(parts)
    assert all(part.label == ANY_CLASS or (labels[part.members] == part.label).all() for part in parts)
    for one, other in zip(parts, again, strict=True):
        np.testing.assert_array_equal(one.members, other.members)


@pytest.mark.parametrize("n", [1, 20, 159, 200])
def test_of_few_or_equal_images_there_is_no_slice(n):
    """Nor of one class, nor where all are wrong or right."""
    labels = np.zeros(n, np.int16)
    parts = candidates(ArrayRows(np.ones((n, 3), np.float32)), labels)
    for wrong in (np.zeros(n, bool), np.ones(n, bool)):
        assert holding(parts, labels, wrong) == []


def test_it_stops_when_told_to(clouds):
    """What the progress raises goes through."""
    features, labels, _ = clouds

    def stop(done, total, what):
        raise Cancelled("Stop.")

    with pytest.raises(Cancelled):
        candidates(features, labels, progress=stop)


def test_a_runs_slices_are_kept_in_the_store_and_told(store, capsys):
    """With their faces and names; at a C of the classifier, and no other."""
    run = planted_run(store, plan=Plan(n_train=200, n_test=900, noise=1.6, class_names=NAMES[:4]))
    path, row = find_fit(store, run, linear(0.1))
    made = ensure(store, SlicesStage(0.1), run.stages)
    found, dataset = Slices.of(made), store.artefact("dataset", run.stages["dataset"])
    wrong = path.array("predicted_label")[row] != dataset.array("test_labels")
    assert (found.images, found.errors) == (900, wrong.sum())
    assert found.looked_at > 10
    for one in found.found:
        assert wrong[one.faces].all()
        assert len(one.faces) <= 6
        assert sum(part.count for part in one.taken) <= one.errors
    with pytest.raises(InvalidParameter, match=r"must be one that the classifier has: 0\.001, 0\.01, 0\.1"):
        ensure(store, SlicesStage(0.3), run.stages)
    assert main.main(["slices", run.name, "--cache", str(store.root)]) == 0
    assert "of 900 judged images are wrong." in capsys.readouterr().out
    assert main.main(["slices", run.name, "--json", "--cache", str(store.root)]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["slices"], len(data["found"])) == (made.key, len(found.found))


def test_a_run_without_a_classifier_has_none(store, capsys):
    """It says why."""
    planted_run(store, "plain", labelled=False)
    assert main.main(["slices", "plain", "--cache", str(store.root)]) == 1
    assert "A run must have a classifier to have slices." in capsys.readouterr().err
