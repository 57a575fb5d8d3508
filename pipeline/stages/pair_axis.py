"""All images of two classes along the axis on which a machine tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from cache import Artefact
from pipeline.compute.pool import one_blas_thread
from pipeline.compute.progress import Progress, share, silent
from pipeline.compute.rows import Rows, as_rows, blocks_of
from pipeline.errors import InvalidParameter
from pipeline.stages.evaluation import features_of, folds_of
from pipeline.svm.by_class import ByClass, Subset
from pipeline.svm.gram import Gram
from pipeline.svm.kernels import check_kernel
from pipeline.svm.out_of_fold import Plan, plan
from pipeline.svm.penalty import check_C
from pipeline.svm.solvers.choose import Solved
from pipeline.svm.training import Training, training


@dataclass(frozen=True)
class AxisImages:
    """Hold one split's images of two classes.

    Attributes
    ----------
    rows : ndarray of intp, shape (n,)
        Their rows in the split, ascending.
    is_first : ndarray of bool, shape (n,)
        Whether an image is truly of the first class.
    value : ndarray of float64, shape (n,)
        Decision value: positive votes for the first class, 1 and -1 are the edges of the margin.
    distance : ndarray of float64, shape (n,)
        Signed distance to the hyperplane, in units of the features (of the kernel's space, if there is one); out of
        fold in units of one machine, so that all have their margin's edges at one place.
    is_wrong : ndarray of bool, shape (n,)
        Whether it is on the other class's side.
    is_support : ndarray of bool, shape (n,)
        Whether it is a support vector: a training image on the edge of its margin, inside it, or beyond; as many as
        the machine has.
    """

    rows: NDArray[np.intp]
    is_first: NDArray[np.bool_]
    value: NDArray[np.float64]
    distance: NDArray[np.float64]
    is_wrong: NDArray[np.bool_]
    is_support: NDArray[np.bool_]

    def from_the_boundary(self) -> NDArray[np.intp]:
        """Give positions in these arrays, those nearest to the hyperplane first."""
        return np.argsort(np.abs(self.distance), kind="stable")


@dataclass(frozen=True)
class PairAxis:
    """Hold the images of two classes on the axis of their machine.

    Attributes
    ----------
    first, second : int
        Labels; a positive distance is on the side of ``first``.
    edge : float
        Distance of the margin's edges from the hyperplane, of the machine that was fitted to all training images.
    train, test : AxisImages
        The two splits.
    """

    first: int
    second: int
    edge: float
    train: AxisImages
    test: AxisImages


def measure_pair(
    dataset: Artefact,
    features: Artefact,
    C: float,
    first: int,
    second: int,
    *,
    gamma: float | str | None = None,
    progress: Progress = silent,
) -> PairAxis:
    """Fit the machine of two classes, and place their images along its axis; test images by one that has not seen them.

    Parameters
    ----------
    dataset, features : Artefact
        Of a run.
    C : float
        Penalty.
    first, second : int
        Two labels.
    gamma : float or "scale", optional
        Of the radial basis function kernel; linear without it.
    progress : Progress, optional
        Counts SVM fits: one.

    Raises
    ------
    InvalidParameter
        If C or gamma is not allowed, or the labels are not two classes with training images.
    Cancelled
        If ``progress`` raises it.
    """
    labels, test_labels = (dataset.array(f"{split}_labels") for split in ("train", "test"))
    rows = training(features_of(features, dataset, "train"), labels, check_kernel(gamma, "pair axis"))
    pair = replace(rows, classes=_two(rows.classes, first, second, dataset.manifest.facts["class_names"]))
    test, ends = as_rows(features_of(features, dataset, "test")), np.array([first, second])
    todo = plan(pair.classes, len(test_labels), folds_of(dataset), None)
    machine = _Machine(pair, check_C(C, "pair axis"))
    with one_blas_thread():
        solved = machine.fitted(todo.parts[0], progress)
        norm = float(solved.machines[0].norms()[0, 0]) or 1.0
        mine = np.flatnonzero(np.isin(labels, ends))
        placed = _place(_values(solved, rows.rows, mine), norm, mine, labels, ends)
        on_train = replace(placed, is_support=_holding(placed, int(solved.machines[0].n_support[0, 0])))
        theirs = np.flatnonzero(np.isin(test_labels, ends))
        value = machine.judge(todo, test, progress)[theirs]
    return PairAxis(first, second, 1 / norm, on_train, _place(value, norm, theirs, test_labels, ends))


@dataclass(frozen=True)
class _Machine:
    """Fit the machine of two classes to parts of their rows."""

    rows: Training
    C: float
    gram: Gram = field(default_factory=Gram)

    def fitted(self, part: Subset, progress: Progress) -> Solved:
        return self.rows.fit((self.C,), progress, self.gram, [part])

    def judge(self, todo: Plan, test: Rows, progress: Progress) -> NDArray[np.float64]:
        """Give the decision value of every test image, float64 (n_test,), of a classifier that did not learn from it.

        Where only one of the classes is left to learn from, every image is on its side, at the edge.
        """
        values = np.empty(test.shape[0])
        for number, (part, judged) in enumerate(zip(todo.parts, todo.judged, strict=True)):
            if not len(judged):
                continue
            first, second = (bool(rows.any()) for rows in part)
            known = first and second
            counted = share(progress, number, len(todo.parts))
            values[judged] = (
                _values(self.fitted(part, counted), test, judged) if known else float(first) - float(second)
            )
        return values


def _two(classes: ByClass, first: int, second: int, names: Sequence[str]) -> ByClass:
    """Give two classes of all."""
    if first == second or not {first, second} <= set(classes.present):
        called = [
            (names[label] if 0 <= label < len(names) else f"label {label}")
            + ("" if label in classes.present else " (without any)")
            for label in (first, second)
        ]
        raise InvalidParameter(
            "The classes of a pair must be two different ones with training images. "
            f"Got {' and '.join(called)}."
        )
    return classes.of([classes.present.index(label) for label in (first, second)])


def _place(
    value: NDArray[np.float64],
    norm: float,
    rows: NDArray[np.intp],
    labels: NDArray[np.integer],
    ends: NDArray[np.intp],
) -> AxisImages:
    is_first = labels[rows] == ends[0]
    is_wrong = np.where(is_first, value <= 0, value > 0)  # 0 is the second class's, as libsvm votes
    return AxisImages(rows, is_first, value, value / norm, is_wrong, np.zeros(len(rows), np.bool_))


def _values(solved: Solved, features: Rows, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """Give the decision values of some rows, float64 (len(rows),)."""
    found = [np.empty(0)]
    for some in blocks_of(len(rows)):
        values = next(solved.machines[0].values(features.rows(rows[some])))
        found.append(solved.rule.between(values, np.zeros(len(some), np.intp), np.ones(len(some), np.intp)))
    return np.concatenate(found)


def _holding(images: AxisImages, count: int) -> NDArray[np.bool_]:
    """Tell which images are the machine's support vectors, bool (n,): those of the lowest value towards their class.

    That value is 1 at most for a support vector and 1 at least for all others, but for the solver's tolerance: to
    compare with 1 would count images that happen to lie beside the edge.
    """
    towards = np.where(images.is_first, images.value, -images.value)
    found = np.zeros(len(towards), np.bool_)
    found[np.argsort(towards, kind="stable")[:count]] = True
    return found
