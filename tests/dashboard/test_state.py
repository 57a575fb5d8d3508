"""The URL carries what the user looks at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.state import (
    C_RANGE,
    COLOURS,
    GROUPS,
    LONGEST_WORD,
    MAX_INDEX,
    NORMALISATIONS,
    OUTCOMES,
    PROJECTION,
    QUERY,
    ViewState,
)

WORDS = st.text(min_size=1, max_size=LONGEST_WORD)
LAYOUTS = st.dictionaries(st.sampled_from(PROJECTION), WORDS).map(
    lambda written: tuple((name, written[name]) for name in PROJECTION if name in written)
)
INDICES = st.none() | st.integers(0, MAX_INDEX)
STATES = st.builds(
    ViewState,
    run=st.none() | st.from_regex(r"[a-z0-9][a-z0-9._-]{0,79}", fullmatch=True),
    page=st.sampled_from(["overview", "map", "errors"]),
    C=st.none() | st.floats(*C_RANGE),
    colour=st.sampled_from(COLOURS),
    true_label=INDICES,
    predicted_label=INDICES,
    outcome=st.sampled_from(OUTCOMES),
    selected=INDICES,
    normalise=st.sampled_from(NORMALISATIONS),
    sheet=st.integers(1, MAX_INDEX),
    versus=st.none() | st.from_regex(r"[a-z0-9][a-z0-9._-]{0,79}", fullmatch=True),
    versus_C=st.none() | st.floats(*C_RANGE),
    group=st.none() | st.sampled_from(GROUPS),
    projection=LAYOUTS,
)
PARAMETERS = ["run", "C", "colour", "true", "predicted", "only", "image", "matrix", "sheet"]
PARAMETERS += ["versus", "versusC", "group", "stranger", *PROJECTION]
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


@given(st.dictionaries(st.sampled_from(PARAMETERS), HOSTILE))
def test_any_query_gives_a_valid_state(query: dict[str, str]) -> None:
    """Whatever somebody types into the address bar, the state stays inside its allowed values."""
    view = ViewState.from_query(query)
    assert view.colour in COLOURS
    assert view.outcome in OUTCOMES
    assert view.normalise in NORMALISATIONS
    assert view.group is None or view.group in GROUPS
    for C in (view.C, view.versus_C):
        assert C is None or C_RANGE[0] <= C <= C_RANGE[1]
    assert view.sheet >= 1
    assert all(0 < len(word) <= LONGEST_WORD for _, word in view.projection)
    assert all(
        i is None or 0 <= i <= MAX_INDEX for i in (view.true_label, view.predicted_label, view.selected)
    )
    assert ViewState.from_query(view.to_query()) == view


@pytest.mark.parametrize("C", ["nan", "inf", "-0.1", "0", "1e999", "0.1.2", "e", "½"])
def test_a_penalty_that_is_none_falls_to_the_runs_own(C: str) -> None:
    """Only a positive finite C of sensible size is taken from the URL."""
    assert ViewState.from_query({"C": C}).C is None


def test_the_default_view_leaves_the_url_empty() -> None:
    """Opening the dashboard does not add parameters to its address."""
    assert ViewState().to_query() == {}


@given(STATES, st.integers(1, 300), st.integers(1, 300))
def test_filters_outside_a_run_are_dropped(view: ViewState, n_classes: int, n_images: int) -> None:
    """A URL made for a larger run does not point outside a smaller one."""
    inside = view.within(n_classes, n_images)
    for label in (inside.true_label, inside.predicted_label):
        assert label is None or label < n_classes
    assert inside.selected is None or inside.selected < n_images
    assert inside.within(n_classes, n_images) == inside


def test_another_run_drops_what_belongs_to_the_old_one() -> None:
    """C, filters, selection and sheet belong to a run; page and colour do not."""
    view = ViewState(
        "a", "errors", 0.5, "margin", 3, 5, "wrong", 17, "rows", 4, projection=(("projection", "pca"),)
    )
    assert view.changed(run="b") == ViewState("b", "errors", colour="margin", normalise="rows")


def test_no_two_parameters_share_a_name() -> None:
    """An option of a projection must not be called as something else in the URL is."""
    assert len(set(QUERY)) == len(QUERY)


def test_another_filter_goes_back_to_the_first_sheet() -> None:
    """A filter with fewer images must not leave the user on a sheet that no longer exists."""
    view = ViewState("a", "errors", sheet=4)
    assert view.changed(true_label=2).sheet == 1
    assert view.changed(C=2.0).sheet == 1
    assert view.changed(colour="margin").sheet == 4
    assert view.changed(true_label=2, sheet=2).sheet == 2
