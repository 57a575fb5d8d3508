"""Which images are nearly the same: groups that must not be torn apart between those that teach and those that test."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import combinations_with_replacement
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.compute.forest import Forest, Groups, numbered, spanning
from pipeline.compute.pool import Counter, processors, run_all
from pipeline.compute.progress import Progress, silent

ROWS, COLUMNS = 16, 17
"""Of the small grey picture that stands for an image: neighbours in a row make 256 bits."""
MOST_BITS = 32
"""Bits of the hash in which near-duplicates may differ."""
LEAST_CORRELATION = 0.97
"""Of the small pictures: simple drawings on white share most bits of their hashes, and are not the same."""
FLAT = 1.0
"""Levels of grey, as standard deviation, below which a small picture shows nothing."""
AT_ONCE = 2048  # images compared with as many others; bounds the memory
TOLERANCE = 1e-4
"""Of vectors that are nearly the same: their distance as a share of the shorter one's from the middle."""
LEAST_SHARE = 1 / 200
"""Of a vector's length: what its distance from the middle counts as at least."""
DIRECTIONS, SAMPLE = 16, 1000
"""In which near vectors are looked for; rows that say where the middle is."""
PAIRS_AT_ONCE = 8192  # of those whose hashes are alike

Grids = NDArray[np.uint8]


def grid_of(picture: Image.Image) -> Grids:
    """Give the small grey picture that stands for an image, uint8 (16, 17)."""
    size = (COLUMNS, ROWS)
    way = Image.Resampling.BOX if min(picture.size) >= COLUMNS else Image.Resampling.BILINEAR
    return np.asarray(picture.convert("L").resize(size, way))


def grids_of(n: int, picture: Callable[[int], Image.Image], progress: Progress = silent) -> Grids:
    """Give the small grey pictures of ``n`` images, uint8 (n, 16, 17).

    Parameters
    ----------
    n : int
        Images.
    picture : callable
        Gives one by its number; is called from several threads.
    progress : Progress, optional
        Counts images to compare.
    """
    found = np.empty((n, ROWS, COLUMNS), np.uint8)

    def make(number: int) -> None:
        found[number] = grid_of(picture(number))

    with ThreadPoolExecutor(processors()) as pool:
        for start in range(0, n, AT_ONCE):
            for _ in pool.map(make, range(start, min(start + AT_ONCE, n))):
                pass
            progress(min(start + AT_ONCE, n), n, "images to compare")
    return found


def near_duplicates(grids: Grids, progress: Progress = silent) -> Groups:
    """Give each image's group: images that are nearly the same, and what these are nearly the same as, have one.

    Two images are near-duplicates where their difference hashes (whether each of 256 pixels is brighter than its left
    neighbour) differ in at most 32 bits, and their small pictures correlate by at least 0.97. Each pair is looked at:
    nothing is left to chance.

    Parameters
    ----------
    grids : ndarray of uint8, shape (n, 16, 17)
        As `grids_of` gives them.
    progress : Progress, optional
        Counts blocks of pairs.

    Returns
    -------
    ndarray of intp, shape (n,)
        Numbers of groups, from 0, in the order of their first images.

    References
    ----------
    Krawetz (2013), "Kind of Like That", https://www.hackerfactor.com/blog/index.php?/archives/529-Kind-of-Like-That.html
    """
    different, names = np.unique(grids.reshape(len(grids), ROWS * COLUMNS), axis=0, return_inverse=True)
    forest, lock = Forest(len(different)), Lock()
    hashes, shapes = _hashes(different), _Shapes(different)
    blocks = [slice(i, min(i + AT_ONCE, len(different))) for i in range(0, len(different), AT_ONCE)]

    def compare(a: slice, b: slice, counter: Counter) -> None:
        first, second = _alike(hashes, shapes, a, b)
        edges = spanning(first + a.start, second + b.start)
        with lock:
            forest.join(edges)
        counter.step()

    tasks = [partial(compare, a, b) for a, b in combinations_with_replacement(blocks, 2)]
    run_all(tasks, threads=processors(), total=len(tasks), what="blocks of pairs", progress=progress)
    return numbered(forest.roots()[names.ravel()])


class Vectors(Protocol):
    """Give vectors, float32 (n, d), by numbers or a slice, as an array does; they need not be in memory."""

    shape: Any

    def __getitem__(self, key: Any, /) -> Any:
        """Give some, or one."""


def near_rows(rows: Vectors, progress: Progress = silent) -> Groups:
    """Give each vector's group: vectors that are nearly the same, and what these are nearly the same as, have one.

    Two vectors that differ by at most 1e-4 of the shorter one's distance from the middle (the median of each value) are
    always together; such that differ by more than 3e-4 are not, unless others join them. A distance below 1/200 of a
    vector's own length counts as that much, so that what float32 rounds away joins. A single number a row counts as the
    same only where it is equal: of many numbers, each is close to another.

    Nothing is left to chance: 16 directions go into a tree, where near vectors are near too, and what is near there is
    measured. Memory: a block and 17 numbers a row. Time: 9 seconds for 100,000 x 2,048 on two processors.

    Parameters
    ----------
    rows : Vectors of shape (n, d)
        Finite; an array, for example.
    progress : Progress, optional
        Counts vectors.

    Returns
    -------
    ndarray of intp, shape (n,)
        Numbers of groups, as `near_duplicates`.
    """
    if rows.shape[1] == 1:
        return numbered(np.unique(rows[:], return_inverse=True)[1].ravel())
    places, scales = _places(rows, progress)
    different, first, names = np.unique(places, axis=0, return_index=True, return_inverse=True)
    forest = _join_near(rows, scales, different, first)
    return numbered(forest.roots()[names.ravel()])


