"""Choose how to fit, and fit: pairs of classes where that is feasible, else each class against the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from cache.commands import Again
from cache.counting import counted
from pipeline.compute import memory
from pipeline.compute.pool import processors
from pipeline.compute.progress import Progress
from pipeline.errors import InvalidParameter
from pipeline.svm.by_class import ByClass, Subset
from pipeline.svm.gram import Gram
from pipeline.svm.kernel_machines import KernelMachines, kernel_machines
from pipeline.svm.kernels import RBF, Linear, facts_of
from pipeline.svm.machines import Machines
from pipeline.svm.solvers.duals import Duals
from pipeline.svm.solvers.one_vs_one import Hard, fit_pairs
from pipeline.svm.solvers.one_vs_rest import fit_rest, note_on_unfinished
from pipeline.svm.solvers.together import bytes_of_call, fit_together
from pipeline.svm.votes import ClassScores, PairVotes, Rule
from pipeline.svm.weights import fold

MOST_ROWS_A_PAIR = 6000
"""Beyond, every class is fitted against the rest."""
SMALL_PAIR = 256
"""Rows of a pair, on average, up to which libsvm is called once for all: calls take longer than what they do."""
SMALL_FIT = 64_000_000
"""Bytes up to which a fit is begun whatever is free."""
MOST_CLASSES_WITH_WEIGHTS = 100
"""Beyond, dual coefficients judge: the weight vectors of all pairs are gigabytes at 1,000 classes."""


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
    solver : str
        What found them.
    notes : tuple of str
        What people should know: why this solver, and what ``{count} of {total}`` fits are.
    count, total : int
        How many of the fits the second note speaks of, and of how many.
    kernel : RBF or None
        What compares rows; None for inner products.
    """

    machines: Sequence[Machines | KernelMachines]
    rule: Rule
    present: tuple[int, ...]
    solver: str
    notes: tuple[str, str]
    count: int
    total: int
    kernel: RBF | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """Give ``solver``; ``solver_note`` where a person should know more; with a kernel ``kernel``, ``gamma``."""
        why, exceptions = self.notes
        note = f"{why} {exceptions.format(count=self.count, total=self.total) if self.count else ''}".strip()
        return {"solver": self.solver, **({"solver_note": note} if note else {}), **facts_of(self.kernel)}

    def widen(self, n_classes: int) -> Machines | KernelMachines:
        """Give the first machines for all classes, with stand-ins for those the training split lacks."""
        machines = self.machines[0]
        if len(self.present) == n_classes:
            return machines
        return machines.widen(*self.rule.widen(n_classes, self.present))


def facts_of_all(solved: Sequence[Solved]) -> dict[str, Any]:
    """Give the facts of fits that were done in several pieces."""
    return replace(
        solved[0], count=sum(one.count for one in solved), total=sum(one.total for one in solved)
    ).facts


