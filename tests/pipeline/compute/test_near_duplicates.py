"""Images that are nearly the same are found, all of them, and no others."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.compute import near_duplicates as module
from pipeline.compute.near_duplicates import grids_of, in_company, near_duplicates, near_rows


def photograph(rng, size=(90, 70)):
    """Give a picture with large shapes, as photographs have them."""
    noise = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    return noise.resize(size, Image.Resampling.BICUBIC)


def variants(picture):
    """Give what one picture becomes on its way: saved again, smaller, a little brighter."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=60)
    return [picture, Image.open(file), picture.resize((45, 35)), picture.point(lambda v: min(255, v + 6))]


def groups_of(pictures):
    """Give the groups of some pictures."""
    return near_duplicates(grids_of(len(pictures), lambda row: pictures[row].convert("RGB")))


def test_copies_are_found_and_strangers_are_not(rng):
    """A copy may be smaller, brighter, or compressed."""
    pictures = [copy for _ in range(5) for copy in variants(photograph(rng))]
    assert groups_of(pictures).tolist() == np.repeat(range(5), 4).tolist()


def test_simple_drawings_on_white_are_told_apart():
    """Their hashes hardly differ, as most of both is white."""
    drawings = []
    for place in range(0, 120, 20):
        drawings.append(Image.new("RGB", (160, 160), "white"))
        ImageDraw.Draw(drawings[-1]).ellipse((place, place, place + 25, place + 25), "black")
    assert groups_of(drawings).tolist() == list(range(6))


def test_empty_pictures_are_one_another_s_duplicates_whatever_their_grey():
    """They show nothing; and no picture that shows something is one of theirs."""
    empty = [Image.new("RGB", (20, 20), grey) for grey in ("white", "black", "grey")]
    line = Image.new("RGB", (20, 20), "white")
    ImageDraw.Draw(line).line((0, 0, 19, 19), "black")
    assert groups_of([*empty, line]).tolist() == [0, 0, 0, 1]


def reference(grids):
    """Join all pairs one by one, as the definition says."""
    n = len(grids)
    bits = (grids[:, :, 1:] > grids[:, :, :-1]).reshape(n, -1)
    flat = grids.reshape(n, -1).std(axis=1) < module.FLAT
    groups = np.arange(n)
    for a in range(n):
        for b in range(a):
            near = (bits[a] != bits[b]).sum() <= module.MOST_BITS
            shapes = grids[[a, b]].reshape(2, -1).astype(float)
            same = flat[a] and flat[b]
            if not flat[a] and not flat[b]:
                same = np.corrcoef(shapes)[0, 1] >= module.LEAST_CORRELATION
            if near and same:
                groups[groups == groups[a]] = groups[b]
    return groups


@pytest.mark.parametrize("at_once", [7, 64, 2048])
def test_all_pairs_are_looked_at(rng, monkeypatch, at_once):
    """Against the definition, pair by pair; whatever the size of the blocks."""
    monkeypatch.setattr(module, "AT_ONCE", at_once)
    base = rng.integers(60, 200, (12, 16, 17))
    noise = rng.normal(0, 1, (120, 16, 17)) * rng.uniform(0, 12, (120, 1, 1))
    grids = np.clip(base[rng.integers(0, 12, 120)] + noise, 0, 255).astype(np.uint8)
    grids[5], grids[50] = 17, 200
    found, wanted = near_duplicates(grids), reference(grids)
    assert 12 < len(np.unique(found)) < 120
    assert (found[:, None] == found).tolist() == (wanted[:, None] == wanted).tolist()


def test_equal_rows_are_one_group():
    """Of a table without pictures; groups are numbered as they come. Single numbers that are near are not."""
    rows = np.array([[2.0, 1], [0, 0], [2, 1], [3, 3]], np.float32)
    assert near_rows(rows).tolist() == [0, 1, 0, 2]
    assert in_company(near_rows(rows)) == 2
    assert near_rows(np.array([[1], [1.00001], [1]], np.float32)).tolist() == [0, 1, 0]
    assert near_rows(np.full((5, 3), 7, np.float32)).tolist() == [0] * 5
    assert near_rows(np.empty((0, 3), np.float32)).tolist() == []


@pytest.mark.parametrize("d", [2, 16, 17, 300])
@pytest.mark.parametrize("offset", [0, 10])
def test_rows_that_are_nearly_the_same_are_one_group(d, offset, rng, monkeypatch):
    """By their distance from the middle, wherever that is; chains hold together; others stay apart."""
    monkeypatch.setattr(module, "AT_ONCE", 7)
    rows = rng.normal(size=(120, d)) * 10 ** rng.uniform(0, 2, (120, 1))
    way = rng.normal(size=(60, d))
    shares = np.array([5e-5, 9e-5, 1e-3])[np.arange(60) % 3]
    way *= (
        shares * np.linalg.norm(rows[:60] - np.median(rows, axis=0), axis=1) / np.linalg.norm(way, axis=1)
    )[:, None]
    rows[60:] = rows[:60] + way
    rows = np.concatenate([rows, rows[61:62] + way[1], rows[61:62] + 2 * way[1]])
    found = near_rows((rows + offset).astype(np.float64))
    together = found[:60] == found[60:120]
    assert together.tolist() == (np.arange(60) % 3 < 2).tolist()
    assert set(found[[1, 61, 120, 121]]) == {1}
    assert len(np.unique(found)) == 60 + 20


@pytest.mark.parametrize("d", [3, 40])
def test_many_copies_take_few_questions(d, rng):
    """Ten thousand of one vector, each a little else."""
    rows = np.concatenate(
        [np.ones((10_000, d)) + rng.normal(0, 1e-7, (10_000, d)), rng.normal(size=(11_000, d))]
    )
    found = near_rows(rows.astype(np.float32))
    assert set(found[:10_000]) == {0}
    assert len(np.unique(found)) > 10_900
