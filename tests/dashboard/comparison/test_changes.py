"""What flipped, on the page: counts, words, cells and exactly those images."""

import numpy as np
import pytest

from dashboard.comparison.changes import described, movers, summary
from dashboard.comparison.sides import Side, baseline
from dashboard.page.context import ViewContext
from dashboard.page.filter import Filter
from dashboard.page.view_state import Versus, ViewState
from dashboard.run.data import RunData
from dashboard.statistics.flips import BROKE, DIFFERENT, FIXED, SAME, Flips
from dashboard.views import retrain
from pipeline.api import Asked, Setting
from tests.dashboard.drawing import click, draw, rows, run, view
from tests.planted import Plan, linear, planted_run

GROUPS = (FIXED, BROKE, DIFFERENT, SAME)
SHEET = 16  # images of a sheet


@pytest.fixture
def planted(store):
    """The data of a run with errors, whose own C is 0.1, beside one of other features and one of other images."""
    planted_run(store, plan=Plan(noise=2.5))
    planted_run(store, "other", plan=Plan(noise=2.5), extractor="hog")
    planted_run(store, "strange", plan=Plan(noise=2.5, seed=9))
    return RunData(store, "planted")


def answers(store, setting):
    """Give what a run says at a C."""
    name, C = setting
    return np.array(RunData(store, name).look_up(Asked(C))[1].predicted)


def by_hand(true, before, after, group):
    """List the images of a group, one by one."""
    found = []
    for row, (t, b, a) in enumerate(zip(true, before, after, strict=True)):
        is_in = {
            FIXED: b != t and a == t,
            BROKE: b == t and a != t,
            DIFFERENT: b != t and a not in (t, b),
            SAME: b == a != t,
            None: b != a,
        }
        found += [row] if is_in[group] else []
    return found


@pytest.mark.parametrize("versus", [("planted", 10.0), ("other", None)], ids=["another C", "another run"])
def test_cards_count_every_group(monkeypatch, store, planted, versus):
    """Fixed, broke, still wrong in another and in the same way: as counting one image after the other gives."""
    name, C = versus
    page = run(draw(monkeypatch, store, retrain, asked=Asked(0.001), versus=Versus(name, Asked(C))))
    before, after = answers(store, versus), answers(store, ("planted", 0.001))
    ((cards, _),) = page.choices
    assert {card.name: card.value for card in cards} == {
        group: str(len(by_hand(planted.test_labels, before, after, group))) for group in GROUPS
    }


