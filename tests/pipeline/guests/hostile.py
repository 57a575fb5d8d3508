"""Files that strangers may send: pictures of every format, broken in every way, bombs, files of two kinds at once."""

import io
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image

FORMATS = {
    "jpeg": ("JPEG", {"quality": 80}),
    "progressive": ("JPEG", {"progressive": True}),
    "png": ("PNG", {}),
    "webp": ("WEBP", {"quality": 70}),
    "lossless webp": ("WEBP", {"lossless": True}),
    "gif": ("GIF", {"save_all": True}),
    "bmp": ("BMP", {}),
    "tiff": ("TIFF", {"compression": "tiff_lzw"}),
    "jpeg in tiff": ("TIFF", {"compression": "jpeg"}),
    "avif": ("AVIF", {"quality": 60}),
    "heic": ("HEIF", {"quality": 60}),
}


def seeds(rng):
    """Give a whole picture of each format, with metadata, of several frames where that can be."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    pixels = rng.integers(0, 256, (48, 64, 3), np.uint8)
    pixels[:24] //= 3
    picture = Image.fromarray(pixels)
    exif = picture.getexif()
    exif[0x0112] = 6
    found = {}
    for name, (kind, options) in FORMATS.items():
        file = io.BytesIO()
        frames = {"append_images": [picture.rotate(90 * turn) for turn in (1, 2)]} if kind == "GIF" else {}
        extra = {"exif": exif} if kind in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF") else {}
        picture.save(file, kind, **options, **frames, **extra)
        found[name] = file.getvalue()
    return found


def mutated(rng, files):
    """Break one of some files: bytes, lengths, pieces; or join it with another."""
    names = sorted(files)
    content = bytearray(files[names[rng.integers(len(names))]])
    for _ in range(rng.integers(1, 4)):
        at = int(rng.integers(max(len(content), 1)))
        way = rng.integers(7)
        if way == 0:
            content[at : at + 1] = bytes([rng.integers(256)])
        elif way == 1:
            content[at : at + 4] = rng.choice(
                [b"\xff" * 4, b"\x00" * 4, b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00"]
            )
        elif way == 2:
            del content[at:]
        elif way == 3:
            del content[at : at + int(rng.integers(1, 200))]
        elif way == 4:
            content[at:at] = content[: int(rng.integers(1, 400))]
        elif way == 5:
            other = files[names[rng.integers(len(names))]]
            content[at:] = other[int(rng.integers(len(other))) :]
        else:
            early = int(rng.integers(min(64, max(len(content), 1))))
            content[early : early + 2] = bytes(rng.integers(0, 256, 2, np.uint8))
    return bytes(content)


def _chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of(width, height, rows=b"", *more):
    """Give a PNG file that says it has a size, with whatever is in it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [_chunk(b"IHDR", head), *more, _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def bombs():
    """Give files that unpack to far more than they are, or say so."""
    text = _chunk(b"zTXt", b"k\x00\x00" + zlib.compress(bytes(200 << 20), 9))
    profile = _chunk(b"iCCP", b"p\x00\x00" + zlib.compress(bytes(100 << 20), 9))
    wide = io.BytesIO()
    Image.new("L", (16_000, 5_000)).save(wide, "WEBP", lossless=True)
    grey = io.BytesIO()
    Image.new("1", (60_000, 1_400)).save(grey, "TIFF", compression="group4")
    large = io.BytesIO()
    Image.new("1", (9_400, 9_400)).save(large, "PNG")
    frames = io.BytesIO()
    Image.new("P", (4_000, 4_000)).save(
        frames, "GIF", save_all=True, append_images=[Image.new("P", (4_000, 4_000), 1)] * 30
    )
    ended = io.BytesIO()
    Image.new("L", (8_000, 8_000)).save(ended, "JPEG")
    return {
        "100,000 x 100,000": png_of(100_000, 100_000, bytes(1 << 20)),
        "2 to the 31": png_of(2**31 - 1, 2**31 - 1),
        "nothing wide": png_of(0, 0),
        "text": png_of(8, 8, bytes(8 * 25), text),
        "colour profile": png_of(8, 8, bytes(8 * 25), profile),
        "88 million in two colours": large.getvalue(),
        "webp": wide.getvalue(),
        "fax": grey.getvalue(),
        "frames": frames.getvalue(),
        "jpeg that says 65,500": ended.getvalue().replace(
            struct.pack(">HH", 8_000, 8_000), struct.pack(">HH", 65_500, 65_500), 1
        ),
        "zeros": bytes(19_000_000),
        "a zip": zipped(),
    }


def zipped():
    """Give a zip file that unpacks to a thousand times its size."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../etc/cron.d/own", bytes(50 << 20))
    return file.getvalue()


def polyglots(files):
    """Give files that are of two kinds, and of kinds that are no pictures here."""
    script = (
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><image href='file:///etc/passwd'/></svg>"
    )
    post = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\nshowpage\n"
    return {
        "gif and script": b"GIF89a/*" + files["gif"][8:] + b"*/=1;alert(1)",
        "jpeg and zip": files["jpeg"] + zipped(),
        "png and page": files["png"] + b"<html><script>alert(1)</script></html>",
        "svg": script,
        "postscript": post,
        "postscript behind dos": b"\xc5\xd0\xd3\xc6" + struct.pack("<II", 30, len(post)) + bytes(18) + post,
        "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n",
        "icon": b"\x00\x00\x01\x00\x01\x00\xff\xff\xff\xff" + bytes(200),
        "fits": b"SIMPLE  =                    T" + bytes(3000),
        "mpeg": b"\x00\x00\x01\xba" + bytes(500),
        "pickle": b"cos\nsystem\n(S'touch /tmp/hacked'\ntR.",
        "numpy": b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
        + bytes(80),
        "a message of the worker's own": b'\x00\x00\x00\x0c{"sizes":[]}' * 20,
        "nothing": b"",
    }
