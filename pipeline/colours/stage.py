"""The stage of a run that gives each class its colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from cache import Draft
from pipeline.colours.assignment import assign
from pipeline.compute.progress import Progress, silent
from pipeline.stages.contract import Inputs, Stage
from pipeline.svm.penalty import check_C


@dataclass(frozen=True)
class ColoursStage(Stage):
    """Assign colours by what the run's classifier confuses.

    Parameters
    ----------
    C : float
        The run's penalty; the nearest on the classifier's path counts.

    Raises
    ------
    InvalidParameter
        If it is not allowed.
    """

    STAGE: ClassVar[str] = "colours"
    NAME: ClassVar[str] = "confusions"
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset", "classifier")

    C: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "C", check_C(self.C, self.STAGE))

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Count the confusions of the test split, and write red, green and blue of each class."""
        dataset, classifier = (inputs[name] for name in self.INPUTS)
        k = len(dataset.manifest.facts["class_names"])
        row = int(np.argmin(np.abs(np.log(classifier.array("C")) - np.log(self.C))))
        pairs = dataset.array("test_labels").astype(np.intp) * k + classifier.rows("predicted_label")[row]
        colours = assign(np.bincount(pairs[pairs >= 0], minlength=k * k).reshape(k, k))
        draft.save("colours", np.array([tuple(bytes.fromhex(colour[1:])) for colour in colours], np.uint8))
