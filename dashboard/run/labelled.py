"""The images of a data set as verdicts name them, and what people have said of them."""

from __future__ import annotations

from threading import Condition

from cachetools import LRUCache, cached

from cache import Store
from cache.artefact import Artefact
from dashboard.run.mode import Mode, mode
from pipeline.api import LabelledImages, Verdicts, images_of, open_verdicts


@cached(LRUCache(4), key=lambda dataset: (dataset.key, dataset.digest), condition=Condition())
def labelled(dataset: Artefact) -> LabelledImages:
    """Name the images of a data set by their content; once however many ask.

    Raises
    ------
    ArtefactCorrupt
        If its files do not fit together.
    """
    return images_of(dataset)


def verdicts_of(store: Store) -> Verdicts:
    """Open what people have said of the labels of a store's images; only to read it, where nothing is written.

    Raises
    ------
    InvalidParameter
        If the environment names no database.
    """
    return open_verdicts(store, read_only=mode() is Mode.READ_ONLY)
