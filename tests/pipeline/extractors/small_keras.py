"""Weights of Keras's networks by chance, in files as Keras writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tensorflow as tf


def make(name: str, **changes: Any) -> Any:
    """Give a network without its classifier, with random weights, the same each time."""
    tf.keras.utils.set_random_seed(5)
    return getattr(tf.keras.applications, name)(
        **{"include_top": False, "weights": None, "input_shape": (224, 224, 3), "pooling": "avg", **changes}
    )


def write_weights(name: str, path: Path) -> Path:
    """Write them into a file, whose ending says in which of Keras's formats."""
    make(name).save_weights(path)
    return path
