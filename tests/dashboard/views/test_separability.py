"""The page of the pairs of classes: what a cell says, and a pair's images in order of their distance."""

import threading

import numpy as np
import pytest

from dashboard.analysis import results
from dashboard.analysis.pair_text import described, error_sentence, hardest_pairs, lanes, neighbour_sentence
from dashboard.components.sprites import sprite_sheet
from dashboard.figures.axis import axis_figure
from dashboard.figures.matrix import CLICKABLE_UP_TO
from dashboard.figures.separability import pair_figure
from dashboard.figures.theme import DARK, LIGHT
from dashboard.jobs import display, request
from dashboard.jobs.queue import JobQueue
from dashboard.run.data import RunData, pixels
from dashboard.views import separability
from dashboard.views.separability import clicked_row
from pipeline.api import Asked, Judged, SeparabilityStage, Setting, ensure, pair_axis
from pipeline.retraining.retrainer import retrain
from tests.dashboard.drawing import click, draw, rows, run, view
from tests.planted import Plan, linear, planted_run

APART = Judged(0, 40, 0, 0)
NAMES = ("circle", "square", "cross", "bar")
MINUS = "\N{MINUS SIGN}"


@pytest.fixture
def planted(store):
    """A run with errors, whose own C is 0.1."""
    return planted_run(store, plan=Plan(noise=2.5))


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Let the page wait for a quick axis, however busy the machine is."""
    monkeypatch.setattr(request, "BLINK", 30.0)


def page_of(monkeypatch, store, **changes):
    """Draw the page."""
    return run(draw(monkeypatch, store, separability, **changes))


def confusion_of(store):
    """Count images by true and predicted class, one by one."""
    data, matrix = RunData(store, "planted"), np.zeros((4, 4))
    for true, predicted in zip(data.test_labels, data.own_predictions.predicted, strict=True):
        matrix[true, predicted] += 1
    return matrix


def spoken(page):
    """Give all that the page says."""
    return " | ".join(e.value for e in [*page.markdown, *page.caption, *page.info])


def test_matrices_are_offered_and_then_shown(monkeypatch, store, planted):
    """At the C in use; the hardest pairs are links to their images."""
    page = page_of(monkeypatch, store)
    assert [button.label for button in page.button if "ompute" in button.label] == ["Compute separability"]
    found = ensure(store, SeparabilityStage(0.1), planted.stages)
    page = page_of(monkeypatch, store)
    assert "5 folds" in spoken(page)
    expected = hardest_pairs(np.array(found.array("error")), 8)
    (lines, picked), _ = page.choices
    assert [line.name for line in lines] == [f"{first}.{second}" for first, second, _ in expected]
    click(page, picked, lines[1].name)
    assert (view(page).true_label, view(page).predicted_label) == expected[1][:2]
    assert "Compute" in page_of(monkeypatch, store, asked=Asked(1.0)).button[0].label


def test_hardest_pairs_are_those_of_sorting_by_hand(rng):
    """Each pair once; ties in the order of the classes; none without errors."""
    error = np.round(rng.random((6, 6)), 1)
    error = (error + error.T) / 2
    error[0, 1] = error[1, 0] = 0
    error[2] = error[:, 2] = np.nan
    pairs = [(i, j, error[i, j]) for i in range(6) for j in range(i + 1, 6) if error[i, j] > 0]
    assert hardest_pairs(error, 4) == sorted(pairs, key=lambda pair: -pair[2])[:4]


def by_hand(axis, group):
    """Give the rows to show, sorting one image after the other."""
    images = axis.train if group == "support" else axis.test
    listed = list(zip(images.rows.tolist(), images.distance.tolist(), images.is_first, strict=True))
    kept = {"wrong": images.is_wrong, "support": images.is_support}.get(group, np.ones(len(listed), bool))
    key = {
        None: lambda image: abs(image[1]),
        "along": lambda image: -image[1],
    }.get(group, lambda image: image[1] if image[2] else -image[1])
    return [row for row, *_ in sorted((i for i, keep in zip(listed, kept, strict=True) if keep), key=key)]


@pytest.mark.parametrize("group", [None, "wrong", "along", "support"])
def test_images_of_a_pair_come_in_their_order(monkeypatch, store, planted, group):
    """Nearest to the boundary, farthest on the wrong side, from end to end, or what holds the boundary up."""
    axis = pair_axis(store, planted, linear(0.1), 1, 3)
    data = RunData(store, "planted")
    expected, shown = by_hand(axis, group), []
    split = "train" if group == "support" else "test"
    for sheet in range(1, 1 + -(-len(expected) // 24)):
        page = page_of(monkeypatch, store, true_label=1, predicted_label=3, sheet=sheet, group=group)
        ((content, _),) = page.galleries
        assert content.sheet == sprite_sheet(pixels(data, split, rows(page)))
        assert bool(content.action) == (group != "support")
        shown += rows(page)
    assert shown == expected
    if group in (None, "along"):
        assert sorted(shown) == np.flatnonzero(np.isin(data.test_labels, (1, 3))).tolist()


def test_cards_count_what_they_open(monkeypatch, store, planted):
    """And the address says which is open; nothing where it is the first."""
    axis = pair_axis(store, planted, linear(0.1), 1, 3)
    page = page_of(monkeypatch, store, true_label=1, predicted_label=3)
    ((cards, picked),) = page.choices
    for card in cards:
        group = None if card.name == "nearest" else card.name
        assert int(card.value) == len(by_hand(axis, group))
        click(page, picked, card.name)
        assert view(page).group == group


@pytest.mark.parametrize("group", ["fixed", "same"])
def test_group_of_another_page_means_nothing_here(monkeypatch, store, planted, group):
    """The nearest are shown."""
    page = page_of(monkeypatch, store, true_label=1, predicted_label=3, group=group)
    assert rows(page) == by_hand(pair_axis(store, planted, linear(0.1), 1, 3), None)[:24]


def test_axis_is_of_the_kernel_in_use(monkeypatch, store, planted):
    """Another kernel has another boundary."""
    asked = Setting(1.0, "rbf", 0.05)
    retrain(store, planted, asked)
    page = page_of(monkeypatch, store, true_label=1, predicted_label=3, asked=Asked(1.0, "rbf", 0.05))
    assert rows(page) == by_hand(pair_axis(store, planted, asked, 1, 3), None)[:24]
    assert any("at RBF, gamma = 0.05, C = 1." in said.proto.body for said in page.get("html"))


def test_slow_axis_shows_how_far_it_is(monkeypatch, store, planted):
    """The page is not held up; the result is there when it is done."""
    go_on, queue = threading.Event(), JobQueue()
    real = results.pair_axis
    monkeypatch.setattr(display, "queue", lambda: queue)
    monkeypatch.setattr(request, "BLINK", 0.0)

    def slow(*words):
        assert go_on.wait(30)
        return real(*words)

    monkeypatch.setattr(results, "pair_axis", slow)
    page = page_of(monkeypatch, store, true_label=1, predicted_label=3)
    assert not page.galleries
    assert "Axis of the pair of planted" in page.get("progress")[0].proto.text
    (job,) = queue.alive()
    go_on.set()
    assert job.wait(30)
    assert len(run(page).galleries) == 1


def test_tiles_name_the_side_and_frame_the_wrong_ones(monkeypatch, store, planted):
    """The side is that of the sign: positive is the first class's."""
    axis = pair_axis(store, planted, linear(0.1), 1, 3)
    value = dict(zip(axis.test.rows.tolist(), axis.test.value, strict=True))
    labels = RunData(store, "planted").test_labels
    page = page_of(monkeypatch, store, true_label=1, predicted_label=3)
    ((content, _),) = page.galleries
    for tile in content.groups[0].tiles:
        side = 1 if value[tile.row] > 0 else 3
        assert tile.lines[1][1] == (NAMES[side], side)
        assert tile.wrong == (side != labels[tile.row])


