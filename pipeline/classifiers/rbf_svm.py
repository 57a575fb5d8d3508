"""A support vector machine with a radial basis function kernel: ``SVC(kernel="rbf")``, along a path over C."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.rows import Rows
from pipeline.plugins.options import option
from pipeline.stages.kinds import Classifier
from pipeline.svm.estimator import SVM
from pipeline.svm.kernels import SCALE, check_gamma
from pipeline.svm.training import Training, training


@dataclass(frozen=True)
class RBFSVM(SVM, Classifier):
    """Fit one-vs-one support vector machines at every C of a path, with the kernel exp(-gamma |x - y|^2).

    There are no weight vectors: an image is compared with the support vectors.

    Parameters
    ----------
    C : float
        The penalty the run is about.
    path : sequence of float
        Penalties to fit, ascending once they are here; 1e-4 to 1e2 in half decades unless given.
    per_class : int, optional
        Training images a class, a random part that is contained in every larger one; all without it.
    gamma : float or str
        Of the kernel; "scale" is 1 / (columns times the variance of all training features), as in
        scikit-learn; for a part too, so that the number of images changes nothing else.

    Raises
    ------
    InvalidParameter
        If a parameter is not allowed.
    """

    NAME: ClassVar[str] = "rbf-svm"
    SUMMARY: ClassVar[str] = "SVM with an RBF kernel, one against one, exactly scikit-learn's SVC"

    gamma: str | float = option(SCALE, 'gamma of the RBF kernel, or "scale"')

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "gamma", check_gamma(self.gamma, self.NAME))

    def training(self, features: NDArray[np.float32] | Rows, labels: NDArray[np.integer]) -> Training:
        """Make training rows ready for this kernel."""
        return training(features, labels, self.gamma)


PLUGIN = RBFSVM
