"""Images that are nearly the same are found, all of them, and no others."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.compute import near_duplicates as module
from pipeline.compute.near_duplicates import equal_rows, grids_of, in_company, near_duplicates


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
    """Of a table without pictures; groups are numbered as they come."""
    rows = np.array([[2.0, 1], [0, 0], [2, 1], [3, 3]])
    assert equal_rows(rows).tolist() == [0, 1, 0, 2]
    assert in_company(equal_rows(rows)) == 2
