"""t-SNE keeps neighbours together; small and degenerate inputs get an answer too."""

import numpy as np
import pytest

from pipeline.errors import Cancelled, InvalidParameter
from pipeline.projections.tsne import TSNE
from pipeline.stages.neighbours import NeighboursStage


def clusters(rng, n=150, d=60, k=5):
    """Points around k far centres, and the number of each one's cluster."""
    labels = np.arange(n) % k
    return (rng.normal(size=(k, d))[labels] * 5 + rng.normal(size=(n, d))).astype(np.float32), labels


def test_planted_clusters_stay_together(rng):
    """Of each point's nearest neighbours on the map, nearly all are of its own cluster."""
    features, labels = clusters(rng)
    points, facts = TSNE(perplexity=10).project(features)
    nearest, _ = NeighboursStage(5).find(points)
    assert (labels[nearest] == labels[:, np.newaxis]).mean() > 0.95
    assert points.shape == (150, 2)
    assert points.dtype == np.float32
    assert 0 < facts["kl_divergence"] < 2
    assert facts["pca_dimensions"] == 50
    assert "note" not in facts


def test_the_result_is_the_same_each_time(rng):
    """Bit for bit."""
    features, _ = clusters(rng, n=60)
    np.testing.assert_array_equal(TSNE(5).project(features)[0], TSNE(5).project(features)[0])


def test_few_features_are_not_reduced_first(rng):
    """Up to 50 of them go in as they are."""
    _, facts = TSNE(5).project(clusters(rng, n=40, d=8)[0])
    assert facts["pca_dimensions"] is None


def test_the_perplexity_is_lowered_for_few_images(rng):
    """And the facts say so."""
    points, facts = TSNE(30).project(clusters(rng, n=31)[0])
    assert facts["perplexity"] == 10
    assert "too high for 31 images" in facts["note"]
    assert np.isfinite(points).all()


@pytest.mark.parametrize("n", [1, 2, 4, 5, 7])
def test_a_handful_of_images_has_a_place_each(rng, n):
    """Finite, with a note on what had to give."""
    points, facts = TSNE().project(rng.normal(size=(n, 6)).astype(np.float32))
    assert points.shape == (n, 2)
    assert np.isfinite(points).all()
    assert facts["note"]


def test_rows_that_are_all_the_same_lie_on_one_place():
    """There is nothing to embed."""
    points, facts = TSNE().project(np.ones((40, 3), np.float32))
    assert not points.any()
    assert "Too few different images" in facts["note"]


def test_duplicates_and_a_single_feature_are_harmless(rng):
    """Many rows at the same place, along one line."""
    points, _ = TSNE(5).project(rng.integers(0, 4, (60, 1)).astype(np.float32))
    assert np.isfinite(points).all()


def test_features_that_are_not_finite_are_refused(rng):
    """In the usual sentence."""
    features, _ = clusters(rng)
    features[3, 3] = np.nan
    with pytest.raises(InvalidParameter, match=r"Features must be finite\. Got"):
        TSNE().project(features)


def test_progress_counts_iterations_to_the_end(rng):
    """From nothing to all of them, forward only."""
    seen = []
    TSNE(5).project(clusters(rng, n=40)[0], lambda done, total, what: seen.append((done, total, what)))
    assert (seen[0][0], seen[-1]) == (0, (600, 600, "iterations"))
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)


def test_the_divergence_is_as_low_as_open_tsnes(rng):
    """From the same features: ours in fewer iterations, with the divergence of both by one definition."""
    openTSNE = pytest.importorskip("openTSNE")
    features, _ = clusters(rng, n=600, d=40)
    _, facts = TSNE(20).project(features)
    theirs = openTSNE.TSNE(perplexity=20, neighbors="exact", random_state=0).fit(features.astype(np.float64))
    assert facts["kl_divergence"] < theirs.kl_divergence + 0.02


def test_cancelling_goes_through(rng):
    """Also out of the middle."""

    def cancel(done, total, what):
        if done >= 100:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        TSNE(5).project(clusters(rng, n=40)[0], cancel)


@pytest.mark.parametrize("perplexity", [0, -1, 2000, np.nan, "30", None, True])
def test_wrong_perplexities_are_refused(perplexity):
    """In the usual sentence."""
    with pytest.raises(InvalidParameter, match="perplexity of tsne must be"):
        TSNE(perplexity)
