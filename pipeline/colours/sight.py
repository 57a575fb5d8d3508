"""How far apart two colours are, to eyes with and without red, green or blue cones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

SIGHTS = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""What becomes of linear red, green and blue; Machado, Oliveira and Fernandes (2009), severity 1."""

_CONES = np.array([[0.41222, 0.21190, 0.08830], [0.53633, 0.68070, 0.28172], [0.05145, 0.10740, 0.62998]])
_OPPONENTS = np.array(
    [[0.21045, 1.97800, 0.02590], [0.79362, -2.42859, 0.78277], [-0.00407, 0.45059, -0.80868]]
)


def linear(colours: Sequence[str]) -> Values:
    """Give the light of ``#RRGGBB`` colours: linear red, green and blue, 0 to 1, float64 (n, 3)."""
    values = np.array([tuple(bytes.fromhex(colour[1:])) for colour in colours], np.float64) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def oklab(light: Values) -> Values:
    """Give the Oklab coordinates of linear red, green and blue: lightness, green to red, blue to yellow.

    References
    ----------
    Ottosson (2020), "A perceptual color space for image processing".
    """
    seen: Values = np.cbrt(np.clip(light, 0, 1) @ _CONES) @ _OPPONENTS
    return seen


def hues(colours: Sequence[str]) -> Values:
    """Give the hue of each colour as an angle in Oklab, in degrees from 0 (pink) over 90 (yellow) to 360."""
    _, red, yellow = oklab(linear(colours)).T
    angles: Values = np.degrees(np.arctan2(yellow, red)) % 360
    return angles


def distances(colours: Sequence[str], sight: str) -> Values:
    """Give how far apart colours are in Oklab, as one of ``SIGHTS`` sees them, float64 (n, n)."""
    seen = oklab(np.clip(linear(colours) @ SIGHTS[sight].T, 0, 1))
    apart: Values = np.linalg.norm(seen[:, None] - seen[None], axis=2)
    return apart
