"""A guest's picture is decoded as a data set's are, and brought to the size that theirs have."""

import io

import numpy as np
import pytest
from PIL import Image

from pipeline.guests.pictures import Form, shown
from pipeline.inputs.pictures import decode
from pipeline.sources.digits import Digits
from pipeline.stages.contract import ensure


def png(pixels):
    """Write a picture without loss."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_a_picture_of_the_same_size_keeps_every_pixel(rng):
    """In colour and in grey."""
    colour = rng.integers(0, 256, (32, 32, 3), np.uint8)
    np.testing.assert_array_equal(Form((32, 32, 3)).image(png(colour)), colour)
    grey = rng.integers(0, 256, (8, 8), np.uint8)
    np.testing.assert_array_equal(Form((8, 8, 1)).image(png(grey))[..., 0], grey)


def test_a_picture_of_another_size_is_brought_to_it_whole(rng):
    """Nothing is cut off: a part that is may be what it shows."""
    tall = np.zeros((300, 100, 3), np.uint8)
    tall[:100] = (255, 0, 0)
    tall[200:] = (0, 0, 255)
    image = Form((32, 32, 3)).image(png(tall))
    assert image.shape == (32, 32, 3)
    assert image[2, 16].tolist() == [255, 0, 0]
    assert image[-3, 16].tolist() == [0, 0, 255]


def test_files_stay_as_they_are(rng):
    """Each of its own size, turned upright as its EXIF data ask."""
    picture = Image.fromarray(rng.integers(0, 256, (40, 60, 3), np.uint8))
    exif = picture.getexif()
    exif[0x0112] = 6
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=exif)
    image = Form(None).image(file.getvalue())
    assert image.shape == (60, 40, 3)
    np.testing.assert_array_equal(image, decode(file.getvalue()))


def test_the_form_is_that_of_the_data_set(store):
    """Of pixels that the store has."""
    assert Form.of(ensure(store, Digits(limit=4), {})) == Form((8, 8, 1))


@pytest.mark.parametrize("shape", [(8, 8, 1), (32, 32, 3), (500, 300, 3)])
def test_what_it_looks_like_is_small(rng, shape):
    """Small ones keep every pixel."""
    image = rng.integers(0, 256, shape, np.uint8)
    picture = Image.open(io.BytesIO(shown(image)))
    assert (picture.format, max(picture.size)) == ("WEBP", min(160, max(shape[:2])))
    if max(shape[:2]) <= 32:
        np.testing.assert_array_equal(
            np.asarray(picture.convert("RGB")), np.broadcast_to(image, (*shape[:2], 3))
        )
