"""What a gallery sends to the browser, and what it believes of what comes back."""

from __future__ import annotations

import json

import numpy as np
import pytest
import streamlit as st

from dashboard.components import class_table as table_module
from dashboard.components import gallery as gallery_module
from dashboard.components.gallery import Gallery, Group, Tile, gallery, word
from dashboard.components.sprites import sprite_sheet
from dashboard.statistics.scores import class_scores, wilson_interval
from dashboard.wording.numbers import interval95, score

HUES = ["#AA0000", "#00AA00", "#0000AA"]


@pytest.fixture
def content() -> Gallery:
    """Two groups with three images."""
    tiles = [Tile(row, f"image {row}", ([word("cat", 1)],)) for row in (4, 9, 2)]
    sheet = sprite_sheet(np.zeros((3, 8, 8, 3), dtype=np.uint8))
    return Gallery([Group(tiles[:2], "cat", 1), Group(tiles[2:])], sheet, HUES, "Show it")


class Click:
    """Stand in for a component: remembers what it was given and plays a click."""

    def __init__(self, monkeypatch, module, value) -> None:
        monkeypatch.setattr(module, "widget", lambda name: self)
        monkeypatch.setattr(st, "session_state", {"key": Result(picked=value, located=value, ranked=value)})

    def __call__(
        self, *, key, data, on_picked_change, on_located_change=lambda: None, on_ranked_change=lambda: None
    ) -> None:
        """Keep what the browser would get, and click."""
        self.data = json.loads(json.dumps(data))
        on_picked_change()
        on_located_change()
        on_ranked_change()


class Result(dict):
    """What Streamlit gives for a component: entries that are attributes too."""

    __getattr__ = dict.__getitem__


def test_the_browser_gets_plain_json(content):
    """Rows, words, a colour of every class, and one picture."""
    data = json.loads(json.dumps(content.payload()))
    assert [tile["row"] for group in data["groups"] for tile in group["tiles"]] == [4, 9, 2]
    assert data["colours"] == HUES
    assert data["sheet"]["uri"].startswith("data:image/webp;base64,")


def test_a_click_tells_the_row(monkeypatch, content):
    """The callback gets the row of the tile."""
    picked = []
    Click(monkeypatch, gallery_module, 9.0)
    gallery(content, "key", picked.append)
    assert picked == [9]


@pytest.mark.parametrize("value", [3, -1, "9", None, [4], {"row": 4}, float("nan"), 1e300, True])
def test_a_row_that_was_not_shown_is_ignored(monkeypatch, content, value):
    """The browser belongs to the visitor: only rows on display can be picked."""
    picked = []
    Click(monkeypatch, gallery_module, value)
    gallery(content, "key", picked.append)
    assert picked == []


@pytest.mark.parametrize(
    ("value", "expected"), [(1, [1]), (5, []), (-1, []), ("0", []), (None, []), (float("nan"), [])]
)
def test_a_class_that_is_not_in_the_table_is_ignored(monkeypatch, value, expected):
    """Only a class of the run can be picked."""
    picked, located = [], []
    click = Click(monkeypatch, table_module, value)
    scores = class_scores(np.eye(3, dtype=np.int64))
    table_module.class_table(scores, ["a", "b", "c"], HUES, "key", "Show", picked.append, located.append)
    assert picked == located == expected
    assert click.data["locates"]
    table_module.class_table(scores, ["a", "b", "c"], HUES, "key", "Show", picked.append)
    assert not click.data["locates"]


@pytest.mark.parametrize(
    ("told", "chosen"),
    [
        ({"column": 2, "falling": True}, ["f1_down"]),
        ({"column": -1, "falling": False}, ["class"]),
        ({"column": 3, "falling": False}, ["images"]),
        ({"column": 1, "falling": False}, [None]),
        ({"column": 4, "falling": False}, []),
        ({"column": 1}, []),
        ("f1", []),
        (None, []),
    ],
)
def test_an_order_that_a_table_has_can_be_chosen(monkeypatch, told, chosen):
    """By its word; None for the usual one. What it has not is ignored, told by a browser or typed into the address."""
    heard = []
    for asked, column in (("f1", 2), ("nothing", 1)):
        click = Click(monkeypatch, table_module, told)
        ranked = table_module.Ranked(asked, heard.append)
        scores = class_scores(np.eye(3, dtype=np.int64))
        table_module.class_table(scores, ["a", "b", "c"], HUES, "key", "Show", print, ranked=ranked)
        assert click.data["order"] == {"column": column, "falling": False}
    assert heard == chosen * 2


def test_a_score_that_cannot_be_measured_is_sent_as_nothing(monkeypatch):
    """NaN is not JSON."""
    click = Click(monkeypatch, table_module, None)
    table_module.class_table(
        class_scores(np.zeros((2, 2), dtype=np.int64)), ["a", "b"], HUES[:2], "key", "Show", print
    )
    assert click.data["rows"][0]["scores"] == [None, None, None]


def test_scores_bear_their_intervals(monkeypatch):
    """Wilson's, of what each was measured on; none where there is nothing."""
    click = Click(monkeypatch, table_module, None)
    matrix = np.array([[8, 2, 0], [1, 4, 0], [0, 0, 0]])
    table_module.class_table(class_scores(matrix), ["a", "b", "c"], HUES, "key", "Show", print)
    precision, recall = wilson_interval(8, 9), wilson_interval(8, 10)
    notes = [interval95(low, high, score) for low, high in (precision, recall)]
    assert click.data["rows"][0]["notes"] == [*notes, ""]
    assert click.data["rows"][2]["notes"] == ["", "", ""]