def solve(
    classes: ByClass,
    Cs: Sequence[float],
    progress: Progress,
    gram: Gram | None = None,
    subsets: Sequence[Subset] | None = None,
    kernel: RBF | None = None,
    hard: Hard | None = None,
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
    hard : Hard, optional
        Of earlier pieces of these fits; gets what this one tells.
    join : bool
        Give one `Machines` for all subsets, with a row per subset and C: faster where all judge the same images.

    Raises
    ------
    InvalidParameter
        If there are too many images in a pair of classes for a kernel.
    """
    parts = [classes.everything()] if subsets is None else subsets
    k, largest = len(classes.present), sum(sorted(classes.counts)[-2:])
    together = 1 if join else len(parts)
    if largest > MOST_ROWS_A_PAIR:
        if kernel is not None:
            raise _too_large(largest)
        columns = fit_rest(classes, Cs, parts, threads=_threads_for_rest(classes), progress=progress)
        machines = [one.machines() for one in columns.split(together)]
        count, total = int((~columns.converged).sum()), columns.converged.size
        notes = (_why_rest(largest), note_on_unfinished())
        return Solved(machines, ClassScores(), classes.present, "liblinear, one-vs-rest", notes, count, total)
    duals = _fit_pairs(classes, Cs, parts, progress, gram or Gram(), kernel, hard)
    fitted = [_machines(classes, one, kernel) for one in duals.split(together)]
    count, total = int((~duals.by_libsvm).sum()), duals.by_libsvm.size
    return Solved(
        fitted, PairVotes(k), classes.present, "libsvm, one-vs-one", ("", HARD), count, total, kernel
    )


def fit_by_support(
    classes: ByClass, C: float, progress: Progress, kernel: RBF | None = None
) -> KernelMachines:
    """Fit every pair of classes once, and keep the support vectors of each, whatever the kernel; as `solve`."""
    duals = _fit_pairs(classes, (C,), [classes.everything()], progress, Gram(), kernel, None)
    return kernel_machines(classes, kernel or Linear(), duals)


def fits_at_once(classes: ByClass, kernel: RBF | None) -> int:
    """Give how many fits of all classes half of the free memory holds; at least one."""
    d = classes.features.shape[1] if _has_weights(classes, kernel) else 0
    return max(1, memory.available() // 2 // memory.bytes_per_fit(classes.counts, d))


def require_memory(classes: ByClass, besides: int = 0) -> None:
    """Check, before the first of many fits, that there is memory for one at a time: 230 MB for a thousand classes.

    Parameters
    ----------
    classes : ByClass
        The training rows.
    besides : int
        Bytes that what is done with the fits takes.

    Raises
    ------
    SourceError
        If there is not.
    """
    if not _are_small(classes):
        return
    _load_solvers()
    size = bytes_of_call(classes) + 2 * memory.bytes_per_fit(classes.counts, 0) + besides
    if size > SMALL_FIT:
        all_classes = counted(len(classes.present), "class", "classes")
        memory.require(f"machines of {all_classes}, each against each other,", size)


def _are_small(classes: ByClass) -> bool:
    """Tell whether pairs are so small that one call of libsvm fits all of them."""
    return 2 * sum(classes.counts) <= SMALL_PAIR * len(classes.present)


def _fit_pairs(
    classes: ByClass,
    Cs: Sequence[float],
    parts: Sequence[Subset],
    progress: Progress,
    gram: Gram,
    kernel: RBF | None,
    hard: Hard | None,
) -> Duals:
    """Fit every pair: all by one call of libsvm where they are small, else each by itself."""
    _load_solvers()
    if _are_small(classes):
        return fit_together(classes, Cs, parts, progress, kernel)
    with _kept_inner_products(classes, gram, len(Cs) * len(parts)) as (kept, threads):
        return fit_pairs(
            classes, Cs, parts, kept, threads=threads, progress=progress, kernel=kernel, hard=hard
        )


def _has_weights(classes: ByClass, kernel: RBF | None) -> bool:
    return kernel is None and len(classes.present) <= MOST_CLASSES_WITH_WEIGHTS


def _machines(classes: ByClass, duals: Duals, kernel: RBF | None) -> Machines | KernelMachines:
    if _has_weights(classes, kernel):
        return Machines(fold(classes, duals), duals.intercepts, duals.n_support)
    return kernel_machines(classes, kernel or Linear(), duals)


def _too_large(largest: int) -> InvalidParameter:
    return InvalidParameter(
        f"A kernel other than the linear one must have at most {MOST_ROWS_A_PAIR:,} training images in a pair "
        f"of classes. Got {largest:,}.",
        remedy=Again({"--kernel": None, "--gamma": None, "--classifier": "linear-svm"}),
    )


def _why_rest(largest: int) -> str:
    return (
        f"With {largest:,} images in the two largest classes, fitting every pair of classes would take too long "
        f"(more than {MOST_ROWS_A_PAIR:,} images in a pair): each class was fitted against the rest instead, so "
        "numbers differ from SVC's."
    )


HARD = (
    "Where the classes overlap so much, and C is so large, that libsvm would take minutes, an interior-point method "
    "solved the fit, to a smaller tolerance: {count} of {total}."
)


@contextmanager
def _kept_inner_products(classes: ByClass, gram: Gram, fits: int) -> Iterator[tuple[Gram, int]]:
    """Keep in ``gram`` what so many fits leave memory for; also gives how many pairs to solve side by side."""
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
