"""Machines of pairs of classes as their support vectors: read, or fitted when somebody asks, and kept for all sessions.

A run has an index of the support vectors of its own classifier. Any other classifier in the store has none: what it
says of images is there, what it is made of is not. A pair of its classes is fitted again in a fraction of a second
(``docs/decisions/0043-why.md``).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

import streamlit as st

from dashboard.jobs import display
from dashboard.jobs.job import JobState
from dashboard.jobs.request import Request
from dashboard.run.data import RunData
from dashboard.run.of_process import one_of_process
from dashboard.run.whole import find_whole
from pipeline.api import Judge, PairSupport, Progress, SupportIndexStage, read_supports
from pipeline.api import supports as fit_supports

MOST_BYTES = 8 * 2**20
"""Bound on what is kept: each pair takes eight bytes a support vector."""
BYTES_A_PAIR = 24
"""Memory that a fit takes for each two of its rows: their product in float64, libsvm's copy, and its cache."""

LOOK = 0.3
"""Seconds between two looks at what is being fitted."""

Pair = tuple[int, int]
Made = dict[Hashable, PairSupport | None]
Found = dict[Pair, PairSupport | None]


@dataclass
class KeptSupports:
    """Keep machines of pairs, those asked for least lately go first.

    Attributes
    ----------
    most_bytes : int
        Bound on what their arrays take.
    """

    most_bytes: int = MOST_BYTES
    _kept: OrderedDict[Hashable, PairSupport | None] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable) -> tuple[bool, PairSupport | None]:
        """Tell whether a machine is kept, and give it; None is one that cannot be."""
        with self._lock:
            if key not in self._kept:
                return False, None
            self._kept.move_to_end(key)
            return True, self._kept[key]

    def put(self, key: Hashable, support: PairSupport | None) -> None:
        """Keep a machine."""
        with self._lock:
            self._kept[key] = support
            while self.nbytes > self.most_bytes and len(self._kept) > 1:
                self._kept.popitem(last=False)

    @property
    def nbytes(self) -> int:
        """Bytes that all arrays take."""
        return sum(100 if one is None else one.nbytes + 100 for one in self._kept.values())


@one_of_process
def kept_supports() -> KeptSupports:
    """Give what all sessions of the process share."""
    return KeptSupports()


def supports_of(data: RunData, judge: Judge, pairs: Sequence[Pair], name: str) -> Found:
    """Give the machines of pairs of classes; those neither stored nor kept are fitted, and it says so meanwhile.

    It waits in the script's own thread: what stands above is in the browser by then, and a script that ran again
    when they are there would open the dialog anew, and take the focus away.

    Parameters
    ----------
    data : RunData
        The run.
    judge : Judge
        Which machines.
    pairs : sequence of (int, int)
        Labels; a positive decision value votes for the first.
    name : str
        What is asked for, for people.

    Returns
    -------
    dict
        By pair; None where there is no such machine.

    Raises
    ------
    LazybonesError
        If they cannot be fitted, or too much waits already.
    """
    found = known_supports(data, judge, pairs)
    missing = [pair for pair in pairs if pair not in found]
    if missing:
        ordered = [_lower_first(pair) for pair in missing]
        made = _wait_for(_request(data, judge, ordered, name))
        found |= {pair: _oriented(made.get(_key(data, judge, _lower_first(pair))), pair) for pair in missing}
    return found


def known_supports(data: RunData, judge: Judge, pairs: Sequence[Pair]) -> Found:
    """Give those machines that are stored or kept; parameters and result as `supports_of`."""
    ordered = {pair: _lower_first(pair) for pair in pairs}
    index = find_whole(data.store, SupportIndexStage.of(judge), data.run.stages)
    stored = {} if index is None else read_supports(index, judge.fold, list(ordered.values()))
    if stored:
        return {pair: _oriented(stored[lower_first], pair) for pair, lower_first in ordered.items()}
    kept = {
        pair: kept_supports().get(_key(data, judge, lower_first)) for pair, lower_first in ordered.items()
    }
    return {pair: _oriented(support, pair) for pair, (there, support) in kept.items() if there}


def _lower_first(pair: Pair) -> Pair:
    return min(pair), max(pair)


def _wait_for(request: Request[Made]) -> Made:
    """Have something computed, and wait; another action of the viewer ends that at the next word."""
    queue = display.queue()
    job = queue.find(request.key)
    if job is None or (job.state.over and job.state is not JobState.DONE):
        job = request.submit()
    place, visitor = st.empty(), display.visitor()
    try:
        while not job.wait(LOOK):
            place.caption(f"{request.name}: {display.describe(queue.report(job, visitor))} …")
    finally:  # whoever walks on needs another pair, and waits behind this one
        queue.cancel(job, visitor)
    place.empty()
    if job.error is not None:
        raise job.error
    made: Made = job.result or {}
    return made


def _oriented(support: PairSupport | None, pair: Pair) -> PairSupport | None:
    """Turn a machine, kept with its lower label first, the way that it is asked for."""
    return support if support is None or pair[0] < pair[1] else support.reversed()


def _key(data: RunData, judge: Judge, pair: Pair) -> tuple[Hashable, ...]:
    stages = data.run.stages
    roots = tuple(map(str, data.store.roots))
    return (*roots, stages["dataset"], stages["features"], judge, *pair)


def _request(data: RunData, judge: Judge, pairs: Sequence[Pair], name: str) -> Request[Made]:
    labels = data.train_labels
    counts = sorted(int((labels == label).sum()) for label in {label for pair in pairs for label in pair})
    return Request(
        data.store,
        data.run,
        name,
        tuple(_key(data, judge, pair) for pair in pairs),
        partial(_fit, data, judge, pairs),
        memory=BYTES_A_PAIR * sum(counts[-2:]) ** 2,
        subject="Support vectors",
    )


def _fit(data: RunData, judge: Judge, pairs: Sequence[Pair], progress: Progress) -> Made:
    made: Made = {}
    found = fit_supports(data.artefact("dataset"), data.artefact("features"), judge, pairs, progress)
    for pair, support in zip(pairs, found, strict=True):
        made[_key(data, judge, pair)] = support
        kept_supports().put(_key(data, judge, pair), support)
    return made
