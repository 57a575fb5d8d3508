"""How far judged images are from what their judge has learnt from, and what is farther than that."""

import numpy as np
import pytest

from pipeline.compute.rows import as_rows
from pipeline.extractors.pixels import Pixels
from pipeline.guests.novelty import FEWEST, Novelty, NoveltyStage, evened, novelty_of, to_nearest
from pipeline.sources.digits import Digits
from pipeline.stages.contract import ensure
from pipeline.stages.evaluation import features_of, folds_of
from tests.planted import planted_run


def made(store, source):
    """Make a data set and its features, and measure it."""
    dataset = ensure(store, source, {})
    features = ensure(store, Pixels(), {"dataset": dataset.key})
    keys = {"dataset": dataset.key, "features": features.key}
    return dataset, features, ensure(store, NoveltyStage(), keys)


def evened_distances(dataset, features):
    """Give the distances between the signed roots of rows, of length 1, by brute force."""

    def rows(split):
        found = np.array(features_of(features, dataset, split), float)
        roots = np.sign(found) * np.sqrt(np.abs(found))
        return roots / np.linalg.norm(roots, axis=1, keepdims=True)

    return np.sqrt(((rows("test")[:, np.newaxis] - rows("train")) ** 2).sum(axis=2))


def of_three(distances):
    """Give the mean of the three lowest in each row."""
    return np.sort(distances, axis=1)[:, :3].mean(axis=1)


@pytest.mark.parametrize("at_once", [512, 37])
def test_distances_are_those_of_brute_force(store, monkeypatch, at_once):
    """In blocks of any size."""
    monkeypatch.setattr("pipeline.guests.novelty.ROWS_AT_ONCE", at_once)
    dataset, features, found = made(store, Digits(limit=120))
    np.testing.assert_allclose(
        found.array("distances"), of_three(evened_distances(dataset, features)), atol=1e-6
    )


def test_what_is_held_out_together_does_not_count(store):
    """Near-duplicates are in one fold: with them, every stranger would look unusual."""
    dataset, features, found = made(store, Digits(limit=90, evaluation="folds"))
    folds, apart = folds_of(dataset), evened_distances(dataset, features)
    apart[folds.test[:, np.newaxis] == folds.train] = np.inf
    np.testing.assert_allclose(found.array("distances"), of_three(apart), atol=1e-6)


def test_an_image_without_classes_is_not_its_own_neighbour(store):
    """Where training images are the judged ones and nothing is held out."""
    run = planted_run(store, labelled=False)
    found = ensure(store, NoveltyStage(), run.stages)
    assert (found.array("distances") > 0).all()


def test_a_percentile_is_the_share_of_those_that_are_nearer(store):
    """Beyond the 99th, where there are images enough to tell: else nothing is unusual."""
    _, _, found = made(store, Digits(limit=120))
    known = np.sort(found.array("distances"))
    assert novelty_of(found, float(known[60])).percentile == 50
    assert novelty_of(found, 0.0) == Novelty(0.0, 0.0, 120)
    assert novelty_of(found, 2.0).unusual
    assert not novelty_of(found, float(known[-2])).unusual
    assert not Novelty(2.0, 100.0, FEWEST - 1).unusual


def test_a_row_alone_is_measured_as_all_are(store):
    """A judged image that comes as a guest has its own distance."""
    _, features, found = made(store, Digits(limit=120))
    train = as_rows(features.array("train"))
    alone = [to_nearest(np.array(row), train) for row in features.array("test")[:20]]
    np.testing.assert_allclose(alone, found.array("distances")[:20], rtol=1e-5)
    assert to_nearest(np.ones(64, np.float32), as_rows(np.empty((0, 64), np.float32))) == np.inf


def test_how_strong_features_are_does_not_count(rng):
    """Rows of any length, of both signs; one of nothing stays."""
    rows = rng.normal(size=(5, 30)).astype(np.float32)
    rows[2] = 0
    np.testing.assert_allclose(evened(rows * 7), evened(rows), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(evened(rows), axis=1), [1, 1, 0, 1, 1], rtol=1e-6)
    assert (np.sign(evened(rows)) == np.sign(rows)).all()
