import io

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import UnusablePicture
from pipeline.inputs.folders.oddities import other_kind, report, traits_of
from pipeline.inputs.pictures import decode


def saved(kind, mode="RGB", size=(40, 40), **options):
    """Give a picture as a file's content."""
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind, **options)
    return file.getvalue()


FRAMES = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]


@pytest.mark.parametrize(
    ("content", "traits"),
    [
        (saved("JPEG"), ("JPEG",)),
        (saved("JPEG", "CMYK"), ("JPEG", "inks")),
        (saved("PNG", "I;16"), ("PNG", "16 bits")),
        (saved("PNG", "LA"), ("PNG", "transparent")),
        (saved("PNG", size=(20, 31)), ("PNG", "tiny")),
        (saved("GIF"), ("GIF",)),
        (saved("GIF", save_all=True, append_images=FRAMES), ("GIF", "animation")),
        (saved("WEBP", save_all=True, append_images=FRAMES), ("WebP", "animation")),
        (saved("MPO", save_all=True, append_images=FRAMES), ("JPEG",)),
        (saved("AVIF"), ("AVIF",)),
        (b"no picture", ()),
    ],
)
def test_a_picture_has_a_format_and_may_surprise(content, traits):
    """By its head alone."""
    assert traits_of(content) == traits


def test_a_name_may_say_another_format():
    """By its ending, if it has one."""
    names = {
        "a.jpg": ["JPEG"],
        "b/c.JPEG": ["JPEG"],
        "d": ["JPEG"],
        "e.txt": ["JPEG"],
        "f.jpg": ["PNG"],
        "g.jpg": [],
    }
    assert told(names)[0] == {
        "e.txt": "JPEG under another ending. It is used.",
        "f.jpg": "PNG under another ending. It is used.",
    }


def told(traits, **more):
    """Give what is odd by path, and the notes."""
    found = report(traits, **{"refused": (), **more})
    return {file["path"]: file["reason"] for file in found.odd}, found.notes


def test_a_format_that_is_rare_is_odd():
    """One GIF among 60 JPEG files; not among nine."""
    many = {f"{number}.jpg": ("JPEG",) for number in range(60)}
    assert told({**many, "x.gif": ("GIF",)}) == ({"x.gif": "GIF among files of JPEG. It is used."}, [])
    few = {f"{number}.jpg": ("JPEG",) for number in range(9)}
    assert told({**few, "x.gif": ("GIF",)}) == ({}, [])


def test_what_decoding_changed_is_told():
    """File by file where they are few; else how many there are. Transparent ones are odd among others only."""
    few = {
        "a.jpg": ("JPEG", "inks"),
        "b.txt": ("PNG", "16 bits"),
        "c.gif": ("GIF", "transparent"),
    }
    assert told(few)[0] == {
        "a.jpg": "In the inks of print (CMYK): shown without its colour profile. It is used.",
        "b.txt": "Grey of 16 bits: shown with 8; PNG under another ending. It is used.",
    }
    many = {f"{number}.gif": ("GIF", "animation", "transparent") for number in range(30)}
    assert told(many) == ({}, ["30 files are an animation: the first frame is used."])


def test_other_kinds_are_counted_with_the_package_that_reads_them(monkeypatch):
    """One line each; HEIC only where its package is missing."""
    monkeypatch.setattr("pipeline.inputs.folders.oddities.find_spec", lambda name: None)
    refused = ["a/1.HEIC", "b/2.heic", "3.svg", "4.nef", "notes.txt", "5.mp4"]
    _, notes = told({}, refused=refused, unlisted=3)
    assert notes == [
        "2 .heic files are left out: pip install pillow-heif lets us read them.",
        "1 .mp4 file is left out: ffmpeg reads them; save the frames that you want as JPEG first.",
        "1 .nef file is left out: the package rawpy reads them; develop them to JPEG or TIFF first.",
        "1 .svg file is left out: the package cairosvg reads them; draw them to PNG first.",
        "3 files are not in the table of labels.",
    ]
    monkeypatch.setattr("pipeline.inputs.folders.oddities.find_spec", lambda name: object())
    assert [path for path in refused if other_kind(path)] == ["3.svg", "4.nef", "5.mp4"]


@pytest.mark.parametrize("options", [{"tiffinfo": {254: 1}}, {"tiffinfo": {50706: b"\x01\x04\x00\x00"}}])
def test_the_preview_in_a_raw_file_is_no_picture(options):
    """A camera's file is a TIFF file whose first picture is a small one."""
    with pytest.raises(UnusablePicture, match=r"Got a camera's raw file\.\nTry: develop it"):
        decode(saved("TIFF", **options))


def test_heic_is_read_where_its_package_is_installed():
    """As any other picture, turned upright."""
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    values = np.zeros((64, 96, 3), np.uint8)
    values[:32, :48] = 200, 20, 20
    file = io.BytesIO()
    Image.fromarray(values).save(file, "HEIF", quality=95)
    found = decode(file.getvalue())
    assert found.shape == (64, 96, 3)
    np.testing.assert_allclose(found[10, 10], (200, 20, 20), atol=12)
    assert traits_of(file.getvalue()) == ("HEIC",)
