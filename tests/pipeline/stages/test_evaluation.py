"""Every image is judged by machines that have not seen it, nor one that is nearly the same."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.svm import SVC

from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.classifiers.rbf_svm import RBFSVM
from pipeline.cli.terminal import TerminalReporter
from pipeline.errors import InvalidParameter, SourceError
from pipeline.extractors.pixels import Pixels
from pipeline.projections.pca import PCA
from pipeline.recipe import Recipe
from pipeline.retraining.retrainer import Retrainer
from pipeline.retraining.setting import Setting
from pipeline.run import run
from pipeline.sources.digits import Digits
from pipeline.sources.folder import Folder
from pipeline.stages.contract import ensure, key_of
from pipeline.stages.evaluation import Judged, features_of, folds_of
from pipeline.stages.images import originals_of, thumbnails_of
from pipeline.stages.learning import LearningCurveStage
from pipeline.stages.pair_axis import measure_pair
from pipeline.stages.separability import SeparabilityStage
from pipeline.stages.validation import ValidationStage
from pipeline.svm.solvers import choose
from tests.pipeline.sources.photographs import photographs

PATH = (0.01, 1.0)
FOLDS = Digits(limit=90, evaluation="folds")
ALL = Digits(limit=90, explore="all")


def made(store, source, classifier=None):
    """Make what machines are fitted to, and a classifier."""
    dataset = ensure(store, source, {})
    features = ensure(store, Pixels(), {"dataset": dataset.key})
    keys = {"dataset": dataset.key, "features": features.key}
    classifier = ensure(store, classifier or LinearSVM(path=PATH), keys)
    return dataset, features, classifier, {**keys, "classifier": classifier.key}


def others(dataset, row):
    """Tell which training images may teach who judges an image of the test split."""
    folds = folds_of(dataset)
    return np.ones(len(folds.train), bool) if folds.test[row] < 0 else folds.train != folds.test[row]


def judge(dataset, features, row, **machine):
    """Give what scikit-learn's machine, fitted on exactly the other folds, says of an image: label, pair values."""
    taught = others(dataset, row)
    train, labels = features_of(features, dataset, "train"), dataset.array("train_labels")
    fitted = SVC(**machine, decision_function_shape="ovo").fit(train[taught].astype(float), labels[taught])
    image = features_of(features, dataset, "test")[[row]]
    return fitted.predict(image)[0], fitted.decision_function(image)[0], fitted.classes_.tolist()


@pytest.mark.parametrize("source", [FOLDS, ALL], ids=["folds", "all"])
@pytest.mark.parametrize("kernel", ["linear", "rbf"])
@pytest.mark.parametrize("small", [True, False])
def test_an_image_is_judged_by_svc_fitted_on_the_other_folds(store, monkeypatch, source, kernel, small):
    """Label, runner-up's pair and margin, at every C, whichever way pairs are solved."""
    monkeypatch.setattr(choose, "SMALL_PAIR", 256 if small else 0)
    plugin = LinearSVM(path=PATH) if kernel == "linear" else RBFSVM(path=PATH, gamma=0.01)
    dataset, features, classifier, _ = made(store, source, plugin)
    machine = {"kernel": "linear"} if kernel == "linear" else {"gamma": 0.01}
    for row in range(0, 180, 20):
        for i, C in enumerate(PATH):
            label, values, classes = judge(dataset, features, row, C=C, **machine)
            assert classifier.array("predicted_label")[i, row] == label
            first, second = sorted(
                classes.index(classifier.array(name)[i, row])
                for name in ("predicted_label", "runner_up_label")
            )
            pair = first * (2 * len(classes) - first - 1) // 2 + second - first - 1
            assert abs(values[pair]) == pytest.approx(classifier.array("runner_up_margin")[i, row], abs=5e-3)


def test_each_image_is_there_once(store):
    """Training images are some of the test images: neither pixels nor features are written twice."""
    dataset, features, _, _ = made(store, FOLDS)
    assert "train_images.npy" not in dataset.manifest.files
    assert "train.npy" not in features.manifest.files
    assert dataset.manifest.facts["train_in_test"] == [0, 180]
    every = made(store, ALL)[0]
    assert every.manifest.facts["train_in_test"] == [90, 180]
    for data, n in ((dataset, 180), (every, 90)):
        for images in (thumbnails_of(data, "train"), originals_of(data, "train")):
            assert len(images) == n
            np.testing.assert_array_equal(images[:], thumbnails_of(data, "test")[-n:])
        assert list(data.array("train_ids")) == list(data.array("test_ids")[-n:])


