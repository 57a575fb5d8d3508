"""What an image's own judge has learnt from."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.svm import SVC

from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.classifiers.rbf_svm import RBFSVM
from pipeline.extractors.hog import Hog
from pipeline.extractors.pixels import Pixels
from pipeline.retraining.judging import Judge, fold_of, likeness, supports
from pipeline.sources.cifar10 import Cifar10
from pipeline.sources.digits import Digits
from pipeline.stages.contract import ensure
from pipeline.stages.evaluation import features_of, folds_of

FOLDS = Digits(limit=90, evaluation="folds")


def made(store, source, classifier, extractor=None):
    """Make a data set, its features and a classifier."""
    dataset = ensure(store, source, {})
    features = ensure(store, extractor or Pixels(), {"dataset": dataset.key})
    keys = {"dataset": dataset.key, "features": features.key}
    return dataset, features, ensure(store, classifier, keys)


def errors(dataset, classifier, count):
    """Give some wrong images, evenly from all of them."""
    wrong = np.flatnonzero(classifier.array("predicted_label")[0] != dataset.array("test_labels"))
    return wrong[:: max(1, len(wrong) // count)][:count].tolist()


def brute_force(dataset, features, row, pair, learnt, **machine):
    """Give the contributions to an image's decision, by training row, of scikit-learn's machine; and the decision."""
    labels, train = dataset.array("train_labels"), features_of(features, dataset, "train")
    rows = np.flatnonzero(learnt & np.isin(labels, pair))
    first = labels[rows] == pair[0]
    fitted = SVC(**machine).fit(train[rows].astype(float), first)
    image = np.array(features_of(features, dataset, "test")[[row]], float)
    support = train[rows[fitted.support_]].astype(float)
    kernel = (
        (support @ image[0])
        if machine["kernel"] == "linear"
        else np.exp(-machine["gamma"] * np.square(support - image[0]).sum(axis=1))
    )
    found = np.zeros(len(labels))
    found[rows[fitted.support_]] = fitted.dual_coef_[0] * kernel
    return found, fitted.decision_function(image)[0]


def check(dataset, features, classifier, rows, **machine):
    """Hold what is said of some images to brute force: support vectors, shares, and the stored margin."""
    labels = dataset.array("test_labels")
    gamma = machine.get("gamma")
    for row in rows:
        pair = int(classifier.array("predicted_label")[0, row]), int(labels[row])
        judge = Judge(machine["C"], gamma, fold=fold_of(dataset, row))
        alike = likeness(dataset, features, judge, row)
        (support,) = supports(dataset, features, judge, [pair])
        pulls = support.pulls(alike.kernel)
        expected, value = brute_force(dataset, features, row, pair, alike.learnt, **machine)
        found = np.zeros(len(alike.learnt))
        found[pulls.rows] = pulls.shares
        strength = np.abs(expected) / np.abs(expected).sum()
        np.testing.assert_allclose(found, strength, atol=2e-3)
        strongest = pulls.rows[pulls.strongest(1, first=True)[0]]
        assert expected[strongest] == pytest.approx(expected.max(), rel=2e-2)
        assert pulls.value == pytest.approx(value, abs=5e-3)
        assert pulls.value == pytest.approx(-classifier.array("margin")[0, row], abs=5e-3)


def test_of_errors_support_vectors_and_shares_are_brute_forces_out_of_fold(store):
    """Each by the machine that has not seen it; its decision value is the stored margin."""
    found = made(store, FOLDS, LinearSVM(path=(1.0,)))
    rows = errors(found[0], found[2], 100)
    assert len(rows) > 4
    check(*found, rows, kernel="linear", C=1.0)


def test_the_same_with_a_kernel(store):
    """Of a radial basis function, whose width is the one that was fitted."""
    found = made(store, FOLDS, RBFSVM(path=(1.0,), gamma="scale"))
    rows = errors(found[0], found[2], 100)
    assert len(rows) > 2
    check(*found, rows, kernel="rbf", C=1.0, gamma=found[2].manifest.facts["gamma"])


@pytest.mark.slow
@pytest.mark.real_data
def test_of_a_hundred_errors_on_photographs_all_equals_brute_force(store, real_data):
    """On real features, where classes overlap and most rows are support vectors."""
    source = Cifar10(data_dir=real_data, limit=2000)
    found = made(store, source, LinearSVM(path=(0.1,)), Hog())
    rows = errors(found[0], found[2], 100)
    assert len(rows) == 100
    check(*found, rows, kernel="linear", C=0.1)


@pytest.mark.parametrize("source", [FOLDS, Digits(limit=90, explore="all"), Digits(limit=90)])
def test_nearest_training_images_are_those_that_the_judge_has_seen(store, source):
    """Never the image itself, nor one of its fold; nearest first, as by brute force."""
    dataset, features, _ = made(store, source, LinearSVM(path=(1.0,)))
    folds, train = folds_of(dataset), np.array(features_of(features, dataset, "train"), float)
    for row in range(0, dataset.manifest.dims["n_test"], 17):
        alike = likeness(dataset, features, Judge(1.0, fold=fold_of(dataset, row)), row)
        seen = np.ones(len(train), bool)
        if folds is not None and folds.test[row] >= 0:
            seen = folds.train != folds.test[row]
        assert np.array_equal(alike.learnt, seen)
        apart = np.linalg.norm(train - features_of(features, dataset, "test")[row], axis=1)
        expected = np.flatnonzero(seen)[np.argsort(apart[seen], kind="stable")]
        np.testing.assert_allclose(apart[alike.nearest(12)], apart[expected[:12]], rtol=1e-5)
        of_class = dataset.array("train_labels") == 3
        assert set(dataset.array("train_labels")[alike.nearest(4, of_class)]) == {3}


def test_a_part_of_the_training_images_is_the_classifiers_own(store):
    """With so many images a class the judge has learnt from those rows that the classifier names."""
    dataset, features, classifier = made(store, Digits(limit=90), LinearSVM(path=(1.0,), per_class=4))
    alike = likeness(dataset, features, Judge(1.0, per_class=4), 0)
    assert np.array_equal(np.flatnonzero(alike.learnt), classifier.array("train_rows"))


def test_a_class_that_the_fold_takes_away_has_no_support(store):
    """Where the judge has learnt nothing of a class, there is no machine against it."""
    dataset, features, _ = made(store, FOLDS, LinearSVM(path=(1.0,)))
    labels, folds = dataset.array("train_labels"), folds_of(dataset)
    fold = int(folds.names[0])

    class Lacking:
        """The data set, with images of class 2 in one fold only."""

        manifest = dataset.manifest

        def array(self, name):
            if name == "train_folds":
                return np.where(labels == 2, fold, np.where(folds.train == fold, fold + 1, folds.train))
            return dataset.array(name)

    judge = replace(Judge(1.0), fold=fold)
    absent, present = supports(Lacking(), features, judge, [(0, 2), (0, 1)])
    assert absent is None
    assert present is not None