@pytest.mark.parametrize("pair", [(None, None), (1, None), (None, 2), (2, 2)])
@pytest.mark.parametrize("known", [False, True], ids=["of an older run", "of this run"])
def test_the_hardest_pair_is_shown_until_another_is_chosen(monkeypatch, store, planted, pair, known):
    """With the class that is chosen, if one is; not in the URL; without the stage the pair that is mixed up most."""
    error = (confusions := confusion_of(store)) + confusions.T
    if known:
        error = np.array(ensure(store, SeparabilityStage(0.1), planted.stages).array("error"))
    wanted = next((label for label in pair if label is not None), None)
    ranked = [(a, b) for a, b, _ in hardest_pairs(np.where(np.eye(4), np.nan, error), 16)]
    hardest = next(cell for cell in ranked if wanted in (None, *cell))
    page = page_of(monkeypatch, store, true_label=pair[0], predicted_label=pair[1])
    labels = RunData(store, "planted").test_labels
    assert set(np.unique(labels[rows(page)])) <= set(hardest)
    assert all(f"**{NAMES[label]}**" in spoken(page) for label in hardest)
    assert "The hardest pair to tell apart" in spoken(page)
    assert (view(page).true_label, view(page).predicted_label) == pair


def test_pair_is_described_in_words(store, planted):
    """Test images on the wrong side with their interval, and held-out error."""
    axis = pair_axis(store, planted, linear(0.1), 1, 3)
    text = described(axis, NAMES, 0.125, APART)
    assert f"on the wrong side **{axis.test.is_wrong.sum()}** of {len(axis.test.rows)} test images (" in text
    assert "12.5% of the training images when they are held out" in text
    assert "held out" not in described(axis, NAMES, float("nan"), APART)
    folds = Judged(5, 40, 40, 0, is_apart=False)
    assert "held out" not in described(axis, NAMES, 0.125, folds)  # the number that is there already
    assert " test images" not in described(axis, NAMES, 0.125, folds)