def in_company(groups: Groups) -> int:
    """Count who shares a group with another."""
    sizes = np.bincount(groups)
    return int(sizes[sizes > 1].sum())


def _places(rows: Vectors, progress: Progress) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give where vectors lie in few dimensions, (n, 17 at most), and what near is to be measured by, (n,).

    That is the distance from the middle. Vectors that differ by a share e of the shorter's lie at most 2.5 e apart.
    """
    n, d = rows.shape
    some = np.unique(np.linspace(0, n - 1, min(n, SAMPLE)).astype(np.intp)) if n else np.empty(0, np.intp)
    middle = np.median(rows[some].astype(np.float64), axis=0) if n else np.zeros(d)
    ways = np.eye(d)
    if d > DIRECTIONS:
        ways = np.linalg.qr(np.random.default_rng(0).normal(size=(d, DIRECTIONS)))[0]
    places, scales = np.empty((n, ways.shape[1] + 1)), np.empty(n)
    for start in range(0, n, AT_ONCE):
        block = slice(start, min(start + AT_ONCE, n))
        own = rows[block].astype(np.float64)
        centred = own - middle
        far = np.maximum(np.linalg.norm(centred, axis=1), LEAST_SHARE * np.linalg.norm(own, axis=1))
        scales[block] = np.maximum(far, np.finfo(np.float64).tiny)
        places[block, :-1] = (centred @ ways) / scales[block, None]
        places[block, -1] = np.log(scales[block])
        progress(block.stop, n, "vectors to compare")
    return places, scales


def _join_near(
    rows: Vectors,
    scales: NDArray[np.float64],
    places: NDArray[np.float64],
    first: NDArray[np.intp],
) -> Forest:
    """Join vectors that are near, by their numbers among the different places, at which rows ``first`` are.

    What is within the tolerance of a vector need not be asked for its own neighbours, as the vector joins all within
    three times as much: a thousand copies take one question.
    """
    from scipy.spatial import KDTree

    forest, asked = Forest(len(places)), np.zeros(len(places), np.bool_)
    if len(places) < 2:
        return forest
    reach = 2.5 * 3 * TOLERANCE
    tree = KDTree(places)
    slack = 9.0  # any near one will do, not the nearest: many copies are no long search
    limits = {"eps": slack, "distance_upper_bound": (1 + slack) * reach}
    nearest = tree.query(places, k=2, workers=processors(), **limits)[0][:, 1]
    for number in np.flatnonzero(np.isfinite(nearest)).tolist():
        if asked[number]:
            continue
        found = np.array(tree.query_ball_point(places[number], reach), np.intp)
        for start in range(0, len(found), AT_ONCE):
            some = found[start : start + AT_ONCE]
            apart = np.linalg.norm(rows[first[some]].astype(np.float64) - rows[first[number]], axis=1)
            shorter = np.minimum(scales[first[some]], scales[first[number]])
            forest.join([(number, other) for other in some[apart <= 3 * TOLERANCE * shorter].tolist()])
            asked[some[apart <= TOLERANCE * shorter]] = True
    return forest


def _hashes(grids: Grids) -> NDArray[np.uint8]:
    """Give the difference hashes, packed: uint8 (n, 32)."""
    small = grids.reshape(-1, ROWS, COLUMNS)
    return np.packbits((small[:, :, 1:] > small[:, :, :-1]).reshape(len(small), -1), axis=1)


class _Shapes:
    """Give small pictures less their mean and of length 1, so that inner products are correlations.

    A flat one becomes a vector that is at right angles to all that are not.
    """

    def __init__(self, grids: Grids) -> None:
        self._grids = grids

    def __getitem__(self, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        values = self._grids[rows].astype(np.float32)
        flat = values.std(axis=1) < FLAT
        values -= values.mean(axis=1, keepdims=True)
        values[flat] = 1
        values /= np.linalg.norm(values, axis=1, keepdims=True)
        return values


def _alike(
    hashes: NDArray[np.uint8], shapes: _Shapes, a: slice, b: slice
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give the pairs of two blocks' images that are near-duplicates, by their places in the blocks."""
    signs = [np.unpackbits(hashes[rows], axis=1).astype(np.float32) * 2 - 1 for rows in (a, b)]
    first, second = np.nonzero(signs[0] @ signs[1].T >= ROWS * (COLUMNS - 1) - 2 * MOST_BITS)
    if a == b:
        first, second = first[first < second], second[first < second]
    near = np.zeros(len(first), np.bool_)
    for start in range(0, len(first), PAIRS_AT_ONCE):
        some = slice(start, start + PAIRS_AT_ONCE)
        correlation = np.vecdot(shapes[a.start + first[some]], shapes[b.start + second[some]])
        near[some] = correlation >= LEAST_CORRELATION
    return first[near], second[near]
