"""Choose how to fit, and fit: pairs of classes where that is feasible, else each class against the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cache.commands import Again
from pipeline.compute import memory
from pipeline.compute.pool import processors
from pipeline.compute.progress import Progress
from pipeline.errors import InvalidParameter
from pipeline.svm.by_class import ByClass, Subset
from pipeline.svm.gram import Gram
from pipeline.svm.kernel_machines import KernelMachines, gather_support
from pipeline.svm.kernels import RBF, facts_of
from pipeline.svm.machines import Machines, join_machines
from pipeline.svm.solvers.one_vs_one import fit_pairs, note_on, per_C
from pipeline.svm.solvers.one_vs_rest import fit_rest
from pipeline.svm.solvers.pairs import PairSolution
from pipeline.svm.votes import ClassScores, PairVotes, Rule
from pipeline.svm.weights import fold

MOST_CLASSES = 100
MOST_ROWS_A_PAIR = 6000


@dataclass(frozen=True)
class Solved:
    """Hold fits of one or more subsets of the training rows.

    Attributes
    ----------
    machines : list of Machines or of KernelMachines
        One per subset.
    rule : Rule
        How their decision values choose a class.
    present : tuple of int
        The label that each of their classes stands for.
    facts : dict
        ``solver``, and ``solver_note`` where a person should know more; with a kernel ``kernel`` and ``gamma``.
    """

    machines: Sequence[Machines | KernelMachines]
    rule: Rule
    present: tuple[int, ...]
    facts: dict[str, Any]

    def widen(self, n_classes: int) -> Machines | KernelMachines:
        """Give the first machines for all classes, with stand-ins for those the training split lacks."""
        machines = self.machines[0]
        if len(self.present) == n_classes:
            return machines
        return machines.widen(*self.rule.widen(n_classes, self.present))


def solve(
    classes: ByClass,
    Cs: Sequence[float],
    progress: Progress,
    gram: Gram | None = None,
    subsets: Sequence[Subset] | None = None,
    kernel: RBF | None = None,
    *,
    join: bool = False,
) -> Solved:
    """Fit support vector machines.

    Parameters
    ----------
    classes : ByClass
        The training rows.
    Cs : sequence of float
        Penalties.
    progress : Progress
        Counts single fits.
    gram : Gram, optional
        Inner products of these very rows from an earlier fit.
    subsets : sequence of Subset, optional
        Parts of the training rows to fit; all of them once unless given.
    kernel : RBF, optional
        Instead of inner products; the features of ``classes`` are then the kernel's ``centred``.
    join : bool
        Give one `Machines` for all subsets, with a row per subset and C: faster where all judge the same images.

    Raises
    ------
    InvalidParameter
        If there are too many classes, or images in a pair of them, for a kernel.
    """
    parts = [classes.everything()] if subsets is None else subsets
    k, largest = len(classes.present), sum(sorted(classes.counts)[-2:])
    too_many = k > MOST_CLASSES or largest > MOST_ROWS_A_PAIR
    if too_many and kernel is not None:
        raise InvalidParameter(
            f"A kernel other than the linear one must have at most {MOST_CLASSES} classes and "
            f"{MOST_ROWS_A_PAIR:,} training images in a pair. Got {k} and {largest:,}.",
            remedy=Again({"--kernel": None, "--gamma": None, "--classifier": "linear-svm"}),
        )
    if too_many:
        machines = fit_rest(classes, Cs, parts, threads=_threads_for_rest(classes), progress=progress)
        machines = [join_machines(machines)] if join else machines
        note = f"{_why_rest(k, largest)} {machines[0].note}".strip()
        return Solved(machines, ClassScores(), classes.present, _facts("liblinear, one-vs-rest", note))
    with _kept_inner_products(classes, gram or Gram(), len(Cs) * len(parts)) as (kept, threads):
        found = fit_pairs(classes, Cs, parts, kept, threads=threads, progress=progress, kernel=kernel)
        fitted = [_machines(classes, paths, kernel) for paths in (_joined(found) if join else found)]
    facts = {**_facts("libsvm, one-vs-one", fitted[0].note), **facts_of(kernel)}
    return Solved(fitted, PairVotes(k), classes.present, facts)


def _joined(found: Sequence[Sequence[Sequence[PairSolution]]]) -> list[list[list[PairSolution]]]:
    """Make the paths of several subsets one path a pair."""
    return [[[one for path in paths for one in path] for paths in zip(*found, strict=True)]]


def _machines(
    classes: ByClass, paths: Sequence[Sequence[PairSolution]], kernel: RBF | None
) -> Machines | KernelMachines:
    intercepts, n_support = per_C(paths)
    if kernel is None:
        return Machines(fold(classes, paths), intercepts, n_support, note_on(paths))
    support = gather_support(classes, paths)
    return KernelMachines(classes, kernel, support, intercepts, n_support, note_on(paths))


def _facts(solver: str, note: str) -> dict[str, str]:
    return {"solver": solver, "solver_note": note} if note else {"solver": solver}


def _why_rest(k: int, largest: int) -> str:
    return (
        f"With {k} classes and {largest:,} images in the two largest, fitting every pair of classes would take "
        f"too long (more than {MOST_CLASSES} classes, or {MOST_ROWS_A_PAIR:,} images in a pair): each class was "
        "fitted against the rest instead, so numbers differ from SVC's."
    )


@contextmanager
def _kept_inner_products(classes: ByClass, gram: Gram, fits: int) -> Iterator[tuple[Gram, int]]:
    """Keep in ``gram`` what so many fits leave memory for; also gives how many pairs to solve side by side."""
    _load_solvers()
    counts, d = classes.counts, classes.features.shape[1]
    room = memory.available(gram.nbytes) - fits * memory.bytes_per_fit(counts, d)
    strategy = memory.decide(room, counts, d, processors())
    gram.keep(pairs=strategy.keep_pairs, diagonal=strategy.keep_diagonal)
    try:
        yield gram, strategy.threads
    finally:
        gram.keep(pairs=strategy.keep_pairs, diagonal=strategy.keep_pairs)
        memory.give_back()


def _threads_for_rest(classes: ByClass) -> int:
    """Give how many copies of the rows, 16 bytes a value in liblinear, the memory has room for."""
    _load_solvers()
    n, d = classes.features.shape
    return int(min(processors(), max(1, (memory.available() - 8 * n * d) // (16 * n * d))))


def _load_solvers() -> None:
    """Import what takes memory of its own, before what is left is measured."""
    import scipy.linalg  # noqa: F401
    import sklearn.svm  # noqa: F401
