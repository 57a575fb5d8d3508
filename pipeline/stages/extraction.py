"""Features of a whole dataset, in chunks that survive a kill."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from cache.chunks import Chunks
from pipeline.compute.progress import Progress
from pipeline.compute.reuse import KnownFeatures, pixel_digest
from pipeline.errors import ExtractorError
from pipeline.networks.preprocessing import Images
from pipeline.stages.evaluation import splits_of
from pipeline.stages.images import Originals

if TYPE_CHECKING:
    from pipeline.stages.kinds import Extractor

CORRECTED = "corrected"
"""The source of which all images were in another data set."""

Extract = Callable[[Images], NDArray[np.float32]]


def extract_features(draft: Draft, dataset: Artefact, extractor: Extractor, progress: Progress) -> None:
    """Write the `features` stage: ``test.npy``, and ``train.npy`` where training images are others.

    Chunks that an earlier, interrupted attempt finished are used again, so at most one is lost and the
    bytes are those of an uninterrupted run. Of files that the same extractor has described before, as part of
    whatever data set, the features are copied.

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
    splits = {split: extractor.look_at(dataset, split) for split in splits_of(dataset)}
    chunks = {
        split: Chunks(draft.partial / split, len(images), extractor.chunk_size)
        for split, images in splits.items()
    }
    missing = [(split, start, stop) for split, parts in chunks.items() for start, stop in parts.missing()]
    total = sum(map(len, splits.values()))
    done = total - sum(stop - start for _, start, stop in missing)
    progress(done, total, "images")
    load = cache(partial(extractor.load, progress))  # by the first image that is new, if one is
    digests = _pixel_digests if dataset.manifest.plugin == CORRECTED else _file_digests
    known = KnownFeatures(
        draft, (one for split, start, stop in missing for one in digests(splits[split][start:stop]))
    )
    for split, start, stop in missing:
        part = splits[split][start:stop]
        rows = _features(part, digests(part), known, load)
        chunks[split].write_rows(start, stop, _checked(rows, stop - start))
        draft.note_seconds()
        done += stop - start
        progress(done, total, "images")
    for split, parts in chunks.items():
        parts.join(draft.path(f"{split}.npy"))
    draft.facts.update(extractor.facts())


def _file_digests(images: Images) -> list[str]:
    """Give the digest of each file; none of pixels, which are read faster than they are compared."""
    return images.digests if isinstance(images, Originals) else []


def _pixel_digests(images: Images) -> list[str]:
    """Give the digest of each file, or of each image's pixels: those of a corrected data set were there before."""
    return (
        images.digests if isinstance(images, Originals) else [pixel_digest(np.asarray(one)) for one in images]
    )


def _features(
    images: Images, digests: list[str], known: KnownFeatures, load: Callable[[], Extract]
) -> NDArray[np.float32]:
    """Give the features of a chunk: those of known images from the store, those of others from the extractor."""
    if not digests:
        return load()(images)
    there, rows = known.of(digests)
    if there.all():
        return rows
    several = images if isinstance(images, Originals) else np.asarray(images)
    fresh = load()(several[np.flatnonzero(~there)])
    if not there.any() or fresh.ndim != 2:
        return fresh
    features = np.empty((len(images), fresh.shape[1]), fresh.dtype)
    features[there], features[~there] = rows, fresh
    return features


def _checked(features: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
    if features.ndim != 2 or len(features) != rows or features.dtype != np.float32:
        raise ExtractorError(
            f"An extractor must give float32 of shape ({rows}, d). Got {features.dtype} of {features.shape}."
        )
    if not np.isfinite(features).all():
        raise ExtractorError("Features must be finite. Got NaN or infinity.")
    return features
