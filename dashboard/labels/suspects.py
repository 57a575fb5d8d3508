"""The suspects of a run, found in the store or computed in the queue, by the images' places in the data set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cache.artefact import Artefact
from dashboard.jobs.request import Request, about_stage
from dashboard.page.context import ViewContext
from dashboard.run.data import RunData
from dashboard.run.shared import shared
from dashboard.run.whole import find_whole
from pipeline.api import SuspectsStage, read_suspects

OF_TEST = 1
"""What the suspects say of the split of a test image."""


@dataclass(frozen=True)
class Listed:
    """Hold what is suspected of each image of a data set, by its place: test images first, then other training images.

    Attributes
    ----------
    given, suggested : ndarray of int16, shape (n,)
        Labels: the data set's, and the best other one.
    margin : ndarray of float32, shape (n,)
        Of the given class against the suggested one, by a machine that has not seen the label: the lower, the more
        suspect.
    rank : ndarray of int32, shape (n,)
        Place in the list, from 0.
    """

    given: NDArray[np.int16]
    suggested: NDArray[np.int16]
    margin: NDArray[np.float32]
    rank: NDArray[np.int32]


def suspects_request(context: ViewContext) -> Request[Artefact]:
    """Ask for the suspects of a run; they are computed as soon as somebody opens a page that needs them."""
    offer = "How suspect each label is has not been computed yet. It takes seconds, or a minute with very many images."
    return about_stage(context, "Suspects", SuspectsStage(), offer=offer, eager=True)


def found_suspects(data: RunData) -> Artefact | None:
    """Find the suspects of a run, without computing them; damaged ones are as if they were not there."""
    return find_whole(data.store, SuspectsStage(), data.run.stages)


def most_suspect(data: RunData, count: int) -> tuple[int, ...]:
    """List the test images with the most suspect labels, the most suspect first; none where that is not computed."""
    found = found_suspects(data)
    if found is None:
        return ()
    rank = by_place(data, found).rank[: data.n_test]
    return tuple(np.argsort(rank)[:count].tolist())


@shared(lambda data, suspects: (data.artefact("dataset").digest, suspects.digest), 4)
def by_place(data: RunData, suspects: Artefact) -> Listed:
    """Put what is suspected in the order of the images' places; once for all sessions.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If it cannot be read.
    """
    found = read_suspects(suspects)
    order = np.argsort(np.where(found.split == OF_TEST, 0, data.n_test) + found.row)
    labels = np.concatenate([data.test_labels, data.train_labels])
    given = labels[: len(order)]  # training images come last, if they are others
    return Listed(given, found.suggested[order], -found.score[order], found.rank[order])
