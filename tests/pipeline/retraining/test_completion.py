"""What a run lacks is computed once, and is what the command line would have made."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.api import Cancelled, find_faithfulness, find_validation, judge_map, validate
from pipeline.cli.terminal import TerminalReporter
from pipeline.recipe import Recipe
from pipeline.run import run as run_pipeline
from pipeline.stages.faithfulness import FaithfulnessStage
from pipeline.stages.kinds import Classifier, Extractor, Projection, Source
from pipeline.stages.validation import ValidationStage
from tests.planted import PATH, planted_run

DOORS = {"validation": (find_validation, validate), "faithfulness": (find_faithfulness, judge_map)}


@pytest.mark.parametrize("stage", DOORS)
def test_a_runs_own_result_is_found(store, stage):
    """Nothing is computed for a run that has one."""
    run = planted_run(store)
    find, make = DOORS[stage]
    assert find(store, run).key == make(store, run).key == run.stages[stage]


@pytest.mark.parametrize("stage", DOORS)
def test_a_missing_result_is_made_once(store, stage):
    """The second call is a look-up."""
    run = planted_run(store, without=(stage,))
    find, make = DOORS[stage]
    assert find(store, run) is None
    told = []
    made = make(store, run, lambda *words: told.append(words))
    assert told
    assert find(store, run).key == made.key
    told.clear()
    assert make(store, run, lambda *words: told.append(words)).key == made.key
    assert told == []


def test_made_validation_is_the_stages_own(store):
    """Over the run's path, with the stage's own folds."""
    run = planted_run(store, without=("validation",))
    made = validate(store, run)
    dataset, features = (store.artefact(stage, run.stages[stage]) for stage in ("dataset", "features"))
    wanted, _ = ValidationStage(path=PATH).validate(features.array("train"), dataset.array("train_labels"))
    np.testing.assert_array_equal(made.array("accuracy"), wanted)
    assert made.array("C").tolist() == list(PATH)


def test_made_faithfulness_is_the_stages_own(store):
    """Of the run's features, neighbours and projection."""
    run = planted_run(store, without=("faithfulness",))
    made = judge_map(store, run)
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
    for stage, (find, _) in DOORS.items():
        bare = replace(made, stages={name: key for name, key in made.stages.items() if name != stage})
        assert find(store, bare).key == made.stages[stage]


@pytest.mark.parametrize("stage", DOORS)
def test_cancelling_leaves_nothing_behind(store, stage):
    """Stopped at its first word, it is not there, and can be asked for again."""
    run = planted_run(store, without=(stage,))
    find, make = DOORS[stage]

    def stop(done, total, what):
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        make(store, run, stop)
    assert find(store, run) is None
    assert make(store, run)
