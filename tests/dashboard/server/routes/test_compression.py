"""Contents compressed once."""

from __future__ import annotations

import gzip

import pytest

from dashboard.server.routes.compression import Compressor, reads_gzip


@pytest.mark.parametrize(
    ("accepted", "reads"),
    [
        ("gzip", True), ("gzip, deflate, br", True), ("br;q=1.0, GZIP;q=0.5", True), ("*", True),
        ("", False), ("br", False), ("gzip;q=0", False), ("gzip;q=0.000", False), ("*;q=0", False),
        ("gzip;q=0, *", False), ("x-gzip", False), (";q=,,;", False), ("identity", False),
    ],
)  # fmt: skip
def test_only_who_reads_gzip_gets_it(accepted, reads):
    """A weight of 0 is a no; what makes no sense is a no."""
    assert reads_gzip(accepted) is reads


def test_the_same_content_is_compressed_once():
    """The second browser gets the very bytes that the first one got."""
    compressor = Compressor()
    first = compressor.compressed(b"abc" * 100)
    assert compressor.compressed(b"abc" * 100) is first
    assert gzip.decompress(first) == b"abc" * 100


def test_what_was_used_least_lately_goes_first(rng):
    """Never more than the room, however many and however large; and all of them are answered."""
    contents = [rng.bytes(1_000) for _ in range(4)]  # random bytes do not become smaller
    compressor = Compressor(room=2_500)
    kept = [compressor.compressed(content) for content in contents[:2]]
    assert compressor.compressed(contents[0]) is kept[0]
    compressor.compressed(contents[2])
    assert compressor.compressed(contents[0]) is kept[0]
    assert compressor.compressed(contents[1]) is not kept[1]
    assert gzip.decompress(compressor.compressed(rng.bytes(9_000)))


def test_what_is_larger_than_the_room_drives_nothing_out(rng):
    """It is answered, and the others stay."""
    compressor = Compressor(room=2_500)
    kept = compressor.compressed(b"abc" * 100)
    assert gzip.decompress(compressor.compressed(rng.bytes(9_000)))
    assert compressor.compressed(b"abc" * 100) is kept
