"""What two maps beside each other are told: files, names, and neighbours in common, against counting one by one."""

import pytest

from dashboard.comparison.sides import Side
from dashboard.components.embedding_map import read_row
from dashboard.maps.side_by_side import common_file, neighbours_in_common, pair_data
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData, colours_of
from dashboard.server.routes.addresses import COMMON, common_url
from pipeline.api import Asked
from tests.planted import Plan, planted_run


def side(store, name, C=None):
    """Open a run at a C."""
    data = RunData(store, name)
    return Side(data, data.look_up(Asked(C))[1])


@pytest.fixture
def sides(store):
    """A and B: two runs of the same images with other features."""
    planted_run(store, plan=Plan(noise=2.5))
    planted_run(store, "rival", plan=Plan(noise=2.5), extractor="hog")
    return side(store, "planted"), side(store, "rival")


def counted(a, b):
    """Count one by one the neighbours that each image has in both runs."""
    lists = zip(*(s.data.artefact("neighbours").array("indices").tolist() for s in (a, b)), strict=True)
    return [len(set(ours) & set(theirs)) for ours, theirs in lists]


def test_each_half_has_its_own_places_and_answers(sides):
    """The images, their names and thumbnails are shared: the same addresses, so that they are fetched once."""
    pair = pair_data(ViewState(), *sides)
    left, right = pair.left.files, pair.right.files
    assert (left.ids, left.sheets) == (right.ids, right.sheets)
    assert left.points != right.points
    assert left.columns != right.columns
    assert left.neighbours != right.neighbours
    assert pair.names == ("A: planted, C = 0.1", "B: rival, C = 0.1")


def test_a_class_has_one_colour_on_both_maps(store, sides):
    """That of A's run, as on the rest of the page, whatever B's run has."""
    planted_run(store, "plain", plan=Plan(noise=2.5), extractor="pixels", without=("colours",))
    pair = pair_data(ViewState(), sides[0], side(store, "plain"))
    assert pair.left.colours == pair.right.colours == colours_of(sides[0].data)
    assert colours_of(RunData(store, "plain")) != colours_of(sides[0].data)


def test_two_C_of_one_run_differ_in_their_answers_alone(store, sides):
    """One layout, one feature space: nothing to colour by neighbours in common."""
    pair = pair_data(ViewState(), sides[0], side(store, "planted", 10.0))
    assert pair.left.files.points == pair.right.files.points
    assert pair.left.files.columns != pair.right.files.columns
    assert pair.left.files.extra is pair.right.files.extra is None


def test_scale_of_common_neighbours_ends_at_the_most_there_are(sides):
    """Few images have many: a scale to all of their neighbours would be of one colour."""
    found = common_file(sides[0].data, sides[1].data)
    assert (found.low, found.high) == (0, max(counted(*sides)))


def test_run_without_neighbours_has_no_such_colour(store, sides):
    """The two maps are there all the same."""
    planted_run(store, "lonely", plan=Plan(noise=2.5), extractor="pixels", without=("neighbours",))
    pair = pair_data(ViewState(), sides[0], side(store, "lonely"))
    assert pair.left.files.extra is None
    assert pair.right.files.neighbours is None


def test_address_of_common_neighbours_is_the_same_both_ways(sides):
    """Who swaps A and B has the file already."""
    one, other = (s.data.artefact("neighbours") for s in sides)
    path = common_url(one, other)
    assert path == common_url(other, one)
    assert COMMON.match(path.rsplit("/", 1)[1])


@pytest.mark.parametrize("wish", [None, -1, 3, 1.0, "1", True, [1], {}])
def test_wish_that_is_no_row_is_not_heard(wish):
    """A browser may send anything."""
    assert read_row(wish, 3) is None


def test_wish_for_a_row_is_heard():
    """The first and the last."""
    assert [read_row(row, 3) for row in (0, 2)] == [0, 2]


def test_common_neighbours_are_counted(sides):
    """For each image, against comparing two lists."""
    counts = neighbours_in_common(*(s.data.artefact("neighbours") for s in sides))
    assert counts.tolist() == counted(*sides)


@pytest.mark.parametrize(
    ("group", "place"),
    [("right", 0), ("fixed", 1), ("broke", 2), ("wrong", 3), ("different", None), (None, None)],
)
def test_maps_show_what_the_page_shows(sides, group, place):
    """The cell of the table and the class; a group that the table has not is none."""
    pair = pair_data(ViewState(group=group).changed(true_label=2), *sides)
    assert (pair.group, pair.true) == (place, 2)
