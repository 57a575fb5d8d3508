"""What a finding is, and the answers that it is found in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.run.data import RunData, judged_of
from dashboard.run.predictions import Predictions
from dashboard.statistics.scores import Labels, confusion_matrix
from dashboard.wording.escaping import html
from pipeline.api import Judged, Setting

FACES = 6
"""Images that a finding shows."""
CANDIDATES = 24
"""Images of each kind that it may choose from, so that no image is shown by two findings."""


@dataclass(frozen=True)
class Evidence:
    """Say where a finding is to be seen: a page, what to change in the view on the way there, and the link's text."""

    label: str
    page: str
    changes: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Finding:
    """Say one thing that a run found.

    Attributes
    ----------
    key : str
        Which kind of finding it is; a page has one of each.
    weight : float
        How much it matters: the share of the images, 0 to 1, that would be right were it put right.
    sentence : str
        One sentence, as HTML; every name in it is escaped.
    evidence : Evidence
        Where it is to be seen.
    faces : tuple of tuples of int
        Rows of the test split that show it, the most telling first; one tuple a kind of image.
    use : Setting, optional
        What a button beside it puts to use.
    urged : bool
        Whether that is recommended: the button is the page's first then.
    """

    key: str
    weight: float
    sentence: str
    evidence: Evidence
    faces: tuple[tuple[int, ...], ...] = ()
    use: Setting | None = None
    urged: bool = False

    def shown(self, taken: Iterable[int] = (), most: int = FACES) -> list[int]:
        """Choose the images to show: as many of each kind, and none that is shown elsewhere."""
        others = set(taken)
        kinds = [[row for row in kind if row not in others] for kind in self.faces]
        share = most // max(len(kinds), 1)
        chosen = [row for kind in kinds for row in kind[:share]]
        rest = [row for kind in kinds for row in kind[share:]]
        return sorted(
            [*chosen, *rest][:most],
            key=lambda row: next(i for i, kind in enumerate(kinds) if row in kind),
        )


@dataclass(frozen=True)
class Answers:
    """Hold what a classifier answered.

    Attributes
    ----------
    class_names : sequence of str
        Names of the k classes.
    true, predicted : ndarray of int, shape (n,)
        Labels.
    margin : ndarray of float, shape (n,)
        True class against its strongest rival; may be NaN.
    judged : Judged
        How the images were judged.
    """

    class_names: Sequence[str]
    true: Labels
    predicted: Labels
    margin: NDArray[np.floating[Any]]
    judged: Judged

    @classmethod
    def of(cls, data: RunData, said: Predictions) -> Answers:
        """Take those of a run's classifier."""
        return cls(data.class_names, said.test_labels, said.predicted, said.margin, judged_of(data))

    @cached_property
    def matrix(self) -> NDArray[np.int64]:
        """Images of each true and predicted class, int64 (k, k)."""
        return confusion_matrix(self.true, self.predicted, len(self.class_names))

    @property
    def n(self) -> int:
        """Number of images."""
        return len(self.true)

    def name(self, label: int) -> str:
        """Write a class's name as HTML."""
        return f"<b>{html(self.class_names[label])}</b>"

    def worst_first(self, chosen: NDArray[np.bool_]) -> tuple[int, ...]:
        """List some images, those of the lowest margin first; at most ``CANDIDATES``."""
        rows = np.flatnonzero(chosen)
        order = np.argsort(np.nan_to_num(self.margin[rows], nan=np.inf), kind="stable")
        return tuple(int(row) for row in rows[order[:CANDIDATES]])
