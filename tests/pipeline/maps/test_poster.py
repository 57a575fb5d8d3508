"""The poster: every image where the map has it, none cut off, and files that are whole."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from pipeline.cli import main
from pipeline.errors import Cancelled, InvalidParameter
from pipeline.maps.poster import LAYOUTS, Poster, fitting_side
from tests.planted import planted_run


def flat(n, side=4, channels=3):
    """Images of one colour each, all different, none white."""
    colours = np.arange(n)[:, None] * (1, 3, 5)[:channels] % 200 + 20
    return np.broadcast_to(colours[:, None, None, :], (n, side, side, channels)).astype(np.uint8)


def where(picture, colour):
    """Give the rows and columns of a colour's pixels."""
    return np.nonzero((np.asarray(picture) == colour).all(axis=2))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_image_lies_where_the_map_has_it(layout):
    """Left is left and up is up, and no pixel of an image is cut off by the edge."""
    images = flat(5)
    positions = np.array([[0, 0], [-10, 0], [10, 0], [0, -10], [0, 10]], float)
    picture = Poster(layout, size=300).draw(images, positions)
    places = [where(picture, image[0, 0]) for image in images]
    areas = {len(rows) for rows, _ in places}
    side = int(np.sqrt(areas.pop()))
    assert not areas
    assert side % 4 == 0
    rows, columns = np.array([[rows.mean(), columns.mean()] for rows, columns in places]).T
    assert columns[1] < columns[0] < columns[2]
    assert rows[4] < rows[0] < rows[3]


def test_in_the_grid_no_image_hides_another(rng):
    """A pile of images becomes a block in which every one is whole."""
    images = flat(40)
    picture = Poster("grid", size=400).draw(images, np.ones((40, 2)))
    areas = [len(where(picture, image[0, 0])[0]) for image in images]
    assert min(areas) == max(areas) > 0


def test_in_the_scatter_later_images_lie_over_earlier_ones():
    """Of two in one place, the second is seen."""
    images = flat(2)
    picture = Poster(size=300).draw(images, np.zeros((2, 2)))
    assert len(where(picture, images[0, 0, 0])[0]) == 0
    assert len(where(picture, images[1, 0, 0])[0]) > 0


@pytest.mark.parametrize(
    ("room", "whole", "side"), [(30, True, 32), (30, False, 30), (70, False, 64), (2, False, 4)]
)
def test_images_stay_crisp_where_there_is_room(room, whole, side):
    """32 pixels are shown as 32, 64, ...: never stretched by a fraction, and only reduced if they must be."""
    assert fitting_side(32, room, whole=whole) == side


@pytest.mark.parametrize("shape", [(7, 3, 9, 1), (1, 50, 20, 3), (3, 300, 300, 3)])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_images_make_a_poster(rng, shape, layout):
    """Grey ones, oblong ones, a single one, and ones larger than their room."""
    images = rng.integers(0, 200, shape, dtype=np.uint8)
    picture = Poster(layout, size=250, background="black").draw(images, rng.normal(size=(len(images), 2)))
    assert picture.size == (250, 250)
    assert np.asarray(picture).any()


def test_a_poster_can_be_cancelled(rng):
    """What progress raises goes through."""

    def stop(done, total, what):
        raise Cancelled("Enough.")

    with pytest.raises(Cancelled):
        Poster(size=200).draw(flat(3), np.zeros((3, 2)), stop)


@pytest.mark.parametrize(
    "bad", [{"layout": "spiral"}, {"size": 199}, {"size": 12_001}, {"size": 300.0}, {"background": "red"}]
)
def test_bad_parameters_are_refused(bad):
    """A sentence names the parameter and what it must be."""
    with pytest.raises(InvalidParameter, match="of poster must be"):
        Poster(**bad)


def test_positions_must_fit_the_images():
    """One place for each image."""
    with pytest.raises(ValueError, match="positions must have shape"):
        Poster().draw(flat(3), np.zeros((2, 2)))


@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.webp", "WEBP")])
def test_the_command_writes_what_the_name_says(store, tmp_path, capsys, name, kind):
    """The file is there, whole, readable by everyone, and nothing else is."""
    planted_run(store, "planted")
    target = tmp_path / "out" / name
    target.parent.mkdir()
    words = ["poster", "planted", "--size", "300", "--out", str(target), "--cache", str(store.root)]
    assert main.main(words) == 0
    with Image.open(target) as picture:
        picture.load()
        assert (picture.format, picture.size) == (kind, (300, 300))
    assert [path.name for path in target.parent.iterdir()] == [name]
    assert str(target) in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [["nobody"], ["planted", "--out", "poster.gif"], ["planted", "--out", "no/such/folder/poster.png"]],
)
def test_mistakes_are_sentences(store, capsys, words, monkeypatch, tmp_path):
    """An unknown run, an unknown format, a missing folder: exit code 1, a remedy, no file."""
    monkeypatch.chdir(tmp_path)
    planted_run(store, "planted")
    assert main.main(["poster", *words, "--size", "200", "--cache", str(store.root)]) == 1
    assert "Try:" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.png")) + list(tmp_path.glob("*.gif"))
