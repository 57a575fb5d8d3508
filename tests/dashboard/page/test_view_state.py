"""The URL carries what the user looks at."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.page.filter import COLUMN, FLIPS, LONGEST_TEXT, OUTCOMES, Filter, Text, Where
from dashboard.page.query import (
    LONGEST_WORD,
    MAX_INDEX,
    Between,
    Index,
    Indices,
    Name,
    Number,
    OneOf,
    Packed,
    Parts,
    RunName,
    Words,
)
from dashboard.page.view_state import (
    COLOURS,
    GROUPS,
    NORMALISATIONS,
    PAIR_GROUPS,
    PARAMETERS,
    PROJECTION,
    RELABELLED,
    Versus,
    ViewState,
    refused,
)
from dashboard.wording.penalty import C_RANGE
from dashboard.wording.setting import GAMMA_RANGE
from pipeline.api import KERNELS, Asked

NAMES = [
    "run",
    "C",
    "kernel",
    "gamma",
    "train",
    "colour",
    "true",
    "predicted",
    "only",
    "margin",
    "find",
    "where",
    "flips",
    "image",
    "matrix",
    "sheet",
]
NAMES += [
    "versus",
    "versusC",
    "versusKernel",
    "versusGamma",
    "versusTrain",
    "group",
    *PROJECTION,
    "order",
    "sort",
    "list",
    "ranked",
    "verdict",
    "tag",
    "rows",
    "copies",
    "by",
]
"""What bookmarks have, in the order that links have it."""


def labels(most):
    """Draw some numbers, ascending."""
    return st.sets(st.integers(0, most), min_size=1, max_size=9).map(lambda found: tuple(sorted(found)))


ENDS = st.none() | st.floats(-1e15, 1e15, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-9)
BOUNDS = st.tuples(ENDS, ENDS).filter(
    lambda ends: ends != (None, None) and (None in ends or ends[0] <= ends[1])
)
COLUMNS = st.dictionaries(
    st.text(min_size=1, max_size=9).map(lambda name: COLUMN + name),
    BOUNDS | labels(9999),
    min_size=1,
    max_size=4,
)
FILTERS = {
    Indices: labels(MAX_INDEX),
    Between: BOUNDS,
    Text: st.text(min_size=1, max_size=LONGEST_TEXT),
    Where: COLUMNS.map(lambda said: tuple(said.items())),
}


def values(part):
    """Draw what a field may be, as its metadata says; a kind that is not known here has no property test."""
    match part:
        case OneOf():
            return st.sampled_from(part.words)
        case RunName():
            return st.from_regex(r"[a-z0-9][a-z0-9._-]{0,79}", fullmatch=True)
        case Name():
            return st.from_regex(r"[a-z0-9_]{1,40}", fullmatch=True)
        case Packed():
            return st.from_regex(r"[A-Za-z0-9_-]{1,4000}", fullmatch=True)
        case Index():
            return st.integers(part.low, MAX_INDEX)
        case Indices() | Between() | Text() | Where():
            return FILTERS[type(part)]
        case Number():
            numbers = st.floats(part.low, part.high)
            return numbers if part.word is None else numbers | st.just(part.word)
        case Words():
            written = st.dictionaries(st.sampled_from(part.names), st.text(min_size=1, max_size=LONGEST_WORD))
            return written.map(lambda said: tuple((name, said[name]) for name in part.names if name in said))
        case Parts():
            fields = {name: values(inner) for name, inner in part.parts.items()}
            return st.fixed_dictionaries({}, optional=fields).map(lambda given: part.kind(**given))
    raise TypeError(f"How are values of {part} drawn?")


PAGES = st.sampled_from(["overview", "map", "errors"])
STATES = st.builds(replace, values(PARAMETERS), page=PAGES)
HOSTILE = st.text() | st.sampled_from(
    [
        "nan",
        "inf",
        "-1",
        "1e999",
        "0",
        "1" * 400,
        "٣",
        "../..",
        "<script>",
        "1_000",
        " 1",
        "0x1",
        "--",
        "1e-400",
        "",
    ]
)


@given(STATES)
def test_a_state_survives_the_url(view: ViewState) -> None:
    """A private window that opens the URL shows the same."""
    assert ViewState.from_query(view.to_query(), page=view.page) == view


@given(st.dictionaries(st.sampled_from([*NAMES, "stranger"]), HOSTILE))
def test_any_query_gives_a_valid_state(query: dict[str, str]) -> None:
    """Whatever somebody types into the address bar, the state stays inside its allowed values."""
    view = ViewState.from_query(query)
    assert view.colour in COLOURS
    assert view.filter.outcome in OUTCOMES
    assert view.filter.flips in ("", *FLIPS)
    assert view.normalise in NORMALISATIONS
    assert view.group is None or view.group in (*GROUPS, RELABELLED, *PAIR_GROUPS)
    for asked in (view.asked, view.versus.asked):
        assert asked.C is None or C_RANGE[0] <= asked.C <= C_RANGE[1]
        assert asked.kernel in (None, *KERNELS)
        assert asked.gamma in (None, "scale") or GAMMA_RANGE[0] <= asked.gamma <= GAMMA_RANGE[1]
        assert asked.per_class is None or 1 <= asked.per_class <= MAX_INDEX
    assert view.sheet >= 1
    assert all(0 < len(word) <= LONGEST_WORD for _, word in view.projection)
    assert all(0 <= i <= MAX_INDEX for i in (*view.filter.true, *view.filter.predicted, view.selected or 0))
    assert ViewState.from_query(view.to_query()) == view


@pytest.mark.parametrize("C", ["nan", "inf", "-0.1", "0", "1e999", "0.1.2", "e", "½"])
def test_a_penalty_that_is_none_falls_to_the_runs_own(C: str) -> None:
    """Only a positive finite C of sensible size is taken from the URL."""
    assert ViewState.from_query({"C": C}).asked.C is None


def test_the_default_view_leaves_the_url_empty() -> None:
    """Opening the dashboard does not add parameters to its address."""
    assert ViewState().to_query() == {}


@given(STATES, st.integers(1, 300), st.integers(1, 300))
def test_filters_outside_a_run_are_dropped(view: ViewState, n_classes: int, n_images: int) -> None:
    """A URL made for a larger run does not point outside a smaller one."""
    inside = view.within(n_classes, n_images)
    assert all(label < n_classes for label in (*inside.filter.true, *inside.filter.predicted))
    assert inside.selected is None or inside.selected < n_images
    assert inside.within(n_classes, n_images) == inside


def test_another_run_drops_what_belongs_to_the_old_one() -> None:
    """The setting, filters, selection and sheet belong to a run; page and colour do not."""
    view = ViewState(
        "a", "errors", Asked(0.5, "rbf", per_class=10), "margin", Filter((3,), (5,), "wrong"), 17, "rows", 4,
        projection=(("projection", "pca"),),
    )  # fmt: skip
    assert view.changed(run="b") == ViewState("b", "errors", colour="margin", normalise="rows")


def test_no_two_parameters_share_a_name() -> None:
    """An option of a projection must not be called as something else in the URL is."""
    assert len(set(PARAMETERS.names)) == len(PARAMETERS.names)


def test_another_filter_goes_back_to_the_first_sheet() -> None:
    """A filter with fewer images must not leave the user on a sheet that no longer exists."""
    view = ViewState("a", "errors", sheet=4)
    assert view.changed(true_label=2).sheet == 1
    assert view.changed(asked=Asked(2.0)).sheet == view.changed(asked=Asked(kernel="rbf")).sheet == 1
    assert view.changed(versus=Versus(asked=Asked(gamma=0.1))).sheet == 1
    assert view.changed(colour="margin").sheet == 4
    assert view.changed(true_label=2, sheet=2).sheet == 2


@given(st.dictionaries(st.sampled_from([*NAMES, "stranger"]), HOSTILE))
def test_what_cannot_be_is_told_and_nothing_else(query: dict[str, str]) -> None:
    """A sentence for each value that is not taken: its parameter, what it may be, and what it was."""
    said = refused(query)
    view = ViewState.from_query(query).to_query()
    for name, text in query.items():
        mine = [sentence for sentence in said if sentence.startswith(f"{name} in the address must be ")]
        assert len(mine) <= 1
        assert not mine or (mine[0].endswith(f"Got {text[:40]!r}.") and name not in view)
    assert len(said) <= len(query)
    assert refused(view) == []


@pytest.mark.parametrize(
    ("query", "said"),
    [({"kernel": "poly"}, "one of linear, rbf. Got 'poly'."), ({"gamma": "-1"}, "or scale. Got '-1'."),
     ({"train": "0"}, "training images a class, from 1"), ({"C": "nan"}, "a number from 0.000001 to 1000000."),
     ({"versusKernel": "RBF"}, "one of linear, rbf"), ({"true": "x"}, "the numbers of classes with dots between")],
)  # fmt: skip
def test_bad_value_comes_with_what_is_allowed(query: dict[str, str], said: str) -> None:
    """So that it can be corrected."""
    assert said in " ".join(refused(query))


def test_setting_is_asked_for_in_parts() -> None:
    """What is left out is the run's own, as None; nothing said asks for nothing."""
    assert ViewState.from_query({}).asked == Asked()
    assert ViewState.from_query({"kernel": "rbf"}).asked == Asked(kernel="rbf")
    assert ViewState.from_query({"C": "2", "train": "50"}).asked == Asked(2.0, per_class=50)
    query = {"C": "2", "versus": "other", "versusGamma": "0.5"}
    assert ViewState.from_query(query).versus == Versus("other", Asked(gamma=0.5))


