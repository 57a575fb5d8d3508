"""Chunks: the parts give the whole, byte for byte, and a bad part is made again."""

from __future__ import annotations

import io
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache.chunks import Chunks, Pieces
from tests.cache.making import flip

ROWS, SIZE = 23, 5


@pytest.fixture
def whole(rng):
    """The array that the chunks are parts of."""
    return rng.standard_normal((ROWS, 3)).astype(np.float32)


def _bytes(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def _complete(chunks, array):
    """Write what is missing, and give which rows that were."""
    missing = chunks.missing()
    for start, stop in missing:
        chunks.write_rows(start, stop, array[start:stop])
    return missing


@given(rows=st.integers(1, 40), size=st.integers(1, 45), dtype=st.sampled_from(["<f4", "<f8", "|u1", "<i2"]))
def test_joined_chunks_are_the_bytes_of_the_whole(tmp_path_factory, rows, size, dtype):
    """However the rows are cut, the file is what `numpy.save` writes."""
    folder = tmp_path_factory.mktemp("chunks")
    array = np.arange(rows * 2).reshape(rows, 2).astype(dtype)
    chunks = Chunks(folder / "parts", rows, size)
    _complete(chunks, array)
    chunks.join(folder / "whole.npy")
    assert (folder / "whole.npy").read_bytes() == _bytes(array)


def test_what_was_written_is_not_missing_any_more(tmp_path, whole):
    """The second time, nothing is."""
    chunks = Chunks(tmp_path, ROWS, SIZE)
    assert _complete(chunks, whole) == [(0, 5), (5, 10), (10, 15), (15, 20), (20, 23)]
    assert _complete(chunks, whole) == []


def test_pieces_of_bytes_are_read_in_order(tmp_path):
    """However they were written; an array's pieces are none of theirs."""
    pieces = Pieces(tmp_path, 7, 3)
    for start, stop in reversed(pieces.missing()):
        pieces.write(start, stop, bytes(range(start, stop)))
    assert list(pieces.read()) == [b"\0\1\2", b"\3\4\5", b"\6"]
    assert Chunks(tmp_path, 7, 3).missing() == [(0, 3), (3, 6), (6, 7)]


def _damage_with(change):
    def damage(folder):
        change(sorted(folder.iterdir())[2])

    return damage


def _rename_rows(path):
    path.rename(path.with_name(path.name.replace("000000010-", "000000005-")))


DAMAGE = {
    "flipped": _damage_with(flip),
    "truncated": _damage_with(lambda path: os.truncate(path, 40)),
    "empty": _damage_with(lambda path: os.truncate(path, 0)),
    "deleted": _damage_with(lambda path: path.unlink()),
    "of other rows": _damage_with(_rename_rows),
    "still a draft": _damage_with(lambda path: path.rename(f"{path}.tmp-0123abcd")),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_only_the_damaged_chunk_is_made_again(tmp_path, whole, damage):
    """The others are used as they are."""
    chunks = Chunks(tmp_path / "parts", ROWS, SIZE)
    _complete(chunks, whole)
    damage(chunks.folder)
    assert _complete(chunks, whole) == [(10, 15)]
    chunks.join(tmp_path / "whole.npy")
    assert (tmp_path / "whole.npy").read_bytes() == _bytes(whole)


def test_chunks_of_another_size_are_made_again(tmp_path, whole):
    """The batch size is not part of the key: an older attempt may have had another."""
    _complete(Chunks(tmp_path / "parts", ROWS, SIZE), whole)
    chunks = Chunks(tmp_path / "parts", ROWS, 2 * SIZE)
    assert _complete(chunks, whole) == [(0, 10), (10, 20)]
    chunks.join(tmp_path / "whole.npy")
    assert (tmp_path / "whole.npy").read_bytes() == _bytes(whole)


def test_nothing_else_stays_in_the_folder(tmp_path, whole):
    """Files, folders, pipes and links are removed, but not what a link leads to."""
    (tmp_path / "mine.txt").write_text("precious")
    parts = tmp_path / "parts"
    (parts / "folder").mkdir(parents=True)
    (parts / "folder" / "file").touch()
    os.mkfifo(parts / "pipe")
    (parts / "link").symlink_to(tmp_path / "mine.txt")
    chunks = Chunks(parts, ROWS, SIZE)
    _complete(chunks, whole)
    assert len(list(parts.iterdir())) == len(chunks.spans)
    assert (tmp_path / "mine.txt").read_text() == "precious"


def test_a_link_in_place_of_the_folder_is_cut(tmp_path, whole):
    """Else everything in somebody's folder would be removed as no chunk."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "thesis").write_text("precious")
    (tmp_path / "parts").symlink_to(tmp_path / "documents")
    _complete(Chunks(tmp_path / "parts", ROWS, SIZE), whole)
    assert [path.name for path in (tmp_path / "documents").iterdir()] == ["thesis"]
    assert not (tmp_path / "parts").is_symlink()


def test_a_chunk_with_another_number_of_rows_is_refused(tmp_path, whole):
    """At once, not when everything is joined an hour later."""
    with pytest.raises(ValueError, match=r"must have 5 rows\. Got 4"):
        Chunks(tmp_path, ROWS, SIZE).write_rows(5, 10, whole[5:9])


def test_chunks_that_differ_are_not_joined(tmp_path, whole):
    """Another width or dtype is an error, never a silent conversion."""
    for other in (whole[:, :2], whole.astype(np.float64)):
        chunks = Chunks(tmp_path / str(other.dtype), ROWS, SIZE)
        for start, stop in chunks.missing():
            chunks.write_rows(start, stop, (whole if start else other)[start:stop])
        with pytest.raises(ValueError, match="like the first"):
            chunks.join(tmp_path / "whole.npy")


def test_an_incomplete_set_is_not_joined(tmp_path, whole):
    """The message counts."""
    chunks = Chunks(tmp_path / "parts", ROWS, SIZE)
    chunks.missing()
    chunks.write_rows(0, 5, whole[:5])
    with pytest.raises(ValueError, match=r"must have 5 pieces\. Got 1"):
        chunks.join(tmp_path / "whole.npy")
