"""Rows of a features file, a few at a time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache.arrays import StoredArray
from pipeline.compute.rows import ROWS_AT_ONCE, ArrayRows, Stacked, as_rows, blocks_of
from pipeline.errors import InvalidParameter


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A features file and what is in it."""
    array = np.random.default_rng(3).normal(size=(50, 7)).astype(np.float32)
    path = tmp_path_factory.mktemp("rows") / "train.npy"
    np.save(path, array)
    return path, array


@given(st.lists(st.integers(0, 49), max_size=80))
def test_a_file_gives_the_rows_of_its_array(table, numbers):
    """In any order, with repetitions, alone and in runs."""
    path, array = table
    rows = as_rows(StoredArray(path, ""))
    assert isinstance(rows, StoredArray)
    np.testing.assert_array_equal(rows.rows(np.array(numbers, np.intp)), array[numbers])


def test_a_part_of_a_file_gives_its_own_rows(table):
    """As training images are that are some of the test images."""
    path, array = table
    rows = as_rows(StoredArray(path, "").part(slice(10, 20)))
    np.testing.assert_array_equal(rows.rows(np.array([0, 9])), array[[10, 19]])


def test_rows_of_several_matrices_are_as_of_one(rng):
    """By numbers in any order and twice, by a slice, or by one number; one may be empty."""
    parts = [rng.normal(size=(n, 3)).astype(np.float32) for n in (4, 0, 5)]
    whole, stacked = np.concatenate(parts), Stacked(*(ArrayRows(part) for part in parts))
    assert stacked.shape == (9, 3)
    for key in (np.array([8, 0, 4, 3, 3]), slice(2, 7), slice(None), 5):
        np.testing.assert_array_equal(stacked[key], whole[key])
    numbers = np.array([7, 0, 3, 2, 2])
    np.testing.assert_array_equal(stacked.rows(numbers), whole[numbers])


@pytest.mark.parametrize("change", ["float64", "fortran"])
def test_other_layouts_are_read_whole(table, tmp_path, change):
    """Only C-ordered float32 lies row by row where it is looked for."""
    _, array = table
    np.save(tmp_path / "a.npy", array.astype(np.float64) if change == "float64" else np.asfortranarray(array))
    rows = as_rows(StoredArray(tmp_path / "a.npy", ""))
    assert isinstance(rows, ArrayRows)
    found = rows.rows(np.array([3, 1]))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, array[[3, 1]])


@pytest.mark.parametrize("shape", [(5,), (5, 0), (2, 3, 4)])
def test_features_must_be_a_table(shape):
    """Rows and at least one column."""
    with pytest.raises(InvalidParameter, match="Features must have shape"):
        as_rows(np.zeros(shape, np.float32))


@given(st.integers(0, 5000))
def test_blocks_cover_every_row_once(n):
    """In order, none longer than agreed."""
    blocks = list(blocks_of(n))
    assert [row for block in blocks for row in block] == list(range(n))
    assert all(0 < len(block) <= ROWS_AT_ONCE for block in blocks)
