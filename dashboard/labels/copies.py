"""Which images of a run are the same picture, found in the store or computed in the queue, by the images' places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache.artefact import Artefact
from cache.counting import counted
from dashboard.jobs import display
from dashboard.jobs.request import Request, about_stage
from dashboard.page.context import ViewContext
from dashboard.page.view_state import COPIES
from dashboard.run.data import RunData
from dashboard.run.shared import shared
from dashboard.run.whole import find_whole
from dashboard.wording.escaping import markdown
from dashboard.wording.judged import judged_images, taught_noun
from dashboard.wording.numbers import percent, thousands
from pipeline.api import Duplicates, DuplicatesStage, Group, Judged, Leakage

TWO_LABELS, LEAKED, SAME, NEAR = COPIES
"""Which copies can be asked for."""
ALONE = -1
"""Group of an image that is there once."""
SHOWN = 6
"""Copies of an image that the browser is told of."""


@dataclass(frozen=True)
class Copies:
    """Hold which images of a data set are the same picture, by their places: test images first.

    Attributes
    ----------
    found : Duplicates
        As the pipeline has it.
    same, near : ndarray of intp, shape (n,)
        The group of each image that is the same picture as another, or nearly; ``ALONE`` of all others.
    kinds : mapping of str to ndarray of bool, shape (n,)
        Which images have which copies: under two labels; in what their judge has learnt from, and in what it judges;
        any; nearly the same ones.
    """

    found: Duplicates
    same: NDArray[np.intp]
    near: NDArray[np.intp]
    kinds: Mapping[str, NDArray[np.bool_]]

    @property
    def pictures(self) -> int:
        """How many pictures stand in several classes."""
        return len(self.found.across_labels())

    def faces(self, n_test: int, most: int) -> tuple[int, ...]:
        """List test images of pictures in several classes, copies side by side."""
        at = np.flatnonzero(self.kinds[TWO_LABELS][:n_test])
        return tuple(together(at, self.same)[:most].tolist())

    def groups(self, kind: str) -> NDArray[np.intp]:
        """Give the groups by which images of a kind belong together."""
        return self.near if kind == NEAR else self.same

    def leakage(self, predicted: NDArray[np.integer[Any]]) -> Leakage:
        """Say what is left of an accuracy without images whose copies were learnt from."""
        return self.found.accuracy_without_leaked(predicted)


def copies_request(context: ViewContext) -> Request[Artefact]:
    """Ask for the copies among a run's images; they are searched as soon as somebody opens the page."""
    offer = "Whether a picture is there more than once has not been looked up yet."
    return replace(about_stage(context, "Duplicates", DuplicatesStage(), offer=offer, eager=True), note="")


def are_searched(context: ViewContext) -> bool:
    """Tell whether the copies are being searched, or wait for their turn."""
    job = display.queue().find(copies_request(context).key)
    return job is not None and not job.state.over


def found_copies(data: RunData) -> Copies | None:
    """Give the copies among a run's images, if they were searched; damaged ones are as if they were not there."""
    made = find_whole(data.store, DuplicatesStage(), data.run.stages)
    return None if made is None else copies_of(data, made)


@shared(lambda data, made: (data.artefact("dataset").digest, made.digest), 4)
def copies_of(data: RunData, made: Artefact) -> Copies:
    """Put what is the same in the order of the images' places; once for all sessions.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If it cannot be read.
    """
    found = Duplicates.of(made, data.artefact("dataset"))
    numbering = found.numbering
    numbers = np.concatenate([numbering.test, numbering.train])[: numbering.n]  # of each place
    same, near = (_numbered(found.groups(grade), numbering.n)[numbers] for grade in ("same", "near"))
    kinds = {
        TWO_LABELS: _members(found.across_labels(), numbering.n)[numbers],
        LEAKED: _members(found.across_splits(), numbering.n)[numbers],
        SAME: same != ALONE,
        NEAR: near != ALONE,
    }
    return Copies(found, same, near, MappingProxyType(kinds))


def _numbered(groups: Sequence[Group], n: int) -> NDArray[np.intp]:
    number = np.full(n, ALONE, np.intp)
    for i, group in enumerate(groups):
        number[group.images] = i
    return number


