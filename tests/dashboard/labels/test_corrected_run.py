"""A run with the corrections, made as the page Labels makes it, and what Compare says that it changed."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from cache import Store
from dashboard.comparison.mended import Mended, effect, mended_of, told
from dashboard.comparison.sides import Side
from dashboard.labels.outcome import corrected_request, found_corrected
from dashboard.page.context import ViewContext
from dashboard.page.view_state import RELABELLED, Versus, ViewState
from dashboard.run.data import RunData
from dashboard.statistics.flips import BROKE, FIXED
from dashboard.views import compare
from pipeline.cli.main import main
from pipeline.extractors.pixels import Pixels
from pipeline.verdicts.corrections import corrections_of
from pipeline.verdicts.database import open_verdicts
from pipeline.verdicts.images import images_of
from pipeline.verdicts.records import Edit, Judgement
from tests.dashboard.drawing import draw, rows, run

LEFT_OUT, CHANGED, NEW = 5, 7, 9
"""Rows of the test split: one to leave out, one of another class, one of a class that nobody had."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run in a store that is only read, and its corrected one in another; what its job told."""
    folder, rng = tmp_path_factory.mktemp("corrected"), np.random.default_rng(0)
    y = np.arange(90) % 3
    x = (4 * y[:, None, None] + rng.integers(0, 200, (90, 8, 8))).astype(np.uint8)
    np.savez(folder / "set.npz", x_train=x[:60], y_train=y[:60], x_test=x[60:], y_test=y[60:])
    words = ["--source", f"npz:{folder / 'set.npz'}", "--extractor", "pixels", "--projection", "pca"]
    assert (
        main(
            ["run", *words, "--name", "base", "--penalties", "0.1", "--C", "0.1", "--cache", f"{folder}/old"]
        )
        == 0
    )
    store = Store(folder / "new", (folder / "old",))
    data = RunData(store, "base")
    images = images_of(data.artefact("dataset"))
    train = images.starts["train"]
    said = {
        LEFT_OUT: Judgement("excluded"),
        CHANGED: Judgement("wrong", str((CHANGED + 1) % 3)),
        NEW: Judgement("wrong", "new"),
        train: Judgement("wrong", "2"),
    }
    verdicts = open_verdicts(store)
    verdicts.record(images, [Edit(images.keys[place], one) for place, one in said.items()], "ann")
    now = corrections_of(images, verdicts.state(images))
    asked = corrected_request(ViewContext(store, data, None, ViewState(run="base")), now)
    assert asked.find() is None
    steps = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pixels, "load", lambda *_: pytest.fail("an image was described again"))
        finished = asked.compute(lambda done, total, what: steps.append(what))
    return SimpleNamespace(store=store, run=finished, asked=asked, steps=steps, images=images, before=data)


def between(made, *, swapped: bool = False) -> Mended:
    """Bring both runs together."""
    sides = [
        Side(data, data.own_predictions) for data in (made.before, RunData(made.store, "base-corrected"))
    ]
    return mended_of(*reversed(sides)) if swapped else mended_of(*sides)


def test_the_corrected_run_is_there_until_something_else_is_corrected(made):
    """Its features were copied from the other store; each stage was named."""
    assert (made.run.name, made.run.finished) == ("base-corrected", True)
    assert made.asked.find() == made.run
    assert any(what.endswith(", classifier") for what in made.steps)
    nothing = corrections_of(made.images, open_verdicts(Store(made.store.root / "empty")).state(made.images))
    assert found_corrected(made.store, made.before.run, nothing) is None


def test_what_corrections_change_is_counted_on_the_images_that_both_have(made):
    """As counting one by one gives it, whichever of the two is asked about."""
    mended = between(made)
    assert mended.rows.tolist() == between(made, swapped=True).rows.tolist()
    there = [row for row in range(30) if row != LEFT_OUT]
    assert mended.rows.tolist() == there
    assert mended.rows[mended.places(RELABELLED)].tolist() == [CHANGED, NEW]
    was, now = (side.predictions.predicted for side in (mended.before, mended.after))
    labels = np.array([row % 3 for row in range(30)])
    labels[CHANGED], labels[NEW] = (CHANGED + 1) % 3, 3
    right = [(was[row] == labels[row], now[place] == labels[row]) for place, row in enumerate(there)]
    assert mended.count(FIXED) == right.count((False, True))
    assert mended.count(BROKE) == right.count((True, False))
    assert told(mended) == (
        "**2 test labels were corrected, 1 test image was left out**; 1 training label was corrected."
    )
    assert mended.count(FIXED) + mended.count(BROKE) > 0
    assert f"{right.count((False, True))} fixed, {right.count((True, False))} broken" in effect(mended)
    assert mended_of(mended.before, mended.before) is None


@pytest.mark.parametrize(("name", "other"), [("base-corrected", "base"), ("base", "base-corrected")])
def test_compare_shows_what_corrections_changed(made, monkeypatch, name, other):
    """From both runs: four accuracies, and the images whose labels were corrected."""
    page = draw(monkeypatch, made.store, compare, run=name, versus=Versus(other), group=RELABELLED)
    monkeypatch.setattr("dashboard.comparison.mended.choices", lambda *_, **__: None)
    run(page)
    said = " | ".join(text.value for text in page.markdown)
    assert r"**base\-corrected** is **base** with corrected labels. **2 test labels were corrected" in said
    assert not page.warning
    shift = 0 if name == "base" else 1  # one before them is left out
    assert rows(page) == [CHANGED - shift, NEW - shift]
