import numpy as np
import pytest

from pipeline.errors import SourceError
from pipeline.sources import digits
from pipeline.sources.digits import Digits


def test_halves_are_those_of_scikit_learns_example():
    """898 images to train on, the next 899 to test on, in their order."""
    from sklearn.datasets import load_digits

    dataset, bunch = Digits().load(), load_digits()
    assert (len(dataset.train), len(dataset.test)) == (898, 899)
    np.testing.assert_array_equal(dataset.train.labels, bunch.target[:898])
    np.testing.assert_array_equal(dataset.test.labels, bunch.target[898:])
    assert (dataset.train.ids[0], dataset.test.ids[0]) == ("digits/0", "digits/898")


def test_intensities_fill_the_range_of_a_byte():
    """0 to 16 becomes 0 to 255, and nothing is lost."""
    from sklearn.datasets import load_digits

    images = Digits().load().test.images
    assert images.shape == (899, 8, 8, 1)
    assert (images.min(), images.max()) == (0, 255)
    np.testing.assert_array_equal(np.rint(images[..., 0] * (16 / 255)), load_digits().images[898:])


def test_limit_keeps_the_first_of_each_split():
    """A limit keeps the halves apart and changes the identity."""
    whole, part = Digits(), Digits(limit=10)
    np.testing.assert_array_equal(part.load().test.images, whole.load().test.images[:10])
    assert len(part.load().train) == 10
    assert part.identity() != whole.identity()


def test_other_digits_than_the_known_ones_are_refused(monkeypatch):
    """If scikit-learn ever ships other images, results must not pass for the old ones."""
    monkeypatch.setattr(digits, "CONTENT_SHA256", "0" * 64)
    with pytest.raises(SourceError, match="must have SHA-256 0000"):
        Digits().load()
