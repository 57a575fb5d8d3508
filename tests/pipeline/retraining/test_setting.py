"""Any kernel, gamma and number of training images: looked up, or fitted as scikit-learn fits the same rows."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from sklearn.svm import SVC

from pipeline.api import (
    Asked,
    InvalidParameter,
    LearningCurveStage,
    Setting,
    find,
    find_fit,
    setting_of,
    validation_of,
)
from pipeline.classifiers.rbf_svm import RBFSVM
from pipeline.retraining.retrainer import retrain
from pipeline.retraining.setting import run_settings
from pipeline.stages.contract import ensure
from tests.planted import PATH, Plan, planted_run

OWN = Setting(0.1, "linear", None, None)


@pytest.fixture
def run(store):
    """A run with errors, of 4 classes with 30 training images each, whose classifier is a linear path."""
    return planted_run(store, plan=Plan(n_train=120, noise=2.5))


def arrays(store, run):
    """Give features and labels of both splits."""
    dataset, features = (store.artefact(stage, run.stages[stage]) for stage in ("dataset", "features"))
    return [a.array(name) for split in ("train", "test") for a, name in
            ((features, split), (dataset, f"{split}_labels"))]  # fmt: skip


@pytest.mark.parametrize(
    ("kernel", "gamma", "per_class"),
    [*product(["linear"], [None], [5, 12]), *product(["rbf"], ["scale", 0.05], [None, 5, 12])],
)  # fmt: skip
def test_fit_is_svcs_on_the_same_rows(store, run, kernel, gamma, per_class):
    """Image by image, with gamma as the whole training split has it."""
    train, labels, test, _ = arrays(store, run)
    asked = Setting(1.0, kernel, gamma, per_class)
    assert find_fit(store, run, asked) is None
    found, row = retrain(store, run, asked)
    assert (find_fit(store, run, asked)[0].key, row) == (found.key, 0)
    rows = found.array("train_rows") if per_class else np.arange(len(labels))
    assert np.bincount(labels[rows]).tolist() == [per_class or 30] * 4
    assert np.array_equal(rows, np.unique(rows))
    width = 1 / (train.shape[1] * train.astype(np.float64).var()) if gamma == "scale" else gamma
    options = {"kernel": "linear"} if gamma is None else {"gamma": width}
    machine = SVC(C=1.0, **options).fit(train[rows].astype(np.float64), labels[rows])
    for name, images in (("predicted_label", test), ("train_predicted_label", train)):
        assert (found.array(name)[0] != machine.predict(images)).sum() <= 1  # one may be on the very boundary
    assert setting_of(found) == run_settings(store, run).resolve(Asked(1.0, kernel, gamma, per_class))


@pytest.mark.parametrize("kernel", ["linear", "rbf"])
def test_parts_are_nested_and_those_of_the_learning_curve(store, run, kernel):
    """A smaller part is in a larger one; each accuracy is the curve's first seed's."""
    sizes = (3, 8, 20)
    gamma = "scale" if kernel == "rbf" else None
    curve = ensure(store, LearningCurveStage(0.5, sizes, 2, gamma), run.stages)
    *_, labels = arrays(store, run)
    past = set()
    for size, accuracy in zip(sizes, curve.array("accuracy"), strict=True):
        found, _ = retrain(store, run, Setting(0.5, kernel, gamma, size))
        assert np.mean(found.array("predicted_label")[0] == labels) == accuracy[0]
        rows = set(found.array("train_rows").tolist())
        assert past < rows
        past = rows


@pytest.mark.parametrize(
    "asked",
    [Asked(), Asked(0.1), Asked(0.1 * (1 + 1e-10)), Asked(0.1, "linear", 3.0, 30), Asked(per_class=10**6)],
)
def test_what_says_the_same_is_one(store, run, asked):
    """What is left out is the run's own; gamma is nothing to a linear kernel; all images are all."""
    assert run_settings(store, run).resolve(asked) == OWN
    found, row = find_fit(store, run, OWN)
    assert (found.key, row) == (run.stages["classifier"], PATH.index(0.1))


def test_path_of_another_run_of_the_same_features_is_found(store, run):
    """What the command line has computed under another name is not computed again."""
    path = ensure(store, RBFSVM(path=(0.5, 5.0)), run.stages)
    assert find_fit(store, run, Setting(5.0, "rbf", "scale")) is None
    store.save_run(replace(run, name="other", stages={**run.stages, "classifier": path.key}))
    found, row = find_fit(store, run, Setting(5.0, "rbf", "scale"))
    assert (found.key, row) == (path.key, 1)
    assert find_fit(store, run, Setting(5.0, "rbf", 0.3)) is None
    other = store.run("other")
    assert find_fit(store, other, Setting(0.5, "rbf", "scale"))[0].key == path.key
    assert find_fit(store, other, OWN)[0].key == run.stages["classifier"]


def test_cross_validation_is_of_the_kernel_and_the_part(store, run):
    """The run's own for its own kind; another for another, made once."""
    path = store.artefact("classifier", run.stages["classifier"])
    own = find(store, validation_of(path, OWN), run.stages)
    assert own.key == run.stages["validation"]
    assert find(store, validation_of(path, Setting(3.0, "linear")), run.stages).key == own.key
    keys = {own.key}
    for setting in (Setting(1.0, "rbf", "scale"), Setting(1.0, "linear", None, 8)):
        assert find(store, validation_of(path, setting), run.stages) is None
        made = ensure(store, validation_of(path, setting), run.stages)
        assert made.array("C").tolist() == list(PATH)
        same = validation_of(path, setting.at(7.0))
        assert find(store, same, run.stages).key == ensure(store, same, run.stages).key == made.key
        keys.add(made.key)
    assert len(keys) == 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [(Setting(1.0, "poly"), "kernel of the classifier must be one of linear, rbf"),
     (Setting(1.0, "rbf", -1.0), 'gamma of rbf-svm must be a finite number above 0 or "scale"'),
     (Setting(1.0, "rbf", "wide"), 'gamma of rbf-svm must be'),
     (Setting(1.0, "linear", None, 0), "per_class of linear-svm must be an integer of at least 1"),
     (Setting(1.0, "linear", None, "many"), "per_class of linear-svm must be"),
     (Setting(0.0, "rbf", "scale"), "C of rbf-svm must be a finite number above 0")],
)  # fmt: skip
def test_what_cannot_be_is_refused(store, run, asked, said):
    """To resolve, to look up and to fit alike, in the usual sentence."""
    if asked.per_class != "many":
        with pytest.raises(InvalidParameter, match=f"{said}.*Got"):
            run_settings(store, run).resolve(Asked(**vars(asked)))
    for ask in (find_fit, retrain):
        with pytest.raises(InvalidParameter, match=f"{said}.*Got"):
            ask(store, run, asked)