def test_with_a_split_the_real_test_images_come_first_and_are_judged_as_ever(store):
    """Training images join them, out of fold; the sentence counts both."""
    plain, every = made(store, Digits(limit=90)), made(store, ALL)
    for name in ("predicted_label", "margin", "votes"):
        np.testing.assert_allclose(every[2].array(name)[:, :90], plain[2].array(name), atol=1e-5)
    assert (folds_of(every[0]).test[:90] == -1).all()
    assert Judged.of(every[0]).n_out_of_fold == 90
    assert Judged.of(every[0]).folds == 5
    assert folds_of(plain[0]) is None
    assert Judged.of(plain[0]) == Judged(0, 90, 0, 0)


def test_near_duplicates_share_a_fold(store, tmp_path, rng):
    """Three copies of one picture under other names, two of them in another class."""
    folder = photographs(tmp_path / "set", rng, 6)
    first = next((folder / "red").iterdir())
    for name in ("red", "green"):
        for copy in ("one", "two"):
            (folder / name / f"{copy}{first.suffix}").write_bytes(first.read_bytes())
    dataset = ensure(store, Folder(folder), {})
    ids = dataset.array("test_ids").tolist()
    copies = [
        ids.index(f"{name}/{copy}{first.suffix}") for name in ("red", "green") for copy in ("one", "two")
    ]
    assert len(set(folds_of(dataset).test[[*copies, ids.index(f"red/{first.name}")]])) == 1
    assert dataset.manifest.facts["near_duplicates"] == 5


def test_what_existed_keeps_its_key():
    """The source's own split is not said in the key; everything else is."""
    assert key_of(Digits(), {}) == "f53966b82bfb55871882d7fa43aa7cacab6166a5"
    assert key_of(Digits(seed=3, folds=7, test_size=0.5), {}) == key_of(Digits(), {})
    options = [
        {"evaluation": "folds"},
        {"evaluation": "folds", "folds": 7},
        {"evaluation": "folds", "seed": 1},
        {"evaluation": "holdout"},
        {"evaluation": "holdout", "test_size": 0.5},
        {"evaluation": "holdout", "explore": "all"},
        {"explore": "all"},
        {},
    ]
    assert len({key_of(Digits(**option), {}) for option in options}) == len(options)
    assert key_of(Digits(evaluation="folds", explore="all"), {}) == key_of(Digits(evaluation="folds"), {})


def test_a_part_is_held_out_where_that_is_asked_for(store):
    """The source's own split is forgotten then."""
    dataset = made(store, Digits(limit=100, evaluation="holdout", test_size=0.2))[0]
    train, test = (np.bincount(dataset.array(f"{split}_labels")) for split in ("train", "test"))
    assert train.sum() + test.sum() == 200
    assert np.abs(test - 0.2 * (train + test)).max() < 1
    assert len({int(name.split("/")[1]) < 898 for name in dataset.array("test_ids").tolist()}) == 2
    assert "0.2 of each class held out" in dataset.manifest.facts["split"]


def test_without_a_split_nobody_can_ask_for_it(tmp_path, rng):
    """The sentence says what can be asked for."""
    source = Folder(photographs(tmp_path / "set", rng, 2), evaluation="split")
    with pytest.raises(SourceError, match="must be folds or holdout"):
        source.identity()
    with pytest.raises(InvalidParameter, match="evaluation of digits must be one of split, folds, holdout"):
        Digits(evaluation="none")


@pytest.mark.parametrize("source", [FOLDS, ALL], ids=["folds", "all"])
def test_cross_validation_takes_the_data_set_s_own_folds(store, source):
    """So that its accuracies are those of the images themselves, fold by fold."""
    dataset, _, classifier, keys = made(store, source)
    found = ensure(store, ValidationStage(PATH, folds=3, seed=9), keys).array("accuracy")
    folds = folds_of(dataset)
    right = classifier.array("predicted_label") == dataset.array("test_labels")
    wanted = np.stack([right[:, folds.test == fold].mean(axis=1) for fold in range(5)], axis=1)
    np.testing.assert_allclose(found, wanted)


