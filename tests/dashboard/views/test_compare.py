"""The page that compares two classifiers: tables, words and images against counting one by one."""

import numpy as np
import pytest

from dashboard.comparison.classes import class_columns
from dashboard.comparison.sides import Side, run_labels
from dashboard.page.address import PENDING
from dashboard.page.view_state import Versus
from dashboard.run.data import RunData
from dashboard.statistics.flips import BROKE, FIXED, RIGHT, WRONG, Flips
from dashboard.statistics.intervals import paired_difference
from dashboard.statistics.shared_neighbours import common_neighbours, depth
from dashboard.views import compare
from dashboard.views.compare import numbers, summary
from dashboard.wording.numbers import percent, points
from pipeline.api import Asked, Setting
from tests.dashboard.drawing import click, draw, rows, run, view
from tests.planted import Plan, planted_run

GROUPS = (RIGHT, FIXED, BROKE, WRONG)


@pytest.fixture
def ours(store):
    """Run A of a store with a rival of the same images and one of other images, at its own C."""
    planted_run(store, plan=Plan(noise=2.5))
    planted_run(store, "rival", plan=Plan(noise=2.5), extractor="hog")
    planted_run(store, "strange", plan=Plan(noise=2.5, seed=9))
    return side(store, "planted")


@pytest.fixture
def tables(monkeypatch):
    """Give what the class table was asked to show."""
    shown = []
    monkeypatch.setattr(compare, "column_table", lambda *words, **_: shown.append(words))
    return shown


def shared_neighbours(one, other):
    """The share of neighbours that each image has in both spaces."""
    ours, theirs = (side.data.artefact("neighbours").array("indices") for side in (one, other))
    return common_neighbours(ours, theirs) / depth(ours, theirs)


def side(store, name, C=None):
    """Open a run at a C."""
    data = RunData(store, name)
    return Side(data, data.look_up(Asked(C))[1])


def page_of(monkeypatch, store, **changes):
    """Draw the page."""
    return run(draw(monkeypatch, store, compare, **changes))


def spoken(page):
    """Give all that the page says."""
    return " | ".join(e.value for e in [*page.markdown, *page.caption, *page.info, *page.warning])


def members(a, b):
    """List the images of each group, one by one."""
    found = {group: [] for group in GROUPS}
    for row, true in enumerate(a.data.test_labels):
        mine, its = a.predictions.predicted[row] == true, b.predictions.predicted[row] == true
        found[RIGHT if mine and its else FIXED if mine else BROKE if its else WRONG].append(row)
    return found


