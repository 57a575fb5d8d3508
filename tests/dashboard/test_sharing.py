"""What is the same for all visitors is made for the first of them; a move along the path makes nothing anew."""

from __future__ import annotations

import gc
import importlib
import time
from collections import Counter
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from cache.kept import SETTLED
from dashboard.jobs.display import queue
from dashboard.navigation import page_names
from dashboard.page.context import ViewContext
from dashboard.run.shared import forget_all
from pipeline.api import (
    DuplicatesStage,
    HitRateStage,
    SeparabilityStage,
    SlicesStage,
    SuspectsStage,
    ensure,
    keys_of_hit_rate,
)
from tests.planted import PATH, Plan, planted_run

FRAME = Path(__file__).parents[2] / "dashboard" / "frame.py"
MADE = (
    "cache.artefact.read_manifest",
    "cache.store.read_run",
    "dashboard.analysis.penalty_path.cross_validation",
    "dashboard.comparison.changes.delta_figure",
    "dashboard.comparison.f1.macro_f1_difference",
    "dashboard.components.sprites.sprite_sheet",
    "dashboard.findings.choose.headline",
    "dashboard.maps.files.margin_range",
    "dashboard.retraining.recommendation.weighed",
    "dashboard.run.cached.accuracy_path",
    "dashboard.run.cached.live_fit",
    "dashboard.run.cached.paths_of",
    "dashboard.run.data.Predictions",
    "dashboard.views.confusion.confusion_figure",
    "dashboard.views.overview.macro_f1_interval",
)
"""What takes long, and is the same for whoever looks at the same."""
PAGES = tuple(page_names())


@pytest.fixture
def made(monkeypatch, store) -> Counter[str]:
    """Count how often each thing of ``MADE`` is made of a planted run that has all its stages, and a rival."""
    run = planted_run(store, plan=Plan(noise=2.5))
    planted_run(store, "rival", plan=Plan(noise=2.5), extractor="hog")
    for stage in (
        SeparabilityStage(0.1),
        SuspectsStage(),
        DuplicatesStage(),
        HitRateStage(),
        SlicesStage(0.1),
    ):
        ensure(store, stage, keys_of_hit_rate(run.stages))
    monkeypatch.setenv("LAZYBONES_CACHE", str(store.root))
    forget_all()
    time.sleep(2 * SETTLED / 1e9)
    counted: Counter[str] = Counter()
    for name in MADE:
        module, _, function = name.rpartition(".")
        own = getattr(importlib.import_module(module), function)

        def count(*args, name=name, own=own, **named):
            counted[name] += 1
            return own(*args, **named)

        monkeypatch.setattr(name, count)
    return counted


def visit(page: str, **query: str) -> AppTest:
    """Open a page as a visitor of their own."""
    app = AppTest.from_file(str(FRAME), default_timeout=60)
    app._page_hash = calc_hash(page)
    app.query_params.update({"run": "planted", **query})
    app.run()
    assert not app.exception
    while queue().alive():
        time.sleep(0.01)  # what the page has started by itself
    return app


def test_a_move_of_C_makes_nothing_that_a_visitor_has_had_made(made):
    """Neither for another visitor nor for the same one: it looks things up, and draws them."""
    walk = [f"{C:g}" for C in PATH]
    for C in walk:
        visit("retrain", C=C)
    assert made["dashboard.comparison.f1.macro_f1_difference"] == len(walk) - 1  # but for the run's own C
    assert made["dashboard.run.cached.paths_of"] == 1
    made.clear()
    for _ in range(3):
        for C in walk:
            visit("retrain", C=C)
    assert made == {}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_made_for_the_first_visitor(made, page):
    """The next ones get what is there."""
    visit(page)
    made.clear()
    for _ in range(3):
        visit(page)
    assert made == {}


@pytest.mark.parametrize("page", PAGES)
def test_nothing_keeps_what_a_visitor_has_left(store, made, page):
    """Not what is shared, nor the queue of jobs: when the session is gone, so is the context of its page."""

    def held():
        gc.collect()
        found = (one for one in gc.get_objects() if type(one) is ViewContext)
        return [one for one in found if one.store.root == store.root]

    app = visit(page, image="3")
    assert held()
    del app
    for _ in range(50):
        if not held():
            break
        time.sleep(0.1)  # a job that the page has started may still be at work
    assert held() == []
