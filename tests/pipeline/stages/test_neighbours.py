"""Nearest neighbours are exact: brute force finds the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Cancelled, InvalidParameter
from pipeline.stages import neighbours
from pipeline.stages.neighbours import NeighboursStage


def brute_force(features, count):
    """Give indices and distances by measuring every pair in float64."""
    rows = features.astype(np.float64)
    indices, distances = [], []
    for i, row in enumerate(rows):
        squared = ((rows - row) ** 2).sum(axis=1)
        squared[i] = np.inf
        order = np.lexsort((np.arange(len(rows)), squared))[: min(count, len(rows) - 1)]
        indices.append(order)
        distances.append(np.sqrt(squared[order]))
    return np.array(indices, np.int32), np.array(distances, np.float32)


def assert_exact(features, count=20):
    """Check against brute force."""
    indices, distances = NeighboursStage(count).find(features)
    wanted, lengths = brute_force(features, count)
    np.testing.assert_array_equal(indices, wanted)
    np.testing.assert_allclose(distances, lengths, rtol=1e-6)
    assert (indices.dtype, distances.dtype) == (np.int32, np.float32)


@pytest.fixture
def small_blocks(monkeypatch):
    """Cut even small tables into many blocks."""
    monkeypatch.setattr(neighbours, "ROWS_AT_ONCE", 16)


@pytest.mark.parametrize("d", [1, 2, 30, 300])
def test_random_rows(rng, d):
    """Several blocks of a size as in use, in few and in many dimensions."""
    assert_exact(rng.normal(size=(400, d)).astype(np.float32))


@pytest.mark.parametrize("d", [1, 3, 200])
def test_many_blocks(rng, small_blocks, d):
    """Every block meets every other once."""
    assert_exact(rng.normal(size=(150, d)).astype(np.float32), count=5)


@given(
    n=st.integers(2, 60),
    d=st.integers(1, 4),
    count=st.integers(1, 25),
    top=st.integers(0, 3),
    seed=st.integers(0, 99),
)
def test_ties_go_to_the_lower_row(n, d, count, top, seed):
    """Small whole numbers: equal distances and duplicates everywhere."""
    assert_exact(
        np.random.default_rng(seed).integers(0, top, (n, d), endpoint=True).astype(np.float32), count
    )


def test_duplicates_are_neighbours_but_a_row_is_not_its_own(rng, small_blocks):
    """Each row three times: the two others come first, at distance 0."""
    features = rng.normal(size=(60, 20)).astype(np.float32).repeat(3, axis=0)
    indices, distances = NeighboursStage().find(features)
    assert not (indices == np.arange(180)[:, np.newaxis]).any()
    assert not distances[:, :2].any()
    assert (distances[:, 2] > 0).all()
    np.testing.assert_array_equal(
        np.sort(indices[:, :2], axis=1) // 3, np.arange(180)[:, np.newaxis] // 3 + [[0, 0]]
    )


def test_rows_far_from_the_origin_keep_their_order(rng, small_blocks):
    """Float32 loses the small differences of long vectors; the result does not."""
    features = (rng.normal(size=(200, 10)) + 3000).astype(np.float32)
    assert_exact(features)


def test_two_tight_groups_far_apart(rng, small_blocks):
    """Centring cannot help here: candidates that float32 cannot tell apart are searched again."""
    features = rng.normal(scale=1e-3, size=(200, 5)).astype(np.float32)
    features[::2] += 1000
    assert_exact(features)


def test_constant_features_give_the_lowest_rows(small_blocks):
    """Everything is equally near."""
    indices, distances = NeighboursStage(3).find(np.ones((40, 4), np.float32))
    assert indices[0].tolist() == [1, 2, 3]
    assert indices[39].tolist() == [0, 1, 2]
    assert not distances.any()


@pytest.mark.parametrize("n", [1, 2, 5, 20, 21, 22])
def test_few_rows_have_fewer_neighbours(rng, n):
    """As many columns as there are other rows, at most."""
    features = rng.normal(size=(n, 3)).astype(np.float32)
    assert NeighboursStage().find(features)[0].shape == (n, min(20, n - 1))
    if n > 1:
        assert_exact(features)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e19])
def test_features_that_cannot_be_measured_are_refused(rng, value):
    """The message says which row."""
    features = rng.normal(size=(30, 4)).astype(np.float32)
    features[11, 2] = value
    with pytest.raises(InvalidParameter, match=r"must be finite and small enough .+ Got"):
        NeighboursStage().find(features)


@pytest.mark.parametrize("count", [0, -1, 2.5, "20", True])
def test_the_count_must_be_a_positive_integer(count):
    """In the usual sentence."""
    with pytest.raises(InvalidParameter, match="count of neighbours must be"):
        NeighboursStage(count)


def test_progress_goes_forward_to_the_end(rng, small_blocks):
    """Both parts of the work are counted together."""
    seen = []
    NeighboursStage(3).find(rng.normal(size=(60, 3)).astype(np.float32), lambda *report: seen.append(report))
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert seen[-1][0] == seen[-1][1]
    assert len({total for _, total, _ in seen}) == 1


def test_cancelling_goes_through(rng):
    """What progress raises reaches the caller."""

    def cancel(done, total, what):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        NeighboursStage().find(rng.normal(size=(60, 3)).astype(np.float32), cancel)