@pytest.mark.parametrize(
    ("asked", "against"),
    [({}, ("rival", None)), ({"versus": Versus("rival", Asked(10.0))}, ("rival", 10.0)),
     ({"versus": Versus(asked=Asked(0.001))}, ("planted", 0.001))],
    ids=["another run unasked", "another run and C", "another C"],
)  # fmt: skip
def test_table_counts_who_is_right(monkeypatch, store, ours, tables, asked, against):
    """Both, only A, only B, neither: every image in one cell; and each cell opens its own."""
    expected = members(ours, side(store, *against))
    page = page_of(monkeypatch, store, **asked)
    ((cards, _),) = page.choices
    assert {card.name: card.value for card in cards} == {
        name: str(len(own)) for name, own in expected.items()
    }
    for group, own in expected.items():
        shown = []
        for sheet in range(1, 1 + -(-len(own) // 16)):
            shown += rows(page_of(monkeypatch, store, group=group, sheet=sheet, **asked))
        assert sorted(shown) == own


def test_cards_have_accuracies_difference_and_agreement(store, ours):
    """As counted by hand, with the interval made for paired answers."""
    rival = side(store, "rival")
    flips = ours.since(rival)
    text = numbers(ours, rival, flips)
    a, b = (np.array(s.predictions.predicted) for s in (ours, rival))
    true = ours.data.test_labels
    assert f"<dd>{percent((a == true).mean())}</dd>" in text
    assert f"<dd>{percent((b == true).mean())}</dd>" in text
    assert f"<dd>{percent((a == b).mean())}</dd><dd>different for {(a != b).sum()} images</dd>" in text
    assert flips.gain.value == pytest.approx((a == true).mean() - (b == true).mean())


def test_summary_says_who_is_ahead_and_whether_it_is_chance():
    """In words, the same for both directions."""
    images = np.array([(0, 1, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)])
    ahead, behind = Flips(*images.T), Flips(*images[:, [0, 2, 1]].T)
    assert summary(ahead).startswith(
        "**A has more images right**: A is right and B wrong on **2**, the other way round on **1**; that could"
    )
    assert summary(behind).startswith("**B has more images right**")
    assert "could easily be chance (p = " in summary(ahead)
    assert "equally good" in summary(Flips(*images[1:3].T))
    assert "same images right" in summary(Flips(*images[3:].T))


def test_classes_are_compared_one_by_one(store, ours):
    """Recall of both, their difference, its interval in the note, and the neighbours in common."""
    rival = side(store, "rival")
    shared = shared_neighbours(ours, rival)
    columns, support = class_columns(ours, rival, shared)
    true = ours.data.test_labels
    for label in range(4):
        own = true == label
        a, b = ((s.predictions.predicted == true)[own] for s in (ours, rival))
        assert [column.values[label] for column in columns] == pytest.approx(
            [a.mean(), b.mean(), a.mean() - b.mean(), shared[own].mean()]
        )
        assert support[label] == own.sum()
        gain = paired_difference(int((a & ~b).sum()), int((b & ~a).sum()), int(own.sum()))
        assert (
            f"A right, B wrong: {(a & ~b).sum()}; A wrong, B right: {(b & ~a).sum()}"
            in columns[2].notes[label]
        )
        assert points(gain.high) in columns[2].notes[label]
    assert columns[2].signed
    assert len(class_columns(ours, rival, None)[0]) == 3


def test_click_on_a_class_shows_its_images(monkeypatch, store, ours, tables):
    """Where the two answers differ, of this class."""
    page = page_of(monkeypatch, store)
    click(page, tables[-1][-1], 2)
    assert view(page).true_label == 2
    rival = side(store, "rival")
    differ = np.flatnonzero(
        (ours.predictions.predicted != rival.predictions.predicted) & (ours.data.test_labels == 2)
    )
    assert sorted(rows(page)) == differ.tolist()[:16]


def test_neighbourhoods_are_told_where_the_features_differ(monkeypatch, store, ours, tables):
    """Between two runs, not between two C of one."""
    rival = side(store, "rival")
    shared = shared_neighbours(ours, rival)
    assert f"**{20 * shared.mean():.1f}** in common" in spoken(page_of(monkeypatch, store))
    same = spoken(page_of(monkeypatch, store, versus=Versus(asked=Asked(1.0))))
    assert "in common" not in same
    assert "share one map" in same


def test_run_without_neighbours_is_compared_without_them(monkeypatch, store, ours, tables):
    """The rest of the page is there."""
    planted_run(store, "lonely", plan=Plan(noise=2.5), extractor="pixels", without=("neighbours",))
    page = page_of(monkeypatch, store, versus=Versus("lonely"))
    assert page.choices
    assert "in common" not in spoken(page)


def test_run_without_a_map_says_how_to_make_one(monkeypatch, store, ours, tables):
    """The rest of the page is there, and no maps."""
    planted_run(
        store, "flat", plan=Plan(noise=2.5), extractor="pixels", without=("projection", "faithfulness")
    )
    page = page_of(monkeypatch, store, versus=Versus("flat"))
    assert page.choices
    assert "flat has no map yet" in spoken(page)
    assert page.code[0].value == store.run("flat").command


def test_both_sides_can_be_chosen_and_swapped(monkeypatch, store, ours, tables):
    """The address has both; swapping twice changes nothing."""
    page = page_of(monkeypatch, store)
    fields = {field.label: field for field in page.selectbox}
    assert fields["Run A"].options == fields["Run B"].options == ["planted.bin", "hog.bin"]
    fields["Setting of A"].set_value(Setting(1.0, "linear"))
    run(page)
    assert (view(page).asked.C, view(page).versus.run, view(page).versus.asked.C) == (1.0, "rival", 0.1)
    {field.label: field for field in page.selectbox}["Setting of B"].set_value(Setting(10.0, "linear"))
    run(page)
    assert (view(page).versus.run, view(page).versus.asked.C) == ("rival", 10.0)
    for expected in (("rival", 10.0, "planted", 1.0), ("planted", 1.0, "rival", 10.0)):
        next(button for button in page.button if button.label == "Swap").click()
        state = view(run(page))
        assert (state.run, state.asked.C, state.versus.run, state.versus.asked.C) == expected


def test_runs_are_told_apart_by_what_differs(store):
    """By their models; where these are one, by the part of the name that differs, first."""
    for name, extractor in (
        ("clip-a-lite0", "planted"),
        ("clip-a-lite0-rbf", "planted"),
        ("clip-a-hog", "hog"),
    ):
        planted_run(store, name, extractor=extractor)
    labels = run_labels([RunData(store, name) for name in store.run_names()])
    assert labels == {
        "clip-a-hog": "hog.bin",
        "clip-a-lite0": "lite0 · planted.bin",
        "clip-a-lite0-rbf": "lite0-rbf · planted.bin",
    }


def test_the_page_opens_on_what_only_one_has_right(monkeypatch, store, ours, tables):
    """The larger of both groups, in words and not in the URL; of a class all whose answers differ."""
    expected = members(ours, side(store, "rival"))
    larger = max((FIXED, BROKE), key=lambda group: len(expected[group]))
    page = page_of(monkeypatch, store)
    assert set(rows(page)) <= set(expected[larger])
    assert len(rows(page)) == min(16, len(expected[larger]))
    assert view(page).group is None
    ((_, picked),) = page.choices
    click(page, picked, None)
    assert view(page).group == larger


def test_same_classifier_is_not_compared_with_itself(monkeypatch, store, ours, tables):
    """A sentence says what to choose."""
    page = page_of(monkeypatch, store, versus=Versus("planted"))
    assert "A and B are the same classifier" in spoken(page)
    assert not page.choices
    assert not page.code


def test_only_run_names_the_command_that_makes_another(monkeypatch, store, tables):
    """Where there is nothing to compare with; two C of the run can be compared all the same."""
    planted_run(store, plan=Plan(noise=2.5))
    page = page_of(monkeypatch, store)
    assert page.code[0].value == "python -m pipeline run --source planted --extractor hog"
    page.session_state[PENDING] = view(page).changed(versus=Versus(asked=Asked(1.0)))
    assert run(page).choices


def test_run_of_other_images_is_refused(monkeypatch, store, ours, tables):
    """In a sentence, and something that can be compared is shown instead."""
    page = page_of(monkeypatch, store, asked=Asked(1.0), versus=Versus("strange"))
    assert "tested on others" in page.warning[0].value
    assert page.choices
