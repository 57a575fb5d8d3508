"""Images by their content: what is said of them outlives a run's name, its split, a folder's place."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PIL import Image

from pipeline.sources.folder import Folder
from pipeline.sources.npz import Npz
from pipeline.stages.contract import ensure
from pipeline.verdicts.images import images_of


def picture(path, number):
    """Write an image that is like no other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(number).integers(0, 256, (24, 24, 3), np.uint8)
    Image.fromarray(pixels).save(path)


@pytest.fixture
def folder(tmp_path):
    """Two classes of six images each; one image is in both, and one twice in the first."""
    for name, numbers in (("cat", range(6)), ("dog", range(10, 16))):
        for number in numbers:
            picture(tmp_path / "pets" / name / f"{number}.png", number)
    shutil.copy(tmp_path / "pets/cat/0.png", tmp_path / "pets/dog/again.png")
    shutil.copy(tmp_path / "pets/cat/1.png", tmp_path / "pets/cat/copy.png")
    return tmp_path / "pets"


def named(store, source):
    """Give the images of a source, and the key of each by its name."""
    source.prepare(store=store)
    images = images_of(ensure(store, source, {}))
    assert len(images.places) == len(images), "each has a key of its own"
    return images, dict(zip(images.ids, images.keys, strict=True))


def test_keys_follow_the_file_not_its_place(store, folder, tmp_path):
    """A folder that moves, gets another image, is judged otherwise, or has a file that is renamed."""
    images, keys = named(store, Folder(path=folder))
    assert images.class_names == ("cat", "dog")
    moved = tmp_path / "elsewhere" / "animals"
    moved.parent.mkdir()
    shutil.move(folder, moved)
    again, there = named(store, Folder(path=moved, evaluation="holdout", test_size=0.5))
    assert (there, again.digest) == (keys, images.digest)
    assert set(again.splits) == {"test", "train"}
    picture(moved / "dog" / "new.png", 99)
    (moved / "cat" / "5.png").rename(moved / "cat" / "renamed.png")
    more, there = named(store, Folder(path=moved))
    assert set(images.keys) < set(more.keys)
    assert there["cat/renamed.png"] == keys["cat/5.png"]
    assert more.digest != images.digest


def test_a_verdict_is_about_an_image_and_its_label(store, folder):
    """The same picture under another class has another key; of two copies in one class each has its own."""
    images, keys = named(store, Folder(path=folder))
    assert keys["cat/0.png"] != keys["dog/again.png"]
    assert keys["cat/1.png"] != keys["cat/copy.png"]
    assert images.given[images.places[keys["dog/again.png"]]] == "dog"
    (folder / "cat" / "2.png").rename(folder / "dog" / "2.png")
    _, there = named(store, Folder(path=folder))
    assert there["dog/2.png"] not in images.places


def test_pixels_that_the_store_keeps_are_named_by_themselves(store, tmp_path, rng):
    """Also where fewer of them are read, or nothing says which to test on."""
    x, y = rng.integers(0, 256, (40, 8, 8), np.uint8), np.arange(40) % 2
    np.savez(tmp_path / "all.npz", x_train=x[:30], y_train=y[:30], x_test=x[30:], y_test=y[30:])
    images, keys = named(store, Npz(file=tmp_path / "all.npz"))
    assert (images.starts, len(images)) == ({"test": 0, "train": 10}, 40)
    assert images.rows[images.places[keys["x_train/7"]]] == 7
    fewer, _ = named(store, Npz(file=tmp_path / "all.npz", limit=5))
    assert set(fewer.keys) < set(images.keys)
    np.savez(tmp_path / "one.npz", x_train=x, y_train=y)
    alone, _ = named(store, Npz(file=tmp_path / "one.npz"))
    assert set(alone.keys) == set(images.keys)
    assert alone.starts == {"test": 0}
    assert alone.digest == images.digest
