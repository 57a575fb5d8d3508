"""A folder of images with all that goes wrong in folders of images, and what should come of each file."""

import os
from pathlib import Path

import numpy as np
from PIL import Image

from tests.pipeline.inputs.test_pictures import (
    BLUE,
    GREEN,
    ORIENTATION,
    RED,
    TURNS,
    YELLOW,
    png_of,
    saved,
    without_adobe,
)

OUTSIDE = "somebody else's holiday"
HEIGHT, WIDTH = 64, 96


def fields(*colours):
    """Give a picture of four fields, row by row: the truth, without any file."""
    rows = np.array(colours, np.uint8).reshape(2, 2, 3)
    return rows.repeat(HEIGHT // 2, axis=0).repeat(WIDTH // 2, axis=1)


FOUR = fields(RED, GREEN, BLUE, YELLOW)
GREYS = fields(*[(grey,) * 3 for grey in (0, 64, 160, 255)])
RIGHT_WHITE = fields(RED, (255,) * 3, RED, (255,) * 3)
GREY_WHITE = fields((76,) * 3, (255,) * 3, (76,) * 3, (255,) * 3)  # 76: what is left of red in grey
ALL_RED = fields(RED, RED, RED, RED)


def pictures():
    """Give the content of each file that is a picture, by its name, and the pixels that a person sees."""
    four = Image.fromarray(FOUR)
    deep = Image.fromarray((GREYS[..., 0].astype(np.uint16) * 257).astype("<u2"))
    clear = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    clear.paste(RED, (0, 0, WIDTH // 2, HEIGHT))
    palette = Image.new("P", (WIDTH, HEIGHT), 1)
    palette.putpalette([*RED, 0, 0, 0])
    palette.paste(0, (0, 0, WIDTH // 2, HEIGHT))
    ink, plain_ink = (Image.new("CMYK", (WIDTH, HEIGHT), ink) for ink in ((0, 255, 255, 0), (255, 0, 0, 255)))
    frames = {"save_all": True, "append_images": [Image.fromarray(ALL_RED), Image.fromarray(GREYS)]}
    found = {
        "deep.png": (saved(deep, "PNG"), GREYS),
        "deep.tif": (saved(deep, "TIFF"), GREYS),
        "ink, Adobe's.jpg": (saved(ink, "JPEG", quality=95), ALL_RED),
        "ink.jpg": (without_adobe(saved(plain_ink, "JPEG", quality=95)), ALL_RED),
        "rgba.png": (saved(clear, "PNG"), RIGHT_WHITE),
        "la.png": (saved(clear.convert("LA"), "PNG"), GREY_WHITE),
        "palette.png": (saved(palette, "PNG", transparency=1), RIGHT_WHITE),
        "moving.gif": (saved(four, "GIF", **frames), FOUR),
        "moving.webp": (saved(four, "WEBP", lossless=True, **frames), FOUR),
        "large.jpg": (saved(four.resize((WIDTH * 10, HEIGHT * 10), Image.Resampling.NEAREST), "JPEG"), FOUR),
        "a JPEG.txt": (saved(four, "JPEG", quality=95), FOUR),
    }
    for orientation, turn in TURNS.items():
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        lying = four if turn is None else four.transpose(turn)
        found[f"turned {orientation}.jpg"] = (saved(lying, "JPEG", quality=95, exif=exif), FOUR)
    for name in (
        "\"quoted\" 'twice'.png",
        "two\nlines\t.png",
        "🦊 fox.png",
        "x" * 251 + ".png",
        os.fsdecode(b"caf\xe9.png"),
    ):
        found[name] = (saved(four, "PNG"), FOUR)
    return found


def no_pictures():
    """Give the content of each file that is no picture, by its name, and the end of the reason."""
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (64, 96, 3), dtype=np.uint8))
    return {
        "cut.jpg": (saved(noise, "JPEG")[:2000], "complete and undamaged"),
        "cut.png": (saved(noise, "PNG")[:9000], "complete and undamaged"),
        "empty.png": (b"", "Got an empty file"),
        "nothing wide.png": (png_of(0, 0), "Got"),
        "300 megapixels.png": (png_of(20_000, 15_000), "at most 89,478,485 pixels"),
        "text.jpg": (b"This is no picture.", "begins with 'This is '"),
        "secret.png": (saved(noise, "PNG"), "without permission"),
    }


def hostile_folder(root: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Make the folder; give the pixels of each path that is a picture, and the reason for each that is not used."""
    seen, refused = {}, {}
    (root / "train" / "odd").mkdir(parents=True)
    for name, (content, pixels) in pictures().items():
        (root / "train" / "odd" / name).write_bytes(content)
        seen[f"train/odd/{name}"] = pixels
    for name, (content, reason) in no_pictures().items():
        (root / "train" / "odd" / name).write_bytes(content)
        refused[f"train/odd/{name}"] = reason
    twin = saved(Image.fromarray(FOUR), "PNG")
    for folder in ("train/odd", "train/plain", "test/odd", "test/plain"):
        for name, pixels in (("twin.png", FOUR), ("other.png", GREYS)):
            (root / folder).mkdir(parents=True, exist_ok=True)
            (root / folder / name).write_bytes(
                twin if name == "twin.png" else saved(Image.fromarray(pixels), "PNG")
            )
            seen[f"{folder}/{name}"] = pixels
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints/twin-checkpoint.png"):
        (root / "train/plain" / name).parent.mkdir(exist_ok=True)
        (root / "train/plain" / name).write_bytes(twin)
    return seen, refused | _links(root)


def _links(root: Path) -> dict[str, str]:
    """Make links that lead out or in circles; give the reason for each that is told."""
    outside = root.with_name("outside")
    (outside / OUTSIDE).mkdir(parents=True)
    (outside / OUTSIDE / "secret.png").write_bytes(saved(Image.new("RGB", (50, 50), "purple"), "PNG"))
    to = {
        "train/plain/out.png": outside / OUTSIDE / "secret.png",
        "train/plain/out": outside,
        "train/plain/round.png": "round.png",
        "train/plain/there": "back",
        "train/plain/back": "there",
        "train/plain/gone.png": "nowhere.png",
    }
    for link, target in to.items():
        (root / link).symlink_to(target)
    (root / "train/plain/up").symlink_to("..")  # inside, and seen already
    return dict.fromkeys(to, "Got one that leads outside, nowhere or in a circle")
