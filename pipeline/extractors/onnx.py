"""Any network that is written as an ONNX file and takes one image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache.foreign import foreign
from pipeline.apart.extractor import Describe, Foreign, resized
from pipeline.compute.pool import processors
from pipeline.errors import ExtractorError, InvalidParameter
from pipeline.inputs.files import bytes_digest, check_unchanged, read_bytes
from pipeline.networks.onnx_file import MAX_BYTES, OnnxFile, cut, describe_onnx
from pipeline.networks.onnx_network import BATCH, OnnxNetwork
from pipeline.networks.preprocessing import CHANNELS, FITS, INTERPOLATIONS, LAYOUTS, Images, Preprocessing
from pipeline.networks.sidecar import read_sidecar, sidecar_of
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_choice, check_count, check_numbers, check_path, reject

MOST_PIXELS = 4096  # a side
IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225), "scale": 255.0}
"""What most networks of today were trained with."""
AS_THEY_ARE = {"mean": (0.0,), "std": (1.0,), "scale": 1.0}
"""What a network of bytes takes."""


@dataclass(frozen=True)
class Onnx(Foreign):
    """Describe each image by what a network of your own sees in it.

    What is not given here is read from the file beside the network (``model.onnx.json``), then from the network itself.

    Parameters
    ----------
    model : Path
        The network, with one input of images.
    output : str, optional
        Which tensor to read, by default the last pooled or flat one; spatial ones are averaged.
    size : int, optional
        Height and width in pixels, where the file leaves them open.
    fit, interpolation, channels, layout : str, optional
        See `Preprocessing`.
    mean, std : tuple of float, optional
        Of one or three channels: a value v of 0 to 255 becomes (v / scale - mean) / std.
    scale : float, optional
        255 for networks whose pixels go from 0 to 1.
    crop : float, optional
        Share of a side that ``fit="crop"`` keeps.
    """

    NAME: ClassVar[str] = "onnx"
    SUMMARY: ClassVar[str] = "any network in an ONNX file, onnx:FILE (ONNX Runtime)"
    REQUIRES: ClassVar[tuple[str, ...]] = ("onnx", "onnxruntime")
    ARGUMENT: ClassVar[str] = "model"
    chunk_size: ClassVar[int] = 64

    model: Path | None = option(None, "the network's file; short: --extractor onnx:FILE")
    output: str | None = option(None, "tensor to read; by default the last pooled or flat one")
    size: int | None = option(None, "height and width in pixels, where the network leaves them open")
    fit: str | None = option(None, f"{', '.join(FITS)}: how an image gets the network's shape")
    interpolation: str | None = option(None, ", ".join(INTERPOLATIONS))
    mean: tuple[float, ...] | None = option(None, "of the channels: (v / scale - mean) / std is fed")
    std: tuple[float, ...] | None = option(None, "of the channels")
    scale: float | None = option(None, "what values of 0 to 255 are divided by first")
    channels: str | None = option(None, f"{', '.join(CHANNELS)}: in which order")
    crop: float | None = option(None, "share of a side that is kept by --fit crop, as timm's crop_pct")
    layout: str | None = option(None, f"{', '.join(LAYOUTS)}, where the file does not tell")

    def __post_init__(self) -> None:
        check_path("model", self.NAME, self.model)
        _check({name: value for name, value in self.parameters.items() if value is not None})

    @property
    def short_name(self) -> str:
        """Its file's name."""
        return f"{self.NAME}-{self.model.stem}" if self.model else self.NAME

    def identity(self) -> dict[str, object]:
        """Give what changes the result: the file's content, the preprocessing and the output.

        Raises
        ------
        ExtractorError, UnsafeInput, InvalidParameter
            If the file cannot be used, or not in this way.
        """
        file, settings = self._described, self._settings
        return {
            "model_sha256": file.sha256,
            "output": file.output(settings.get("output")),
            "layout": file.layout(settings.get("layout")),
            "preprocessing": self._preprocessing.identity(),
        }

    def facts(self) -> dict[str, Any]:
        """Give the features' provenance, for people."""
        return {"model": f"{self._path.stem[:80]} (ONNX)", "stand_in": False, **self.identity()}

    @property
    def brought(self) -> str:
        """The network's file."""
        return self._path.name

    def parts(self, images: Images) -> Iterator[NDArray[np.uint8]]:
        """Give images of the network's size, as many batches as it computes side by side."""
        batch = self._described.input[0] or BATCH
        return resized(images, self._preprocessing, batch * max(processors(), 2 * BATCH // batch))

    def sight(self) -> dict[str, Any]:
        """Look into the file.

        Raises
        ------
        ExtractorError, UnsafeInput
            If it cannot be used.
        """
        return asdict(describe_onnx(self._path))

    def open(self) -> Describe:
        """Load the network into this process, cut off behind its output.

        Raises
        ------
        ExtractorError, UnsafeInput, InvalidParameter
            If the file cannot be used, or not in this way.
        """
        file, settings, path = self._described, self._settings, self._path
        output, layout = file.output(settings.get("output")), file.layout(settings.get("layout"))
        content = read_bytes(path, MAX_BYTES, ExtractorError)
        check_unchanged(path, bytes_digest(content, "sha256"), file.sha256, ExtractorError)
        model = cut(content, path.name, output)
        return OnnxNetwork(model, output, self._preprocessing.rest, file.ends(output, layout)).extract

    @property
    def _path(self) -> Path:
        if self.model is None:
            raise ExtractorError(
                "model of onnx must be an ONNX file. Got none.",
                remedy="the same command with onnx, a colon and the file",
            )
        return self.model.expanduser()

    @cached_property
    def _described(self) -> OnnxFile:
        said = self.seen
        with foreign(
            lambda got: ExtractorError(f"{self.brought} must be described as networks are. Got: {got}.")
        ):
            return OnnxFile.of(said)

    @cached_property
    def _settings(self) -> dict[str, Any]:
        """Give what is said of the preprocessing: here, else in the file beside."""
        beside = read_sidecar(self._path)
        try:
            _check({name: value for name, value in beside.items() if name != "size"})
        except InvalidParameter as problem:
            raise InvalidParameter(
                f"{sidecar_of(self._path)} must say what is done to images. Got: {problem.message.rstrip('.')}."
            ) from problem
        given = {name: value for name, value in self.parameters.items() if value is not None}
        return {**beside, **given}

    @cached_property
    def _preprocessing(self) -> Preprocessing:
        file, settings = self._described, self._settings
        nchw = file.layout(settings.get("layout")) == "nchw"
        _, *shape = file.input if nchw else (file.input[0], file.input[3], *file.input[1:3])
        usual = AS_THEY_ARE if file.dtype == "uint8" else IMAGENET
        mean, std, scale = (settings.get(name, value) for name, value in usual.items())
        grey = shape[0] == 1
        return Preprocessing(
            side=_side((shape[1], shape[2]), settings.get("size")),
            fit=settings.get("fit", "squash"),
            interpolation=settings.get("interpolation", "bicubic"),
            mean=_each([value * scale for value in mean], grey=grey),
            scale=_each([value * scale for value in std], grey=grey),
            channels="grey" if grey else settings.get("channels", "rgb"),
            kept=float(settings.get("crop", 1.0)),
        )


def _check(given: dict[str, Any]) -> None:
    """Check parameters, of the command line or of the file beside.

    Raises
    ------
    InvalidParameter
        If one is not allowed.
    """
    words = {"fit": FITS, "interpolation": INTERPOLATIONS, "channels": CHANNELS, "layout": LAYOUTS}
    for name, allowed in words.items():
        if name in given:
            check_choice(name, "onnx", given[name], allowed)
    output = given.get("output", "")
    if not isinstance(output, str) or not output.isprintable():
        raise reject("output", "onnx", "a tensor's name", output)
    if "size" in given:
        check_count("size", "onnx", given["size"], 1, MOST_PIXELS)
    for name, low in (("mean", 0.0), ("std", 1e-9)):
        if name in given:
            check_numbers(name, "onnx", given[name], (1, 3), low)
    for name, high in (("scale", 65535.0), ("crop", 1.0)):
        if name in given:
            check_numbers(name, "onnx", (given[name],), (1,), 1e-9, high)


def _side(shape: tuple[int, int], wanted: Any) -> int | tuple[int, int]:
    """Give height and width: the network's own, else those that are wanted."""
    said = (wanted, wanted) if isinstance(wanted, int) else tuple(wanted or (0, 0))
    sides = [own or other for own, other in zip(shape, said, strict=False)]
    whole = all(isinstance(side, int) and 0 < side <= MOST_PIXELS for side in sides)
    if not whole or len(sides) != 2 or (wanted and tuple(sides) != said):
        taken = " x ".join(str(side or "any") for side in shape)
        raise InvalidParameter(
            f"size of onnx must be from 1 to {MOST_PIXELS:,} pixels, where the network takes {taken}. Got {wanted}."
        )
    return sides[0] if sides[0] == sides[1] else (sides[0], sides[1])


def _each(values: list[float], *, grey: bool) -> float | tuple[float, ...]:
    """Give one number where all channels have the same; a grey network has one channel."""
    rounded = [round(float(value), 6) for value in values]
    if grey and len(rounded) > 1:
        rounded = [round(sum(rounded) / len(rounded), 6)]
    return rounded[0] if len(set(rounded)) == 1 else tuple(rounded)


PLUGIN = Onnx
