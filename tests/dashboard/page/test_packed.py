"""A choice of images as short text."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.page.packed import pack_rows, unpack_rows


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1)))))
def test_rows_come_back(case):
    """Of any number of rows, and none."""
    n, rows = case
    text = pack_rows(np.array(sorted(rows), np.intp), n)
    assert unpack_rows(text, n).tolist() == sorted(rows)


@given(st.text(max_size=60), st.integers(0, 300))
def test_any_text_gives_rows_that_there_are(text, n):
    """Whatever somebody has typed."""
    assert all(0 <= row < n for row in unpack_rows(text, n))


@pytest.mark.parametrize("n", [7, 9, 10_000])
def test_a_choice_of_other_images_is_none(n):
    """The text is of 8 rows; nor does one that unpacks to very much take memory."""
    assert unpack_rows(pack_rows(np.array([1]), 20), n).tolist() == []
    bomb = base64.urlsafe_b64encode(zlib.compress(b"\xff" * 10_000_000, wbits=-15)).decode()
    assert unpack_rows(bomb, n).tolist() == []
