"""Sprite sheets hold the images' own pixels, if they are small, and are drawn once for all sessions, one at a time."""

from __future__ import annotations

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cache import Store
from dashboard.components import sprites as module
from dashboard.components.sprites import MAX_SIDE, SpriteSheet, sprite_sheet, sprites_of
from dashboard.run.data import RunData, pixels
from tests.planted import Plan, planted_run


def cell(sheet: SpriteSheet, i: int) -> np.ndarray:
    """Cut image i out of a sheet, as the browser does."""
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(sheet.uri.split(",")[1]))).convert("RGB"))
    x, y = (i % sheet.columns) * sheet.width, (i // sheet.columns) * sheet.height
    return picture[y : y + sheet.height, x : x + sheet.width]


@given(
    st.integers(1, 40), st.integers(1, 20), st.integers(1, 20), st.sampled_from([1, 3]), st.integers(0, 99)
)
def test_a_cell_is_the_image(n, height, width, channels, seed):
    """Nothing is lost between the data set and the browser."""
    images = np.random.default_rng(seed).integers(0, 256, (n, height, width, channels), dtype=np.uint8)
    sheet = sprite_sheet(images)
    for i in (0, n // 2, n - 1):
        np.testing.assert_array_equal(cell(sheet, i), np.broadcast_to(images[i], (height, width, 3)))


@pytest.mark.parametrize(("height", "width"), [(300, 200), (50, 1000), (2000, 1)])
@pytest.mark.parametrize("channels", [1, 3])
def test_large_images_are_reduced(rng, height, width, channels):
    """A sheet of large photographs stays small; the longest side is capped and no side vanishes."""
    sheet = sprite_sheet(rng.integers(0, 256, (3, height, width, channels), dtype=np.uint8))
    assert max(sheet.width, sheet.height) == MAX_SIDE
    assert min(sheet.width, sheet.height) >= 1


def test_reducing_keeps_the_mean(rng):
    """An even area keeps its colour when it is reduced."""
    images = np.full((1, 256, 256, 3), (10, 200, 90), dtype=np.uint8)
    found = cell(sprite_sheet(images), 0)
    assert found.shape == (128, 128, 3)
    np.testing.assert_allclose(found, images[0, :128, :128], atol=3)  # of lossy compression


def test_photographs_are_compressed(rng):
    """A page with many of them is sent in kilobytes, and stays like the original."""
    smooth = np.add.outer(np.arange(128), np.arange(128)).astype(np.uint8)
    images = np.broadcast_to(smooth[None, :, :, None], (16, 128, 128, 3))
    sheet = sprite_sheet(images)
    assert len(sheet.uri) < images.nbytes / 20
    assert np.abs(cell(sheet, 5).astype(int) - images[5]).mean() < 4


@pytest.fixture
def data(store) -> RunData:
    """A run with images of two splits."""
    planted_run(store)
    return RunData(store, "planted")


@pytest.mark.parametrize("split", ["test", "train"])
def test_images_stand_in_the_order_of_the_rows(data, split):
    """Of the split that was asked for."""
    rows = [9, 2, 30, 2]
    sheet = sprites_of(data, split, rows)
    assert sheet == sprite_sheet(pixels(data, split, rows))
    assert sheet != sprites_of(data, split, sorted(rows))


class Crowd:
    """Count who draws at the same time, and how often a sheet is drawn."""

    def __init__(self, monkeypatch) -> None:
        self.now = self.most = self.drawn = 0
        self._lock = Lock()
        for name in ("pixels", "sprite_sheet"):
            monkeypatch.setattr(module, name, self._counted(getattr(module, name)))

    def _counted(self, act):
        def counted(*given):
            with self._lock:
                self.now += 1
                self.most = max(self.most, self.now)
                self.drawn += act is sprite_sheet
            try:
                return act(*given)
            finally:
                with self._lock:
                    self.now -= 1

        return counted


def test_ten_sessions_at_once_draw_one_after_the_other(data, monkeypatch):
    """Each sheet once, whoever asks: the same object for all."""
    crowd, together = Crowd(monkeypatch), Barrier(10)

    def session(number: int):
        together.wait()
        return sprites_of(data, "test", range(number % 5, 80))

    with ThreadPoolExecutor(10) as sessions:
        sheets = list(sessions.map(session, range(10)))
    assert all(sheets[number] is sheets[number + 5] for number in range(5))
    assert (crowd.most, crowd.drawn) == (1, 5)


def test_another_data_set_has_another_sheet(data, tmp_path):
    """Even with the same rows of the same split, in a store of the same form."""
    other = Store(tmp_path / "other")
    planted_run(other, plan=Plan(seed=1))
    assert sprites_of(data, "test", [0, 1]) != sprites_of(RunData(other, "planted"), "test", [0, 1])
