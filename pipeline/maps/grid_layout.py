"""Snap the points of a map to the cells of a grid: each to a cell of its own, near its place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FULLNESS = 0.6
"""Share of the cells that are taken: less keeps more of the map's shape, more makes larger images."""

LONGEST = 8.0
"""Highest ratio of the grid's sides: points on a line get a band of this shape."""

BLOCKS = 6
"""Crowds are shared out among blocks of cells first, that many along the shorter side, then among smaller ones."""

SWEEPS = 12
_STEPS = ((1, 0), (0, 1), (1, 1), (1, -1), (2, 0), (0, 2), (3, 1), (1, 3), (4, 0), (0, 4), (8, 0), (0, 8))
"""Which two cells a sweep compares: their distance in columns and rows."""

Cells = NDArray[np.int64]


def grid_shape(positions: NDArray[np.floating[Any]]) -> tuple[int, int]:
    """Give the columns and rows of the grid for some points, as wide and high as they spread.

    Parameters
    ----------
    positions : ndarray of float, shape (n, 2)
        Finite.

    Returns
    -------
    columns, rows : int
        At least n cells; 1 and 1 where there is no point.
    """
    if len(positions) == 0:
        return 1, 1
    width, height = np.ptp(np.asarray(positions, dtype=np.float64), axis=0)
    longest = max(width, height) or 1.0
    width, height = (max(side, longest / LONGEST) for side in (width, height))
    cells = len(positions) / FULLNESS
    columns = max(1, round(np.sqrt(cells * width / height)))
    return columns, int(np.ceil(cells / columns))


def grid_cells(positions: NDArray[np.floating[Any]]) -> tuple[int, int, Cells]:
    """Give each point a cell of its own, close to where it is.

    First crowds are shared out among blocks of cells, then among smaller ones, then cells: every point asks for the
    nearest one with room, the nearest points are served, the others ask again. Then pairs of cells exchange
    their contents while that brings them nearer to their places, by the sum of squared distances.

    Parameters
    ----------
    positions : ndarray of float, shape (n, 2)
        Finite; y grows upwards.

    Returns
    -------
    columns, rows : int
        As `grid_shape` gives them.
    cells : ndarray of int64, shape (n, 2)
        Column from the left, and row from the bottom. The same each time.

    Raises
    ------
    ValueError
        If a position is not finite.
    """
    exact = np.asarray(positions, dtype=np.float64)
    if exact.ndim != 2 or exact.shape[1] != 2 or not np.isfinite(exact).all():
        raise ValueError(f"positions must be finite, with shape (n, 2). Got shape {exact.shape}, or NaN.")
    shape = grid_shape(exact)
    if len(exact) == 0:
        return *shape, np.zeros((0, 2), dtype=np.int64)
    places = _places(exact, shape)
    owner = np.full(shape, -1, dtype=np.int64)
    chosen = _assign(_spread(places, shape), np.ones(shape, dtype=np.int64))
    owner[chosen[:, 0], chosen[:, 1]] = np.arange(len(exact))
    _exchange(places, owner)
    cells = np.empty((len(exact), 2), dtype=np.int64)
    cells[owner[owner >= 0]] = np.argwhere(owner >= 0)
    return *shape, cells


def _places(exact: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64]:
    """Scale positions into the grid, both axes alike, centred; cell (i, j) has its middle at (i, j)."""
    low, high = exact.min(axis=0), exact.max(axis=0)
    extent, room = high - low, np.array(shape, dtype=np.float64)
    with np.errstate(divide="ignore"):
        scale = float(np.min(np.where(extent > 0, room / extent, np.inf)))
    places: NDArray[np.float64] = (exact - (low + high) / 2) * (scale if np.isfinite(scale) else 0.0)
    return places + (room - 1) / 2


