"""What this visitor has tried: kept for the session, with notes, to step back to and to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.comparison.sides import Side, test_split
from dashboard.statistics.flips import Flips
from pipeline.api import Setting

MOST = 50
"""Settings to remember; beyond that the oldest without a note goes first."""
LONGEST_NOTE = 200
"""Letters of a note."""

_KEY = "lazybones.history"


@dataclass(frozen=True)
class Trial:
    """Remember a setting that was looked at.

    Attributes
    ----------
    run : str
        Name of the run.
    setting : Setting
        Which of its classifiers, in full.
    test_split : tuple of str
        What it was tested on, as `dashboard.comparison.sides.test_split` gives it.
    right : bytes
        Whether it has each test image right, one bit each.
    n : int
        Test images.
    tried : str
        When, ISO 8601, UTC; empty for what was fitted in an earlier session.
    note : str
        The visitor's own words.
    """

    run: str
    setting: Setting
    test_split: tuple[str, ...]
    right: bytes
    n: int
    tried: str = ""
    note: str = ""

    @property
    def name(self) -> tuple[str, Setting]:
        """What tells it from the others."""
        return self.run, self.setting

    @property
    def n_correct(self) -> int:
        """Test images that it has right."""
        return int.from_bytes(self.right).bit_count()

    @property
    def accuracy(self) -> float:
        """Share of the test images that it has right."""
        return self.n_correct / self.n

    @property
    def _correct(self) -> NDArray[np.uint8]:
        return np.unpackbits(np.frombuffer(self.right, np.uint8), count=self.n)

    def is_like(self, other: Trial) -> bool:
        """Tell whether both were tested on the same images."""
        return (self.test_split, self.n) == (other.test_split, other.n)

    def since(self, before: Trial) -> Flips:
        """Compare what it has right with another that is like it."""
        return Flips(np.ones(self.n, np.uint8), before._correct, self._correct)


def trial_of(side: Side, tried: str = "") -> Trial:
    """Remember a classifier."""
    data, predictions = side.data, side.predictions
    right = np.packbits(predictions.correct).tobytes()
    return Trial(data.run.name, predictions.setting, test_split(data), right, data.n_test, tried)


def trials() -> list[Trial]:
    """List what was tried in this session, latest first."""
    return list(st.session_state.get(_KEY, ()))


def record(side: Side) -> None:
    """Remember that a classifier is in use; what was tried before moves to the top and keeps its note."""
    past = trials()
    if past and past[0].name == (side.data.run.name, side.predictions.setting):
        return
    fresh = trial_of(side, datetime.now(UTC).isoformat(timespec="seconds"))
    again = next((trial for trial in past if trial.name == fresh.name), None)
    others = [trial for trial in past if trial is not again]
    st.session_state[_KEY] = bounded([replace(fresh, note=again.note if again else ""), *others])


def annotate(name: tuple[str, Setting], note: str) -> None:
    """Change the note of a setting; nothing happens if it is not remembered."""
    text = " ".join(note.split())[:LONGEST_NOTE]
    st.session_state[_KEY] = [
        replace(trial, note=text) if trial.name == name else trial for trial in trials()
    ]


def bounded(past: Sequence[Trial], most: int = MOST) -> list[Trial]:
    """Forget the oldest that have no note, and then the oldest, until there are few enough.

    Parameters
    ----------
    past : sequence of Trial
        Latest first.
    most : int
        How many to keep.
    """
    kept = list(past)
    while len(kept) > most:
        bare = [trial for trial in kept[1:] if not trial.note]
        kept.remove(bare[-1] if bare else kept[-1])
    return kept