@pytest.mark.parametrize(
    "part", [PARAMETERS, *(part for part in PARAMETERS.parts.values() if isinstance(part, Parts))]
)
def test_every_field_stands_in_the_query(part: Parts) -> None:
    """All but the page, which is the URL's path; also those of what a state is made of."""
    assert [*part.parts] == [field.name for field in fields(part.kind) if field.name != "page"]


def test_parts_of_the_filter_change_alone() -> None:
    """A class, or an outcome; the rest of the filter stays, and is one value in the state."""
    view = ViewState(filter=Filter(text="cat", true=(1, 4)))
    assert view.true_label is None
    after = view.changed(true_label=2, outcome="wrong")
    assert after.filter == Filter((2,), outcome="wrong", text="cat")
    assert (after.true_label, after.predicted_label) == (2, None)
    assert after.changed(true_label=None, predicted_label=0).filter == Filter(
        predicted=(0,), outcome="wrong", text="cat"
    )


def test_bookmarks_keep_their_names() -> None:
    """In the order that links have always had."""
    assert list(PARAMETERS.names) == NAMES


def test_another_image_is_of_no_list_that_was_named():
    """It is walked in the first that has it, unless whoever opens it says which; a bad name is refused."""
    view = ViewState.from_query({"image": "3", "list": "faces_sure"})
    assert (view.among, view.to_query()["list"]) == ("faces_sure", "faces_sure")
    assert view.changed(sheet=2).among == "faces_sure"
    assert view.changed(selected=4).among is None
    assert view.changed(selected=None).among is None
    assert view.changed(selected=4, among="examples").among == "examples"
    assert ViewState.from_query({"list": "Examples of <b>"}).among is None
    assert "list in the address must be" in refused({"list": ""})[0]
