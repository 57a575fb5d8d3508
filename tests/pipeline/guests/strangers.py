"""Pictures that are no part of a run: some of nothing, some of another kind."""

import io

import numpy as np
from PIL import Image

PHOTOGRAPHS = (
    *("astronaut", "brick", "camera", "cell", "chelsea", "clock", "coffee", "coins", "grass", "gravel"),
    *("hubble_deep_field", "immunohistochemistry", "moon", "page", "retina", "rocket", "text"),
)
"""Of scikit-image: photographs, micrographs, scans; no drawing, which clip art has the like of."""


def png(pixels):
    """Write a picture without loss."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def noise(rng, count, side=128):
    """Give pictures of independent pixels."""
    return [png(rng.integers(0, 256, (side, side, 3), np.uint8)) for _ in range(count)]


def digits(rng, count, side=128):
    """Give scikit-learn's handwritten digits, enlarged."""
    from sklearn.datasets import load_digits

    images = load_digits().images
    chosen = images[rng.choice(len(images), count, replace=False)]
    grey = (Image.fromarray((255 * image / 16).astype(np.uint8)) for image in chosen)
    return [png(np.asarray(one.resize((side, side), Image.Resampling.BICUBIC))) for one in grey]


def photographs(rng, crops=0):
    """Give scikit-image's photographs, each whole, or some square parts of each."""
    from skimage import data

    found = []
    for name in PHOTOGRAPHS:
        picture = np.asarray(getattr(data, name)()).astype(np.uint8)
        for _ in range(crops):
            side = min(*picture.shape[:2], int(rng.integers(64, 257)))
            top, left = (int(rng.integers(0, whole - side + 1)) for whole in picture.shape[:2])
            found.append(png(picture[top : top + side, left : left + side]))
        if not crops:
            found.append(png(picture))
    return found
