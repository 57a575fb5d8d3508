"""What a map keeps is counted exactly: brute force and scikit-learn find the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.manifold import trustworthiness

from pipeline.errors import Cancelled
from pipeline.stages import faithfulness
from pipeline.stages.faithfulness import FaithfulnessStage
from pipeline.stages.neighbours import NeighboursStage


@pytest.fixture
def small_blocks(monkeypatch):
    """Cut even small tables into many blocks, of two sizes."""
    monkeypatch.setattr(faithfulness, "ROWS_AT_ONCE", 16)
    monkeypatch.setattr(faithfulness, "OTHERS_AT_ONCE", 24)


def spaces(rng, n=150, d=20):
    """Give features, and a map that keeps some of their neighbourhoods."""
    features = rng.normal(size=(n, d)).astype(np.float32)
    return features, (features[:, :2] + 0.5 * rng.normal(size=(n, 2))).astype(np.float32)


def measure(features, points, k=10, **options):
    """Measure with the neighbours that the pipeline would have stored."""
    neighbours, _ = NeighboursStage(k).find(features)
    return FaithfulnessStage().measure(features, neighbours, points, **options)


def squared_distances(rows):
    """Give the squared distance between any two rows; infinity from a row to itself."""
    rows = rows.astype(np.float64)
    squared = ((rows[:, np.newaxis] - rows) ** 2).sum(axis=2)
    np.fill_diagonal(squared, np.inf)
    return squared


def nearest(squared, k):
    """Give each row's k nearest rows, the lower one first at one distance."""
    return np.argsort(squared, axis=1, kind="stable")[:, :k]


def brute_score(far, near, k):
    """Give 1 less the mean rank by ``far`` beyond k, of the k nearest by ``near``, as Venna and Kaski scale it."""
    n, beyond = len(far), 0
    for line, chosen in zip(far, nearest(near, k), strict=True):
        beyond += sum(max(0, int((line < line[j]).sum()) + 1 - k) for j in chosen)
    return 1 - 2 * beyond / (n * k * (2 * n - 3 * k - 1))


@pytest.mark.parametrize("k", [1, 5, 20, 70])
def test_trustworthiness_and_continuity_are_scikit_learns(rng, small_blocks, k):
    """To 1e-9, the continuity by changing the roles of the two spaces."""
    features, points = spaces(rng)
    facts = measure(features, points, k).facts
    wide, flat = features.astype(np.float64), points.astype(np.float64)
    assert facts["trustworthiness"] == pytest.approx(trustworthiness(wide, flat, n_neighbors=k), abs=1e-9)
    assert facts["continuity"] == pytest.approx(trustworthiness(flat, wide, n_neighbors=k), abs=1e-9)
    assert facts["k"] == k


def test_features_of_the_published_size_agree_with_scikit_learn(rng):
    """2,048 columns far from the origin, in blocks as in use."""
    features = (3 + np.abs(rng.normal(size=(600, 2048)))).astype(np.float32)
    points = rng.normal(size=(600, 2)).astype(np.float32)
    facts = measure(features, points, 20).facts
    wide, flat = features.astype(np.float64), points.astype(np.float64)
    assert facts["trustworthiness"] == pytest.approx(trustworthiness(wide, flat, n_neighbors=20), abs=1e-9)
    assert facts["continuity"] == pytest.approx(trustworthiness(flat, wide, n_neighbors=20), abs=1e-9)


@given(n=st.integers(4, 40), k=st.integers(1, 6), top=st.integers(0, 4), seed=st.integers(0, 99))
def test_ties_have_the_rank_of_the_first(n, k, top, seed):
    """Small whole numbers: equal distances everywhere, and brute force agrees all the same."""
    rng = np.random.default_rng(seed)
    features = rng.integers(0, top, (n, 3), endpoint=True).astype(np.float32)
    points = rng.integers(0, top, (n, 2), endpoint=True).astype(np.float32)
    found = measure(features, points, k)
    wide, flat, k = squared_distances(features), squared_distances(points), min(k, n - 1)
    kept = [len(set(a) & set(b)) for a, b in zip(nearest(wide, k), nearest(flat, k), strict=True)]
    assert found.preserved.tolist() == kept
    if 2 * k < n:
        assert found.facts["trustworthiness"] == pytest.approx(brute_score(wide, flat, k), abs=1e-12)
        assert found.facts["continuity"] == pytest.approx(brute_score(flat, wide, k), abs=1e-12)


def test_a_map_that_is_the_space_keeps_everything(rng, small_blocks):
    """Two features drawn as they are, larger and turned: all neighbours stay, both scores are 1."""
    features = rng.normal(size=(100, 2)).astype(np.float32)
    found = measure(features, (4 * features[:, ::-1]).copy(), 20)
    assert (found.preserved == 20).all()
    assert (found.facts["trustworthiness"], found.facts["continuity"]) == (1, 1)


def test_folding_costs_trust_and_tearing_costs_continuity(rng):
    """A fold brings strangers together; a tear parts neighbours. Each score falls for its own fault."""
    line = np.linspace(0, 1, 200, dtype=np.float32)
    features = np.stack([line, np.zeros_like(line)], axis=1)
    folded = np.stack([np.abs(line - 0.5), np.zeros_like(line)], axis=1)
    torn = np.stack([line + 2 * (np.arange(200) // 7 % 2), np.zeros_like(line)], axis=1)
    fold, tear = measure(features, folded).facts, measure(features, torn.astype(np.float32)).facts
    assert fold["trustworthiness"] < fold["continuity"]
    assert tear["continuity"] < tear["trustworthiness"]


@pytest.mark.parametrize("n", [1, 2, 3, 20, 40, 41])
def test_few_images_have_counts_but_not_always_scores(rng, n):
    """With 2k images or fewer the scores would mean nothing: there is a note instead."""
    found = measure(*spaces(rng, n), 20)
    assert found.preserved.dtype == np.uint8
    assert found.preserved.shape == (n,)
    k = min(20, n - 1)
    assert (found.facts["trustworthiness"] is None) == (not 0 < 2 * k < n) == ("note" in found.facts)


def test_equal_images_are_kept_as_they_are(small_blocks):
    """All features and all points the same: every rank is 1, nothing is lost."""
    found = measure(np.ones((60, 4), np.float32), np.zeros((60, 2), np.float32), 5)
    assert (found.preserved == 5).all()
    assert (found.facts["trustworthiness"], found.facts["continuity"]) == (1, 1)


def test_the_size_of_a_block_changes_nothing(rng, monkeypatch):
    """Memory is saved, not accuracy."""
    features, points = spaces(rng)
    whole = measure(features, points)
    monkeypatch.setattr(faithfulness, "ROWS_AT_ONCE", 7)
    monkeypatch.setattr(faithfulness, "OTHERS_AT_ONCE", 11)
    cut = measure(features, points)
    assert whole.facts == cut.facts
    np.testing.assert_array_equal(whole.preserved, cut.preserved)


def test_progress_goes_forward_to_the_end(rng, small_blocks):
    """Blocks of both spaces are counted together."""
    seen = []
    measure(*spaces(rng), progress=lambda *report: seen.append(report))
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert seen[-1][0] == seen[-1][1] == 2 * -(-150 // 16)


def test_cancelling_goes_through(rng):
    """What progress raises reaches the caller."""

    def cancel(done, total, what):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        measure(*spaces(rng), progress=cancel)
