import io
import struct
import sys
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.errors import UnusablePicture
from pipeline.inputs import pictures
from pipeline.inputs.pictures import decode

RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)
ORIENTATION = 0x0112
TURNS = {  # what is done to the upright picture so that this orientation undoes it
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def saved(picture, kind, **options):
    """Give a picture as a file's content."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def quarters():
    """A picture wider than high: red, green; blue, yellow."""
    corners = np.array([[RED, GREEN], [BLUE, YELLOW]], np.uint8)
    return Image.fromarray(corners.repeat(16, axis=0).repeat(24, axis=1))


def assert_quarters(pixels):
    """Check that it is the picture of `quarters`, but for what lossy compression does."""
    assert pixels.shape == (32, 48, 3)
    assert pixels.dtype == np.uint8
    for row, column, colour in ((8, 12, RED), (8, 36, GREEN), (24, 12, BLUE), (24, 36, YELLOW)):
        np.testing.assert_allclose(pixels[row, column], colour, atol=12)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_every_kind_is_read_by_its_first_bytes(kind):
    """There is no name to go by."""
    assert_quarters(decode(saved(quarters(), kind)))


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_is_turned_upright(kind, orientation):
    """Each of the eight EXIF orientations, in each format that has them."""
    turn = TURNS[orientation]
    lying = quarters() if turn is None else quarters().transpose(turn)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    assert_quarters(decode(saved(lying, kind, exif=exif)))


@pytest.mark.parametrize(("kind", "order"), [("PNG", "<u2"), ("TIFF", "<u2"), ("TIFF", ">u2")])
def test_grey_of_16_bits_is_scaled(kind, order):
    """65535 is white and 32768 is middle grey: clipping would make both white."""
    values = np.array([[0, 257, 32768, 65535]], order).repeat(4, axis=0)
    found = decode(saved(Image.fromarray(values), kind))
    np.testing.assert_array_equal(
        found, np.array([0, 1, 128, 255], np.uint8)[None, :, None].repeat(4, 0).repeat(3, 2)
    )


@pytest.mark.parametrize("adobe", [True, False])
def test_cmyk_is_not_inverted_by_mistake(adobe):
    """With Adobe's marker a JPEG holds inverted ink; without it, ink."""
    ink = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    content = saved(ink, "JPEG", quality=95)
    if not adobe:
        inverted = Image.new("CMYK", (16, 16), (255, 0, 0, 255))  # Pillow inverts what it writes
        content = without_adobe(saved(inverted, "JPEG", quality=95))
    np.testing.assert_allclose(decode(content)[8, 8], RED, atol=8)


def without_adobe(content):
    """Cut the APP14 marker out of a JPEG."""
    start = content.index(b"\xff\xee")
    length = int.from_bytes(content[start + 2 : start + 4], "big")
    return content[:start] + content[start + 2 + length :]


def test_cmyk_without_adobe_is_turned_upright_too():
    """Inverting loses no EXIF data."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    content = saved(Image.new("CMYK", (40, 20)), "JPEG", exif=exif)
    assert decode(without_adobe(content)).shape == (40, 20, 3)


def see_through(mode):
    """Give a picture, left half opaque red or grey, right half transparent black."""
    picture = Image.new("RGBA", (8, 4), (0, 0, 0, 0))
    picture.paste(RED, (0, 0, 4, 4))
    if mode == "LA":
        return picture.convert("LA")
    if mode == "P":
        palette = Image.new("P", (8, 4), 1)
        palette.putpalette([*RED, 0, 0, 0])
        palette.paste(0, (0, 0, 4, 4))
        return palette
    return picture


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("PNG", "RGBA", {}),
        ("PNG", "LA", {}),
        ("PNG", "P", {"transparency": 1}),
        ("GIF", "P", {"transparency": 1}),
        ("WEBP", "RGBA", {"lossless": True}),
        ("TIFF", "RGBA", {}),
        ("AVIF", "RGBA", {"quality": 100}),
    ],
)
def test_what_is_transparent_lies_on_white(kind, mode, options):
    """Not on the black that happens to be behind it."""
    found = decode(saved(see_through(mode), kind, **options))
    np.testing.assert_array_equal(found[:, 6:], np.full((4, 2, 3), 255, np.uint8))
    assert found[0, 0, 1] < 100


def test_a_half_transparent_pixel_is_mixed_with_white():
    """Red at half opacity is pink."""
    np.testing.assert_array_equal(
        decode(saved(Image.new("RGBA", (1, 1), (255, 0, 0, 128)), "PNG"))[0, 0], (255, 127, 127)
    )


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_counts(kind):
    """Further frames are of no consequence."""
    others = [Image.new("RGB", (48, 32), colour) for colour in (BLUE, GREEN)]
    options = {"lossless": True} if kind == "WEBP" else {}
    assert_quarters(decode(saved(quarters(), kind, save_all=True, append_images=others, **options)))


@pytest.mark.parametrize("mode", ["1", "L", "YCbCr", "LAB"])
def test_other_modes_become_red_green_blue(mode):
    """One channel, or other colours."""
    found = decode(
        saved(
            quarters().convert("RGB").convert(mode) if mode != "LAB" else Image.new("LAB", (48, 32)), "TIFF"
        )
    )
    assert found.shape == (32, 48, 3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_truncated_picture_is_refused(kind, share, rng):
    """Its missing part is never made up."""
    noise = Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8))
    content = saved(noise, kind)
    with pytest.raises(UnusablePicture, match=r"^A picture must be .*Got"):
        decode(content[: int(share * len(content))])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Got an empty file"),
        (b"just some text", "Got a file that begins with 'just som'"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "Got HEIC.\nTry: pip install pillow-heif"),
        (b"GIF89a" + bytes(20), "Got"),
        (b"%PDF-1.4" + bytes(100), "Got a file that begins with '%PDF-1.4'"),
    ],
)
def test_what_is_no_picture_is_refused(content, message, monkeypatch):
    """In one sentence, with the package that would read it."""
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(UnusablePicture, match=message):
        decode(content)


def png_of(width, height):
    """Give a tiny PNG file that says it is of some size."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(9)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [10_000, 17_321, 60_000])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(side):
    """A file of a hundred bytes must not fill the memory."""
    with pytest.raises(UnusablePicture, match="at most 89,478,485 pixels"):
        decode(png_of(side, side))


def test_a_file_of_too_many_bytes_is_refused(monkeypatch):
    """Before anything looks into it."""
    monkeypatch.setattr(pictures, "MAX_BYTES", 10)
    with pytest.raises(UnusablePicture, match=r"at most 10 bytes\. Got 11"):
        decode(bytes(11))


@pytest.mark.parametrize(
    ("large", "size"), [(48 * 32, (32, 48)), (48 * 32 // 4, (16, 24)), (48 * 32 // 60, (4, 6))]
)
def test_a_large_jpeg_is_decoded_smaller(monkeypatch, large, size):
    """At a half or an eighth, by its decoder: the rest of its pixels never exist."""
    monkeypatch.setattr(pictures, "LARGE", large)
    assert decode(saved(quarters(), "JPEG")).shape == (*size, 3)


@given(st.data())
def test_damage_is_refused_or_seen_never_fatal(data):
    """Whatever bytes change: pixels, or one kind of error."""
    kind = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"]))
    content = bytearray(saved(quarters(), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        pixels = decode(bytes(content))
    except UnusablePicture:
        return
    assert pixels.ndim == 3
    assert pixels.shape[2] == 3
