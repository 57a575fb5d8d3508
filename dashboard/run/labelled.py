"""The images of a data set as verdicts name them, and the database of verdicts of a store."""

from __future__ import annotations

from threading import Condition

from cachetools import LRUCache, cached

from cache import Store
from cache.artefact import Artefact
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
    """Open the database of verdicts of a store.

    Raises
    ------
    InvalidParameter
        If ``$LAZYBONES_LABELS`` is no address.
    """
    return open_verdicts(store)
