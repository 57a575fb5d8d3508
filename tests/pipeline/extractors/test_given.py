import numpy as np
import pytest

from pipeline.errors import ExtractorError, SourceError
from pipeline.extractors.given import Given
from pipeline.extractors.pixels import Pixels
from pipeline.sources.digits import Digits
from pipeline.stages.contract import ensure


def dataset_of(store, vectors, rows):
    """Write a data set of vectors without pictures."""
    with store.writing("dataset", plugin="table", version=1, identity={}, inputs={}) as draft:
        draft.save("embeddings", vectors)
        draft.path("pictures.bin").write_bytes(b"")
        draft.save("picture_ends", np.zeros(len(vectors), np.int64))
        for split, chosen in rows.items():
            draft.save(f"{split}_rows", np.array(chosen, np.int32))
            draft.save(f"{split}_labels", np.zeros(len(chosen), np.int16))
            draft.save(f"{split}_ids", np.array([f"row {row}" for row in chosen]))
        draft.facts.update(class_names=["a", "b"], title="vectors")
    return store.artefact("dataset", draft.key)


def test_the_features_are_the_vectors_of_each_splits_rows(store, rng):
    """Bit for bit, whatever their order, over several chunks."""
    vectors = rng.normal(size=(3000, 5)).astype(np.float32)
    rows = {"train": rng.permutation(3000)[:2000], "test": np.arange(0, 3000, 3)}
    dataset = dataset_of(store, vectors, rows)
    features = ensure(store, Given(), {"dataset": dataset.key})
    for split, chosen in rows.items():
        assert features.array(split).tobytes() == vectors[chosen].tobytes()


def test_images_without_vectors_are_refused(store):
    """With what describes images."""
    dataset = ensure(store, Digits(limit=20), {})
    with pytest.raises(ExtractorError, match="must bring vectors") as caught:
        ensure(store, Given(), {"dataset": dataset.key})
    assert "--extractor efficientnet-lite0" in str(caught.value)


def test_rows_without_pictures_are_refused_by_a_network(store, rng):
    """A card with a name is no picture of anything."""
    dataset = dataset_of(store, np.ones((4, 3), np.float32), {"train": [0, 1], "test": [2, 3]})
    with pytest.raises(SourceError, match="must have a picture in each row") as caught:
        ensure(store, Pixels(), {"dataset": dataset.key})
    assert "given as its extractor" in str(caught.value)