def _spread(places: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64]:
    """Move points out of crowds: no block of cells holds more points than cells, large blocks first."""
    block = 1 << max(0, (min(shape) // BLOCKS).bit_length() - 1)
    while block > 1:
        room = _room(shape, block)
        chosen = _assign((places + 0.5) / block - 0.5, room)
        low = chosen * block - 0.5
        places = np.clip(places, low + 1e-6, np.minimum(low + block, np.array(shape) - 0.5) - 1e-6)
        block //= 2
    return places


def _room(shape: tuple[int, int], block: int) -> Cells:
    """Count the cells of each block; those at the far edges may be smaller."""
    sizes = [np.diff(np.append(np.arange(0, side, block), side)) for side in shape]
    return np.multiply.outer(sizes[0], sizes[1]).astype(np.int64)


def _assign(places: NDArray[np.float64], room: Cells) -> Cells:
    """Give every point a block with room, the nearest points first, until all have one.

    Parameters
    ----------
    places : ndarray of float64, shape (n, 2)
        In blocks.
    room : ndarray of int64, shape (columns, rows)
        Points that fit into each block.

    Returns
    -------
    ndarray of int64, shape (n, 2)
        Column and row of each point's block.
    """
    left = room.copy()
    chosen = np.empty((len(places), 2), dtype=np.int64)
    waiting = np.arange(len(places))
    while len(waiting):
        wanted = _wanted_blocks(places[waiting], left)
        block = _flat(wanted, left.shape)
        distance = np.sum((places[waiting] - wanted) ** 2, axis=1)
        order = np.lexsort((waiting, distance, block))
        served = order[_rank(block[order]) < left.reshape(-1)[block[order]]]
        chosen[waiting[served]] = wanted[served]
        np.subtract.at(left.reshape(-1), block[served], 1)
        waiting = np.delete(waiting, served)
    return chosen


def _wanted_blocks(places: NDArray[np.float64], left: Cells) -> Cells:
    """Tell which block with room each point wants: the crowd of one home shares out the home's nearest.

    Parameters
    ----------
    places : ndarray of float64, shape (m, 2)
        The points that wait.
    left : ndarray of int64, shape (columns, rows)
        Room for m points or more.

    Returns
    -------
    ndarray of int64, shape (m, 2)
        Columns and rows.
    """
    from scipy.spatial import cKDTree

    free = np.argwhere(left > 0)
    tree = cKDTree(free)
    homes = np.clip(np.rint(places), 0, np.array(left.shape) - 1).astype(np.int64)
    flat = _flat(homes, left.shape)
    order = np.argsort(flat, kind="stable")
    turn = np.empty(len(places), dtype=np.int64)
    turn[order] = _rank(flat[order]) // int(left.max())
    wanted = np.empty(len(places), dtype=np.int64)
    size = 2 ** np.ceil(np.log2(turn + 1)).astype(np.int64)  # those of a similar turn are wanted together
    for k in np.unique(size):
        mine = np.flatnonzero(size == k)
        crowd, of = np.unique(flat[mine], return_inverse=True)
        centres = np.stack(np.unravel_index(crowd, left.shape), axis=1)
        near = tree.query(centres, k=min(int(k), len(free)))[1].reshape(len(crowd), -1)
        wanted[mine] = near[of, turn[mine]]
    return free[wanted]


def _flat(cells: Cells, shape: tuple[int, ...]) -> Cells:
    return cells[:, 0] * shape[1] + cells[:, 1]


def _rank(ordered: Cells) -> Cells:
    """Give each entry of a sorted array its number among its equals, from 0."""
    begin = np.flatnonzero(np.diff(ordered, prepend=-1))
    return np.arange(len(ordered)) - np.repeat(begin, np.diff(np.append(begin, len(ordered))))


def _exchange(places: NDArray[np.float64], owner: Cells) -> None:
    """Let pairs of cells exchange their contents where that brings them nearer to their places."""
    for _ in range(SWEEPS):
        moved = 0
        for step in _STEPS:
            for phase in (0, 1):
                moved += _exchange_along(places, owner, step, phase)
        if moved * 1000 <= np.count_nonzero(owner >= 0):
            return


def _exchange_along(places: NDArray[np.float64], owner: Cells, step: tuple[int, int], phase: int) -> int:
    """Compare each cell with the one a step away; phases take turns, so that no cell is in two pairs.

    Of two points, the one further along the step belongs into the further cell. A point beside an empty cell
    goes there if that is nearer.
    """
    first, second = _pairs(owner.shape, step, phase)
    flat = owner.reshape(-1)
    a, b = flat[first], flat[second]
    some = (a >= 0) | (b >= 0)
    first, second, a, b = first[some], second[some], a[some], b[some]
    direction = np.array(step, dtype=np.float64)
    width = owner.shape[1]
    middle = (first // width) * direction[0] + (first % width) * direction[1] + direction @ direction / 2
    along_a = np.where(a >= 0, places[a] @ direction, middle)
    along_b = np.where(b >= 0, places[b] @ direction, middle)
    wrong = along_a > along_b + 1e-9
    flat[first[wrong]], flat[second[wrong]] = b[wrong], a[wrong]
    return int(wrong.sum())


def _pairs(shape: tuple[int, ...], step: tuple[int, int], phase: int) -> tuple[Cells, Cells]:
    """List pairs of cells a step apart, as flat indices; each cell is in one pair at most."""
    columns, rows = shape
    dx, dy = step
    x = np.arange(columns - dx)[:, None]
    y = np.arange(max(0, -dy), rows - max(0, dy))[None, :]
    turn = (x // dx) % 2 if dx else (y // dy) % 2
    first = (x * rows + y)[np.broadcast_to(turn == phase, (x.size, y.size))]
    return first, first + dx * rows + dy
