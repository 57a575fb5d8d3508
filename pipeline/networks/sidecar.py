"""What a network wants done to images, as the file beside it says: ours, or the configuration that timm publishes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cache.foreign import foreign
from pipeline.errors import ExtractorError
from pipeline.inputs.files import read_bytes

MAX_BYTES = 1 << 20
TIMM_FITS = {"center": "crop", "squash": "squash", "border": "pad"}
OURS = ("fit", "interpolation", "mean", "std", "scale", "channels", "crop", "layout", "output", "size")


def sidecar_of(path: Path) -> Path:
    """Give the place of the file beside a network: ``model.onnx.json``."""
    return path.with_name(f"{path.name}.json")


def read_sidecar(path: Path) -> dict[str, Any]:
    """Give what the file beside a network says of the preprocessing, by the names of our options.

    Parameters
    ----------
    path : Path
        The network.

    Returns
    -------
    dict of str to object
        Only what is said; empty where there is no such file. The values are not checked yet.

    Raises
    ------
    ExtractorError
        If it is no JSON object.
    UnsafeInput
        If it is too large.
    """
    beside = sidecar_of(path)
    if not beside.exists():
        return {}
    content = read_bytes(beside, MAX_BYTES, ExtractorError)
    with foreign(lambda got: ExtractorError(f"{beside} must be JSON. Got: {got}.")):
        written = json.loads(content)
    if not isinstance(written, dict):
        raise ExtractorError(f"{beside} must be a JSON object. Got another value.")
    inner = written.get("pretrained_cfg", written)
    return _settings(inner if isinstance(inner, dict) else written)


def _settings(written: dict[str, Any]) -> dict[str, Any]:
    """Translate timm's names, whose images are cropped unless they say otherwise."""
    said = {name: written[name] for name in OURS if written.get(name) is not None}
    shape = written.get("input_size")
    if isinstance(shape, list) and len(shape) == 3:
        said.setdefault("size", shape[1:])
        said.setdefault("fit", TIMM_FITS.get(str(written.get("crop_mode") or "center"), "crop"))
        said.setdefault("crop", written.get("crop_pct") or 1.0)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
