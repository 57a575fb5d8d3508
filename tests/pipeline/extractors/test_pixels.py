import numpy as np

from pipeline.extractors.pixels import Pixels


def test_pixels_keep_every_value_from_nought_to_one(rng):
    """The images can be had back from their features."""
    images = rng.integers(0, 256, (4, 5, 6, 3), dtype=np.uint8)
    features = Pixels().load()(images)
    assert features.shape == (4, 90)
    assert features.min() >= 0
    assert features.max() <= 1
    np.testing.assert_array_equal(np.rint(features * 255).reshape(images.shape), images)
