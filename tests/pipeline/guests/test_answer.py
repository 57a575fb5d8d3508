"""What a run says of a guest, made of a run's own images and of what lies between them."""

import numpy as np
import pytest

from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.cli.terminal import TerminalReporter
from pipeline.extractors.pixels import Pixels
from pipeline.guests.answer import VOTERS, Reference
from pipeline.maps.methods import with_map
from pipeline.projections.pca import PCA
from pipeline.projections.tsne import TSNE
from pipeline.recipe import Recipe
from pipeline.retraining.retrainer import find_fit
from pipeline.retraining.setting import run_settings
from pipeline.run import run
from pipeline.sources.digits import Digits
from pipeline.stages.contract import ensure
from tests.planted import planted_run


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """One store for all: what is computed once is found."""
    from cache import Store

    return Store(tmp_path_factory.mktemp("store"))


def reference(store, **judged):
    """Make a run of digits, and open it."""
    recipe = Recipe(
        Digits(limit=200, **judged), Pixels(), LinearSVM(path=(0.05,), C=0.05), TSNE(perplexity=12)
    )
    made = run(recipe, store, TerminalReporter())
    own = find_fit(store, made, run_settings(store, made).own)
    return made, own, Reference.of(store, made.stages, own)


@pytest.mark.parametrize("judged", [{}, {"evaluation": "folds"}, {"explore": "all"}])
def test_an_image_of_the_run_returns_itself(store, judged):
    """At distance 0, on its own place, with the prediction that is stored: whoever has judged it."""
    _, (fit, row), asked = reference(store, **judged)
    points, features = asked.laid_out.array("test"), asked.features.array("test")
    for number in range(0, len(features), 9):
        said = asked.answer(np.array(features[number]))
        assert (said.copy.split, said.copy.distance) == ("test", 0)
        assert said.shown[0].distance == 0
        assert said.place == tuple(points[said.copy.row].tolist())
        assert said.ranking.predicted == fit.array("predicted_label")[row, said.copy.row]
        assert 0 <= said.agree <= said.voters <= VOTERS


def test_a_training_image_returns_itself_too(store):
    """Its own vote is not counted."""
    _, (fit, row), asked = reference(store)
    labels = asked.dataset.array("train_labels")
    for number in range(0, 200, 19):
        said = asked.answer(np.array(asked.features.array("train")[number]))
        assert (said.copy.split, said.copy.row, said.copy.distance) == ("train", number, 0)
        assert said.taught[0].label == labels[number]
        assert said.ranking.predicted == fit.array("train_predicted_label")[row, number]
        apart = np.linalg.norm(asked.features.array("train") - asked.features.array("train")[number], axis=1)
        voters = labels[np.argsort(apart, kind="stable")[1 : VOTERS + 1]]
        assert said.votes == {int(label): int((voters == label).sum()) for label in said.votes}
        assert said.voters == VOTERS


def test_a_guest_has_neighbours_votes_and_a_place(store):
    """All by brute force; nothing else moves, and it is the same each time."""
    _, _, asked = reference(store)
    train, test = (np.array(asked.features.array(split)) for split in ("train", "test"))
    guest = (train[3] + test[8]) / 2
    said = asked.answer(guest)
    assert said.copy is None
    order = np.argsort(np.linalg.norm(test - guest, axis=1), kind="stable")[:6]
    assert [one.row for one in said.shown] == order.tolist()
    assert said.shown[0].distance == pytest.approx(float(np.linalg.norm(test[order[0]] - guest)), rel=1e-5)
    points = asked.laid_out.array("test")
    assert (points.min(axis=0) <= said.place).all()
    assert (points.max(axis=0) >= said.place).all()
    assert 0 < said.kept <= said.of == VOTERS
    again = asked.answer(guest)
    assert (again.place, again.votes, again.novelty) == (said.place, said.votes, said.novelty)


@pytest.mark.parametrize("method", [PCA(), TSNE(perplexity=5)])
def test_another_map_has_another_place_for_it(store, method):
    """That of the map which is shown."""
    made, own, _ = reference(store)
    other = with_map(made, ensure(store, method, made.stages))
    asked = Reference.of(store, other.stages, own)
    said = asked.answer(np.array(asked.features.array("test")[5]))
    np.testing.assert_allclose(said.place, asked.laid_out.array("test")[5], rtol=1e-5)


def test_without_classes_there_are_neighbours_and_a_place(store):
    """And nobody who predicts."""
    made = planted_run(store, "bare", labelled=False)
    said = Reference.of(store, made.stages).answer(
        np.array(store.artefact("features", made.stages["features"]).array("test")[4])
    )
    assert (said.ranking, said.votes, said.agree) == (None, {}, 0)
    assert said.copy.row == 4
    assert said.place is not None


def test_what_all_guests_need_is_computed_once(store):
    """And kept in the store, on top of the run."""
    _, _, asked = reference(store)
    asked.prepare()
    before = sorted(store.artefacts())
    asked.answer(np.array(asked.features.array("test")[5]) * np.float32(1.1))
    assert sorted(store.artefacts()) == before
    assert {"novelty", "machines", "placing"} <= {stage for stage, _ in before}
