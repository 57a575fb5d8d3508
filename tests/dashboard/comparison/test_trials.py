"""What was tried is remembered for the session, with notes, and can be gone back to."""

from datetime import datetime

import numpy as np
import pytest

from dashboard.comparison.sides import Side
from dashboard.comparison.trials import LONGEST_NOTE, Trial, bounded, trial_of
from dashboard.components.widget import row_index
from dashboard.page.address import PENDING
from dashboard.page.view_state import Versus
from dashboard.run.data import RunData
from dashboard.statistics.intervals import mcnemar
from dashboard.views import retrain
from dashboard.wording.numbers import percent
from pipeline.api import Asked
from pipeline.retraining.retrainer import retrain as fit
from tests.dashboard.drawing import click, draw, run, view
from tests.planted import Plan, linear, planted_run


@pytest.fixture
def planted(store):
    """The data of a run with errors, whose own C is 0.1."""
    planted_run(store, plan=Plan(noise=2.5))
    return RunData(store, "planted")


def go(page, **changes):
    """Look at something else in the same session."""
    page.session_state[PENDING] = view(page).changed(**changes)
    return run(page)


def listed(page):
    """Give the rows that the page lists."""
    ((rows, _),) = page.histories
    return rows


def test_everything_tried_is_listed_latest_first(monkeypatch, store, planted):
    """Each setting once; coming back to one moves it to the top."""
    page = run(draw(monkeypatch, store, retrain))
    for C in (1.0, 10.0, 1.0):
        go(page, asked=Asked(C))
    assert [row.C for row in listed(page)] == ["1", "10", "0.1"]
    assert [row.used for row in listed(page)] == [True, False, False]
    assert [row.pinned for row in listed(page)] == [False, False, True]
    assert all(datetime.fromisoformat(row.tried).tzinfo for row in listed(page))


def test_rows_say_how_good_and_against_what(monkeypatch, store, planted):
    """Accuracy, and the difference from the baseline with McNemar's p, as counted by hand."""
    page = go(run(draw(monkeypatch, store, retrain)), asked=Asked(10.0))
    first, second = listed(page)
    right = [np.array(planted.predictions(linear(C)).predicted) == planted.test_labels for C in (10.0, 0.1)]
    assert (first.accuracy, second.accuracy) == tuple(percent(share.mean()) for share in right)
    p = mcnemar(sum(right[0] & ~right[1]), sum(right[1] & ~right[0]))
    assert f"{p:.2f}" in first.chance or f"{p:.3f}" in first.chance or p < 0.001
    assert (second.change, second.chance) == ("the baseline", "")


def test_any_two_settings_can_be_tested_against_each_other(monkeypatch, store, planted):
    """Pin the one, and the row of the other has their p; the pair is the same whichever is pinned."""
    page = run(draw(monkeypatch, store, retrain))
    for C in (1.0, 10.0):
        go(page, asked=Asked(C))
    chances = {}
    for pinned, other in ((1.0, "10"), (10.0, "1")):
        go(page, versus=Versus(asked=Asked(pinned)))
        chances[pinned] = next(row.chance for row in listed(page) if other == row.C)
    assert chances[1.0] == chances[10.0] != ""


def act(page, name, *words):
    """Use, pin or annotate a row."""
    ((_, acts),) = page.histories
    return click(page, acts[name], *words)


def test_use_steps_back_and_pin_compares(monkeypatch, store, planted):
    """The setting is in use on every page; the baseline is in the address."""
    page = run(draw(monkeypatch, store, retrain))
    go(page, asked=Asked(1.0))
    act(page, "pin", 0)
    assert (view(page).asked.C, view(page).versus.asked.C) == (1.0, 1.0)
    act(page, "use", 1)
    assert (view(page).asked.C, view(page).versus.asked.C) == (None, 1.0)
    assert [row.C for row in listed(page)] == ["0.1", "1"]
    act(page, "pin", 0)
    assert view(page).versus.asked.C is None


