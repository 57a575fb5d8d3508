"""The images that the map rings are those that one look after the other finds."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.maps.flips import map_flips, pack_rows
from dashboard.page.context import ViewContext
from dashboard.page.view_state import Versus, ViewState
from dashboard.run.data import RunData
from pipeline.api import Asked
from tests.planted import planted_run


def rows_in(text: str, n: int) -> list[int]:
    """Unpack as another program would."""
    squeezed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    bits = np.frombuffer(zlib.decompress(squeezed, wbits=-15), np.uint8)
    return np.flatnonzero(np.unpackbits(bits, bitorder="little")[:n]).tolist()


@given(st.lists(st.booleans(), min_size=1, max_size=70))
def test_rows_come_back(chosen):
    """Whatever the rows: packed and unpacked they are the same."""
    rows = np.flatnonzero(chosen)
    assert rows_in(pack_rows(rows, len(chosen)), len(chosen)) == rows.tolist()


def context(store, C, run="planted", **view) -> ViewContext:
    """Use a C of a run."""
    data = RunData(store, run)
    return ViewContext(store, data, data.look_up(Asked(C))[1], ViewState(run=run, asked=Asked(C), **view))


@pytest.mark.parametrize(
    "versus", [{}, {"versus": Versus(asked=Asked(10.0))}, {"versus": Versus("planted-hog")}]
)
def test_flips_are_those_of_brute_force(store, versus):
    """Against the run's own C, against another one, and against another run."""
    planted_run(store)
    planted_run(store, "planted-hog", extractor="hog")
    here = context(store, 0.001, **versus)
    other = versus.get("versus", Versus())
    data = RunData(store, other.run or "planted")
    base = data.look_up(other.asked)[1]
    before, after = (said.predicted == here.data.test_labels for said in (base, here.predictions))
    got, n = map_flips(here), here.data.n_test
    assert any(before != after)
    assert rows_in(got.fixed, n) == [row for row in range(n) if after[row] and not before[row]]
    assert rows_in(got.broke, n) == [row for row in range(n) if before[row] and not after[row]]
    assert got.label.startswith("planted-hog, C = " if other.run else "C = ")


def test_the_baseline_itself_has_none(store):
    """The run's own C, and the one that was pinned."""
    planted_run(store)
    assert map_flips(context(store, RunData(store, "planted").run.C)) is None
    assert map_flips(context(store, 0.001, versus=Versus(asked=Asked(0.001)))) is None
