"""The machines that judge guests are those that have judged a run's own images."""

import numpy as np
import pytest

from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.classifiers.rbf_svm import RBFSVM
from pipeline.extractors.pixels import Pixels
from pipeline.guests.answer import judge_of
from pipeline.guests.machines import MachinesStage, read_machines
from pipeline.retraining.judging import Judge
from pipeline.sources.digits import Digits
from pipeline.stages.contract import ensure
from pipeline.stages.evaluation import features_of, folds_of


def made(store, source, classifier):
    """Make a data set, its features and a classifier."""
    dataset = ensure(store, source, {})
    features = ensure(store, Pixels(), {"dataset": dataset.key})
    keys = {"dataset": dataset.key, "features": features.key}
    return dataset, features, ensure(store, classifier, keys), keys


def rankings(store, keys, judge, dataset, features, rows):
    """Give what kept machines say of some rows of features."""
    fitted = read_machines(ensure(store, MachinesStage.of(judge), keys), dataset, features)
    return [fitted.judge(np.array(row)) for row in rows]


@pytest.mark.parametrize("classifier", [LinearSVM(path=(0.05,), C=0.05), RBFSVM(path=(2.0,), C=2.0)])
@pytest.mark.parametrize("way", ["pairs", "rest", "many classes", "part"])
def test_they_say_what_is_stored(store, classifier, way, monkeypatch):
    """Of test and training images: label, runner-up and margin, whatever the machines are made of."""
    if way == "rest" and classifier.NAME == "linear-svm":
        monkeypatch.setattr("pipeline.svm.solvers.choose.MOST_ROWS_A_PAIR", 20)
    if way == "many classes":
        monkeypatch.setattr("pipeline.svm.solvers.choose.MOST_CLASSES_WITH_WEIGHTS", 2)
    if way == "part":
        classifier = type(classifier)(**{**classifier.parameters, "per_class": 12})
    dataset, features, fit, keys = made(store, Digits(limit=300), classifier)
    judge = judge_of(fit, 0)
    said = rankings(store, keys, judge, dataset, features, features.array("test")[:60])
    assert [one.predicted for one in said] == fit.array("predicted_label")[0, :60].tolist()
    assert [one.runner_up for one in said] == fit.array("runner_up_label")[0, :60].tolist()
    lead = fit.array("runner_up_margin")[0, :60]
    np.testing.assert_allclose([one.lead for one in said], lead, rtol=1e-3, atol=1e-3)
    of_train = rankings(store, keys, judge, dataset, features, features.array("train")[:60])
    assert [one.predicted for one in of_train] == fit.array("train_predicted_label")[0, :60].tolist()


def test_a_fold_is_judged_by_machines_that_have_not_seen_it(store):
    """As the images that a run judges out of fold."""
    dataset, features, fit, keys = made(
        store, Digits(limit=90, evaluation="folds"), LinearSVM(path=(0.1,), C=0.1)
    )
    folds = folds_of(dataset).test
    for fold in np.unique(folds)[:2]:
        rows = np.flatnonzero(folds == fold)[:20]
        said = rankings(
            store,
            keys,
            Judge(0.1, fold=int(fold)),
            dataset,
            features,
            features_of(features, dataset, "test")[rows],
        )
        assert [one.predicted for one in said] == fit.array("predicted_label")[0, rows].tolist()


def test_every_class_has_its_votes_and_its_value(store):
    """The predicted one first, then those that lost by little; votes add up to the pairs, values are the margins."""
    dataset, features, fit, keys = made(store, Digits(limit=300), LinearSVM(path=(0.05,), C=0.05))
    for row, one in enumerate(
        rankings(store, keys, judge_of(fit, 0), dataset, features, features.array("test")[:10])
    ):
        lines = list(one.lines())
        assert lines[0][::2] == (one.predicted, None)
        assert lines[0][1] == fit.array("votes")[0, row]
        assert sum(votes for _, votes, _ in lines) == 45
        assert [value for _, _, value in lines[1:]] == sorted(value for _, _, value in lines[1:])
        assert sorted(label for label, _, _ in lines) == list(range(10))


def test_another_plug_in_has_no_machines_that_can_be_asked(store):
    """Nobody knows what somebody's own classifier is made of."""

    class Manifest:
        plugin, identity, facts = "own", {}, {}

    class Fit:
        manifest = Manifest

        def array(self, name):
            return np.array([1.0])

    assert judge_of(Fit(), 0) is None
