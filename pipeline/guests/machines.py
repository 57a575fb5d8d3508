"""The machines of a run's classifier themselves, kept in the store: what a guest is judged by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from pipeline.compute.pool import one_blas_thread
from pipeline.compute.progress import Progress, silent
from pipeline.retraining.judging import Judge
from pipeline.stages.contract import Inputs, MachineStage
from pipeline.stages.evaluation import features_of, folds_of
from pipeline.svm.by_class import ByClass
from pipeline.svm.gram import Gram
from pipeline.svm.kernel_machines import KernelMachines, Support
from pipeline.svm.kernels import Linear
from pipeline.svm.machines import Machines
from pipeline.svm.out_of_fold import BY_ALL, without_fold
from pipeline.svm.penalty import check_C
from pipeline.svm.solvers.duals import pairs_of
from pipeline.svm.training import training
from pipeline.svm.votes import ClassScores, PairVotes, Rule


@dataclass(frozen=True)
class MachinesStage(MachineStage):
    """Fit a run's machines at one setting, and keep them: weight vectors, or dual coefficients where there are none.

    Parameters
    ----------
    C : float
        Penalty.
    gamma : float, optional
        Of the radial basis function kernel, as it was fitted; linear without it.
    per_class : int, optional
        Training images a class, a random part; all without it.
    fold : int
        Which part of the training images they have not seen; `BY_ALL`: none.

    Raises
    ------
    InvalidParameter
        If C is not allowed.
    """

    STAGE: ClassVar[str] = "machines"
    NAME: ClassVar[str] = "svm"
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset", "features")

    C: float
    gamma: float | None = None
    per_class: int | None = None
    fold: int = BY_ALL

    def __post_init__(self) -> None:
        object.__setattr__(self, "C", check_C(self.C, "machines"))

    @classmethod
    def of(cls, judge: Judge) -> MachinesStage:
        """Give those of a judge."""
        return cls(judge.C, judge.gamma, judge.per_class, judge.fold)

    def compute(
        self, draft: Draft, inputs: Inputs, progress: Progress = silent, *, gram: Gram | None = None
    ) -> None:
        """Write them; errors as `pipeline.svm.training.Training.fit`."""
        dataset = inputs["dataset"]
        labels = dataset.array("train_labels")
        rows = training(features_of(inputs["features"], dataset, "train"), labels, self.gamma)
        part = without_fold(rows.classes, folds_of(dataset), self.fold, self.per_class)
        with one_blas_thread():
            (piece,) = rows.pieces((self.C,), progress, gram, [part])
        (machines,), solved = piece.solved.machines, piece.solved
        draft.save("intercepts", machines.intercepts[0])
        draft.save("present", np.array(solved.present, np.int16))
        if isinstance(machines, Machines):
            draft.save("weights", machines.weights[0])
        else:
            for name, array in _by_support(machines).items():
                draft.save(name, array)
        draft.facts.update(solved.facts, rule="rest" if isinstance(solved.rule, ClassScores) else "pairs")


def _by_support(machines: KernelMachines) -> dict[str, NDArray[np.generic]]:
    """Give the training rows that support any machine, class by class, and their coefficients."""
    members = [rows[one.rows] for rows, one in zip(machines.classes.members, machines.support, strict=True)]
    return {
        "rows": np.concatenate(members).astype(np.int32),
        "ends": np.cumsum([len(rows) for rows in members], dtype=np.int64),
        "duals": np.concatenate([one.duals[0] for one in machines.support]),
    }


@dataclass(frozen=True)
class Fitted:
    """Hold machines that judge images.

    Attributes
    ----------
    machines : Machines or KernelMachines
        At one C.
    rule : Rule
        How their decision values choose a class.
    present : ndarray of int16, shape (k,)
        The label that each of their classes stands for.
    """

    machines: Machines | KernelMachines
    rule: Rule
    present: NDArray[np.int16]

    def judge(self, image: NDArray[np.float32]) -> Ranking:
        """Judge an image by its features (d,)."""
        (values,) = self.machines.values(image[np.newaxis])
        return Ranking.of(self.rule, np.array(values), self.present)


@dataclass(frozen=True)
class Ranking:
    """Hold what machines say of one image.

    Attributes
    ----------
    predicted, runner_up : int
        Labels.
    labels : ndarray of int16, shape (k,)
        Of all classes that there were training images of, the predicted one first, then by how little they lost.
    votes : ndarray of int, shape (k,)
        How many other classes each of them beats.
    values : ndarray of float64, shape (k,)
        Decision value of the predicted class against each; not a number against itself.
    """

    predicted: int
    runner_up: int
    labels: NDArray[np.int16]
    votes: NDArray[np.int64]
    values: NDArray[np.float64]

    @classmethod
    def of(cls, rule: Rule, values: NDArray[np.float64], present: NDArray[np.int16]) -> Ranking:
        """Read it from the decision values of one image, float64 (1, p)."""
        k, verdict = len(present), rule.verdict(values)
        first, second = np.divmod(np.arange(k * k), k)
        apart = first != second
        between = np.full((k, k), np.nan)
        repeated = np.broadcast_to(values, (int(apart.sum()), values.shape[1]))
        between[first[apart], second[apart]] = rule.between(repeated, first[apart], second[apart])
        predicted, runner_up = int(verdict.predicted[0]), int(verdict.runner_up[0])
        against = between[predicted]
        order = np.argsort(np.where(np.isnan(against), -np.inf, against), kind="stable")
        return cls(
            int(present[predicted]),
            int(present[runner_up]),
            present[order],
            (between[order] > 0).sum(axis=1),
            against[order],
        )

    @property
    def lead(self) -> float:
        """Decision value of the predicted class against the runner-up."""
        return float(self.values[self.labels == self.runner_up][0])

    def lines(self) -> Iterator[tuple[int, int, float | None]]:
        """Give label, votes and decision value of each class; None where it is the predicted one."""
        for label, votes, value in zip(
            self.labels.tolist(), self.votes.tolist(), self.values.tolist(), strict=True
        ):
            yield label, votes, None if label == self.predicted else value


def read_machines(made: Artefact, dataset: Artefact, features: Artefact) -> Fitted:
    """Give the machines that a `MachinesStage` has kept, for images of this run's feature space."""
    present, intercepts = made.array("present"), made.array("intercepts")
    rule = ClassScores() if made.manifest.facts.get("rule") == "rest" else PairVotes(len(present))
    counts = np.zeros((1, len(intercepts)), np.int32)
    if "weights.npy" in made.manifest.files:
        weights = made.array("weights")
        return Fitted(Machines(weights[np.newaxis], intercepts[np.newaxis], counts), rule, present)
    labels, gamma = dataset.array("train_labels"), made.manifest.facts.get("gamma")
    rows = training(features_of(features, dataset, "train"), labels, gamma)
    ends, duals = made.array("ends").tolist(), made.array("duals")
    parts = [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]
    numbers = made.array("rows").astype(np.intp)
    members = tuple(numbers[part] for part in parts)
    support = tuple(
        Support(pairs_of(len(present), c), duals[np.newaxis, part], np.arange(len(members[c])))
        for c, part in enumerate(parts)
    )
    classes = ByClass(rows.classes.features, tuple(present.tolist()), members)
    machines = KernelMachines(classes, rows.kernel or Linear(), support, intercepts[np.newaxis], counts)
    return Fitted(machines, rule, present)
