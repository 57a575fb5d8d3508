"""What is asked of a run's features at some setting: cross-validation, and the axis of a pair of classes."""

from __future__ import annotations

from cache import Artefact, Run, Store
from pipeline.compute.progress import Progress, silent
from pipeline.retraining.setting import Setting
from pipeline.stages.pair_axis import PairAxis, measure_pair
from pipeline.stages.validation import ValidationStage


def validation_of(path: Artefact, setting: Setting) -> ValidationStage:
    """Give the cross-validation of a setting's kernel and part, over all penalties of a run's own classifier."""
    return ValidationStage(tuple(path.array("C").tolist()), gamma=setting.gamma, per_class=setting.per_class)


def pair_axis(
    store: Store, run: Run, setting: Setting, first: int, second: int, progress: Progress = silent
) -> PairAxis:
    """Place all images of two classes along the axis of their machine; takes a fraction of a second.

    Parameters and errors as `pipeline.stages.pair_axis.measure_pair`, with the setting's kernel.
    """
    dataset, features = (store.artefact(name, run.stages.get(name, "")) for name in ("dataset", "features"))
    return measure_pair(dataset, features, setting.C, first, second, gamma=setting.gamma, progress=progress)
