"""A folder of pictures for tests: what people have, and what goes wrong."""

import io

import numpy as np
from PIL import Image

COLOURS = {"red": (220, 30, 30), "green": (30, 200, 40), "blue": (40, 40, 230)}


def picture(colour, rng, size=(40, 24)):
    """Give a noisy picture of one colour."""
    noise = rng.integers(-25, 26, (size[1], size[0], 3))
    return Image.fromarray(np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8))


def encoded(image, kind, **options):
    """Give an image as a file's content."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def photographs(folder, rng, a_class=8):
    """Fill a folder with a folder a class, of pictures of several kinds and sizes."""
    for name, colour in COLOURS.items():
        (folder / name).mkdir(parents=True)
        for number in range(a_class):
            kind = ("JPEG", "PNG", "WEBP", "BMP")[number % 4]
            content = encoded(picture(colour, rng, (30 + 7 * number, 24)), kind)
            (folder / name / f"{number}.{kind.lower()}").write_bytes(content)
    return folder
