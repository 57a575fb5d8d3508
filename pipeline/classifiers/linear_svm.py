"""A linear support vector machine: scikit-learn's ``SVC(kernel="linear")``, along a path over C."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pipeline.stages.kinds import Classifier
from pipeline.svm.estimator import SVM


@dataclass(frozen=True)
class LinearSVM(SVM, Classifier):
    """Fit one-vs-one support vector machines at every C of a path.

    Parameters
    ----------
    C : float
        The penalty the run is about.
    path : sequence of float
        Penalties to fit, ascending once they are here; 1e-4 to 1e2 in half decades unless given.
    per_class : int, optional
        Training images a class, a random part that is contained in every larger one; all without it.

    Raises
    ------
    InvalidParameter
        If a penalty is not a finite number above 0, or ``per_class`` not an integer of at least 1.
    """

    NAME: ClassVar[str] = "linear-svm"
    SUMMARY: ClassVar[str] = "linear SVM, one against one, exactly scikit-learn's SVC"


PLUGIN = LinearSVM