def test_lanes_hold_every_image_once(store, planted):
    """Test images by true class, with their rows; support vectors without."""
    axis = pair_axis(store, planted, linear(0.1), 1, 3)
    labels = RunData(store, "planted").test_labels
    first, second, *support = lanes(axis, NAMES, ("#111111", "#222222"))
    assert first.rows.tolist() == np.flatnonzero(labels == 1).tolist()
    assert second.rows.tolist() == np.flatnonzero(labels == 3).tolist()
    assert sum(len(lane.distance) for lane in support) == axis.train.is_support.sum()
    assert all(lane.rows is None for lane in support)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_axis_shows_crosses_on_the_wrong_side_and_the_margin(store, planted, colours):
    """Every point at its distance; the hyperplane and both edges as lines; the chosen image is larger."""
    axis = pair_axis(store, planted, linear(0.1), 1, 3)
    found = lanes(axis, NAMES, ("#111111", "#222222"))
    row = int(found[0].rows[2])
    figure = axis_figure(found, axis.edge, colours, selected=row)
    for lane, trace in zip(found, figure.data, strict=True):
        assert np.array_equal(trace.x, lane.distance)
        assert [symbol == "x" for symbol in trace.marker.symbol] == lane.is_wrong.tolist()
    assert np.flatnonzero(np.array(figure.data[0].marker.size) == 14).tolist() == [2]
    assert sorted(shape.x0 for shape in figure.layout.shapes) == pytest.approx([-axis.edge, 0, axis.edge])


def test_cells_write_per_cent(rng):
    """With a decimal where it is small; the rim has the means; what is not known stays empty."""
    error = np.array([[np.nan, 0.062, 0.25], [0.062, np.nan, 0], [0.25, 0, np.nan]])
    figure = pair_figure(error, NAMES[:3], LIGHT, sentence=lambda choice: "x", means=True)
    texts = np.sum([np.array(t.text, dtype=object) for t in figure.data if t.type == "heatmap"], axis=0)
    assert texts.tolist() == [["", "6.2", "25"], ["6.2", "", "0"], ["25", "0", ""]]
    assert [list(rim.text) for rim in figure.data[3:5]] == [["16", "3.1", "13"], ["16", "3.1", "13", "10"]]
    with pytest.raises(ValueError, match=r"shares must have shape \(2, 2\)"):
        pair_figure(error, NAMES[:2], LIGHT, sentence=lambda choice: "x")
    k = CLICKABLE_UP_TO + 1
    many = pair_figure(rng.random((k, k)), [str(i) for i in range(k)], LIGHT, sentence=lambda choice: "x")
    assert all(trace.customdata is None for trace in many.data if trace.type == "scatter")


def test_cells_say_what_they_mean():
    """In the pointer's note, with the margin's spread; names are never markup."""
    error = np.array([[np.nan, 0.25], [0.25, np.nan]])
    margin = np.full((2, 2, 5), np.nan, np.float32)
    margin[0, 1] = -1, -0.5, 0.25, 1, 2
    names = ["<b>a</b>", "dog"]
    say = error_sentence(error, margin, names)
    assert say((0, 1)).startswith(
        "&lt;b&gt;a&lt;/b&gt; and dog<br>25.0% on the wrong side<br>margin of &lt;b&gt;a"
    )
    assert say((0, 1)).endswith(f": median +0.25, 90% in {MINUS}1.00 to +2.00")
    assert say((1, 0)) == "dog and &lt;b&gt;a&lt;/b&gt;<br>25.0% on the wrong side"
    assert (say((1, 1)), say((1, None)), say((None, None))) == ("dog", "dog and any other", "all classes")
    near = neighbour_sentence(np.array([[0.9, 0.1], [0.2, 0.8]]), names)
    assert near((1, 0)) == "of the images nearest to dog<br>20.0% are &lt;b&gt;a&lt;/b&gt;"


@pytest.mark.parametrize("row", [None, "5", -1, 4, 5.5, True, float("nan"), [5], 1e300])
def test_only_images_that_are_drawn_can_be_clicked(row):
    """Whatever the browser makes up."""
    assert clicked_row([{"customdata": row}], {0, 5}) is None
    assert clicked_row([{"customdata": 5}], {0, 5}) == 5
    assert clicked_row([], {0, 5}) is None
