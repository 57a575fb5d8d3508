"""Which images are listed, what the browser is told of them, and what a list is worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dashboard.labels.deck import MOST, message
from dashboard.labels.listing import Judged, listed, names_of
from dashboard.labels.suspects import by_place
from dashboard.labels.worth import worth
from dashboard.page.context import ViewContext
from dashboard.page.filter import Filter
from dashboard.page.packed import pack_rows
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData, image_ids
from pipeline.api import (
    Edit,
    Estimate,
    HitRate,
    Judgement,
    SuspectsStage,
    ensure,
    images_of,
    open_verdicts,
    read_suspects,
)
from tests.planted import Plan, planted_run

N_TEST, N_TRAIN = 40, 60


@pytest.fixture
def data(store):
    """A planted run with errors."""
    planted_run(store, plan=Plan(noise=2.5, n_train=N_TRAIN, n_test=N_TEST))
    return RunData(store, "planted")


@pytest.fixture
def made(store, data):
    """Its suspects."""
    return ensure(store, SuspectsStage(), data.run.stages)


@pytest.fixture
def judged(store, data):
    """Somebody has kept image 3, found training image 5 wrong, and tagged image 7."""
    images = images_of(data.artefact("dataset"))
    said = {3: Judgement("keep"), N_TEST + 5: Judgement("wrong"), 7: Judgement(tags=("odd",))}
    verdicts = open_verdicts(store)
    verdicts.record(images, [Edit(images.keys[place], judgement) for place, judgement in said.items()], "Ann")
    return Judged(images, verdicts.state(images))


@pytest.fixture
def ask(store, data, made, judged):
    """Give what is listed; ``ask(verdict="wrong")``."""

    def asked(**view):
        context = ViewContext(store, data, data.own_predictions, ViewState(run="planted", **view))
        return listed(context, by_place(data, made), judged).tolist()

    return asked


def test_places_are_those_of_verdicts(data, made):
    """Test images first: labels, names and margins are each image's own."""
    by, own, images = by_place(data, made), read_suspects(made), images_of(data.artefact("dataset"))
    names = names_of(data, np.arange(N_TEST + N_TRAIN))
    assert names == list(images.ids)
    assert names[N_TEST] == image_ids(data, "train", [0])[0]
    assert by.given.tolist() == [*data.test_labels, *data.train_labels]
    for split, row, score, rank in zip(own.split, own.row, own.score, own.rank, strict=True):
        place = row if split == 1 else N_TEST + row
        assert (by.margin[place], by.rank[place]) == (-score, rank)


def test_the_most_suspect_come_first_or_names(ask, data, made):
    """All of both splits; in the order of their names where that is asked for."""
    by = by_place(data, made)
    assert ask() == np.argsort(by.rank).tolist()
    assert ask(sort="name") == list(range(N_TEST + N_TRAIN))
    assert ask(sort="typical") == ask()


def test_verdicts_tags_classes_and_choices_narrow_it(ask, data, made):
    """Each by brute force."""
    by, every = by_place(data, made), set(range(N_TEST + N_TRAIN))
    assert set(ask(verdict="keep")) == {3}
    assert set(ask(verdict="wrong")) == {N_TEST + 5}
    assert set(ask(verdict="unjudged")) == every - {3, N_TEST + 5}
    assert set(ask(tag="odd")) == {7}
    assert set(ask(filter=Filter(true=(1,), predicted=(2,)))) == {
        place for place in every if by.given[place] == 1 and by.suggested[place] == 2
    }
    assert set(ask(filter=Filter(text="train"))) == every - set(range(N_TEST))
    wrong = np.flatnonzero(~data.own_predictions.correct)
    assert set(ask(filter=Filter(outcome="wrong"))) == set(wrong.tolist())
    assert set(ask(rows=pack_rows(np.array([2, 9]), N_TEST))) == {2, 9}
    assert ask(rows="nonsense") == []


def test_the_browser_is_told_of_the_first(store, data, made, judged, monkeypatch):
    """As many as it may know, and where the first is that nobody has judged."""
    context = ViewContext(store, data, data.own_predictions, ViewState(run="planted"))
    at = np.array([3, N_TEST + 5, 7, 1])
    told = message(context, by_place(data, made), judged, at, None)
    assert told["items"]["number"] == at.tolist()
    assert told["items"]["split"] == ["test image", "training image", "test image", "test image"]
    assert (told["start"], told["total"], told["who"]) == (2, 4, "")
    assert told["expected"] is None
    monkeypatch.setattr("dashboard.labels.deck.MOST", 2)
    some = message(context, by_place(data, made), judged, at, Estimate(3, 1, 9))
    assert (some["items"]["number"], some["total"]) == (at[:2].tolist(), 4)
    assert some["expected"] == {"value": 3, "low": 1, "high": 9}
    assert MOST == 1000


def test_what_a_list_is_worth_is_said_in_numbers():
    """Honest where it is poor; of few images nothing is said of the first fifty."""
    share = Estimate(0.61, 0.52, 0.70)
    rate = HitRate(
        100, 20, 0.02, 0.61, 0.52, 0.70, share, share, Estimate(79.4, 40, 150), Estimate(5.2, 2, 9)
    )
    assert worth(rate, 10_000) == (
        "Of 100 labels that were falsified on purpose, the first 2.0% of the list hold **61** (52 to 70). Of its "
        "first 50 labels about **5** are wrong (2 to 9), of all 10,000 about **79** (40 to 150). So most of what you "
        "see is right: keep it."
    )
    assert "So most" not in worth(replace(rate, in_first_50=Estimate(45, 40, 50)), 10_000)
    surer = worth(rate, 10_000, in_two_classes=True)
    assert surer.endswith("keep it. Surer are the pictures that stand in two classes.")
    assert "first 50" not in worth(rate, 50)
    wide = worth(replace(rate, in_first_50=Estimate(0.2, 0, 49)), 10_000, in_two_classes=True)
    assert "Of its first 50 labels **0 to 49** are wrong (no more can be told), of all" in wide
    assert "So most" not in wide
    assert wide.endswith("Surer are the pictures that stand in two classes.")