def test_a_live_fit_on_a_part_learns_from_so_many_images_of_other_folds(store):
    """Twenty of each class that the machine may see, for each machine; accuracies agree with cross-validation's."""
    made_run = run(
        Recipe(replace(FOLDS, limit=300), Pixels(), LinearSVM(path=PATH), PCA()), store, TerminalReporter()
    )
    fit, row = Retrainer().retrain(store, made_run, Setting(1.0, "linear", per_class=20))
    dataset, features = (store.artefact(name, made_run.stages[name]) for name in ("dataset", "features"))
    folds, labels = folds_of(dataset), dataset.array("test_labels")
    assert np.bincount(labels[fit.array("train_rows")]).tolist() == [20] * 10
    validated = ensure(store, ValidationStage((1.0,), per_class=20), made_run.stages).array("accuracy")[0]
    right = fit.array("predicted_label")[row] == labels
    np.testing.assert_allclose(validated, [right[folds.test == fold].mean() for fold in range(5)])
    curve = ensure(store, LearningCurveStage(1.0, (20,), 5), made_run.stages).array("accuracy")
    assert curve[0, 0] == pytest.approx(validated[0])
    assert features_of(features, dataset, "train").shape == features_of(features, dataset, "test").shape


def test_a_curve_of_all_images_ends_at_their_accuracy(store):
    """With as many seeds as folds each image is judged once a size, out of fold; real test images by all."""
    dataset, _, classifier, keys = made(store, FOLDS)
    curve = ensure(store, LearningCurveStage(1.0, (5, 1000), 5), keys).array("accuracy")
    sizes = np.bincount(folds_of(dataset).test)
    right = np.mean(classifier.array("predicted_label")[1] == dataset.array("test_labels"))
    assert np.average(curve[1], weights=sizes) == pytest.approx(right)
    assert curve[0].mean() < curve[1].mean()
    every = ensure(store, LearningCurveStage(1.0, (1000,), 5), made(store, ALL)[3]).array("accuracy")
    assert every.min() > 0.7


def test_a_pair_of_classes_is_judged_out_of_fold(store):
    """A test image's value is that of the pair's machine fitted on the other folds; support vectors are of all."""
    dataset, features, _, _ = made(store, FOLDS)
    axis = measure_pair(dataset, features, 1.0, 3, 8)
    labels, train = dataset.array("train_labels"), features_of(features, dataset, "train")
    assert np.array_equal(axis.test.rows, axis.train.rows)
    assert not np.allclose(axis.test.value, axis.train.value)
    for place in range(0, len(axis.test.rows), 7):
        taught = others(dataset, axis.test.rows[place]) & np.isin(labels, (3, 8))
        machine = SVC(kernel="linear", C=1.0).fit(train[taught].astype(float), labels[taught])
        value = -machine.decision_function(train[[axis.test.rows[place]]])[0]
        assert axis.test.value[place] == pytest.approx(value, abs=5e-3)
    np.testing.assert_allclose(axis.test.distance, axis.test.value * axis.edge)


def one_of_a_class(store, n=40):
    """Give a data set of three classes, one of which has one image, in a fold of its own class's only."""
    source = replace(FOLDS, limit=n)
    dataset = source.load()
    keep = np.flatnonzero(np.isin(dataset.train.labels, (0, 1)))
    keep = np.sort(np.append(keep, np.flatnonzero(dataset.train.labels == 2)[0]))
    part = replace(
        dataset.train, **{name: getattr(dataset.train, name)[keep] for name in ("images", "labels", "ids")}
    )

    class Few(Digits):
        def load(self, progress=None):
            return replace(dataset, train=part, test=part)

    return Few(limit=n, evaluation="folds", seed=1)


def test_a_class_with_one_image_is_unknown_to_who_judges_it(store):
    """It is wrong, with a margin of -1; all else works, and no number is invented."""
    dataset, features, classifier, keys = made(store, one_of_a_class(store))
    labels = dataset.array("test_labels")
    rare = labels == 2
    assert rare.sum() == 2  # twice the same image: near-duplicates, in one fold
    assert set(classifier.array("margin")[:, rare].ravel().tolist()) == {-1.0}
    assert (classifier.array("predicted_label")[:, rare] != 2).all()
    assert ensure(store, ValidationStage(PATH), keys).array("accuracy").shape[0] == 2
    ensure(store, LearningCurveStage(1.0, (3,), 5), keys)
    axis = measure_pair(dataset, features, 1.0, 0, 2)
    assert axis.test.is_wrong[labels[axis.test.rows] == 2].all()
    with_neighbours = {**keys, "neighbours": neighbours(store, features.key)}
    error = ensure(store, SeparabilityStage(1.0), with_neighbours).array("error")
    assert np.isfinite(error[0, 1])
    assert np.isfinite(error[0, 2])


def neighbours(store, features):
    """Find each image's nearest."""
    from pipeline.stages.neighbours import NeighboursStage

    return ensure(store, NeighboursStage(), {"features": features}).key
