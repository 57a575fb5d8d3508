"""Thumbnails in pieces: a kill costs one piece, and changes no byte."""

from __future__ import annotations

import numpy as np
import pytest

from cache import Draft
from cache.manifest import Manifest
from pipeline.compute import packing
from pipeline.compute.packing import write_pictures
from pipeline.compute.progress import silent

N = 23


class Stopped(Exception):
    """What ends an attempt."""


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Five pictures a piece."""
    monkeypatch.setattr(packing, "PIECE", 5)


def draw(number):
    """Give bytes of different lengths, and a word; every seventh picture is none, number 9 is empty."""
    if number % 7 == 3:
        return f"picture {number} must be one. Got \n \u00fc."
    return bytes([number]) * (number * 3 if number != 9 else 0), [f"word {number}", "\n"]


def write(folder, draw=draw, progress=silent):
    """Write a draft's pictures; give the draft, what was kept, and what was not."""
    manifest = Manifest("dataset", "0" * 40, "x", 1, {}, {})
    draft = Draft(folder / "draft", manifest, folder / "partial")
    draft.folder.mkdir(parents=True, exist_ok=True)
    found = write_pictures(draft, N, draw, progress)
    assert len(found.traits) == len(found.kept)
    return draft, found.kept.tolist(), found.refused, found.traits


def test_each_picture_is_in_the_file_or_has_a_reason(tmp_path):
    """One after the other, in order."""
    made, kept, refused, traits = write(tmp_path)
    content, ends = made.path("pictures.bin").read_bytes(), np.load(made.path("picture_ends.npy"))
    found = [content[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    assert list(zip(found, traits, strict=True)) == [draw(number) for number in kept]
    assert refused == {number: draw(number) for number in (3, 10, 17)}
    assert sorted([*kept, *refused]) == list(range(N))
    assert ends.dtype == np.int64


def test_an_attempt_that_ends_anywhere_costs_one_piece_and_no_byte(tmp_path):
    """Stopped in the middle of each piece, then finished: progress begins where it was, and the bytes are the same."""
    drawn, told = [], []

    def stopping(after):
        def progress(done, total, what):
            told.append((done, total, what))
            if done == after:
                raise Stopped

        return progress

    def noting(number):
        drawn.append(number)
        return draw(number)

    for after, begun in ((2, 0), (8, 0), (12, 5), (22, 10)):
        told.clear()
        with pytest.raises(Stopped):
            write(tmp_path, noting, stopping(after))
        assert told[0] == (begun, N, "images")
    drawn.clear()
    told.clear()
    made, *found = write(tmp_path, noting, stopping(-1))
    assert sorted(drawn) == [20, 21, 22]
    assert told[0] == (20, N, "images")
    assert told[-1] == (N, N, "images")
    whole, *expected = write(tmp_path / "undisturbed")
    assert found == expected
    for name in ("pictures.bin", "picture_ends.npy"):
        assert made.path(name).read_bytes() == whole.path(name).read_bytes()


def test_the_time_of_attempts_is_added_up(tmp_path):
    """Each notes it with its pieces."""
    made, *_ = write(tmp_path)
    (made.partial / "seconds").write_text("1000.5")
    assert write(tmp_path)[0].seconds > 1000.5
    (made.partial / "seconds").write_text("none")
    assert write(tmp_path)[0].seconds < 1000


def test_no_picture_at_all_is_an_empty_file(tmp_path):
    """Whoever calls it says what is missing then."""
    made, kept, refused, _ = write(tmp_path, lambda number: "no")
    assert made.path("pictures.bin").read_bytes() == b""
    assert (len(kept), len(refused), len(np.load(made.path("picture_ends.npy")))) == (0, N, 0)
