"""What the map is told of a run's files: also why there are none."""

from __future__ import annotations

import os
import shutil

import pytest

from dashboard.maps.files import shown_files
from dashboard.run.data import RunData
from tests.cache.making import flip
from tests.planted import planted_run


@pytest.fixture
def data(store):
    """A planted run."""
    planted_run(store)
    return RunData(store, "planted")


def test_a_whole_run_has_its_images(data):
    """And nothing to say of them."""
    files = shown_files(data, None)
    assert files.sheets is not None
    assert files.lacking == ""


def test_a_run_that_was_made_without_images_lacks_none(store):
    """Vectors of a table, for example."""
    run = planted_run(store)
    del run.stages["thumbnails"]
    store.save_run(run)
    files = shown_files(RunData(store, "planted"), None)
    assert (files.sheets, files.lacking) == (None, "")


DAMAGE = {
    "gone": (shutil.rmtree, "gone from the cache. Its command"),
    "manifest": (
        lambda folder: flip(folder / "manifest.json", 50),
        "damaged in the cache. The command clean --corrupt",
    ),
    "cut short": (lambda folder: os.truncate(folder / "sheet_0.webp", 9), "damaged in the cache."),
    "a file is gone": (lambda folder: (folder / "sheet_0.webp").unlink(), "damaged in the cache."),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_map_without_its_images_says_why(data, what):
    """The rest of the map is there all the same."""
    damage, says = DAMAGE[what]
    damage(data.artefact("thumbnails").folder)
    files = shown_files(RunData(data.store, "planted"), None)
    assert files.sheets is None
    assert says in files.lacking
    assert files.points
