"""Solve one pair of classes by an interior-point method: the same time whatever C is.

libsvm improves two dual coefficients at a time. Where classes overlap and C is large that takes millions of
steps. Here each of some 10 to 30 steps moves all of them, at the price of a linear system.

References
----------
Mehrotra (1992), "On the implementation of a primal-dual interior point method", SIAM J. Optim. 2:575-601.
Ferris and Munson (2002), "Interior-point methods for massive support vector machines", SIAM J. Optim. 13:783.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.svm.kernels import RBF
from pipeline.svm.solvers.duals import PairSolution
from pipeline.svm.solvers.newton import DualForm, NewtonSystem, newton_system

MAX_STEPS = 100
GAP = 1e-8
"""Relative gap between the primal and the dual objective at which the solution is good."""
RESIDUAL = 1e-6
"""Largest error of a decision value; libsvm's tolerance is 1e-3."""
TOWARDS_BOUNDARY = 0.995

Vector = NDArray[np.float64]


@dataclass
class _Point:
    """Hold an iterate, strictly inside its bounds, or a step from one to the next, with C = 0.

    ``x`` are the dual coefficients, ``C - x`` their distance to the upper bound, ``below`` and ``above`` the
    multipliers of the two bounds, ``intercept`` that of the equality.
    """

    x: Vector
    below: Vector
    above: Vector
    intercept: float
    C: float = 0.0

    def positive(self) -> tuple[Vector, ...]:
        """Give what must stay above 0."""
        return self.x, self.C - self.x, self.below, self.above

    def complementarity(self) -> float:
        return float(self.x @ self.below + (self.C - self.x) @ self.above)

    def longest_step(self, step: _Point) -> float:
        """Give the largest part of a step, up to 1, that stays inside."""
        return min(map(_room, self.positive(), step.positive()))

    def moved(self, step: _Point, part: float) -> _Point:
        return _Point(
            self.x + part * step.x,
            self.below + part * step.below,
            self.above + part * step.above,
            self.intercept + part * step.intercept,
            self.C,
        )


def _room(value: Vector, change: Vector) -> float:
    shrinking = change < 0
    return float(min(1.0, (-value[shrinking] / change[shrinking]).min(initial=np.inf)))


def solve_by_interior_point(
    rows: NDArray[np.float32], n_first: int, Cs: Sequence[float], room: NDArray[np.float64]
) -> Iterator[PairSolution]:
    """Fit the support vector machine of two classes at each C.

    Parameters
    ----------
    rows : ndarray of float32, shape (n, d)
        Features, the rows of the first class first.
    n_first : int
        Number of rows of the first class.
    Cs : sequence of float
        Penalties.
    room : ndarray of float64, shape (n, n)
        Written to.

    Yields
    ------
    PairSolution
        As `pipeline.svm.solvers.pairs.solve_pair` gives it, to a smaller tolerance.
    """
    signs = np.where(np.arange(len(rows)) < n_first, 1.0, -1.0)
    squares = np.einsum("ij,ij->i", rows, rows, dtype=np.float64)
    scale = 1 / max(float(squares.mean()), np.finfo(np.float64).tiny)
    return _solutions(newton_system(rows, signs, room), signs, Cs, scale)


def solve_hard(
    rows: NDArray[np.float32],
    n_first: int,
    Cs: Sequence[float],
    kernel: RBF | None,
    room: NDArray[np.float64],
) -> Iterator[PairSolution]:
    """Solve what libsvm gave up on; as `solve_by_interior_point`, with a kernel if there is one."""
    if kernel is None:
        return solve_by_interior_point(rows, n_first, Cs, room)
    signs = np.where(np.arange(len(rows)) < n_first, 1.0, -1.0)
    return _solutions(DualForm(kernel.between_centred(rows, rows), signs), signs, Cs, 1.0)


def _solutions(
    system: NewtonSystem, signs: Vector, Cs: Sequence[float], scale: float
) -> Iterator[PairSolution]:
    for C in (
        Cs
    ):  # starting half way, by powers of ten, between what is common and the middle takes the fewest steps
        point = _descend(system, signs, C, min(C / 2, math.sqrt(scale * C / 2)))
        # every coefficient is kept, but those of support vectors are counted: theirs outweighs its multiplier
        n_support = int(np.count_nonzero(point.x > point.below * point.x.max()))
        yield PairSolution(point.x * signs, point.intercept, n_support, by_libsvm=False)


def _descend(system: NewtonSystem, signs: Vector, C: float, start: float) -> _Point:
    n = len(signs)
    point = _Point(np.full(n, start), np.ones(n), np.ones(n), 0.0, C)
    system.begin(point.x)
    for _ in range(MAX_STEPS):
        values = system.values(point.x)
        residual = values + point.intercept * signs - 1 - point.below + point.above
        if _is_good(point, values, residual, signs):
            break
        part, step = _next_step(system, point, residual, float(signs @ point.x))
        point = point.moved(step, part)
        system.move(part)
    return point


def _is_good(point: _Point, values: Vector, residual: Vector, signs: Vector) -> bool:
    objective = abs(float(point.x.sum() - point.x @ values / 2))
    return (
        point.complementarity() <= GAP * objective
        and float(np.abs(residual).max()) <= RESIDUAL
        and abs(float(signs @ point.x)) <= GAP * float(point.x.sum())
    )


def _next_step(
    system: NewtonSystem, point: _Point, residual: Vector, imbalance: float
) -> tuple[float, _Point]:
    """Predict with a plain Newton step, then aim for the centre as far as the prediction fell short."""
    x, slack = point.x, point.C - point.x
    system.factor(point.below / x + point.above / slack)

    def towards(low: Any, high: Any) -> _Point:
        """Solve for complementarity products changed by ``low`` and ``high``."""
        change, intercept = system.solve(low / x - high / slack - residual, x, imbalance)
        return _Point(
            change, (low - point.below * change) / x, (high + point.above * change) / slack, intercept
        )

    newton = towards(-x * point.below, -slack * point.above)
    mean = point.complementarity() / (2 * len(x))
    after = point.moved(newton, point.longest_step(newton)).complementarity() / (2 * len(x))
    centre = mean * (after / mean) ** 3
    step = towards(
        centre - x * point.below - newton.x * newton.below,
        centre - slack * point.above + newton.x * newton.above,
    )
    return TOWARDS_BOUNDARY * point.longest_step(step), step
