"""What a component's browser tells, which may come too late."""

from __future__ import annotations

import pytest
import streamlit as st

from dashboard.components.widget import heard


@pytest.mark.parametrize("state", [{}, {"key": None}, {"key": {}}, {"key": {"other": 1}}, {"key": 3}])
def test_what_was_not_told_or_whose_page_has_gone_is_none(monkeypatch, state):
    """The viewer may go to another page before a message of the last one comes: nothing breaks."""
    monkeypatch.setattr(st, "session_state", state)
    assert heard("key", "picked") is None


def test_what_was_told_is_given(monkeypatch):
    """Whatever it is."""
    monkeypatch.setattr(st, "session_state", {"key": {"picked": [1]}})
    assert heard("key", "picked") == [1]
