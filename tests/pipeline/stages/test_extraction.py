"""Extraction: chunk by chunk is the same as all at once, and bad features are refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest

from cache import Store
from pipeline.compute.progress import silent
from pipeline.errors import ExtractorError
from pipeline.extractors.pixels import Pixels
from pipeline.stages.extraction import extract_features


@dataclass(frozen=True)
class SmallChunks(Pixels):
    """Raw pixels, seven images at a time."""

    chunk_size: ClassVar[int] = 7


@dataclass(frozen=True)
class Broken(Pixels):
    """Gives what an extractor must not give."""

    fault: str = ""

    def load(self, progress: Any = silent) -> Any:
        """Give the function that extracts."""
        extract = Pixels.load(self)
        return {
            "nan": lambda images: extract(images) * np.float32(np.nan),
            "double": lambda images: extract(images).astype(np.float64),
            "short": lambda images: extract(images)[:-1],
        }[self.fault]


@pytest.fixture
def dataset(store: Store, rng):
    """Thirty and twenty random grey images of two classes."""
    with store.writing("dataset", plugin="random", version=1, identity={}, inputs={}) as draft:
        for split, n in (("train", 30), ("test", 20)):
            draft.save(f"{split}_images", rng.integers(0, 256, (n, 4, 4, 1), dtype=np.uint8))
            draft.save(f"{split}_labels", (np.arange(n) % 2).astype(np.int16))
            draft.save(f"{split}_ids", np.array([f"{split}/{row}" for row in range(n)]))
        draft.facts["class_names"] = ["a", "b"]
    return store.artefact("dataset", draft.key)


def _extract(store, dataset, extractor, progress=silent):
    inputs = {"dataset": dataset.key}
    identity = {"extractor": repr(extractor)}
    with store.writing("features", plugin="x", version=1, identity=identity, inputs=inputs) as draft:
        extract_features(draft, dataset, extractor, progress)
    return store.artefact("features", draft.key)


def test_chunks_give_what_all_at_once_gives(store, dataset):
    """Seven at a time, the last chunk shorter, equals one call over each split."""
    features = _extract(store, dataset, SmallChunks())
    for split in ("train", "test"):
        expected = Pixels().load()(dataset.array(f"{split}_images"))
        np.testing.assert_array_equal(features.array(split), expected)


def test_progress_counts_the_images_of_both_splits(store, dataset):
    """It rises, and ends at the total."""
    seen: list[tuple[int, int, str]] = []
    _extract(store, dataset, SmallChunks(), lambda *report: seen.append(report))
    done = [report[0] for report in seen]
    assert done == sorted(done)
    assert seen[-1] == (50, 50, "images")


@pytest.mark.parametrize("fault", ["nan", "double", "short"])
def test_bad_features_are_refused_and_nothing_is_written(store, dataset, fault):
    """An extractor that breaks its promise is an error, not an artefact."""
    with pytest.raises(ExtractorError, match="Got"):
        _extract(store, dataset, Broken(fault=fault))
    assert [stage for stage, _ in store.artefacts()] == ["dataset"]
