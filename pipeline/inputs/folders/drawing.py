"""Thumbnails of files of images, as WebP, with what is to be known of each picture."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.compute.packing import Drawn
from pipeline.errors import SourceError, UnusablePicture
from pipeline.inputs.files import bytes_digest, check_unchanged
from pipeline.inputs.folders.oddities import traits_of
from pipeline.inputs.image_folders import read_inside, readable
from pipeline.inputs.pictures import MAX_BYTES, decode

THUMBNAIL = 160  # pixels of the longer side
QUALITY = 85


def thumbnail(image: NDArray[np.uint8], content: bytes = b"") -> bytes:
    """Give an image as a WebP file with its longer side at 160 pixels, or less if it is smaller.

    Parameters
    ----------
    image : ndarray of uint8, shape (h, w, 3)
        The image.
    content : bytes, optional
        The file that it was decoded from: given back if it is already such a file, as it loses by every encoding.
    """
    if max(image.shape[:2]) <= THUMBNAIL and _is_plain_webp(content):
        return content
    picture = Image.fromarray(image)
    picture.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=QUALITY)
    return file.getvalue()


def drawn(place: Path, path: str, sha256: str) -> Drawn | str:
    """Give the thumbnail of a file and its traits, or the reason why there is none.

    Parameters
    ----------
    place : Path
        The folder that it is in, or what else holds files: `pipeline.inputs.image_folders.read_inside`.
    path : str
        Below it.
    sha256 : str
        Of its content.

    Raises
    ------
    SourceError
        If its content is another.
    """
    try:
        content = read_inside(place, path, MAX_BYTES)
    except SourceError as problem:
        return problem.message
    check_unchanged(readable(path), bytes_digest(content, "sha256"), sha256)
    try:
        return thumbnail(decode(content), content), traits_of(content)
    except UnusablePicture as problem:
        return f"{problem.message} Try: {problem.remedy}" if problem.remedy else problem.message


def _is_plain_webp(content: bytes) -> bool:
    """Tell whether a file is one opaque lossy WebP picture and nothing more: the simple form has no metadata."""
    length = int.from_bytes(content[16:20], "little")
    return (content[:4], content[8:16]) == (b"RIFF", b"WEBPVP8 ") and len(content) == 20 + length + length % 2
