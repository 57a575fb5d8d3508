"""Features of a whole dataset, in chunks that survive a kill."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from cache.chunks import Chunks
from cache.files import write_atomically
from pipeline.compute.progress import Progress
from pipeline.errors import ExtractorError
from pipeline.networks.preprocessing import Images
from pipeline.stages.images import originals_of

if TYPE_CHECKING:
    from pipeline.stages.kinds import Extractor

Extract = Callable[[Images], NDArray[np.float32]]


def extract_features(draft: Draft, dataset: Artefact, extractor: Extractor, progress: Progress) -> None:
    """Write the `features` stage: ``train.npy`` and ``test.npy``.

    Chunks that an earlier, interrupted attempt finished are used again, so at most one is lost and the
    bytes are those of an uninterrupted run.

    Parameters
    ----------
    draft : Draft
        Where to write.
    dataset : Artefact
        A `dataset` artefact.
    extractor : extractor plug-in
        Loaded only if a chunk is missing.
    progress : Progress
        Told the number of images done over both splits.
    """
    splits = {split: originals_of(dataset, split) for split in ("test", "train")}
    total = sum(len(images) for images in splits.values())
    clock = _Clock(draft.partial / "seconds")
    load = cache(partial(extractor.load, progress))  # by the first chunk that is missing, if one is
    before = 0
    for split, images in splits.items():
        chunks = Chunks(draft.partial / split, len(images), extractor.chunk_size)

        def compute(start: int, stop: int, images: Images = images) -> NDArray[np.float32]:
            return _checked(load()(images[start:stop]), stop - start)

        for done, _ in chunks.complete(compute):
            progress(before + done, total, "images")
            clock.note()
        chunks.join(draft.path(f"{split}.npy"))
        before += len(images)
    draft.spent_before = clock.before
    draft.facts.update(extractor.facts())


class _Clock:
    """Add up the seconds of interrupted attempts, so that the manifest tells the whole time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before = float(path.read_text()) if path.is_file() else 0.0
        self.started = time.monotonic()

    def note(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.path, f"{self.before + time.monotonic() - self.started:.3f}".encode())


def _checked(features: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
    if features.ndim != 2 or len(features) != rows or features.dtype != np.float32:
        raise ExtractorError(
            f"An extractor must give float32 of shape ({rows}, d). Got {features.dtype} of {features.shape}."
        )
    if not np.isfinite(features).all():
        raise ExtractorError("Features must be finite. Got NaN or infinity.")
    return features
