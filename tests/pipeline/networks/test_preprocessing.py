import numpy as np
import pytest

from pipeline.networks.preprocessing import Preprocessing


def preprocessing(**changes):
    """Prepare for a small network."""
    return Preprocessing(
        **{"side": 8, "fit": "squash", "interpolation": "bicubic", "mean": 127, "scale": 128, **changes}
    )


def test_an_image_of_the_networks_size_is_only_shifted_and_scaled(rng):
    """Channels come first; nothing is resampled."""
    images = rng.integers(0, 256, (3, 8, 8, 3), dtype=np.uint8)
    expected = (images.transpose(0, 3, 1, 2).astype(np.float32) - 127) / 128
    found = preprocessing().apply(images)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, expected)


def test_grey_is_three_equal_channels(rng):
    """A grey image and its copy in three channels are one."""
    grey = rng.integers(0, 256, (2, 5, 5, 1), dtype=np.uint8)
    np.testing.assert_array_equal(
        preprocessing().apply(grey), preprocessing().apply(np.repeat(grey, 3, axis=3))
    )


def wide():
    """An image twice as wide as high: red, green, green, blue from left to right."""
    image = np.zeros((16, 32, 3), np.uint8)
    image[:, :8, 0] = image[:, 8:24, 1] = image[:, 24:, 2] = 255
    return image


@pytest.mark.parametrize(
    ("fit", "row"),
    [
        ("squash", ["red", "red", "green", "green", "green", "green", "blue", "blue"]),
        ("crop", ["green"] * 8),
        ("pad", ["red", "red", "green", "green", "green", "green", "blue", "blue"]),
    ],
)
@pytest.mark.parametrize("interpolation", ["bicubic", "bilinear", "lanczos"])
def test_what_becomes_of_an_image_that_is_not_square(fit, interpolation, row):
    """Squashing keeps all of it, cropping the middle, padding all of it and its shape."""
    found = preprocessing(fit=fit, interpolation=interpolation).resize(wide())
    assert [("red", "green", "blue")[c] for c in found[4].argmax(axis=1)] == row
    edges = found[[0, 7]].astype(int)
    assert (edges == 127).all() == (fit == "pad")


def test_a_reduced_image_is_an_average_of_all_its_pixels():
    """Fine stripes become grey, not black or white: nothing is skipped."""
    stripes = np.zeros((64, 64, 1), np.uint8)
    stripes[:, ::2] = 254
    assert np.abs(preprocessing().resize(stripes).astype(int) - 127).max() < 8


def test_every_choice_is_in_the_identity():
    """Another choice makes other features, and another key."""
    changes = [{"side": 9}, {"fit": "crop"}, {"interpolation": "lanczos"}, {"mean": 0}, {"scale": 255}]
    identities = [preprocessing(**change).identity() for change in [{}, *changes]]
    assert len({str(identity) for identity in identities}) == len(identities)
