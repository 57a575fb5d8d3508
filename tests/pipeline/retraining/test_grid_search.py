"""The grid search measures what scikit-learn's machines do on the same folds, and nothing twice."""

import json

import numpy as np
import pytest
from sklearn.svm import SVC

from pipeline.api import Cancelled, InvalidParameter
from pipeline.cli import main
from pipeline.retraining.grid_search import best, grid_search
from pipeline.stages.validation import stratified_folds
from tests.planted import Plan, planted_run

CS = (0.01, 1.0)
GAMMAS = ("scale", 0.05)


@pytest.fixture
def run(store):
    """A planted run."""
    return planted_run(store, plan=Plan(noise=2.5))


def svc_accuracy(store, run, C, gamma):
    """Give SVC's mean accuracy on the folds of seed 0."""
    rows = np.array(store.artefact("features", run.stages["features"]).array("train"), np.float64)
    labels = store.artefact("dataset", run.stages["dataset"]).array("train_labels")
    members = [np.flatnonzero(labels == label) for label in range(4)]
    gamma = 1 / (rows.shape[1] * rows.var()) if gamma == "scale" else gamma
    options = {"kernel": "linear"} if gamma is None else {"gamma": gamma}
    scores = []
    for fold in stratified_folds([len(rows) for rows in members], 3, 0):
        out = np.concatenate([own[chosen] for own, chosen in zip(members, fold, strict=True)])
        kept = np.setdiff1d(np.arange(len(labels)), out)
        scores.append(SVC(C=C, **options).fit(rows[kept], labels[kept]).score(rows[out], labels[out]))
    return np.mean(scores), np.std(scores, ddof=1) / 3**0.5


def test_every_setting_is_measured_as_svc_would_do(store, run):
    """Kernels, gammas and penalties in order, each with SVC's mean and standard error."""
    points = grid_search(store, run, CS, gammas=GAMMAS, folds=3)
    assert [(p.kernel, p.gamma, p.C) for p in points] == [
        (kernel, gamma, C)
        for kernel, gamma in (("linear", None), ("rbf", "scale"), ("rbf", 0.05))
        for C in CS
    ]
    for point in points:
        mean, error = svc_accuracy(store, run, point.C, point.gamma)
        assert point.accuracy == pytest.approx(mean)
        assert point.standard_error == pytest.approx(error)
    assert best(points).accuracy == max(p.accuracy for p in points)


def test_nothing_is_computed_twice(store, run):
    """A second search reports nothing; one with another gamma only its own fits."""
    grid_search(store, run, CS, folds=3)
    seen = []
    grid_search(store, run, CS, folds=3, progress=lambda *report: seen.append(report))
    assert seen == []
    grid_search(store, run, CS, gammas=("scale", 0.5), folds=3, progress=lambda *r: seen.append(r))
    assert seen[0][0] >= 2 * seen[0][1] // 3
    assert seen[-1][0] == seen[-1][1]


def test_what_was_finished_survives_a_cancel(store, run):
    """Cancelled in its second kernel, the search goes on from there."""

    def cancel(done, total, what):
        if done > total / 2:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        grid_search(store, run, CS, folds=3, progress=cancel)
    seen = []
    grid_search(store, run, CS, folds=3, progress=lambda *report: seen.append(report))
    assert seen[0][0] >= seen[0][1] / 2


def test_an_unknown_kernel_is_refused(store, run):
    """In the usual sentence."""
    with pytest.raises(InvalidParameter, match="kernel of grid must be one of linear, rbf"):
        grid_search(store, run, CS, kernels=["poly"])


def test_the_command_prints_a_table_and_the_best(store, run, capsys):
    """One line a setting; JSON has the same numbers."""
    words = ["grid", run.name, "--C", "0.01,1", "--gamma", "scale,0.05", "--folds", "3"]
    words += ["--cache", str(store.root)]
    assert main.main(words) == 0
    shown = capsys.readouterr().out
    assert shown.count("rbf ") == 4
    assert shown.count("best") == 1
    assert "Run it: python -m pipeline run --source planted --extractor planted --kernel" in shown
    assert main.main([*words, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert len(data["points"]) == 6
    assert f"{data['best']['accuracy']:.4f}" in shown


@pytest.mark.parametrize(
    "option", [("--C", "0.1,x"), ("--C", "-1"), ("--gamma", "wide"), ("--kernel", "poly")]
)
def test_a_wrong_option_is_a_sentence(store, run, capsys, option):
    """Exit code 1, what must be and what it was."""
    assert main.main(["grid", run.name, *option, "--cache", str(store.root)]) == 1
    assert "must be" in capsys.readouterr().err
