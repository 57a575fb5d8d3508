"""The forces of t-SNE are what their definitions say: brute force finds the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from pipeline.stages.neighbours import NeighboursStage
from pipeline.tsne.affinities import affinities
from pipeline.tsne.attraction import Attraction
from pipeline.tsne.repulsion import MOST_NODES, SPACING, Repulsion, node_spacing


def differences(points):
    """Give y_i - y_j (n, n, 2) and 1 / (1 + |y_i - y_j|^2) (n, n), 0 for a point and itself."""
    apart = points[:, np.newaxis].astype(np.float64) - points
    near = 1 / (1 + (apart**2).sum(axis=2))
    np.fill_diagonal(near, 0)
    return apart, near


def brute_repulsion(points):
    """Sum over all pairs."""
    apart, near = differences(points)
    return (near[..., np.newaxis] ** 2 * apart).sum(axis=1), near.sum()


def graph(rng, n=80, k=12, perplexity=4.0):
    """Give affinities of random rows."""
    rows = rng.normal(size=(n, 5)).astype(np.float32)
    return affinities(*NeighboursStage(k).find(rows), perplexity)


@pytest.mark.parametrize("spread", [1e-4, 1e-2, 1, 5, 15])
@pytest.mark.parametrize("flat", [1, 0.01])
def test_repulsion_is_the_sum_over_all_pairs(rng, spread, flat):
    """From the first iteration's speck to a large map, long ones too, within a few percent."""
    points = (spread * rng.normal(size=(700, 2)) * [1, flat]).astype(np.float32)
    forces, total = Repulsion()(points)
    wanted, sum_of_all = brute_repulsion(points)
    assert np.linalg.norm(forces - wanted) < 0.05 * np.linalg.norm(wanted)
    assert total == pytest.approx(sum_of_all, rel=3e-3)


def test_a_finer_grid_is_more_accurate(rng):
    """The error falls with the fourth power of the spacing."""
    points = (20 * rng.normal(size=(500, 2))).astype(np.float32)
    wanted, _ = brute_repulsion(points)
    coarse, fine = (np.linalg.norm(Repulsion(finer)(points)[0] - wanted) for finer in (1, 2))
    assert fine < coarse / 6


def test_a_kernel_kept_from_another_size_is_not_used(rng):
    """The same answer after a larger and a smaller map."""
    points = rng.normal(size=(50, 2)).astype(np.float32)
    repulsion = Repulsion()
    first, total = repulsion(points)
    for scale in (1000, 1e-3):
        repulsion(scale * points)
    again, same_total = repulsion(points)
    np.testing.assert_array_equal(first, again)
    assert total == same_total


def test_all_points_in_one_place_do_not_move():
    """No force has a direction there; every pair counts as 1."""
    forces, total = Repulsion()(np.full((30, 2), 7, np.float32))
    assert np.abs(forces).max() < 1e-3
    assert total == pytest.approx(30 * 29, rel=1e-3)


@given(span=st.floats(0, 1e9))
def test_the_grid_is_bounded(span):
    """Whatever the size of a map, memory is not."""
    assert node_spacing(span) > 0
    assert span / node_spacing(span) <= MOST_NODES * 1.01
    assert node_spacing(span) == SPACING or node_spacing(span) > SPACING or span < 50 * SPACING


def test_attraction_is_the_sum_over_all_edges(rng):
    """As its definition says, also with a point that nobody is tied to."""
    graphs = graph(rng)
    lonely = sparse.csr_array(sparse.block_diag([graphs, sparse.csr_array((1, 1))]))
    points = (3 * rng.normal(size=(81, 2))).astype(np.float32)
    apart, near = differences(points)
    wanted = ((lonely.toarray() * near)[..., np.newaxis] * apart).sum(axis=1)
    np.testing.assert_allclose(Attraction(lonely)(points), wanted, atol=1e-6 * np.abs(wanted).max() * 20)


def test_the_divergence_is_that_of_the_definition(rng):
    """Sum of p log(p / q) over all pairs."""
    graphs, points = graph(rng), rng.normal(size=(80, 2)).astype(np.float32)
    _, near = differences(points)
    p, q = graphs.toarray(), near / near.sum()
    wanted = (p[p > 0] * np.log(p[p > 0] / q[p > 0])).sum()
    assert Attraction(graphs).divergence(points, near.sum()) == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize("perplexity", [1.5, 5, 11])
def test_each_row_has_the_perplexity_asked_for(rng, perplexity):
    """Before both directions are averaged, the entropy of a row's weights is its logarithm."""
    from pipeline.tsne.affinities import row_weights

    _, distances = NeighboursStage(12).find(rng.normal(size=(60, 5)).astype(np.float32))
    weights = row_weights(distances.astype(np.float64) ** 2, np.log(perplexity))
    entropies = -(weights * np.log(weights)).sum(axis=1)
    np.testing.assert_allclose(np.exp(entropies), perplexity, rtol=1e-9)
    np.testing.assert_allclose(weights.sum(axis=1), 1)


def test_affinities_are_those_of_open_tsne(rng):
    """The same probabilities from the same neighbours."""
    pytest.importorskip("openTSNE")
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    found = NeighboursStage(30).find(rng.normal(size=(200, 6)).astype(np.float32))
    given = PrecomputedNeighbors(found[0].astype(np.int64), found[1].astype(np.float64))
    theirs = PerplexityBasedNN(perplexity=10, knn_index=given).P.toarray()
    ours = affinities(*found, 10.0).toarray()
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-12)
    np.testing.assert_array_equal(ours, ours.T)
    assert ours.sum() == pytest.approx(1)


@pytest.mark.parametrize("distances", [[0, 0, 0, 0], [0, 1e-20, 1, 1e18], [1e-30, 1e-30, 1e-30, 1e-30]])
def test_distances_of_any_size_give_weights(distances):
    """Duplicates, and neighbours on quite different scales: finite, and they sum to 1."""
    indices = (np.arange(6)[:, np.newaxis] + [1, 2, 3, 4]) % 6
    found = affinities(indices.astype(np.int32), np.tile(np.float32(distances), (6, 1)), 2.0)
    assert np.isfinite(found.data).all()
    assert found.sum() == pytest.approx(1)
