"""Which findings a run has: all that hold, those that matter most first.

Another kind of finding is a function that gives a `Finding`, or None where it does not hold, and a line in `_found`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cache import Artefact
from dashboard.findings.classes import hardest_pair, worst_class
from dashboard.findings.finding import Answers, Finding
from dashboard.findings.headline import Headline, headline
from dashboard.findings.images import near_duplicates, sure_and_wrong
from dashboard.findings.settings import Tried, best_of, better_setting
from dashboard.run.data import RunData, has_neighbourhoods, judged_of
from dashboard.run.features import other_run
from dashboard.run.predictions import Predictions
from pipeline.api import KERNELS, Asked, InvalidParameter, Setting, find, validation_of


def findings_of(data: RunData, said: Predictions) -> tuple[Finding, ...]:
    """List what the answers of a classifier, and what was tried beside it, tell; the weightiest first.

    Each classifier's are found once for all sessions.
    """
    validations = _validations(data, said.setting)
    keys = (*(made.key for made in validations.values()), data.run.stages.get("neighbours", ""))
    return _found(data, said, validations, said.artefact.key, said.row, keys)


def headline_of(data: RunData, said: Predictions) -> Headline:
    """Say how good a classifier is; once for all sessions."""
    rival = other_run(data)
    known = "" if rival is None else repr(rival.run)
    return _headline(data, said, rival, said.artefact.key, said.row, known)


@st.cache_resource(max_entries=200, show_spinner=False)
def _headline(
    _data: RunData, _said: Predictions, _rival: RunData | None, classifier: str, row: int, rival: str
) -> Headline:
    return headline(_data, _said, _rival)


@st.cache_resource(max_entries=200, show_spinner=False)
def _found(
    _data: RunData,
    _said: Predictions,
    _validations: Mapping[Setting, Artefact],
    classifier: str,
    row: int,
    others: tuple[str, ...],
) -> tuple[Finding, ...]:
    answers = Answers.of(_data, _said)
    found = [
        hardest_pair(answers),
        _better(_data, _said, tried(_validations)),
        worst_class(answers),
        sure_and_wrong(answers),
        near_duplicates(judged_of(_data), _neighbours(_data)),
    ]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: -one.weight))


def _validations(data: RunData, now: Setting) -> dict[Setting, Artefact]:
    """Find the cross-validation of each kernel that there is one of, with as many training images as are used now."""
    found: dict[Setting, Artefact] = {}
    for kernel in dict.fromkeys((now.kernel, *KERNELS)):
        with suppress(InvalidParameter):
            asked = Asked(kernel=kernel, per_class=now.per_class)
            setting = now if kernel == now.kernel else data.settings.resolve(asked)
            made = find(data.store, validation_of(data.artefact("classifier"), setting), data.run.stages)
            found |= {} if made is None else {setting: made}
    return found


def tried(validations: Mapping[Setting, Artefact]) -> list[Tried]:
    """List the settings that were tried on held-out folds, at every C."""
    return [
        Tried(setting.at(C), accuracy)
        for setting, made in validations.items()
        for C, accuracy in zip(
            made.array("C", mmap=False).tolist(), made.array("accuracy", mmap=False), strict=True
        )
    ]


def _better(data: RunData, said: Predictions, tried: list[Tried]) -> Finding | None:
    """Find a better setting, and the images that it has right and the one in use has not."""
    now = next((one for one in tried if _is_same(one.setting, said.setting)), None)
    best = best_of(tried)
    if now is None or best is None:
        return None
    asked = data.settings.relative(best.setting)
    return better_setting(
        now, best, MappingProxyType({"asked": asked}), _fixed(said, data.predictions(best.setting))
    )


def _is_same(one: Setting, other: Setting) -> bool:
    return one.family == other.family and bool(np.isclose(one.C, other.C, rtol=1e-9, atol=0))


def _fixed(before: Predictions, after: Predictions | None) -> NDArray[np.intp] | None:
    """List the images that another classifier fixes, those whose margin gains most first."""
    if after is None:
        return None
    rows = np.flatnonzero(after.correct & ~before.correct)
    return rows[np.argsort(before.margin[rows] - after.margin[rows], kind="stable")]


def _neighbours(data: RunData) -> tuple[NDArray[np.int32], NDArray[np.float32]] | None:
    if not has_neighbourhoods(data):
        return None
    made = data.artefact("neighbours")
    return made.array("indices"), made.array("distances")
