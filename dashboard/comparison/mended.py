"""What corrections of labels changed: a run and its corrected one, on the test images that both have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cache import Artefact
from cache.counting import counted
from cache.errors import ArtefactCorrupt
from dashboard.comparison.sides import Side, is_corrected_of
from dashboard.components.choices import Choice, choices
from dashboard.components.gallery import Tile, word
from dashboard.images.captions import sentence
from dashboard.images.sheet import Sheet, image_sheet
from dashboard.page.context import ViewContext
from dashboard.page.view_state import RELABELLED
from dashboard.run.data import RunData, image_ids, judged_of
from dashboard.statistics.flips import BROKE, DIFFERENT, FIXED, Flips
from dashboard.wording.comparison import chance
from dashboard.wording.escaping import markdown
from dashboard.wording.html import stat_cards
from dashboard.wording.numbers import images, interval95, percent, points, thousands

_SHEET = Sheet(images=24, size=96)
_GROUPS = (
    (RELABELLED, "Corrected labels", ""),
    (FIXED, "Fixed", "wrong before, right after"),
    (BROKE, "Broke", "right before, wrong after"),
    (DIFFERENT, "Still wrong, differently", "another wrong class after"),
)


@dataclass(frozen=True)
class Mended:
    """Hold a run and its corrected one, on the test images that both have.

    Attributes
    ----------
    before, after : Side
        The run as it was, and the one with the corrections.
    rows : ndarray of intp, shape (m,)
        Row of each image in the test split before; in that after it is its place here.
    """

    before: Side
    after: Side
    rows: NDArray[np.intp]

    @property
    def old(self) -> NDArray[np.int16]:
        """Labels before, int16 (m,); classes that were there before have the same numbers after."""
        return self.before.data.test_labels[self.rows]

    @property
    def new(self) -> NDArray[np.int16]:
        """Corrected labels, int16 (m,)."""
        return self.after.data.test_labels

    @property
    def answers(self) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        """What is answered before and after, int16 (m,) each."""
        return self.before.predictions.predicted[self.rows], self.after.predictions.predicted

    @cached_property
    def flips(self) -> Flips:
        """Both answers, judged by the corrected labels."""
        return Flips(self.new, *self.answers)

    @property
    def left_out(self) -> int:
        """Test images that only the run before has."""
        return self.before.data.n_test - len(self.rows)

    def places(self, group: str | None) -> NDArray[np.intp]:
        """List the images of a group by their places; None: all whose answer changed."""
        return np.flatnonzero(self.old != self.new) if group == RELABELLED else self.flips.rows(group)

    def count(self, group: str) -> int:
        """Count the images of a group."""
        return len(self.places(group))


def mended_of(one: Side, other: Side) -> Mended | None:
    """Bring a run and its corrected one together, whichever is which; None where neither is the other's.

    Raises
    ------
    ArtefactCorrupt
        If the corrected one has images that the other has not.
    """
    for before, after in ((one, other), (other, one)):
        if is_corrected_of(after.data, before.data):
            return Mended(before, after, kept(before.data, after.data, "test"))
    return None


def kept(before: RunData, after: RunData, split: str) -> NDArray[np.intp]:
    """Give the row before of each image of a split after: corrections leave images out, and keep the order.

    Raises
    ------
    ArtefactCorrupt
        If an image was not there before.
    """
    old, new = (_names(data.artefact("dataset"), split) for data in (before, after))
    places = iter(range(len(old)))
    found = [next((place for place in places if old[place] == name), -1) for name in new]
    if -1 in found:
        dataset = after.artefact("dataset")
        raise ArtefactCorrupt(
            f"{dataset.folder} must have images of {before.run.name} alone. Got others.",
            remedy=dataset.repair,
        )
    return np.array(found, np.intp)


def told(mended: Mended) -> str:
    """Say in Markdown what was corrected; corrections to the test split are named as such."""
    before, after = mended.before.data, mended.after.data
    changed = mended.count(RELABELLED)
    if not judged_of(after).is_apart:
        return f"**{_counted(changed, mended.left_out, 'label', 'image')}**."
    rows = kept(before, after, "train")
    taught = int((before.train_labels[rows] != after.train_labels).sum())
    trained = _counted(taught, len(before.train_labels) - len(rows), "training label", "training image")
    return f"**{_counted(changed, mended.left_out, 'test label', 'test image')}**; {trained}."


def same_tests(mended: Mended) -> str:
    """Say in Markdown of a run whose test labels stayed what was corrected."""
    return f"{_names_both(mended)} {told(mended)} Both are judged by the same test labels."


def effect(mended: Mended) -> str:
    """Say in Markdown how much of the change is the labels', and how much the answers'."""
    (before, _), flips = mended.answers, mended.flips
    by_labels = float((before == mended.new).mean() - (before == mended.old).mean())
    gain = flips.gain
    changed = images(flips.changed.sum())
    return (
        f"With the same answers, the corrected labels alone change the accuracy by **{points(by_labels)} points**. "
        f"Judged by the corrected labels, what was learnt from them changes it by **{points(gain.value)} points** "
        f"({interval95(gain.low, gain.high, points)}): {thousands(flips.counts[FIXED])} fixed, "
        f"{thousands(flips.counts[BROKE])} broken, which {chance(flips.p)}. Another answer: {changed}."
    )


def cards(mended: Mended) -> str:
    """Write the accuracy of both, on both sets of labels, as HTML."""
    named = [
        (
            f"{when}, {labels} labels",
            percent((answer == true).mean()),
            _right(int((answer == true).sum()), mended),
        )
        for labels, true in (("old", mended.old), ("corrected", mended.new))
        for when, answer in zip(("Before", "After"), mended.answers, strict=True)
    ]
    return stat_cards(named)


def _right(n: int, mended: Mended) -> str:
    return f"{thousands(n)} of {images(len(mended.rows))}"


def show_mended(context: ViewContext, mended: Mended) -> None:
    """Draw what corrections changed; the images by the rows of the run that the page is about."""
    after = mended.after.data.run.name
    st.markdown(f"{_names_both(mended)} {told(mended)}")
    st.html(cards(mended))
    st.markdown(f"{effect(mended)}{_all_of_them(mended)}")
    groups = [
        Choice(name, label, thousands(mended.count(name)), note)
        for name, label, note in _GROUPS
        if mended.count(name) or name != RELABELLED
    ]
    asked = context.view.group
    group = asked if asked in {choice.name for choice in groups} else None
    choices(groups, "corrected groups", group, lambda name: context.change(group=name))
    places = mended.places(group)
    what = next((choice.label.lower() for choice in groups if choice.name == group), "with another answer")
    st.markdown(f"**{images(len(places))}**, {what}. Click an image for its details.")
    if len(places):
        rows = places if context.run.name == after else mended.rows[places]
        image_sheet(context, rows, "corrected images", _SHEET, _Tiles(mended), own="In the data set's order")


def _names_both(mended: Mended) -> str:
    before, after = (markdown(side.data.run.name) for side in (mended.before, mended.after))
    return f"**{after}** is **{before}** with corrected labels."


def _all_of_them(mended: Mended) -> str:
    """Say what the accuracy before was with the images that were left out."""
    if not mended.left_out:
        return ""
    all_of_them = percent(mended.before.predictions.accuracy)
    return f" With what was left out, {all_of_them} of {images(mended.before.data.n_test)} were right before."


def _counted(changed: int, gone: int, label: str, image: str) -> str:
    """Count corrections: "12 test labels were corrected, 1 test image was left out"."""
    were, was = ("was" if n == 1 else "were" for n in (changed, gone))
    parts = [f"{counted(changed, label)} {were} corrected"] if changed else []
    parts += [f"{counted(gone, image)} {was} left out"] if gone else []
    return ", ".join(parts) or f"no {label} was corrected"


def _names(dataset: Artefact, split: str) -> Sequence[object]:
    """Give what tells images of a split apart: which picture each is, or its name."""
    rows = f"{split}_rows"
    names: list[object] = dataset.array(
        rows if f"{rows}.npy" in dataset.manifest.files else f"{split}_ids"
    ).tolist()
    return names


@dataclass(frozen=True)
class _Tiles:
    """Make tiles with both labels, where they differ, and both answers."""

    mended: Mended

    def __call__(self, context: ViewContext, rows: Sequence[int]) -> list[Tile]:
        mended = self.mended
        is_after = context.run.name == mended.after.data.run.name
        places = list(rows) if is_after else np.searchsorted(mended.rows, rows).tolist()
        ids = image_ids(context.data, "test", list(rows))
        return [self._tile(context, *each) for each in zip(rows, places, ids, strict=True)]

    def _tile(self, context: ViewContext, row: int, place: int, image_id: str) -> Tile:
        mended, names = self.mended, self.mended.after.data.class_names
        old, new, was, now = (int(labels[place]) for labels in (mended.old, mended.new, *mended.answers))
        known = context.data.n_classes  # a class that nobody had before has no colour before
        said = [("old label:", old), ("", new), ("before:", was), ("after:", now)]
        lines = [
            [*([word(what)] if what else []), word(names[label], *([label] if label < known else []))]
            for what, label in said
            if what != "old label:" or old != new
        ]
        return Tile(
            row, f"{sentence(context, row, image_id)}; before: {names[was]}", tuple(lines), wrong=now != new
        )
