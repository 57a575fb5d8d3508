"""What people should know of the files of a folder: those that are odd, and those that another package would read."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import PurePosixPath

from PIL import Image

from cache.commands import shell
from cache.counting import counted
from pipeline.inputs.pictures import readable_formats

RARE = 50  # one in so many files
FEW = 20  # files that are named, however many there are
TINY = 32  # pixels of the longer side

ENDINGS = {
    "JPEG": {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"},
    "PNG": {".png", ".apng"},
    "WebP": {".webp"},
    "GIF": {".gif"},
    "BMP": {".bmp", ".dib"},
    "TIFF": {".tif", ".tiff"},
    "AVIF": {".avif", ".avifs"},
    "HEIC": {".heic", ".heif", ".hif"},
}
_SHOWN = {"MPO": "JPEG", "WEBP": "WebP", "HEIF": "HEIC"}
INKS, DEEP, MOVING, CLEAR, SMALL, MISNAMED = "inks", "16 bits", "animation", "transparent", "tiny", "misnamed"
TOLD = {
    INKS: "in the inks of print (CMYK): shown without its colour profile",
    DEEP: "grey of 16 bits: shown with 8",
    MOVING: "an animation: the first frame is used",
    CLEAR: "with transparent parts, among others without: shown on white",
    SMALL: f"of less than {TINY} pixels a side",
    MISNAMED: "{} under another ending",
}
ALTERED = (INKS, DEEP, MOVING, SMALL, MISNAMED)
"""Told where they are common, too."""

_RAW = [".cr2", ".cr3", ".nef", ".arw", ".dng", ".orf", ".rw2", ".raf", ".pef", ".srw", ".3fr", ".raw"]
_VIDEO = [".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv"]
READERS: Mapping[str, str] = {
    **dict.fromkeys(ENDINGS["HEIC"], f"{shell('pip', 'install', 'pillow-heif')} lets us read them"),
    **dict.fromkeys(_RAW, "the package rawpy reads them; develop them to JPEG or TIFF first"),
    **dict.fromkeys(_VIDEO, "ffmpeg reads them; save the frames that you want as JPEG first"),
    ".svg": "the package cairosvg reads them; draw them to PNG first",
    ".psd": "the package psd-tools reads them; save them as PNG first",
    ".pdf": "the package pdf2image reads them; save the pages as PNG first",
    ".jxl": "the package pillow-jxl-plugin reads them; save them as PNG first",
    ".jp2": "the package Pillow reads them; save them as PNG first",
    ".dcm": "the package pydicom reads them; save them as PNG of 16 bits first",
    ".exr": "the package OpenEXR reads them; map their tones to PNG first",
}
"""Endings of picture files that are left out, with the package that reads them."""


@dataclass(frozen=True)
class Report:
    """Hold what people should know of a folder's files.

    Attributes
    ----------
    odd : list of dict
        ``path`` and ``reason`` of files that are used and may surprise, in the order of their paths.
    notes : list of str
        Sentences about many files at once.
    """

    odd: list[dict[str, str]]
    notes: list[str]


def traits_of(content: bytes) -> tuple[str, ...]:
    """Give a picture's format, and what may surprise in it, whatever it is called.

    Parameters
    ----------
    content : bytes
        Of a file that can be decoded.
    """
    with suppress(Exception), Image.open(io.BytesIO(content), formats=readable_formats()) as picture:
        kind = _SHOWN.get(picture.format or "", picture.format or "")
        moving = picture.format != "MPO" and getattr(picture, "is_animated", False)
        found = {
            INKS: picture.mode == "CMYK",
            DEEP: picture.mode.startswith("I"),
            MOVING: moving,
            CLEAR: picture.has_transparency_data,
            SMALL: max(picture.size) < TINY,
        }
        return (kind, *(trait for trait, there in found.items() if there))
    return ()


def report(traits: Mapping[str, Sequence[str]], refused: Sequence[str], unlisted: int = 0) -> Report:
    """Find which files are odd among the others.

    A format is odd that one in fifty files has, or fewer; so are transparent files. What decoding altered is odd file
    by file where that is rare or there are twenty at most, else it is a note.

    Parameters
    ----------
    traits : mapping of str to sequence of str
        What `traits_of` gave for each file that is used.
    refused : sequence of str
        Paths of files that are not used.
    unlisted : int
        Files that a table of labels does not list.
    """
    traits = {path: [*found, *_misnamed(path, found)] for path, found in traits.items()}
    counts = Counter(trait for found in traits.values() for trait in found)
    rare = {trait for trait, count in counts.items() if count * RARE <= len(traits)}
    few = {trait for trait in ALTERED if 0 < counts[trait] <= FEW}
    kinds = [kind for kind, _ in counts.most_common() if kind in ENDINGS]
    odd = [
        {"path": path, "reason": reason}
        for path, found in sorted(traits.items())
        if (reason := _reason(found, rare | few, kinds))
    ]
    notes = [
        f"{counted(counts[trait], 'file is', 'files are')} {_of_many(trait)}."
        for trait in ALTERED
        if counts[trait] and trait not in rare | few
    ]
    more = [f"{counted(unlisted, 'file is', 'files are')} not in the table of labels."] if unlisted else []
    return Report(odd, [*notes, *_other_kinds(refused), *more])


def _misnamed(path: str, found: Sequence[str]) -> list[str]:
    ending = PurePosixPath(path).suffix.lower()
    return [MISNAMED] if ending and found and ending not in ENDINGS.get(found[0], {ending}) else []


def _of_many(trait: str) -> str:
    return "pictures under another ending" if trait == MISNAMED else TOLD[trait]


def _reason(found: Sequence[str], told: set[str], kinds: Sequence[str]) -> str:
    """Say in a sentence what is odd about a file; nothing where nothing is."""
    words = [f"{kind} among files of {kinds[0]}" for kind in found if kind in ENDINGS and kind in told]
    words += [TOLD[trait].format(found[0]) for trait in found if trait in TOLD and trait in told]
    text = "; ".join(words)
    return f"{text[0].upper()}{text[1:]}. It is used." if text else ""


def other_kind(path: str) -> str:
    """Say which package reads a file that we do not, by its ending; nothing where we know of none, or read it."""
    ending = PurePosixPath(path).suffix.lower()
    ours = ending in ENDINGS["HEIC"] and find_spec("pillow_heif") is not None
    return "" if ours else READERS.get(ending, "")


def _other_kinds(refused: Sequence[str]) -> list[str]:
    """Count files that are left out by their endings, where a package would read them."""
    counts = Counter(PurePosixPath(path).suffix.lower() for path in refused if other_kind(path))
    return [
        f"{counted(number, f'{ending} file is', f'{ending} files are')} left out: {READERS[ending]}."
        for ending, number in sorted(counts.items())
    ]
