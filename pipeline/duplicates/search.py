"""Every pair of things that lie close together and pass a test, joined to groups; no pair is left to chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations_with_replacement
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.forest import Forest, Groups, spanning
from pipeline.compute.places import Directions, Matrix
from pipeline.compute.pool import Counter, processors, run_all
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows

AT_ONCE = 1024
"""Places compared with as many others; bounds the memory."""
PAIRS_AT_ONCE = 1024
MANY = 0.02
"""Share of a block's pairs from which on one product of the whole rows is faster than measuring pair by pair."""
SLACK = 1e-3
"""By how much a distance may be too large in float32, as a share of the longest vector's length."""

Indices = NDArray[np.intp]
Test = Callable[[Indices, Indices], NDArray[np.bool_]]


def join_close(
    rows: Rows, reach: float, test: Test, what: str = "blocks of pairs", progress: Progress = silent
) -> Groups:
    """Join all whose rows are within reach of each other and that pass a test.

    Which may be is told by their places in few dimensions; where these tell little, by the rows themselves. What is in
    one group already is not tested again: a thousand copies take a thousand tests, not half a million. Memory does not
    grow with the number of pairs.

    Parameters
    ----------
    rows : Rows of float32, shape (n, d)
        What is to be close.
    reach : float
        Of the distance; a little more is tested too, as float32 rounds.
    test : callable
        Is given two arrays of numbers, pair by pair, ascending in the first, and tells which pairs are one; from
        several threads.
    what : str
        What a step is.
    progress : Progress, optional
        Counts rows, then blocks of pairs.

    Returns
    -------
    ndarray of intp, shape (n,)
        The lowest member of each one's group.

    Raises
    ------
    InvalidParameter
        If a value is not finite.
    Cancelled
        If ``progress`` raises it.
    """
    n = rows.shape[0]
    directions = Directions.of(rows)
    places, forest, lock = directions.places_of(rows, what, progress), Forest(n), Lock()
    longest = float(np.linalg.norm(places, axis=1).max(initial=0))
    limit = (reach + SLACK * longest) ** 2
    blocks = [slice(i, min(i + AT_ONCE, n)) for i in range(0, n, AT_ONCE)]

    def compare(a: slice, b: slice, counter: Counter) -> None:
        near = _squared(places[a], places[b]) <= limit
        if np.count_nonzero(near) > MANY * near.size:
            near &= _squared(*(rows.rows(np.arange(n)[some]) - directions.middle for some in (a, b))) <= limit
        first, second = np.nonzero(near)
        first, second = first + a.start, second + b.start
        once = first < second
        for some, others in _untested(first[once], second[once], forest, lock):
            counter.check()
            passed = test(some, others)
            with lock:
                forest.join(spanning(some[passed], others[passed]))
        counter.step()

    tasks = [partial(compare, a, b) for a, b in combinations_with_replacement(blocks, 2)]
    run_all(tasks, threads=processors(), total=len(tasks), what=what, progress=progress)
    return forest.roots()


def _squared(a: Matrix, b: Matrix) -> Matrix:
    """Give squared distances of all rows of one to all of the other, by one product."""
    own, others = (np.vecdot(rows, rows)[:, np.newaxis] for rows in (a, b))
    left = np.hstack([a, own, np.ones_like(own)])
    squared: Matrix = left @ np.hstack([-2 * b, np.ones_like(others), others]).T
    return squared


def _untested(
    first: Indices, second: Indices, forest: Forest, lock: Lock
) -> Iterator[tuple[Indices, Indices]]:
    """Give pairs, a few at a time, without those that are in one group by then."""
    for start in range(0, len(first), PAIRS_AT_ONCE):
        some = slice(start, start + PAIRS_AT_ONCE)
        a, b = first[some], second[some]
        with lock:
            apart = forest.roots_of(a) != forest.roots_of(b)
        if apart.any():
            yield a[apart], b[apart]
