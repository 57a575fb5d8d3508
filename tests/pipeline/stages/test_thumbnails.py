import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.stages.thumbnails import SheetLayout, ThumbnailsStage


def opened(sheets):
    """Decode sheets into arrays (h, w, 3 or 4)."""
    images = [Image.open(io.BytesIO(sheet)) for sheet in sheets]
    assert all(image.format == "WEBP" for image in images)
    return [np.asarray(image) for image in images]


def cut(sheets, facts, index):
    """Cut one image from decoded sheets, as a reader does from the facts alone."""
    sheet, place = divmod(index, facts["per_sheet"])
    row, column = divmod(place, facts["columns"])
    cell = facts["cell"]
    return sheets[sheet][row * cell : (row + 1) * cell, column * cell : (column + 1) * cell]


def test_small_images_come_back_exactly(rng):
    """Up to 16 pixels a side, every pixel of every image survives."""
    images = rng.integers(0, 256, (50, 8, 8, 1), dtype=np.uint8)
    sheets, facts = ThumbnailsStage().draw(images)
    assert facts["lossless"]
    decoded = opened(sheets)
    for index, image in enumerate(images):
        np.testing.assert_array_equal(cut(decoded, facts, index), np.repeat(image, 3, axis=2))


def test_colour_images_come_back_nearly(rng):
    """At 32 pixels, smooth images lie at their place, off by a few levels on average."""
    colours = rng.integers(0, 256, (70, 1, 1, 3), dtype=np.uint8)
    sheets, facts = ThumbnailsStage().draw(np.broadcast_to(colours, (70, 32, 32, 3)).copy())
    decoded = opened(sheets)
    assert not facts["lossless"]
    for index, colour in enumerate(colours):
        inner = cut(decoded, facts, index)[8:-8, 8:-8].astype(float)
        assert np.abs(inner - colour).mean() < 6


def test_many_images_fill_sheets_of_2048_pixels(rng):
    """At 32 pixels a full sheet has 64 x 64 images; the last sheet has the rest."""
    images = np.zeros((4100, 32, 32, 3), np.uint8)
    images[4096:] = 255
    seen = []
    sheets, facts = ThumbnailsStage().draw(images, lambda *step: seen.append(step))
    assert (facts["cell"], facts["columns"], facts["rows"], facts["per_sheet"]) == (32, 64, 64, 4096)
    assert facts["sheets"] == len(sheets) == 2
    decoded = opened(sheets)
    assert decoded[0].shape == (2048, 2048, 3)
    assert cut(decoded, facts, 4095).max() < 40
    assert cut(decoded, facts, 4099).min() > 215
    assert seen == [(4096, 4100, "thumbnails"), (4100, 4100, "thumbnails")]


@given(st.integers(1, 20_000), st.integers(1, 300), st.integers(1, 300))
def test_every_image_has_a_cell_of_its_own_on_a_sheet_that_fits(n, height, width):
    """Whatever the number and size of images, sheets hold them all and stay within 2048 pixels."""
    layout = SheetLayout.of(n, height, width)
    assert layout.cell == min(64, max(height, width))
    assert max(layout.columns, layout.rows) * layout.cell <= 2048
    assert (layout.sheets - 1) * layout.per_sheet < n <= layout.sheets * layout.per_sheet


@pytest.mark.parametrize(("height", "width"), [(40, 20), (100, 200), (1, 90)])
def test_images_that_are_not_square_keep_their_aspect(height, width):
    """What the image does not fill of its cell is transparent; the rest is the image."""
    images = np.full((3, height, width, 3), 200, np.uint8)
    sheets, facts = ThumbnailsStage().draw(images)
    alpha = cut(opened(sheets), facts, 0)[..., 3] > 127
    shown = alpha.any(axis=1).sum(), alpha.any(axis=0).sum()
    factor = facts["cell"] / max(height, width)
    assert shown == (max(1, round(height * factor)), max(1, round(width * factor)))


def test_large_images_are_reduced_to_64_pixels():
    """A square photograph fills its cell."""
    sheets, facts = ThumbnailsStage().draw(np.full((2, 200, 200, 3), 90, np.uint8))
    assert facts["cell"] == 64
    assert opened(sheets)[0].shape == (64, 128, 3)


def test_the_same_images_give_the_same_bytes(rng):
    """Drawing again changes nothing."""
    images = rng.integers(0, 256, (20, 32, 32, 3), dtype=np.uint8)
    first, again = (ThumbnailsStage().draw(images) for _ in range(2))
    assert first == again
