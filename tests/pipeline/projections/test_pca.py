"""Principal components: exact, with one sign, and calm about degenerate features."""

import numpy as np
import pytest

from cache.arrays import StoredArray
from pipeline.compute.principal_components import principal_components
from pipeline.errors import InvalidParameter
from pipeline.projections.pca import PCA


def test_a_planted_plane_is_found(rng):
    """Points on a plane in 30 dimensions keep their distances."""
    flat = rng.normal(size=(200, 2)) * [5, 2]
    basis = np.linalg.qr(rng.normal(size=(30, 2)))[0]
    points, facts = PCA().project((flat @ basis.T).astype(np.float32))
    np.testing.assert_allclose(
        np.linalg.norm(points - points[0], axis=1), np.linalg.norm(flat - flat[0], axis=1), rtol=1e-3
    )
    assert sum(facts["explained_variance"]) == pytest.approx(1)
    assert points.dtype == np.float32


def test_the_result_is_the_same_each_time(rng):
    """Signs included."""
    features = rng.normal(size=(600, 700)).astype(np.float32)
    np.testing.assert_array_equal(PCA().project(features)[0], PCA().project(features)[0])


def test_signs_follow_the_longest_loading(rng):
    """A point far along the feature that varies most lies on the positive side, whatever the mirror image."""
    features = rng.normal(size=(100, 5)).astype(np.float32)
    features[:, 2] *= 10
    for mirrored in (features, features * np.array([1, 1, -1, 1, 1], np.float32)):
        points, _ = PCA().project(mirrored)
        assert np.corrcoef(points[:, 0], mirrored[:, 2])[0, 1] > 0.99


@pytest.mark.parametrize("most_columns", [4096, 10])
@pytest.mark.parametrize("shape", [(300, 20), (40, 500), (1500, 300)])
def test_components_are_those_of_the_singular_value_decomposition(rng, shape, most_columns, monkeypatch):
    """Scores and shares of variance, whether rows or columns are more, with and without a scatter matrix."""
    monkeypatch.setattr("pipeline.compute.principal_components.MOST_COLUMNS", most_columns)
    features = (rng.normal(size=shape) * 0.9 ** np.arange(shape[1]) + 5).astype(np.float32)
    found = principal_components(features, 10)
    centred = features.astype(np.float64) - features.mean(axis=0, dtype=np.float64)
    left, lengths, _ = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(np.abs(found.scores), np.abs(left * lengths)[:, :10], atol=1e-3)
    np.testing.assert_allclose(found.explained, (lengths**2 / (lengths**2).sum())[:10], rtol=1e-4)


def test_a_file_is_read_as_an_array_is(rng, tmp_path):
    """Bit for bit."""
    features = rng.normal(size=(1500, 40)).astype(np.float32)
    np.save(tmp_path / "features.npy", features)
    stored = StoredArray(tmp_path / "features.npy", "")
    np.testing.assert_array_equal(
        principal_components(stored, 5).scores, principal_components(features, 5).scores
    )


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (2, 1), (2, 2), (3, 100)])
def test_tiny_tables_have_a_place_each(rng, shape):
    """Missing directions are 0."""
    points, _ = PCA().project(rng.normal(size=shape).astype(np.float32))
    assert points.shape == (shape[0], 2)
    assert np.isfinite(points).all()


def test_rows_that_are_all_the_same_lie_on_one_place():
    """No division by a variance of 0."""
    points, facts = PCA().project(np.full((9, 4), 0.1, np.float32))
    assert not points.any()
    assert facts["explained_variance"] == [0, 0]


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_features_that_are_not_finite_are_refused(rng, value):
    """In the usual sentence."""
    features = rng.normal(size=(30, 4)).astype(np.float32)
    features[3, 3] = value
    with pytest.raises(InvalidParameter, match=r"Features must be finite\. Got"):
        PCA().project(features)
