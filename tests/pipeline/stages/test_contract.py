"""What a run lacks is computed once, and is what the command line would have made."""

import os

import numpy as np
import pytest

from cache import ArtefactMissing
from pipeline.cli.terminal import TerminalReporter
from pipeline.errors import Cancelled
from pipeline.recipe import Recipe
from pipeline.retraining.analyses import validation_of
from pipeline.retraining.setting import setting_of
from pipeline.run import run as run_pipeline
from pipeline.stages.contract import ensure, find, key_of
from pipeline.stages.faithfulness import FaithfulnessStage
from pipeline.stages.kinds import Classifier, Extractor, Projection, Source
from pipeline.stages.learning import LearningCurveStage
from pipeline.stages.neighbours import NeighboursStage
from pipeline.stages.separability import SeparabilityStage
from pipeline.stages.validation import ValidationStage
from tests.planted import PATH, planted_run

MADE = {"validation": ValidationStage(PATH), "faithfulness": FaithfulnessStage()}


@pytest.mark.parametrize("stage", MADE)
def test_a_runs_own_result_is_found(store, stage):
    """Nothing is computed for a run that has one."""
    run = planted_run(store)
    assert (
        find(store, MADE[stage], run.stages).key
        == ensure(store, MADE[stage], run.stages).key
        == run.stages[stage]
    )


@pytest.mark.parametrize("stage", MADE)
def test_a_missing_result_is_made_once(store, stage):
    """The second call is a look-up."""
    run = planted_run(store, without=(stage,))
    assert find(store, MADE[stage], run.stages) is None
    told = []
    made = ensure(store, MADE[stage], run.stages, lambda *words: told.append(words))
    assert told
    assert find(store, MADE[stage], run.stages).key == made.key
    told.clear()
    assert ensure(store, MADE[stage], run.stages, lambda *words: told.append(words)).key == made.key
    assert told == []


def test_made_validation_is_the_stages_own(store):
    """Over the run's path, with the stage's own folds."""
    run = planted_run(store, without=("validation",))
    made = ensure(store, ValidationStage(PATH), run.stages)
    dataset, features = (store.artefact(stage, run.stages[stage]) for stage in ("dataset", "features"))
    wanted, _ = ValidationStage(path=PATH).validate(features.array("train"), dataset.array("train_labels"))
    np.testing.assert_array_equal(made.array("accuracy"), wanted)
    assert made.array("C").tolist() == list(PATH)


def test_made_faithfulness_is_the_stages_own(store):
    """Of the run's features, neighbours and projection."""
    run = planted_run(store, without=("faithfulness",))
    made = ensure(store, FaithfulnessStage(), run.stages)
    names = {"features": "test", "neighbours": "indices", "projection": "test"}
    arrays = (store.artefact(stage, run.stages[stage]).array(name) for stage, name in names.items())
    wanted = FaithfulnessStage().measure(*arrays)
    np.testing.assert_array_equal(made.array("preserved"), wanted.preserved)
    assert made.manifest.facts["trustworthiness"] == pytest.approx(wanted.facts["trustworthiness"])


def test_keys_are_those_that_the_pipeline_gives(store):
    """What the dashboard made, the command finds, and the other way round."""
    recipe = Recipe(
        Source.named("digits"),
        Extractor.named("pixels"),
        Classifier.named("linear-svm", path=(0.01, 0.1)),
        Projection.named("pca"),
    )
    made = run_pipeline(recipe, store, TerminalReporter())
    path = store.artefact("classifier", made.stages["classifier"])
    for stage in (validation_of(path, setting_of(path)), FaithfulnessStage()):
        bare = {name: key for name, key in made.stages.items() if name != stage.STAGE}
        assert find(store, stage, bare).key == made.stages[stage.STAGE]


@pytest.mark.parametrize("stage", MADE)
def test_cancelling_leaves_nothing_behind(store, stage):
    """Stopped at its first word, it is not there, and can be asked for again."""
    run = planted_run(store, without=(stage,))

    def stop(done, total, what):
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        ensure(store, MADE[stage], run.stages, stop)
    assert find(store, MADE[stage], run.stages) is None
    assert ensure(store, MADE[stage], run.stages)


ASKED = {
    **MADE,
    "a map": Projection.named("tsne", perplexity=5),
    "a classifier": Classifier.named("linear-svm", path=(0.06,)),
    "learning curves": LearningCurveStage(0.1),
    "separability": SeparabilityStage(0.1),
}


@pytest.mark.parametrize("stage", ASKED)
def test_who_computes_it_elsewhere_is_waited_for_and_the_wait_can_be_cancelled(store, stage):
    """Whatever is asked for, by whichever command or page."""
    run, wanted = planted_run(store, without=(stage,) if stage in MADE else ()), ASKED[stage]
    told = []

    def stop(*words):
        told.append(words)
        raise Cancelled("enough")

    with store.locked(wanted.STAGE, key_of(wanted, run.stages)), pytest.raises(Cancelled):
        ensure(store, wanted, run.stages, stop)
    ((done, total, what),) = told
    assert (done, total) == (0, 0)
    assert what.endswith(f", process {os.getpid()}")


def test_a_runs_own_result_of_another_kind_is_not_taken(store):
    """A validation of a kernel, or of a part, is made anew; folds and path make no difference."""
    run = planted_run(store)
    for other in ({"gamma": 0.5}, {"per_class": 3}):
        assert find(store, ValidationStage(PATH, **other), run.stages) is None
    assert find(store, ValidationStage((0.5,), folds=3), run.stages).key == run.stages["validation"]
    assert find(store, Projection.named("pca"), run.stages) is None  # a map must be the very same


def test_a_stage_is_known_by_all_parameters_that_are_given():
    """Its key has them, as JSON; what is left out changes no key of those made before there was such a parameter."""
    assert ValidationStage((1.0, 0.1)).identity() == {"path": [0.1, 1.0], "folds": 5, "seed": 0}
    assert ValidationStage((1.0,), per_class=3).identity()["per_class"] == 3
    assert FaithfulnessStage().identity() == {}
    assert Classifier.named("rbf-svm", C=3, path=(1.0,)).identity() == {"path": [1.0], "gamma": "scale"}


def test_what_a_stage_is_computed_from_must_be_there(store):
    """A message of the store; nothing is begun."""
    run = planted_run(store, without=("neighbours", "faithfulness"))
    with pytest.raises(ArtefactMissing):
        ensure(store, FaithfulnessStage(), run.stages)


def test_the_seed_is_told_for_the_record(store):
    """In the manifest, of whatever has one."""
    keys = planted_run(store, without=("neighbours",)).stages
    assert ensure(store, ValidationStage(PATH, seed=7, gamma=0.5), keys).manifest.seed == 7
    assert ensure(store, NeighboursStage(), keys).manifest.seed is None
