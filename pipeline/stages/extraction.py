"""Features of a whole dataset, in chunks that survive a kill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from cache.chunks import Chunks
from pipeline.compute.progress import Progress
from pipeline.compute.reuse import KnownFeatures
from pipeline.errors import ExtractorError
from pipeline.networks.preprocessing import Images
from pipeline.stages.evaluation import splits_of
from pipeline.stages.images import Originals

if TYPE_CHECKING:
    from pipeline.stages.kinds import Extractor

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
    known = KnownFeatures(draft, _digests(splits[split][start:stop] for split, start, stop in missing))
    for split, start, stop in missing:
        rows = _features(splits[split][start:stop], known, load)
        chunks[split].write_rows(start, stop, _checked(rows, stop - start))
        draft.note_seconds()
        done += stop - start
        progress(done, total, "images")
    for split, parts in chunks.items():
        parts.join(draft.path(f"{split}.npy"))
    draft.facts.update(extractor.facts())


def _digests(parts: Iterable[Images]) -> Iterator[str]:
    return (digest for part in parts if isinstance(part, Originals) for digest in part.digests)


def _features(images: Images, known: KnownFeatures, load: Callable[[], Extract]) -> NDArray[np.float32]:
    """Give the features of a chunk: those of known files from the store, those of others from the extractor."""
    if not isinstance(images, Originals):
        return load()(images)
    there, rows = known.of(images.digests)
    if there.all():
        return rows
    fresh = load()(images[np.flatnonzero(~there)])
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
