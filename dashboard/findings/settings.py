"""Whether another setting is better: by cross-validation, which leaves the test images alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.findings.finding import CANDIDATES, Evidence, Finding
from dashboard.statistics.repeated import mean_and_error
from dashboard.wording.escaping import html
from dashboard.wording.numbers import fixed, percent
from dashboard.wording.setting import setting_name
from dashboard.wording.terms import term
from pipeline.api import Setting


@dataclass(frozen=True)
class Tried:
    """Hold how a setting fared: its accuracy on each held-out fold, float64 (folds,)."""

    setting: Setting
    accuracy: NDArray[np.float64]


def better_setting(
    now: Tried, best: Tried, changes: Mapping[str, Any], fixes: NDArray[np.intp] | None = None
) -> Finding | None:
    """Say that another setting is better, if it is so beyond noise.

    Both were tried on the same folds, so what counts is the gain on each: its mean must exceed its standard error.

    Parameters
    ----------
    now : Tried
        The one in use.
    best : Tried
        The one of the best mean.
    changes : mapping
        What to change in the view to see the best one.
    fixes : ndarray of intp, shape (m,), optional
        Rows of the test split that the best has right and the one in use has not.
    """
    if best.setting == now.setting or best.accuracy.shape != now.accuracy.shape:
        return None
    (gain,), (error,) = mean_and_error((best.accuracy - now.accuracy)[None], 1, "folds")
    if not gain > max(error, 0.0):
        return None
    names = [
        html(setting_name(one, other))
        for one, other in ((best.setting, now.setting), (now.setting, best.setting))
    ]
    rows = () if fixes is None else tuple(int(row) for row in fixes[:CANDIDATES])
    return Finding(
        "setting",
        float(gain),
        f"<b>{names[0]}</b> is better than {names[1]}: {term('cross-validation')} gives "
        f"{percent(float(best.accuracy.mean()))} against {percent(float(now.accuracy.mean()))}, a gain of "
        f"{fixed(100 * float(gain), 1)} ± {fixed(100 * float(error), 1)} points (± one standard error)."
        + (" Shown are images that it would get right." if rows else ""),
        Evidence("See what it fixes and breaks", "retrain", changes),
        (rows,) if rows else (),
        best.setting,
    )


def best_of(tried: Sequence[Tried]) -> Tried | None:
    """Give the setting of the best mean; of equals the first."""
    return max(tried, key=lambda one: float(one.accuracy.mean()), default=None)
