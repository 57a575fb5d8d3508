"""Which view is shown: what a widget asked for, what the URL says, what the map's user has done meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest
import streamlit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.page import address
from dashboard.page.address import (
    MAP,
    MAP_CHANGES,
    PENDING,
    asked_view,
    latest,
    newest,
    request,
    settle,
)
from dashboard.page.filter import Filter
from dashboard.page.view_state import PARAMETERS, ViewState
from pipeline.api import Asked

CHANGES = {"filter": Filter((3,), outcome="wrong"), "colour": "margin", "selected": 7}
SHOWN = ViewState(run="planted", page=MAP, asked=Asked(1.0), filter=Filter((2,)), colour="correct")


@pytest.fixture
def at(monkeypatch):
    """Put the browser somewhere; ``at("errors", run="planted")`` gives the view that is shown there."""
    state: dict = {}
    monkeypatch.setattr(streamlit, "session_state", state)

    def asked(path, **query):
        monkeypatch.setattr(streamlit, "query_params", Query(query))
        return asked_view(path)

    monkeypatch.setattr(streamlit, "query_params", Query())
    return asked


class Query(dict):
    """A browser's query, as Streamlit has it."""

    def from_dict(self, told):
        """Write it."""
        self.clear()
        self.update(told)


def on_the_map(**changes):
    """The map was shown, and its user has changed something since."""
    streamlit.query_params = Query(SHOWN.to_query())
    settle(SHOWN, typed=True)
    streamlit.session_state[MAP_CHANGES] = changes


def test_a_first_visit_is_what_the_url_says(at):
    """Nothing was shown before."""
    assert at("errors", run="planted", true="1") == (
        ViewState(run="planted", page="errors", filter=Filter((1,))),
        True,
    )


def test_what_a_widget_asked_for_comes_first(at):
    """Whatever the URL says, until it is shown; a run that is broken off before loses nothing."""
    on_the_map(**CHANGES)
    request(ViewState(run="planted", filter=Filter((9,))))
    for _ in range(2):
        view, typed = at(MAP, run="planted", true="1")
        assert (view, typed) == (ViewState(run="planted", page=MAP, filter=Filter((9,))), False)
    settle(view, typed=typed)
    assert PENDING not in streamlit.session_state
    assert at("errors", run="planted", true="7")[0].true_label == 7


@pytest.mark.parametrize("query", [SHOWN.to_query(), {"run": "planted"}, {"run": "planted", "true": "3"}])
def test_the_map_keeps_what_its_user_did(at, query):
    """Another run of the map's page, whatever of it its browser side has written into the address already."""
    on_the_map(**CHANGES)
    view, typed = at(MAP, **query)
    assert view == latest(SHOWN)
    assert (view.true_label, view.filter.outcome, view.selected, view.asked.C) == (3, "wrong", 7, 1.0)
    assert typed  # writing would drop the map's part of the URL


def test_a_link_beside_the_map_follows_it(at):
    """The links were written before; the page they open shows what the map shows, but for the image."""
    on_the_map(**CHANGES)
    view, typed = at("confusion", **SHOWN.to_query())
    assert (view.page, view.true_label, view.filter.outcome, view.colour) == (
        "confusion",
        3,
        "wrong",
        "margin",
    )
    assert view.selected is None
    assert not typed  # the URL has to be put right


@pytest.mark.parametrize(
    "other",
    [
        {"projection": "pca"},
        {"true": "4"},
        {"predicted": "1"},
        {"only": "correct"},
        {"C": "10.0"},
        {"run": "other"},
    ],
)
def test_somebody_who_went_elsewhere_gets_what_the_url_says(at, other):
    """A link with another filter, C or run was followed: what the map has changed is over."""
    on_the_map(**CHANGES)
    query = SHOWN.to_query() | other
    assert at("errors", **query) == (ViewState.from_query(query, page="errors"), True)


def test_changes_are_forgotten_once_shown(at):
    """They are in the view that was drawn, and do not come on top of a later one."""
    on_the_map(**CHANGES)
    view, _ = at("errors", **SHOWN.to_query())
    settle(view, typed=True)
    assert at("errors", **view.to_query()) == (view, True)
    assert latest(view) == view


def shown(page, *changes):
    """A page was opened, and its widgets changed something, one after the other; gives its views."""
    views = [ViewState(run="planted", page=page)]
    streamlit.query_params = Query(views[0].to_query())
    settle(views[0], typed=True)
    for change in changes:
        request(newest(views[0]).changed(**change))
        view, typed = asked_view(page)
        settle(view, typed=typed)
        views.append(view)
    return views


def test_a_press_of_before_does_not_undo_a_change(at):
    """Two changes are on their way to the browser, which still says either address of before; both stay."""
    *before, last = shown("errors", {"true_label": 1}, {"predicted_label": 2})
    assert (last.true_label, last.predicted_label) == (1, 2)
    for view in before:
        assert at("errors", **view.to_query()) == (last, False)  # False: the browser is told again
    assert at("errors", **last.to_query()) == (last, True)
    assert at("confusion", run="planted", true="3")[0].true_label == 3


def test_a_change_comes_on_top_of_one_that_no_page_has_shown(at):
    """The page's callbacks were made before the first of two presses; the second does not undo it."""
    (first,) = shown("errors")
    request(newest(first).changed(true_label=1))
    request(newest(first).changed(predicted_label=2))
    view, _ = at("errors", run="planted")
    assert (view.true_label, view.predicted_label) == (1, 2)


def test_back_is_no_press_of_before(at, monkeypatch):
    """Back from a change shows what the address says, and forgets the change."""
    first, _ = shown("errors", {"true_label": 1})
    with monkeypatch.context() as back:
        back.setattr(address, "travelled", lambda: True)
        assert at("errors", **first.to_query()) == (first, True)
        settle(first, typed=True)
    assert at("errors", **first.to_query()) == (first, True)


def test_a_page_without_a_query_keeps_run_and_filters(at):
    """Streamlit's own navigation drops the query, also on the way from the map."""
    on_the_map(**CHANGES)
    view, typed = at("retrain")
    assert (view.run, view.asked.C, view.true_label, typed) == ("planted", 1.0, 3, False)


@given(
    st.dictionaries(st.sampled_from(sorted(PARAMETERS.names)), st.text(max_size=5)),
    st.sampled_from([MAP, "errors"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_url_gives_a_view(at, query, path):
    """Whatever was typed after the map was open: a view of that page, and the map's changes whole or not at all."""
    on_the_map(**CHANGES)
    view, _ = at(path, **query)
    assert view.page == path
    assert view.filter in (CHANGES["filter"], ViewState.from_query(query, page=path).filter)


@pytest.mark.parametrize("path", [MAP, "errors"])
def test_back_and_forward_show_what_the_url_says(at, path, monkeypatch):
    """Whatever the map has changed: that is another entry of the history."""
    on_the_map(**CHANGES)
    monkeypatch.setattr(address, "travelled", lambda: True)
    assert at(path, **SHOWN.to_query()) == (replace(SHOWN, page=path), True)
    assert address.says_what_the_map_shows()
    at(path, run="planted")
    assert not address.says_what_the_map_shows()
