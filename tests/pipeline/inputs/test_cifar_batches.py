"""What the files of CIFAR-10 and CIFAR-100 say is no larger than anything may be, however small the files are."""

from __future__ import annotations

import pickle
import tracemalloc

import numpy as np
import pytest

from cache.limits import CLASS_NAME, CLASSES
from pipeline.errors import SourceError
from pipeline.inputs.cifar_batches import read_class_names, read_split


def test_a_text_that_is_in_the_list_again_and_again_takes_no_memory():
    """A pickle of 1 MB named one long text nine thousand times: each was decoded, 8 GB of them."""
    content = pickle.dumps({b"label_names": [b"x" * 900_000] * 9_000}, protocol=2)
    tracemalloc.start()
    with pytest.raises(
        SourceError, match=r"at most 1,000 names of at most 1,024 .* Got 9,000, the longest of 900,000"
    ):
        read_class_names(content)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "names", [[b"x"] * (CLASSES + 1), [b"x" * (CLASS_NAME + 1)], ["\u20ac" * (CLASS_NAME + 1)]]
)
def test_too_many_or_too_long_names_are_an_error(names):
    """As many as the store's table says are not."""
    with pytest.raises(SourceError, match="must be at most"):
        read_class_names(pickle.dumps({b"label_names": names}, protocol=2))
    fewer = [name[:CLASS_NAME] for name in names[:CLASSES]]
    assert len(read_class_names(pickle.dumps({b"label_names": fewer}, protocol=2))) == len(fewer)


def test_labels_are_counted_before_they_are_made_a_list():
    """An array of bytes is eight times as large as a list."""
    content = {b"data": np.zeros((2, 3072), np.uint8), b"labels": np.zeros(20_000_000, np.uint8)}
    packed = pickle.dumps(content, protocol=4)
    tracemalloc.start()
    with pytest.raises(SourceError, match="labels in batch must be an integer"):
        read_split(packed, "batch", None)
    assert tracemalloc.get_traced_memory()[1] < 3 * len(packed)
    tracemalloc.stop()
