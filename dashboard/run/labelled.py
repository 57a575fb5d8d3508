"""The images of a data set as verdicts name them."""

from __future__ import annotations

from threading import Condition

from cachetools import LRUCache, cached

from cache.artefact import Artefact
from pipeline.api import LabelledImages, images_of


@cached(LRUCache(4), key=lambda dataset: (dataset.key, dataset.digest), condition=Condition())
def labelled(dataset: Artefact) -> LabelledImages:
    """Name the images of a data set by their content; once however many ask.

    Raises
    ------
    ArtefactCorrupt
        If its files do not fit together.
    """
    return images_of(dataset)
