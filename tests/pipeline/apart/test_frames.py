import io

import pytest

from pipeline.apart.frames import BrokenFrame, read_frame, write_frame

MOST = 20_000_000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x00",
        b"\xff\xff\xff\xff{}",
        b"\x00\x00\x00\x02{}",
        b"\x00\x00\x00\x02[]",
        b'\x00\x00\x00\x0d{"sizes":[9]}',
        b'\x00\x00\x00\x0e{"sizes":[-1]}',
        b'\x00\x00\x00\x12{"sizes":[99999999',
        b"\x00\x00\x00\x04null",
    ],
)
def test_what_is_no_message_is_noticed(content):
    """Nothing is taken for more than it is."""
    with pytest.raises(BrokenFrame):
        read_frame(io.BytesIO(content), MOST)


def test_a_message_is_read_as_it_was_written():
    """Header and bodies, one after another; one that is too long is not read."""
    file = io.BytesIO()
    write_frame(file, {"error": "é"}, b"one", b"", b"three")
    write_frame(file, {}, bytes(100))
    file.seek(0)
    header, bodies = read_frame(file, 8)
    assert (header["error"], bodies) == ("é", [b"one", b"", b"three"])
    with pytest.raises(BrokenFrame):
        read_frame(file, 99)
