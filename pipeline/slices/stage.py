"""Slices of a run's classifier, kept in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import as_rows
from pipeline.errors import InvalidParameter
from pipeline.plugins.parameters import check_count
from pipeline.slices.candidates import Labels, candidates
from pipeline.slices.evidence import ALPHA, Slice, holding
from pipeline.stages.contract import Inputs, Stage
from pipeline.svm.penalty import check_C

MOST_NAMED = 3
"""Classes, and pairs of classes, that a slice is named by."""


@dataclass(frozen=True)
class SlicesStage(Stage):
    """Find parts of feature space where a classifier is worse than elsewhere, beyond what chance gives any of them.

    Parameters
    ----------
    C : float
        Penalty, one that the classifier has.
    seed : int
        Of the clusters.

    Raises
    ------
    InvalidParameter
        If a parameter is not allowed.
    """

    STAGE: ClassVar[str] = "slices"
    NAME: ClassVar[str] = "clusters"
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset", "features", "classifier")

    C: float
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "C", check_C(self.C, "slices"))
        check_count("seed", "slices", self.seed, 0, 2**32 - 1)

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Look for them among the images that a classifier judges, and write them.

        Raises
        ------
        InvalidParameter
            If the classifier has no such C, or a feature is not finite.
        Cancelled
            If ``progress`` raises it.
        """
        labels = inputs["dataset"].array("test_labels")
        predicted = _predicted(inputs["classifier"], self.C)
        parts = candidates(as_rows(inputs["features"].rows("test")), labels, self.seed, progress)
        found = holding(parts, labels, predicted != labels)
        _save(draft, found, labels, predicted)
        wrong = int(np.count_nonzero(predicted != labels))
        draft.facts.update(C=self.C, looked_at=len(parts), alpha=ALPHA, errors=wrong, images=len(labels))


def _predicted(classifier: Artefact, C: float) -> Labels:
    penalties = classifier.array("C")
    rows = np.flatnonzero(np.isclose(penalties, C, rtol=1e-9, atol=0))
    if not len(rows):
        there = ", ".join(f"{value:g}" for value in penalties)
        raise InvalidParameter(f"C of slices must be one that the classifier has: {there}. Got {C:g}.")
    return np.array(classifier.array("predicted_label")[rows[0]])


def _save(draft: Draft, found: Sequence[Slice], labels: Labels, predicted: Labels) -> None:
    members = [one.members for one in found]
    draft.save("members", np.concatenate([np.empty(0, np.intp), *members]).astype(np.int32))
    draft.save("ends", np.cumsum([len(rows) for rows in members], dtype=np.int64))
    draft.save("label", np.array([one.label for one in found], np.int16))
    counts = [(one.errors, one.rest_errors, one.rest) for one in found]
    draft.save("counts", np.array(counts, np.int32).reshape(-1, 3))
    draft.save("interval", np.array([(one.low, one.high) for one in found], np.float64).reshape(-1, 2))
    taken = np.full((len(found), MOST_NAMED, 3), -1, np.int32)
    classes = np.full((len(found), MOST_NAMED, 2), -1, np.int32)
    for number, one in enumerate(found):
        bad = one.members[: one.errors]
        _most(np.column_stack([labels[bad], predicted[bad]]), taken[number])
        _most(labels[one.members, np.newaxis], classes[number])
    draft.save("taken", taken)
    draft.save("classes", classes)


def _most(rows: NDArray[np.int16], into: NDArray[np.int32]) -> None:
    """Write the most frequent rows, each with its count, the most frequent first."""
    different, counts = np.unique(rows, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[: len(into)]
    into[: len(order)] = np.column_stack([different, counts])[order]
