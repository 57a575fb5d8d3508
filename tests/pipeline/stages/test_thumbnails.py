import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.errors import Cancelled
from pipeline.stages.contract import ensure
from pipeline.stages.thumbnails import SheetLayout, ThumbnailsStage


def drawn(images):
    """Draw all sheets; give them, and what a reader needs to find an image."""
    stage = ThumbnailsStage()
    layout = stage.layout(images)
    spans = [
        range(start, min(start + layout.per_sheet, layout.n))
        for start in range(0, layout.n, layout.per_sheet)
    ]
    return [stage.draw(images, layout, rows) for rows in spans], layout.facts()


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
    sheets, facts = drawn(images)
    assert facts["lossless"]
    decoded = opened(sheets)
    for index, image in enumerate(images):
        np.testing.assert_array_equal(cut(decoded, facts, index), np.repeat(image, 3, axis=2))


def test_colour_images_come_back_nearly(rng):
    """At 32 pixels, smooth images lie at their place, off by a few levels on average."""
    colours = rng.integers(0, 256, (70, 1, 1, 3), dtype=np.uint8)
    sheets, facts = drawn(np.broadcast_to(colours, (70, 32, 32, 3)).copy())
    decoded = opened(sheets)
    assert not facts["lossless"]
    for index, colour in enumerate(colours):
        inner = cut(decoded, facts, index)[8:-8, 8:-8].astype(float)
        assert np.abs(inner - colour).mean() < 6


def test_many_images_fill_sheets_of_2048_pixels(rng):
    """At 32 pixels a full sheet has 64 x 64 images; the last sheet has the rest."""
    images = np.zeros((4100, 32, 32, 3), np.uint8)
    images[4096:] = 255
    sheets, facts = drawn(images)
    assert (facts["cell"], facts["columns"], facts["rows"], facts["per_sheet"]) == (32, 64, 64, 4096)
    assert facts["sheets"] == len(sheets) == 2
    decoded = opened(sheets)
    assert decoded[0].shape == (2048, 2048, 3)
    assert cut(decoded, facts, 4095).max() < 40
    assert cut(decoded, facts, 4099).min() > 215


def test_a_sheet_that_was_drawn_is_not_drawn_again(store, monkeypatch):
    """Of an attempt that ended between two sheets, the first is kept; progress goes on behind it."""
    with store.writing("dataset", plugin="plain", version=1, identity={}, inputs={}) as draft:
        for split, n in (("train", 2), ("test", 4100)):
            draft.save(f"{split}_images", np.full((n, 32, 32, 3), 90, np.uint8))
            draft.save(f"{split}_labels", (np.arange(n) % 2).astype(np.int16))
            draft.save(f"{split}_ids", np.array([f"{split}/{row}" for row in range(n)]))
        draft.facts["class_names"] = ["a", "b"]
    told, keys = [], {"dataset": draft.key}

    def stopping(done, total, what):
        told.append((done, total, what))
        if done == 4096:
            raise Cancelled("Stop.")

    with pytest.raises(Cancelled):
        ensure(store, ThumbnailsStage(), keys, stopping)
    drawing, rows = ThumbnailsStage.draw, []
    monkeypatch.setattr(ThumbnailsStage, "draw", lambda *args: (rows.append(args[-1]), drawing(*args))[1])
    made = ensure(store, ThumbnailsStage(), keys, lambda *report: told.append(report))
    assert rows == [range(4096, 4100)]
    assert told == [(done, 4100, "thumbnails") for done in (0, 4096, 4096, 4100)]
    sheets, facts = drawn(store.artefact("dataset", draft.key).array("test_images"))
    assert [made.path(f"sheet_{number}.webp").read_bytes() for number in (0, 1)] == sheets
    assert facts.items() <= made.manifest.facts.items()


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
    sheets, facts = drawn(images)
    alpha = cut(opened(sheets), facts, 0)[..., 3] > 127
    shown = alpha.any(axis=1).sum(), alpha.any(axis=0).sum()
    factor = facts["cell"] / max(height, width)
    assert shown == (max(1, round(height * factor)), max(1, round(width * factor)))


def test_large_images_are_reduced_to_64_pixels():
    """A square photograph fills its cell."""
    sheets, facts = drawn(np.full((2, 200, 200, 3), 90, np.uint8))
    assert facts["cell"] == 64
    assert opened(sheets)[0].shape == (64, 128, 3)


def test_the_same_images_give_the_same_bytes(rng):
    """Drawing again changes nothing."""
    images = rng.integers(0, 256, (20, 32, 32, 3), dtype=np.uint8)
    first, again = (drawn(images) for _ in range(2))
    assert first == again