def _members(groups: Sequence[Group], n: int) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = _numbered(groups, n) != ALONE
    return found


def copies_message(
    copies: Copies | None,
    labels: NDArray[np.int16],
    at: NDArray[np.intp],
    names_of: Callable[[NDArray[np.intp]], list[str]],
    split_of: Callable[[int], str],
) -> dict[str, Any] | None:
    """Write what the browser is told of the copies of some images; None where nobody has searched.

    Parameters
    ----------
    copies : Copies or None
        Of the data set.
    labels : ndarray of int16, shape (n,)
        Of its images, by their places.
    at : ndarray of intp, shape (m,)
        Places of the images that are listed.
    names_of, split_of : callable
        Name images by their places, and the split of one.

    Returns
    -------
    dict or None
        ``group``, the place of each listed image's group in ``groups``, -1 for none, ``same``, which of the images are
        the same and not only nearly, and the groups: how many images each has, and the first of them, of each class one
        before others.
    """
    if copies is None:
        return None
    there, group = np.unique(copies.near[at], return_inverse=True)
    first = 1 if len(there) and there[0] == ALONE else 0
    members = [np.flatnonzero(copies.near == one) for one in there[first:].tolist()]
    shown = [_shown(some, labels) for some in members]
    names = iter(names_of(np.concatenate([np.empty(0, np.intp), *shown])))  # read once for all
    return {
        "group": (group - first).tolist(),
        "same": copies.same[at].tolist(),
        "groups": [
            {
                "total": len(every),
                "number": some.tolist(),
                "label": labels[some].tolist(),
                "same": copies.same[some].tolist(),
                "name": list(islice(names, len(some))),
                "split": [split_of(place) for place in some.tolist()],
            }
            for every, some in zip(members, shown, strict=True)
        ],
    }


def _shown(members: NDArray[np.intp], labels: NDArray[np.int16]) -> NDArray[np.intp]:
    """Choose the images of a group that are told of: of each class one before others."""
    each = np.unique(labels[members], return_index=True)[1]
    return np.concatenate([members[each], np.delete(members, each)])[: SHOWN + 1]  # one of them is looked at


def together(at: NDArray[np.intp], groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """Put the images of a group behind the first of them.

    Parameters
    ----------
    at : ndarray of intp, shape (m,)
        Places in their order.
    groups : ndarray of intp, shape (n,)
        The group of each place.
    """
    _, first, own = np.unique(groups[at], return_index=True, return_inverse=True)
    return at[np.argsort(first[own], kind="stable")]


def told(copies: Copies, leakage: Leakage, judged: Judged) -> str:
    """Say in Markdown what is there more than once, and what an accuracy owes to it."""
    found = copies.found
    groups = found.groups()
    alike = [
        " and ".join(f"“{markdown(found.class_names[i])}”" for i in labels) for labels in found.names_alike
    ]
    sentences = [
        f"**{counted(len(groups), 'picture')}** {'is' if len(groups) == 1 else 'are'} there more than once."
        if groups
        else "No picture is there twice.",
        *_of_leakage(leakage, judged),
        *(f"Names of classes that are alike: {names}." for names in alike),
    ]
    return " ".join(sentences)


def told_of_two_labels(copies: Copies) -> str:
    """Say in HTML what is to be done with pictures that stand in several classes."""
    stand = (
        f"These {thousands(copies.pictures)} pictures stand" if copies.pictures > 1 else "This picture stands"
    )
    return (
        f"{stand} in two classes or more; copies are side by side. Give them one class, or exclude (<kbd>X</kbd>) all "
        "but one; keep them where each class is right."
    )


def _of_leakage(leakage: Leakage, judged: Judged) -> list[str]:
    n = leakage.n_leaked
    if not n:
        return []
    verb = "has a copy" if n == 1 else "have copies"
    rest = "" if n == leakage.n else f", **{percent(leakage.without)}** without {'it' if n == 1 else 'them'}"
    return [
        f"**{thousands(n)}** of {judged_images(leakage.n, judged)} {verb} among the {taught_noun(judged)}s that were "
        f"learnt from: accuracy is **{percent(leakage.accuracy)}**{rest}."
    ]
