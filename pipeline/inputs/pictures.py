"""Decode a picture file as a person sees it: the same pixels for a thumbnail and for a network."""

from __future__ import annotations

import io
import warnings
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

from cache.commands import shell
from cache.foreign import foreign
from cache.limits import PIXELS
from pipeline.errors import UnusablePicture

FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")  # HEIF with pillow-heif only
MAX_BYTES = 256 << 20
LARGE = 12_000_000  # pixels; a JPEG of more is decoded at a half, a quarter or an eighth of its sides
BACKGROUND = "white"
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")
SUBFILE, REDUCED, DNG, CANON = 254, 1, 50706, b"CR"  # marks of raw files: tags of TIFF, a value, two bytes
KINDS = "JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF"
MOST_16_BIT = 65535
PHOTOMETRIC, WHITE_IS_ZERO = 262, 0  # of TIFF: a tag and its value

warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)  # we have limits of our own
warnings.filterwarnings("ignore", module=r"PIL\.")  # damaged metadata


def decode(content: bytes) -> NDArray[np.uint8]:
    """Give a picture's pixels.

    What it is, its first bytes say. It is turned upright as its EXIF data ask, 16-bit grey is scaled, a CMYK JPEG is
    inverted where Adobe's marker says so, what is transparent lies on white, and of an animation the first frame
    counts. Decoding is strict: nothing is made up for bytes that are missing.

    Parameters
    ----------
    content : bytes
        A JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF file; HEIC where ``pillow-heif`` is installed.

    Returns
    -------
    ndarray of uint8, shape (h, w, 3)
        Red, green, blue.

    Raises
    ------
    UnusablePicture
        If it is no complete picture of these kinds, or too large.
    """
    if len(content) > MAX_BYTES:
        raise UnusablePicture(f"A picture must be at most {MAX_BYTES:,} bytes. Got {len(content):,}.")
    with foreign(lambda got: UnusablePicture(f"A picture must be complete and undamaged. Got: {got}.")):
        try:
            with Image.open(io.BytesIO(content), formats=readable_formats()) as picture:
                _refuse_preview(picture, content)
                _reduce_large(picture)
                return _upright(picture)
        except UnidentifiedImageError:
            raise _unknown(content) from None
        except Image.DecompressionBombError as problem:
            raise UnusablePicture(
                f"A picture must have at most {PIXELS:,} pixels. Got many more."
            ) from problem
        except MemoryError as problem:
            raise UnusablePicture(
                "A picture must fit into the memory that there is. Got one that does not."
            ) from problem


def readable_formats() -> list[str]:
    """List the formats that can be read here, as Pillow calls them."""
    try:
        import pillow_heif

        pillow_heif.register_heif_opener()
    except ImportError:
        return [name for name in _built_in() if name != "HEIF"]
    return _built_in()


def _built_in() -> list[str]:
    Image.init()
    return [name for name in FORMATS if name in Image.OPEN]


def _refuse_preview(picture: Image.Image, content: bytes) -> None:
    """Refuse a camera's raw file: for Pillow it is a TIFF file with a small preview of the photograph."""
    tags = getattr(picture, "tag_v2", {}) if picture.format == "TIFF" else {}
    if (
        tags.get(SUBFILE, 0) == REDUCED
        or DNG in tags
        or (content[8:10] == CANON and picture.format == "TIFF")
    ):
        raise UnusablePicture(
            f"A picture must be {KINDS}. Got a camera's raw file.",
            remedy="develop it to JPEG or TIFF, for example with the package rawpy",
        )


def _reduce_large(picture: Image.Image) -> None:
    """Refuse a picture that has too many pixels, and ask a large JPEG's decoder for fewer."""
    width, height = picture.size
    if width * height > PIXELS:
        raise UnusablePicture(f"A picture must have at most {PIXELS:,} pixels. Got {width:,} x {height:,}.")
    factor = next(factor for factor in (1, 2, 4, 8) if width * height <= LARGE * factor**2)
    if factor > 1:
        picture.draft(None, (width // factor, height // factor))


def _upright(picture: Image.Image) -> NDArray[np.uint8]:
    """Give a picture's pixels uint8 (h, w, 3), whatever its mode."""
    picture.load()
    if picture.mode == "CMYK" and picture.format in ("JPEG", "MPO") and "adobe" not in picture.info:
        picture = _with_exif(ImageChops.invert(picture), picture)  # Pillow takes every one for Adobe's
    inverted = getattr(picture, "tag_v2", {}).get(PHOTOMETRIC) == WHITE_IS_ZERO
    see_through = picture.info.get("transparency")
    with suppress(Exception):  # damaged EXIF data say nothing; the picture itself is whole
        ImageOps.exif_transpose(picture, in_place=True)
    if picture.mode.startswith(("I", "F")):
        return _scale_grey(np.asarray(picture), see_through, inverted=inverted)
    if picture.has_transparency_data:
        opaque = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", opaque.size, BACKGROUND), opaque)
    return np.asarray(picture if picture.mode == "RGB" else picture.convert("RGB"))


def _with_exif(changed: Image.Image, picture: Image.Image) -> Image.Image:
    changed.info["exif"] = picture.getexif().tobytes()
    return changed


def _scale_grey(values: NDArray[Any], see_through: Any, *, inverted: bool) -> NDArray[np.uint8]:
    """Give grey of 16 bits (h, w) as uint8 (h, w, 3), a transparent value white; what is beyond is no photograph."""
    if values.dtype.kind == "f" or values.min() < 0 or values.max() > MOST_16_BIT:
        raise UnusablePicture(
            f"A grey picture must have 8 or 16 bits. Got values from {values.min():,} to {values.max():,}."
        )
    if inverted:
        values = MOST_16_BIT - values.astype(np.int64)
    if isinstance(see_through, int):
        values = np.where(values == see_through, MOST_16_BIT, values)
    grey = np.rint(values.astype(np.float64) * (255 / MOST_16_BIT)).astype(np.uint8)
    return np.repeat(grey[..., np.newaxis], 3, axis=2)


def _unknown(content: bytes) -> UnusablePicture:
    """Give the error for a file that is no picture, or one that another package would read."""
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return UnusablePicture(
            f"A picture must be {KINDS}. Got HEIC.", remedy=shell("pip", "install", "pillow-heif")
        )
    start = content[:8].decode("ascii", "backslashreplace")
    got = f"a file that begins with {start!r}" if content else "an empty file"
    return UnusablePicture(f"A picture must be {KINDS}. Got {got}.")