def test_use_of_another_run_keeps_the_baseline(monkeypatch, store, planted):
    """What is compared with is still the same classifier, named from the other run, and listed."""
    planted_run(store, "other", plan=Plan(noise=2.5), extractor="hog")
    page = run(draw(monkeypatch, store, retrain, run="other"))
    go(page, run="planted", asked=Asked(1.0))
    act(page, "use", 1)
    assert (view(page).run, view(page).versus.run, view(page).versus.asked.C) == ("other", "planted", 0.1)
    assert [(row.run, row.C) for row in listed(page)] == [("", "0.1"), ("planted", "1"), ("planted", "0.1")]
    assert [row.pinned for row in listed(page)] == [False, False, True]


def test_run_of_other_images_is_listed_without_a_comparison(monkeypatch, store, planted):
    """Its accuracy is told, a difference is not made up."""
    planted_run(store, "strange", plan=Plan(noise=2.5, seed=9))
    page = go(run(draw(monkeypatch, store, retrain, run="strange")), run="planted")
    assert [(row.run, row.change, row.chance) for row in listed(page)][1] == ("strange", "other images", "")


def test_note_stays_with_its_setting(monkeypatch, store, planted):
    """Also when it is tried again; it is one line, and has an end."""
    page = go(run(draw(monkeypatch, store, retrain)), asked=Asked(1.0))
    act(page, "note", 0, "  looks\ngood ")
    act(page, "note", 1, "x" * 1000)
    go(page, asked=Asked(10.0))
    go(page, asked=Asked(1.0))
    notes = {row.C: row.note for row in listed(page)}
    assert notes == {"1": "looks good", "10": "", "0.1": "x" * LONGEST_NOTE}


def test_fits_of_earlier_sessions_are_offered(monkeypatch, store, planted):
    """They have no time of this session, and are listed once."""
    fit(store, planted.run, linear(0.5))
    page = run(draw(monkeypatch, store, retrain))
    assert [(row.C, row.tried != "") for row in listed(page)] == [("0.1", True), ("0.5", False)]
    go(page, asked=Asked(0.5))
    assert [(row.C, row.tried != "") for row in listed(page)] == [("0.5", True), ("0.1", True)]


def trial(number, note=""):
    """Make a setting that was tried."""
    return Trial("run", linear(float(number)), (), b"\x80", 1, note=note)


def test_history_has_an_end_and_keeps_what_has_a_note():
    """The oldest without a note goes first, then the oldest; the latest always stays."""
    past = [trial(i, "note" if i in (4, 5) else "") for i in range(6)]
    assert [t.setting.C for t in bounded(past, 4)] == [0, 1, 4, 5]
    assert [t.setting.C for t in bounded(past, 2)] == [0, 4]
    assert bounded(past, 6) == past
    assert [t.setting.C for t in bounded([trial(i, "note") for i in range(3)], 1)] == [0]


def test_trial_keeps_one_bit_an_image(planted):
    """Right and wrong come out as they went in."""
    kept = trial_of(Side(planted, planted.predictions(linear(0.001))))
    assert len(kept.right) == -(-planted.n_test // 8)
    assert kept.n_correct == planted.predictions(linear(0.001)).n_correct
    before = trial_of(Side(planted, planted.predictions(linear(10.0))))
    flips = Side(planted, planted.predictions(linear(0.001))).since(
        Side(planted, planted.predictions(linear(10.0)))
    )
    assert {name: kept.since(before).counts[name] for name in ("fixed", "broke")} == {
        name: flips.counts[name] for name in ("fixed", "broke")
    }
    assert not kept.is_like(trial(1))


@pytest.mark.parametrize("value", [None, "1", -1, 3, 0.5, True, float("nan"), [1], 1e300])
def test_only_rows_that_are_there_can_be_chosen(value):
    """Whatever the browser makes up."""
    assert row_index(value, range(3)) is None


def test_row_of_the_table_is_read():
    """Browsers send numbers, whole or as floats."""
    assert (row_index(2, range(3)), row_index(2.0, range(3))) == (2, 2)
