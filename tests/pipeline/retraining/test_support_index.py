"""The index of a classifier's support vectors."""

from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest

from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.cli.terminal import TerminalReporter
from pipeline.extractors.pixels import Pixels
from pipeline.projections.pca import PCA
from pipeline.recipe import Recipe
from pipeline.retraining.judging import Judge, supports
from pipeline.retraining.support_index import (
    SupportIndexStage,
    is_indexed,
    judges_of,
    pairs_of,
    read_supports,
)
from pipeline.run import run
from pipeline.sources.digits import Digits
from pipeline.stages.contract import ensure, find
from tests.planted import planted_run

RECIPE = Recipe(
    Digits(limit=90, evaluation="folds"), Pixels(), LinearSVM(path=(0.1, 1.0), C=0.5), PCA(), name="digits"
)


@pytest.fixture
def fitted_again(monkeypatch):
    """Count the fits of an index."""
    found = []
    inside = "pipeline.retraining.support_index.supports"
    monkeypatch.setattr(inside, lambda *words: found.append(words) or supports(*words))
    return found


def test_a_run_has_the_machines_that_judge_its_images_at_its_own_C(store, fitted_again):
    """Out of fold, too, and off the path; made once; on top of the run, whose stages are what they were."""
    made = run(RECIPE, store, TerminalReporter())
    assert "supports" not in made.stages
    dataset, features = (store.artefact(stage, made.stages[stage]) for stage in ("dataset", "features"))
    index = find(store, SupportIndexStage(0.5), made.stages)
    folds = np.unique(dataset.array("test_folds")).tolist()
    assert judges_of(dataset) == index.array("folds").tolist() == folds
    assert pairs_of(dataset) == list(combinations(range(10), 2))
    some = [(0, 1), (3, 7), (8, 9)]
    for fold in (folds[0], folds[-1]):
        judge = Judge(0.5, fold=fold)
        read = read_supports(index, fold, some)
        for pair, fitted in zip(some, supports(dataset, features, judge, some), strict=True):
            np.testing.assert_array_equal(read[pair].rows, fitted.rows)
            np.testing.assert_array_equal(read[pair].duals, fitted.duals)
            assert read[pair].intercept == fitted.intercept
    assert read_supports(index, 99, some) == {}
    before = len(fitted_again)
    run(RECIPE, store, TerminalReporter())
    assert len(fitted_again) == before > 0


def test_a_pair_that_cannot_be_is_known_to_be_none(store, monkeypatch):
    """Where the judge has learnt nothing of a class."""

    def lacking(dataset, features, judge, pairs, progress):
        found = supports(dataset, features, judge, pairs, progress)
        return (None if 1 in pair else one for pair, one in zip(pairs, found, strict=True))

    monkeypatch.setattr("pipeline.retraining.support_index.supports", lacking)
    keys = planted_run(store).stages
    read = read_supports(ensure(store, SupportIndexStage(0.1), keys), -1, [(0, 1), (0, 2), (1, 3), (2, 3)])
    assert [pair for pair, one in read.items() if one is None] == [(0, 1), (1, 3)]
    assert len(read[2, 3].rows)


def test_no_index_where_no_pair_decides_or_there_are_too_many():
    """Nor of a kernel of somebody's own."""

    def of(plugin="linear-svm", k=10, solver="libsvm"):
        dataset = SimpleNamespace(
            manifest=SimpleNamespace(facts={"class_names": list(map(str, range(k)))}, files={})
        )
        return is_indexed(
            dataset, SimpleNamespace(manifest=SimpleNamespace(plugin=plugin, facts={"solver": solver}))
        )

    assert of()
    assert of("rbf-svm")
    assert not of("string-svm")
    assert not of(k=300)
    assert not of(solver="one-vs-rest: liblinear")
