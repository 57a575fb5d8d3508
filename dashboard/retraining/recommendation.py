"""Whether another setting is recommended: the one place that decides it, for every page that speaks of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cache import Artefact
from dashboard.run.cached import there
from dashboard.run.data import RunData
from dashboard.run.predictions import Predictions
from dashboard.run.shared import shared
from dashboard.run.whole import find_whole
from dashboard.statistics.flips import Flips
from dashboard.statistics.paired_gain import PairedGain, paired_gain
from dashboard.wording.recommendation import in_folds, on_judged
from dashboard.wording.setting import setting_name
from pipeline.api import KERNELS, Asked, InvalidParameter, Setting, validation_of


@dataclass(frozen=True)
class Tried:
    """Hold how a setting fared: its accuracy on each held-out fold, float64 (folds,)."""

    setting: Setting
    accuracy: NDArray[np.float64]


@dataclass(frozen=True)
class Recommendation:
    """Hold what speaks for another setting than the one in use, and what against it.

    Attributes
    ----------
    now, best : Setting
        The one in use, and the one of the best mean in cross-validation.
    gain : PairedGain
        Of the best over the one in use, by cross-validation.
    judged : Flips or None
        What changes on the images that the run judges; None where the best is not fitted.
    """

    now: Setting
    best: Setting
    gain: PairedGain
    judged: Flips | None = None

    @cached_property
    def is_urged(self) -> bool:
        """Whether to recommend it: clearly better in cross-validation, and not the worse one on the judged images."""
        return self.gain.is_clear and (self.judged is None or self.judged.gain.value >= 0)

    def sentence(
        self,
        judged: str,
        *,
        with_interval: bool = True,
        named: Callable[[str], str] = str,
        method: str = "cross-validation",
    ) -> str:
        """Say what speaks for the other setting and what against it.

        Parameters
        ----------
        judged : str
            How many images were judged, in words: "1,240 images".
        with_interval : bool
            Whether to say by how much the judged images differ; without it, that stands beside the sentence.
        named : callable
            Sets the name of the other setting off.
        method : str
            The word "cross-validation", as HTML where that explains it.
        """
        best, now = setting_name(self.best, self.now), setting_name(self.now, self.best)
        said = in_folds(named(best), now, self.gain, method)
        here = "" if self.judged is None else on_judged(self.judged, judged, with_interval=with_interval)
        return f"{said}; {here}." if here else f"{said}."


def recommendation(
    data: RunData, said: Predictions, kernels: Sequence[str] = KERNELS
) -> Recommendation | None:
    """Say which other setting cross-validation puts before the one in use.

    Parameters
    ----------
    data : RunData
        The run.
    said : Predictions
        Of the classifier in use.
    kernels : sequence of str
        Those that may be recommended, besides the one in use.

    Returns
    -------
    Recommendation or None
        None where the one in use comes first, or was not cross-validated.
    """
    return _recommended(data, said, validations(data, said.setting, kernels), there(data))


@shared(
    lambda data, said, tried_out, fitted: (
        data.key,
        said.key,
        tuple((setting, made.digest) for setting, made in tried_out.items()),
        fitted,
    )
)
def _recommended(
    data: RunData, said: Predictions, tried_out: Mapping[Setting, Artefact], fitted: Hashable
) -> Recommendation | None:
    found = weighed(said.setting, tried(tried_out))
    after = None if found is None else data.predictions(found.best)
    if found is None or after is None:
        return found
    flips = Flips(said.test_labels, said.predicted, after.predicted)
    return Recommendation(found.now, found.best, found.gain, flips)


def weighed(now: Setting, tried: Sequence[Tried]) -> Recommendation | None:
    """Compare the setting in use with the one of the best mean, by cross-validation alone; None as above."""
    own = next((one for one in tried if _is_same(one.setting, now)), None)
    best = best_of(tried)
    if own is None or best is None or best.setting == own.setting:
        return None
    if best.accuracy.shape != own.accuracy.shape or len(own.accuracy) < 2:  # not tried on the same folds
        return None
    gain = paired_gain(own.accuracy, best.accuracy)
    return Recommendation(now, best.setting, gain) if gain.mean > 0 else None


def best_of(tried: Sequence[Tried]) -> Tried | None:
    """Give the setting of the best mean; of equals the first."""
    return max(tried, key=lambda one: float(one.accuracy.mean()), default=None)


def validations(data: RunData, now: Setting, kernels: Iterable[str] = KERNELS) -> dict[Setting, Artefact]:
    """Find the cross-validation of each kernel that there is one of, with as many training images as are used now."""
    found: dict[Setting, Artefact] = {}
    for kernel in dict.fromkeys((now.kernel, *kernels)):
        with suppress(InvalidParameter):
            asked = Asked(kernel=kernel, per_class=now.per_class)
            setting = now if kernel == now.kernel else data.settings.resolve(asked)
            made = find_whole(
                data.store, validation_of(data.artefact("classifier"), setting), data.run.stages
            )
            found |= {} if made is None else {setting: made}
    return found


def tried(validations: Mapping[Setting, Artefact]) -> list[Tried]:
    """List the settings that were tried on held-out folds, at every C."""
    return [
        Tried(setting.at(C), accuracy)
        for setting, made in validations.items()
        for C, accuracy in zip(made.array("C").tolist(), made.array("accuracy"), strict=True)
    ]


def _is_same(one: Setting, other: Setting) -> bool:
    return one.family == other.family and bool(np.isclose(one.C, other.C, rtol=1e-9, atol=0))
