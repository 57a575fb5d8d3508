"""The one door from the dashboard: look a C up, or fit it."""

import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from sklearn.svm import SVC

from cache.errors import ArtefactMissing
from pipeline.api import Asked, Cancelled, InvalidParameter, Retrainer, Setting, find_fit
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.classifiers.rbf_svm import RBFSVM
from pipeline.retraining.retrainer import retrain
from pipeline.retraining.setting import run_settings
from pipeline.stages.contract import ensure
from pipeline.svm.solvers import choose
from tests.planted import PATH, linear, planted_run


@pytest.fixture
def run(store):
    """A planted run."""
    return planted_run(store)


@pytest.mark.parametrize("C", PATH)
def test_a_penalty_on_the_path_is_looked_up(store, run, C):
    """The run's own artefact, and the row of that C."""
    artefact, row = find_fit(store, run, linear(C))
    assert artefact.key == run.stages["classifier"]
    assert artefact.array("C")[row] == C


def test_a_penalty_is_recognised_through_rounding(store, run):
    """10**-1 from a slider's logarithm is 0.1, to the last bits."""
    setting = run_settings(store, run).resolve(Asked(0.1 * (1 + 4e-16)))
    assert find_fit(store, run, setting)[1] == PATH.index(0.1)


def test_another_penalty_is_not_there_until_it_is_fitted(store, run):
    """Then it is found by its key, with m = 1 and the same inputs."""
    assert find_fit(store, run, linear(0.3)) is None
    artefact, row = retrain(store, run, linear(0.3))
    found, same_row = find_fit(store, run, linear(0.3))
    assert (found.key, same_row) == (artefact.key, row)
    assert row == 0
    assert artefact.array("C").tolist() == [0.3]
    assert artefact.manifest.inputs == store.artefact("classifier", run.stages["classifier"]).manifest.inputs


def test_a_live_fit_is_what_the_pipeline_fits(store, run):
    """The dashboard's numbers and the command line's are the same."""
    artefact, _ = retrain(store, run, linear(0.3))
    dataset, features = (store.artefact(stage, run.stages[stage]) for stage in ("dataset", "features"))
    wanted = LinearSVM(path=(0.3,)).fit(
        features.array("train"),
        dataset.array("train_labels"),
        features.array("test"),
        dataset.array("test_labels"),
        4,
    )
    for name, array in wanted.arrays().items():
        np.testing.assert_array_equal(artefact.array(name), array, err_msg=name)
    assert artefact.manifest.facts["solver"] == "libsvm, one-vs-one"


def test_a_kernel_is_retrained_with_its_own_gamma(store, run):
    """The live fit of a run with an RBF kernel has the run's parameters."""
    dataset, features = (store.artefact(stage, run.stages[stage]) for stage in ("dataset", "features"))
    path = ensure(store, RBFSVM(path=(1.0,), gamma=0.02), run.stages)
    kernel_run = replace(run, name="rbf", stages={**run.stages, "classifier": path.key})
    found, row = retrain(store, kernel_run, Setting(3.0, "rbf", 0.02))
    assert (found.manifest.plugin, found.manifest.facts["gamma"], row) == ("rbf-svm", 0.02, 0)
    machine = SVC(C=3.0, gamma=0.02).fit(features.array("train"), dataset.array("train_labels"))
    np.testing.assert_array_equal(found.array("predicted_label")[0], machine.predict(features.array("test")))
    assert find_fit(store, kernel_run, run_settings(store, kernel_run).own.at(3.0))[0].key == found.key
    assert find_fit(store, run, linear(3.0)) is None


def test_a_second_fit_of_one_penalty_is_a_look_up(store, run):
    """Nothing is computed, so nothing is reported."""
    retrain(store, run, linear(0.3))
    seen = []
    retrain(store, run, linear(0.3), lambda *report: seen.append(report))
    assert seen == []


def test_what_one_fit_kept_serves_the_next(store, run, monkeypatch):
    """A retrainer's second fit equals one from nothing, where pairs are solved one by one."""
    monkeypatch.setattr(choose, "SMALL_PAIR", 0)
    monkeypatch.setenv("LAZYBONES_MEMORY", "8GB")
    retrainer = Retrainer()
    retrainer.retrain(store, run, linear(0.3))
    assert retrainer.kept_bytes > 0
    kept, _ = retrainer.retrain(store, run, linear(0.4))
    monkeypatch.setenv("LAZYBONES_MEMORY", "1MB")
    fresh = LinearSVM(path=(0.4,))
    dataset, features = (store.artefact(stage, run.stages[stage]) for stage in ("dataset", "features"))
    inputs = {stage: run.stages[stage] for stage in ("dataset", "features")}
    with store.writing("classifier", plugin="twin", version=1, identity={}, inputs=inputs) as draft:
        fresh.compute(draft, {"dataset": dataset, "features": features})
    twin = store.artefact("classifier", draft.key)
    np.testing.assert_array_equal(kept.array("intercepts"), twin.array("intercepts"))
    np.testing.assert_array_equal(kept.array("margin"), twin.array("margin"))


def test_only_one_runs_products_are_kept(store, run, monkeypatch):
    """Another run's take their place, and can be forgotten."""
    monkeypatch.setenv("LAZYBONES_MEMORY", "8GB")
    retrainer = Retrainer()
    retrainer.retrain(store, run, linear(0.3))
    once = retrainer.kept_bytes
    retrainer.retrain(store, planted_run(store, "other", extractor="hog"), linear(0.3))
    assert retrainer.kept_bytes == once
    retrainer.forget()
    assert retrainer.kept_bytes == 0


def test_two_at_once_fit_once(store, run):
    """The second caller waits, and finds what the first one wrote."""
    retrainer, keys = Retrainer(), []
    reports = []

    def ask():
        artefact, _ = retrainer.retrain(
            store, run, linear(0.7), lambda *report: reports.append(threading.get_ident())
        )
        keys.append(artefact.key)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len(set(reports)) == 1


def test_cancelling_leaves_nothing_behind(store, run):
    """No artefact, no temporary folder, and the next fit works."""

    def cancel(done, total, what):
        raise Cancelled("stop")

    before = sorted(path.name for path in (store.root / "artefacts" / "classifier").iterdir())
    retrainer = Retrainer()
    with pytest.raises(Cancelled):
        retrainer.retrain(store, run, linear(0.3), cancel)
    assert find_fit(store, run, linear(0.3)) is None
    assert sorted(path.name for path in (store.root / "artefacts" / "classifier").iterdir()) == before
    assert retrainer.retrain(store, run, linear(0.3))[1] == 0


@pytest.mark.parametrize("C", [0, -0.1, float("nan"), float("inf"), "0.1", None])
def test_penalties_must_be_finite_and_positive(store, run, C):
    """To look up and to fit alike."""
    for ask in (find_fit, retrain):
        with pytest.raises(InvalidParameter, match=r"a finite number above 0\. Got"):
            ask(store, run, linear(C))


def test_a_run_without_a_classifier_says_so(store):
    """A message of the store, not a KeyError."""
    bare = planted_run(store, without=("classifier",))
    with pytest.raises(ArtefactMissing):
        find_fit(store, bare, linear(0.1))


def test_the_door_costs_no_heavy_import(project):
    """A small host serves pages and looks fits up without loading scikit-learn or TensorFlow."""
    code = (
        "import sys, pipeline.api, pipeline.classifiers.linear_svm\n"
        "heavy = {'sklearn', 'scipy', 'tensorflow', 'openTSNE', 'threadpoolctl'} & set(sys.modules)\n"
        "sys.exit(' '.join(heavy) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
