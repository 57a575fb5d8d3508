"""Slices on the page Errors: in words, in the address, and one chosen in a list of errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dashboard.analysis.slices import described, note, told
from dashboard.page.packed import unpack_rows
from dashboard.run.data import RunData
from dashboard.views import errors
from pipeline.api import NamedSlice, Slices, SlicesStage, ensure
from pipeline.slices.result import TakenFor
from tests.dashboard.drawing import click, draw, rows, run, view
from tests.planted import Plan, planted_run

NAMES = ("a", "*b*", "c")


@pytest.fixture
def one():
    """Nine of ten images wrong, most of them a taken for b."""
    taken = (TakenFor(0, 1, 7), TakenFor(0, 2, 2))
    return NamedSlice(np.arange(10, dtype=np.int32), None, 9, 30, 90, 0.4, 0.99, taken, ((0, 10),))


def test_how_bad_a_slice_is_is_said_in_numbers(one):
    """Against all others, or the others of its class; names from the data stay text."""
    assert note(one, NAMES) == "9 of 10 images wrong (40.0% to 99.0%), elsewhere 33.3%"
    assert note(replace(one, label=2), NAMES).endswith(", other c 33.3%")
    assert described(one, NAMES).startswith(r"**a taken for \*b\***: 9 of 10")


def test_none_and_too_few_are_told(one):
    """An empty list says why it is empty."""
    assert told(Slices((), 0, 80, 9)).startswith("There are too few images")
    assert told(Slices((), 88, 1240, 404)).startswith("**No slice is worse than the rest.** Of 88 parts")
    assert "**1 slice** of 88 parts has more errors" in told(Slices((one,), 88, 1240, 404))
    assert "9 of 404 errors are in it" in told(Slices((one,), 88, 1240, 404))


def test_a_slice_that_is_chosen_shows_its_errors(monkeypatch, store):
    """The address names its images; the list has its wrong ones, and what is said is how bad it is."""
    planted_run(store, plan=Plan(noise=1.8, n_test=400))
    data = RunData(store, "planted")
    (found,) = Slices.of(ensure(store, SlicesStage(0.1), data.run.stages)).found
    page = run(draw(monkeypatch, store, errors, by="slices"))
    (((card,), picked),) = page.choices
    assert (card.label, card.faces) == (found.name(data.class_names), 6)
    click(page, picked, card.name)
    assert set(unpack_rows(view(page).rows, 400)) == set(found.members.tolist())
    assert set(rows(page)) == set(found.members[: found.errors].tolist())
    assert page.chosen == [card.name]
    assert any(described(found, data.class_names) in text.value for text in page.markdown)
