"""A run in the making: it can be looked at from its beginning, after a failure, and after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext
from dataclasses import replace

import pytest

from cache import LazybonesError
from cache.commands import Command
from cache.consistency import check_run
from cache.making import is_being_made, makings, read_making
from pipeline.cli import main
from pipeline.errors import InvalidParameter
from pipeline.extractors.pixels import Pixels
from pipeline.retraining.setting import run_settings
from pipeline.run import run
from pipeline.stages.contract import find
from pipeline.stages.learning import LearningCurveStage
from pipeline.stages.separability import SeparabilityStage
from pipeline.stages.validation import ValidationStage
from tests.cache.processes import start
from tests.pipeline.killed_run import recipe

ORDER = [
    "dataset",
    "thumbnails",
    "features",
    "neighbours",
    "projection",
    "faithfulness",
    "classifier",
    "colours",
    "validation",
    "separability",
    "learning",
    "duplicates",
    "suspects",
    "hitrate",
]


class Looking:
    """A reporter that looks into the store whenever it is told something."""

    def __init__(self, store):
        self.store, self.seen, self.finished = store, [], []

    def look(self, *_):
        """Keep what everybody can see now."""
        self.seen.append(read_making(self.store, "killed"))
        if "killed" in self.store.run_names():
            there = self.store.run("killed")
            check_run(self.store, there)
            self.finished.append(there.finished)

    @contextmanager
    def working(self, stage, detail):
        """Look at each progress."""
        yield self.look

    def done(self, artefact, *, reused, seconds):
        """Look after each stage."""
        self.look()

    def left_out(self, stage, why):
        """Look when a stage is left out."""
        self.look()


class Broken(Pixels):
    """Refuse to extract."""

    def load(self, progress=None):
        """Fail as a file does that is no network."""
        raise InvalidParameter("The file must be a network. Got none.", remedy="another file")


def test_it_can_be_looked_at_while_it_is_made_and_leaves_no_trace(store):
    """Stages in their order, thumbnails and map before the classifier; the run is there, unfinished, all along."""
    looking = Looking(store)
    run(recipe(None), store, looking)
    seen = [making for making in looking.seen if making is not None]
    assert {tuple(state.stage for state in making.stages) for making in seen} == {tuple(ORDER)}
    counts = [sum(state.state == "done" for state in making.stages) for making in seen]
    assert counts == sorted(counts)
    assert counts[-1] >= len(ORDER) - 1
    assert any(state.state == "working" and state.total for making in seen for state in making.stages)
    assert set(looking.finished) == {False}
    assert store.run("killed").finished
    assert list(store.run("killed").stages) == ORDER
    assert makings(store) == []
    assert not is_being_made(store, "killed")


def test_pages_find_the_analyses_of_the_run_under_its_own_setting(store):
    """What the run has computed at its C, nobody is offered to compute."""
    made = run(recipe(None), store, Looking(store))
    own = run_settings(store, made).own
    for stage in (SeparabilityStage(own.C, gamma=own.gamma), LearningCurveStage(own.C, gamma=own.gamma)):
        assert find(store, stage, made.stages).key == made.stages[stage.STAGE]


@pytest.mark.parametrize(("stage", "last"), [(SeparabilityStage, "hitrate"), (ValidationStage, "colours")])
def test_images_that_are_too_few_for_an_analysis_leave_it_out(store, monkeypatch, stage, last):
    """The others are made, and the run is finished; without cross-validation it is not."""

    def refuse(*_, **__):
        raise InvalidParameter("Images must be many. Got 4.", remedy="more images")

    monkeypatch.setattr(stage, "compute", refuse)
    looking = Looking(store)
    with pytest.raises(InvalidParameter) if stage is ValidationStage else nullcontext():
        run(recipe(None), store, looking)
    made = store.run("killed")
    there = [name for name, key in made.stages.items() if store.has(name, key)]
    assert there[-1] == last
    assert made.finished == (stage is SeparabilityStage)
    assert (stage.STAGE in made.stages) == (not made.finished)


def test_a_finished_run_stays_finished_while_it_is_made_again(store):
    """Nobody is sent to wait for what is there."""
    run(recipe(None), store, Looking(store))
    again = Looking(store)
    run(recipe(None), store, again)
    assert set(again.finished) == {True}


def test_a_failure_is_kept_with_its_remedy_and_gone_after_the_next_try(store):
    """The page says what the terminal says."""
    with pytest.raises(LazybonesError, match="must be a network"):
        run(replace(recipe(None), extractor=Broken()), store, Looking(store))
    [making] = makings(store)
    assert (making.run, making.error, making.remedy) == (
        "killed",
        "The file must be a network. Got none.",
        "another file",
    )
    assert [state.stage for state in making.stages if state.state == "done"] == ["dataset", "thumbnails"]
    assert not store.run("killed").finished
    run(recipe(None), store, Looking(store))
    assert makings(store) == []
    assert store.run("killed").finished


def test_a_run_that_was_killed_says_so_and_is_gone_on_with(project, store, tmp_path, capsys):
    """SIGKILL in the middle of the features; `status` names the command, `verify` has no complaint."""
    words = [sys.executable, "-m", "tests.pipeline.killed_run", str(store.root), str(tmp_path / "log")]
    process = subprocess.Popen(words, cwd=project, stderr=subprocess.DEVNULL)
    while not (tmp_path / "log").exists():
        time.sleep(0.01)
    assert is_being_made(store, "killed")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not is_being_made(store, "killed")
    making = read_making(store, "killed")
    assert making is not None
    assert next(state.stage for state in making.stages if state.state == "working") == "features"
    assert not making.error
    assert main.main(["status", "--cache", str(store.root)]) == 0
    told = capsys.readouterr().out
    assert "unfinished, interrupted: features" in told
    assert f"Try: {making.command}" in told
    assert main.main(["verify", "--cache", str(store.root)]) == 0
    assert main.main(["bundle", "killed", "--cache", str(store.root)]) == 1
    run(recipe(None), store, Looking(store))
    assert makings(store) == []


def test_a_run_that_is_made_elsewhere_is_told_as_such(store, capsys):
    """By its lock: nobody trusts a file's word for it."""
    with pytest.raises(LazybonesError):
        run(replace(recipe(None), extractor=Broken()), store, Looking(store))
    ready, stop = os.pipe(), os.pipe()

    def hold():
        with store.locked("run", "killed"):
            os.write(ready[1], b"x")
            os.read(stop[0], 1)

    child = start(hold)
    os.read(ready[0], 1)
    main.main(["status", "--json", "--cache", str(store.root)])
    [entry] = json.loads(capsys.readouterr().out)
    assert (entry["finished"], entry["state"]) == (False, "being made")
    child.kill()


def test_another_recipes_run_is_not_shown_as_being_made(store):
    """Its name is taken: the new one gets a number, also for those who look on."""
    first = replace(recipe(None), name="")
    run(first, store, Looking(store))
    second = replace(first, seed=3)
    names = []

    class Names(Looking):
        def look(self, *_):
            names.append({making.run for making in makings(store)})

    written = run(second, store, Names(store))
    assert written.name == f"{first.run_name}-2"
    assert set().union(*names) == {written.name}
    assert isinstance(second.command, Command)
