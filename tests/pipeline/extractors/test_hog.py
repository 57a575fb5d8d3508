import numpy as np
import pytest

from pipeline.errors import ExtractorError
from pipeline.extractors.hog import Hog


@pytest.fixture
def images(rng):
    """Colour images of 32x32."""
    return rng.integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)


def test_features_are_scikit_images_on_grey(images):
    """One image's features are what scikit-image gives for its luma."""
    from skimage.feature import hog

    luma = images[0] @ np.array([0.299, 0.587, 0.114]) / 255
    expected = hog(luma, orientations=9, pixels_per_cell=(8, 8), cells_per_block=(2, 2), block_norm="L2-Hys")
    np.testing.assert_allclose(Hog().load()(images)[0], expected, atol=1e-6)


def test_one_by_one_equals_all_at_once(images):
    """How images are grouped changes nothing, to the byte."""
    extract = Hog().load()
    np.testing.assert_array_equal(
        np.concatenate([extract(images[i : i + 1]) for i in range(5)]), extract(images)
    )


def test_the_direction_of_edges_is_what_is_told_apart():
    """Stripes along the rows and along the columns differ; the same stripes, paler, do not."""
    stripes = np.zeros((1, 32, 32, 1), np.uint8)
    stripes[:, ::4] = 200
    along, across, paler = (Hog().load()(x) for x in (stripes, stripes.swapaxes(1, 2), stripes // 2))
    assert np.linalg.norm(along - across) > 0.5 * np.linalg.norm(along)
    np.testing.assert_allclose(along, paler, atol=1e-2)


@pytest.mark.parametrize(("side", "cell"), [(8, 2), (32, 8), (64, 16), (3, 1)])
def test_a_cell_is_a_quarter_of_the_image_unless_chosen(side, cell, rng):
    """The automatic cell gives what the same cell chosen by hand gives."""
    images = rng.integers(0, 256, (2, side, side, 1), dtype=np.uint8)
    np.testing.assert_array_equal(Hog().load()(images), Hog(pixels_per_cell=cell).load()(images))


def test_images_too_small_for_a_block_are_an_error_that_says_so():
    """The error has the least side, the side there is, and an option that helps."""
    with pytest.raises(ExtractorError, match=r"at least 16 pixels a side.*Got 8.\n.*--pixels-per-cell"):
        Hog(pixels_per_cell=8).load()(np.zeros((1, 8, 8, 1), np.uint8))