def every_sheet(monkeypatch, store, count, **changes):
    """List the images of all sheets, in their order."""
    shown = []
    for sheet in range(1, 1 + -(-count // SHEET)):
        shown += rows(run(draw(monkeypatch, store, retrain, asked=Asked(0.001), sheet=sheet, **changes)))
    return shown


@pytest.mark.parametrize("group", [None, *GROUPS])
def test_group_shows_exactly_its_images(monkeypatch, store, planted, group):
    """Over all its sheets, each image once; those whose margin moved most come first."""
    expected = by_hand(
        planted.test_labels, answers(store, ("planted", 0.1)), answers(store, ("planted", 0.001)), group
    )
    shown = every_sheet(monkeypatch, store, len(expected), group=group)
    assert sorted(shown) == expected
    moved = np.abs(planted.predictions(linear(0.001)).margin - planted.predictions(linear(0.1)).margin)[shown]
    assert (np.diff(moved) <= 0).all()


def test_card_chooses_its_group_and_lets_go_of_it(monkeypatch, store, planted):
    """The address says which images are open, from their first sheet on."""
    page = run(draw(monkeypatch, store, retrain, asked=Asked(0.001), sheet=2))
    click(page, page.choices[0][1], BROKE)
    assert (view(page).group, view(page).sheet) == (BROKE, 1)
    click(page, page.choices[0][1], None)
    assert view(page).group is None


def test_group_of_another_page_shows_all_that_changed(monkeypatch, store, planted):
    """A link from the page Compare may name a group that has no card here."""
    expected = by_hand(
        planted.test_labels, answers(store, ("planted", 0.1)), answers(store, ("planted", 0.001)), None
    )
    assert sorted(every_sheet(monkeypatch, store, len(expected), group="right")) == expected


@pytest.mark.parametrize("cell", [(0, 1), (2, None), (None, 3)], ids=["cell", "row", "column"])
def test_cell_opens_exactly_its_images(monkeypatch, store, planted, cell):
    """Those of the true class that were, or are now, taken for the other."""
    true, said = cell
    before, after = answers(store, ("planted", 0.1)), answers(store, ("planted", 0.001))
    expected = [
        row
        for row in by_hand(planted.test_labels, before, after, None)
        if true in (None, planted.test_labels[row]) and (said is None or said in (before[row], after[row]))
    ]
    assert (
        sorted(every_sheet(monkeypatch, store, len(expected), true_label=true, predicted_label=said))
        == expected
    )


def test_classes_that_the_map_has_filtered_open_their_images(monkeypatch, store, planted):
    """Several of a kind: of these true classes, those that were, or are now, taken for one of the others."""
    before, after = answers(store, ("planted", 0.1)), answers(store, ("planted", 0.001))
    expected = [
        row
        for row in by_hand(planted.test_labels, before, after, None)
        if planted.test_labels[row] in (0, 2) and {before[row], after[row]} & {1, 3}
    ]
    several = Filter(true=(0, 2), predicted=(1, 3))
    assert sorted(every_sheet(monkeypatch, store, len(expected), filter=several)) == expected != []


def test_baseline_itself_is_compared_with_what_is_suggested(monkeypatch, store, planted):
    """Where both are the same, the page lists what the cross-validated C would change: it never opens empty."""
    page = run(draw(monkeypatch, store, retrain))
    ((cards, _),) = page.choices
    before, after = answers(store, ("planted", 0.1)), answers(store, ("planted", 0.01))
    assert {card.name: card.value for card in cards} == {
        group: str(len(by_hand(planted.test_labels, before, after, group))) for group in GROUPS
    }
    assert page.curves[0][0].suggestion.C == 0.01


def test_baseline_can_be_chosen(monkeypatch, store, planted):
    """Any C that was fitted, and any run of the same test images; not one of other images."""
    page = run(draw(monkeypatch, store, retrain, asked=Asked(0.001)))
    (picker,) = [field for field in page.selectbox if field.label == "Compare with"]
    assert "C = 0.1 (the run's own)" in picker.options
    assert "other, C = 0.1" in picker.options
    assert not [option for option in picker.options if "strange" in option]
    picker.set_value(("planted", Setting(10.0, "linear")))
    assert view(run(page)).versus.asked.C == 10.0
    (picker,) = [field for field in page.selectbox if field.label == "Compare with"]
    picker.set_value(("other", Setting(0.1, "linear")))
    assert view(run(page)).versus == Versus("other", Asked(0.1))


@pytest.mark.parametrize(
    ("versus", "said"),
    [(Versus("strange"), "tested on others"), (Versus("nobody"), "run must be one of"),
     (Versus(asked=Asked(77.0)), "must be fitted. Got C = 77")],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_in_words(store, planted, versus, said):
    """And the run's own C takes its place."""
    state = ViewState(run="planted", asked=Asked(0.001), versus=versus)
    side, refusal = baseline(ViewContext(store, planted, planted.predictions(linear(0.001)), state))
    assert said in refusal
    assert (side.data.run.name, side.predictions.C) == ("planted", 0.1)


def test_refusal_is_on_the_page(monkeypatch, store, planted):
    """With what is compared with instead."""
    page = run(draw(monkeypatch, store, retrain, asked=Asked(0.001), versus=Versus("strange")))
    assert "tested on others" in page.warning[0].value
    assert page.choices


def test_sides_are_named_as_briefly_as_tells_them_apart(store, planted):
    """Within a run by C, between runs by both."""
    own, other_C = (Side(planted, planted.predictions(linear(C))) for C in (0.1, 0.001))
    other = RunData(store, "other")
    other = Side(other, other.own_predictions)
    assert (own.name(other_C), own.name(other)) == ("C = 0.1", "planted, C = 0.1")
    assert own.is_same(Side(planted, planted.own_predictions))
    assert not own.is_same(other_C)
    assert not own.is_same(other)


def flips(*images):
    """Compare answers, written as triples of true, before and after."""
    return Flips(*np.array(images).T)


def test_summary_is_plain_words():
    """What is compared, and whether its change can be chance; how much is on the curve and the cards."""
    text = summary(flips((0, 1, 0), (0, 0, 1), (0, 0, 1), (0, 0, 0)), "C = 1", "C = 2")
    assert text.startswith("From C \\= 1 to C \\= 2, the change in accuracy could easily be chance (p = ")
    assert "no answer changes" in summary(flips((0, 1, 1), (0, 0, 0)), "a", "b")
    assert "no image is fixed and none breaks" in summary(flips((0, 1, 2), (0, 0, 0)), "a", "b")


def test_shown_images_are_described():
    """Group, true class, and what they are taken for."""
    names = ["cat", "dog"]
    assert described(1, "fixed", names, (None, None), "now") == "**1 image** fixed."
    text = described(1200, "broke", names, (0, 1), "before or now")
    assert text == "**1,200 images** broke, of true class **cat**, taken for **dog** before or now."


def test_movers_bear_margins_that_are_no_numbers(store, planted):
    """They come last."""
    context = ViewContext(
        store, planted, planted.predictions(linear(0.001)), ViewState(run="planted", asked=Asked(0.001))
    )
    before = Side(planted, planted.predictions(linear(0.1)))
    before.predictions.margin[3] = np.nan
    ordered = movers(context, before, np.arange(10))
    assert ordered[-1] == 3
    assert sorted(ordered) == list(range(10))
    assert Side.of(context).since(before).true is planted.test_labels
