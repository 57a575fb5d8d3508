"""Which images are listed, and in which order: what the address asks for, of both splits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dashboard.comparison.passing import passing
from dashboard.labels.copies import Copies, together
from dashboard.labels.suspects import Listed
from dashboard.page.context import ViewContext
from dashboard.page.filter import Filter, Images
from dashboard.page.view_state import UNJUDGED
from dashboard.run.data import RunData, image_ids
from dashboard.statistics.orders import NAME, Known, places
from pipeline.api import LabelledImages, State

BY_ORDER = (NAME,)
"""Orders that can be asked for beside that of suspicion."""


@dataclass(frozen=True)
class Judged:
    """Hold what people have said of a data set's images: the images as verdicts name them, and the state."""

    images: LabelledImages
    state: State

    def verdicts(self) -> list[str]:
        """Give the verdict of each image, "" for none."""
        found = [""] * len(self.images)
        for key, record in self.state.records.items():
            found[self.images.places[key]] = record.judgement.verdict or ""
        return found

    def tags(self) -> list[str]:
        """List the tags in use."""
        return sorted({tag for record in self.state.records.values() for tag in record.judgement.tags})

    def tagged(self, tag: str) -> NDArray[np.bool_]:
        """Tell which images have a tag, bool (n,)."""
        found = np.zeros(len(self.images), np.bool_)
        for key, record in self.state.records.items():
            found[self.images.places[key]] = tag in record.judgement.tags
        return found


def listed(
    context: ViewContext, suspects: Listed, judged: Judged, copies: Copies | None = None
) -> NDArray[np.intp]:
    """Give the places of the images that pass, in the order that is asked for; copies side by side.

    Where copies are asked for, and nobody knows yet which there are, none passes.

    Returns
    -------
    ndarray of intp, shape (m,)
        Places in the data set: test images first, then training images of their own.
    """
    view, passes = context.view, _passing(context, suspects)
    if view.verdict is not None:
        wanted = "" if view.verdict == UNJUDGED else view.verdict
        passes &= np.array([verdict == wanted for verdict in judged.verdicts()], np.bool_)
    if view.tag:
        passes &= judged.tagged(view.tag)
    if view.copies:
        passes &= copies is not None and copies.kinds[view.copies]
    found = np.flatnonzero(passes)
    ordered = found[np.argsort(suspects.rank[found], kind="stable")]
    if view.sort not in BY_ORDER:
        return ordered if copies is None or not view.copies else together(ordered, copies.groups(view.copies))
    return ordered[places(Known(None, None, None, None, lambda: names_of(context.data, ordered)), NAME)]


def names_of(data: RunData, at: NDArray[np.intp]) -> list[str]:
    """Give the names of images by their places."""
    n, names = data.n_test, np.empty(len(at), object)
    for split, rows, own in (("test", at, at < n), ("train", at - n, at >= n)):
        if own.any():
            names[own] = image_ids(data, split, rows[own])
    return list(names)


def _passing(context: ViewContext, suspects: Listed) -> NDArray[np.bool_]:
    """Tell which images pass the filter; what is known of test images only, only they can pass."""
    data, wanted, n = context.data, context.view.filter, len(suspects.rank)
    both = Filter(true=wanted.true, predicted=wanted.predicted, text=wanted.text)
    names = names_of(data, np.arange(n)) if wanted.text else ()
    passes = both.passing(Images(suspects.given, names, suspects.suggested))
    judged = replace(wanted, true=(), predicted=(), text="")
    if judged != Filter() or context.view.rows:
        passes &= _of_test(passing(context, judged), n)
    return passes


def _of_test(passes: NDArray[np.bool_], n: int) -> NDArray[np.bool_]:
    """Let no training image pass, bool (n,)."""
    return np.pad(passes, (0, n - len(passes)))
