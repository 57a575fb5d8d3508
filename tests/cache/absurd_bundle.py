"""A small bundle that has a result of every stage."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd

from cache import Run, Store
from pipeline.api import (
    DuplicatesStage,
    HitRateStage,
    LearningCurveStage,
    SeparabilityStage,
    SlicesStage,
    SupportIndexStage,
    SuspectsStage,
    ensure,
    keys_of_hit_rate,
)
from tests.planted import Plan, planted_run

PLAN = Plan(("circle", "square", "cross"), n_train=60, n_test=90, noise=3.0, copies=[(9, 4)])


@mock.patch("os.fsync", new=int)
def small_bundle(root: Path) -> Store:
    """Write it."""
    store = Store(root)
    table = pd.DataFrame(
        {
            "weight": np.linspace(1, 2, PLAN.n_test),
            "kind": ["a", "b", "c"] * (PLAN.n_test // 3),
            "note": [f"note {i}" for i in range(PLAN.n_test)],
        }
    )
    run = planted_run(store, "small", plan=PLAN, table=table)
    keys = keys_of_hit_rate(run.stages)
    for stage in (
        SuspectsStage(),
        DuplicatesStage(),
        HitRateStage(),
        SeparabilityStage(0.1),
        LearningCurveStage(0.1, sizes=(2, 5, 10), seeds=2),
        SupportIndexStage(0.1),
    ):
        ensure(store, stage, keys)
    _write_slices(store, run)
    return store


def _write_slices(store: Store, run: Run) -> None:
    """Write two slices, as so few images have none."""
    inputs = {name: run.stages[name] for name in SlicesStage.INPUTS}
    with store.writing("slices", plugin="planted", version=1, identity={}, inputs=inputs) as draft:
        draft.save("members", np.arange(14, dtype=np.int32))
        draft.save("ends", np.array([6, 14]))
        draft.save("label", np.array([1, -1], np.int16))
        draft.save("counts", np.array([[4, 10, 24], [5, 20, 82]], np.int32))
        draft.save("interval", np.array([[0.3, 0.9], [0.2, 0.8]]))
        none = [-1, -1, -1]
        draft.save("taken", np.array([[[1, 0, 3], [1, 2, 1], none], [[0, 2, 5], none, none]], np.int32))
        draft.save("classes", np.array([[[1, 6], [-1, -1], [-1, -1]], [[0, 5], [2, 3], [-1, -1]]], np.int32))
        draft.facts.update(C=0.1, looked_at=9, alpha=0.05, images=PLAN.n_test, errors=30)
