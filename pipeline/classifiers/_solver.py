"""Choose how to fit, and fit: pairs of classes where that is feasible, else each class against the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline import memory
from pipeline.classifiers._by_class import ByClass, Subset
from pipeline.classifiers._gram import Gram
from pipeline.classifiers._machines import Machines
from pipeline.classifiers._one_vs_one import fit_pairs
from pipeline.classifiers._one_vs_rest import fit_rest
from pipeline.classifiers._votes import ClassScores, PairVotes, Rule
from pipeline.pool import processors
from pipeline.progress import Progress

MOST_CLASSES = 100
MOST_ROWS_A_PAIR = 6000


@dataclass(frozen=True)
class Solved:
    """Hold fits of one or more subsets of the training rows.

    Attributes
    ----------
    machines : list of Machines
        One per subset.
    rule : Rule
        How their decision values choose a class.
    facts : dict of str to str
        ``solver``, and ``solver_note`` where a person should know more.
    """

    machines: list[Machines]
    rule: Rule
    facts: dict[str, str]


def solve(
    classes: ByClass,
    Cs: Sequence[float],
    progress: Progress,
    gram: Gram | None = None,
    subsets: Sequence[Subset] | None = None,
) -> Solved:
    """Fit linear support vector machines.

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
    """
    parts = [classes.everything()] if subsets is None else subsets
    k, largest = len(classes.present), sum(sorted(classes.counts)[-2:])
    if k > MOST_CLASSES or largest > MOST_ROWS_A_PAIR:
        machines = fit_rest(classes, Cs, parts, threads=_threads_for_rest(classes), progress=progress)
        note = f"{_why_rest(k, largest)} {machines[0].note}".strip()
        return Solved(machines, ClassScores(), _facts("liblinear, one-vs-rest", note))
    with _kept_inner_products(classes, gram or Gram()) as (kept, threads):
        machines = fit_pairs(classes, Cs, parts, kept, threads=threads, progress=progress)
    return Solved(machines, PairVotes(k), _facts("libsvm, one-vs-one", machines[0].note))


def _facts(solver: str, note: str) -> dict[str, str]:
    return {"solver": solver, "solver_note": note} if note else {"solver": solver}


def _why_rest(k: int, largest: int) -> str:
    return (
        f"With {k} classes and {largest:,} images in the two largest, fitting every pair of classes would take "
        f"too long (more than {MOST_CLASSES} classes, or {MOST_ROWS_A_PAIR:,} images in a pair): each class was "
        "fitted against the rest instead, so numbers differ from SVC's."
    )


@contextmanager
def _kept_inner_products(classes: ByClass, gram: Gram) -> Iterator[tuple[Gram, int]]:
    """Keep in ``gram`` what there is memory for; also gives how many pairs to solve side by side."""
    _load_solvers()
    room = memory.available(gram.nbytes)
    strategy = memory.decide(room, classes.counts, classes.features.shape[1], processors())
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
