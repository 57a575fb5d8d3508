"""What has described a run's images, made again to describe a guest as it described them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache import Artefact
from cache.commands import Again
from pipeline.compute.progress import Progress, silent
from pipeline.errors import ExtractorError
from pipeline.guests.pictures import Form
from pipeline.recipe import recipe_of
from pipeline.stages.kinds import Extractor

Made = Mapping[str, Any]
"""What features were made by, as their manifest says: the plug-in, its version and its identity."""

Describe = Callable[[Sequence[NDArray[np.uint8]]], NDArray[np.float32]]


def made_by(features: Artefact) -> dict[str, Any]:
    """Say what a run's features were made by."""
    manifest = features.manifest
    return {"plugin": manifest.plugin, "version": manifest.plugin_version, "identity": manifest.identity}


def check_sees(features: Artefact) -> None:
    """Check that there can be other features to compare with a run's own: nothing is loaded for that.

    Raises
    ------
    ExtractorError
        If somebody brought the features.
    LazybonesError
        If the extractor, or a package that it needs, is not here.
    """
    extractor = Extractor.find(features.manifest.plugin)
    if not extractor.SEES:
        raise ExtractorError(
            "A guest must be described as the run's images were. Got vectors that came with their table: what made "
            "them is not known here.",
            remedy=Again({"--extractor": "efficientnet-lite0"}),
        )
    extractor.require_packages()


def describer(command: str, made: Made, form: Form, progress: Progress = silent) -> Describe:
    """Load a run's own extractor, and give what describes images by it.

    Parameters
    ----------
    command : str
        What made the run: it has the extractor's parameters, those that are paths too.
    made : mapping
        As `made_by` gives it.
    form : Form
        What the run's images are like.
    progress : Progress, optional
        Told how far it is.

    Returns
    -------
    callable
        Takes images as `Form.image` gives them, returns features float32 (n, d).

    Raises
    ------
    ExtractorError
        If this version, or the files that are there now, would describe images otherwise.
    LazybonesError
        If a package or a file is missing.
    """
    extractor = recipe_of(command).extractor
    extractor.require_packages()
    extractor.prepare(progress)
    now = {"plugin": extractor.NAME, "version": extractor.VERSION, "identity": extractor.identity()}
    if now != made:
        raise ExtractorError(
            f"A guest must be described as the run's images were, by {_brief(made)}. Got {_brief(now)}.",
            remedy="the command that made the run, which makes it again",
        )
    extract = extractor.load(progress)

    def describe(images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        features = np.asarray(extract(form.stacked(images)), np.float32)
        if not np.isfinite(features).all():
            raise ExtractorError("Features must be finite. Got NaN or infinity.", remedy="another picture")
        return features

    return describe


def _brief(made: Made) -> str:
    """Name what features are made by, and enough of its parameters to tell two apart."""
    told = ", ".join(
        f"{name} {str(value)[:12]}"
        for name, value in made["identity"].items()
        if isinstance(value, str | int)
    )
    return f"{made['plugin']} {made['version']}{f' ({told})' if told else ''}"
