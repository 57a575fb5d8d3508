"""The learning curve is what scikit-learn's machines do on the same parts of the training split."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.svm import SVC

from pipeline.errors import Cancelled, InvalidParameter
from pipeline.retraining.retrainer import Retrainer
from pipeline.stages.contract import ensure, find
from pipeline.stages.learning import DEFAULT_SIZES, LearningCurveStage, random_parts
from pipeline.svm.gram import Gram
from pipeline.svm.solvers import choose
from tests.pipeline.conftest import clouds
from tests.planted import Plan, planted_run


@pytest.fixture
def points(rng):
    """Three overlapping clouds, of which one is small."""
    found = clouds(rng, k=3, n=150, spread=2)
    kept = (found.train_labels != 2) | (np.arange(150) < 60)
    return found.train[kept], found.train_labels[kept], found.test, found.test_labels


@pytest.mark.parametrize("gamma", [None, "scale", 0.05])
def test_accuracy_is_that_of_svc_on_the_same_parts(points, gamma):
    """Size by size and seed by seed; a class with too few images gives all it has."""
    train, labels, test, test_labels = points
    stage = LearningCurveStage(0.1, (5, 30, 1000), 2, gamma)
    accuracy, facts = stage.measure(*points)
    assert accuracy.shape == (3, 2)
    assert facts["solver"] == "libsvm, one-vs-one"
    members = [np.flatnonzero(labels == label) for label in range(3)]
    scale = 1 / (train.shape[1] * train.astype(np.float64).var())
    options = {"kernel": "linear"} if gamma is None else {"gamma": scale if gamma == "scale" else gamma}
    parts = random_parts([len(rows) for rows in members], stage.sizes, 2)
    for part, found in zip(parts, accuracy.ravel(), strict=True):
        rows = np.concatenate([own[chosen] for own, chosen in zip(members, part, strict=True)])
        machine = SVC(C=0.1, **options).fit(train[rows], labels[rows])
        assert found == pytest.approx(machine.score(test, test_labels), abs=1 / 150)


@given(
    counts=st.lists(st.integers(1, 50), min_size=1, max_size=5),
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True).map(sorted),
    seeds=st.integers(1, 3),
)
def test_parts_grow_and_have_the_sizes_asked_for(counts, sizes, seeds):
    """Of one seed, a smaller part is in every larger one; each class gives its share or all it has."""
    parts = random_parts(counts, sizes, seeds)
    assert len(parts) == len(sizes) * seeds
    for number, part in enumerate(parts):
        size = sizes[number // seeds]
        assert [int(chosen.sum()) for chosen in part] == [min(size, count) for count in counts]
        if number >= seeds:
            smaller = parts[number - seeds]
            assert all((a <= b).all() for a, b in zip(smaller, part, strict=True))


def test_kept_inner_products_change_nothing(points):
    """A curve from what an earlier fit kept equals one from nothing."""
    stage, gram = LearningCurveStage(0.1, (5, 20), 2), Gram()
    LearningCurveStage(1.0, (10,), 1).measure(*points, gram=gram)
    np.testing.assert_array_equal(stage.measure(*points, gram=gram)[0], stage.measure(*points)[0])


def test_one_against_the_rest_has_a_curve_too(points, monkeypatch):
    """Where pairs are too large."""
    monkeypatch.setattr(choose, "MOST_ROWS_A_PAIR", 20)
    accuracy, facts = LearningCurveStage(0.1, (10, 30), 2).measure(*points)
    assert facts["solver"] == "liblinear, one-vs-rest"
    assert accuracy.shape == (2, 2)
    assert accuracy.mean() > 0.4


def test_a_curve_is_computed_once_and_found_again(store):
    """By its content: the same question has one answer, whoever asks."""
    run = planted_run(store, plan=Plan(noise=2))
    curve = LearningCurveStage(0.1, (2, 8), 3)
    assert find(store, curve, run.stages) is None
    found = Retrainer().ensure(store, curve, run.stages)
    seen = []
    same = LearningCurveStage(0.1, (8, 2), 3)
    again = ensure(store, same, run.stages, lambda *report: seen.append(report))
    assert (again.key, seen) == (found.key, [])
    assert find(store, curve, run.stages).key == found.key
    assert found.array("sizes").tolist() == [2, 8]
    assert found.array("accuracy").shape == (2, 3)
    assert found.array("accuracy")[1].mean() > found.array("accuracy")[0].mean()
    assert found.manifest.facts["C"] == 0.1


def test_cancelling_leaves_nothing_behind(store):
    """No artefact, and the next one works."""
    run = planted_run(store)

    def cancel(done, total, what):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        ensure(store, LearningCurveStage(0.1, (2,), 1), run.stages, cancel)
    assert find(store, LearningCurveStage(0.1, (2,), 1), run.stages) is None
    assert ensure(store, LearningCurveStage(0.1, (2,), 1), run.stages).array("accuracy").shape == (1, 1)


@pytest.mark.parametrize(
    "parameters", [{"C": 0}, {"sizes": ()}, {"sizes": (0,)}, {"sizes": (1.5,)}, {"sizes": 10}, {"seeds": 0}]
)
def test_wrong_parameters_are_refused(parameters):
    """In the usual sentence."""
    with pytest.raises(InvalidParameter, match=r"of learning curve must be .+ Got"):
        LearningCurveStage(**{"C": 0.1, **parameters})


def test_the_default_sizes_reach_the_published_experiments():
    """From 10 to the 1,000 images a class of CIFAR-10's first batch."""
    assert (DEFAULT_SIZES[0], DEFAULT_SIZES[-1]) == (10, 1000)
