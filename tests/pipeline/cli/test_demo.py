"""The embedded demo: whole, small, and made of nothing but its pictures."""

from __future__ import annotations

import numpy as np
import pytest

from cache import Store
from cache.remedies import DEMO
from cache.roots import unpacked
from pipeline.cli.commands.demo import NAMES, is_whole
from pipeline.cli.main import main

LARGEST = 8_000_000  # bytes, with its pictures
LEAST_ACCURACY = 0.64


@pytest.fixture(scope="module")
def demo():
    """The store that is in the repository."""
    return Store(unpacked(DEMO))


def test_it_is_whole_and_small(demo):
    """A clone has it, and no start waits for a download."""
    assert is_whole(demo)
    assert demo.run_names() == sorted(NAMES)
    assert DEMO.stat().st_size <= LARGEST


def test_every_picture_is_judged_by_a_machine_that_has_not_seen_it(demo):
    """1,240 pictures in 16 classes; a network's features are far better than HOG's."""
    right = {}
    for name in NAMES:
        run = demo.run(name)
        dataset, classifier = (demo.artefact(stage, run.stages[stage]) for stage in ("dataset", "classifier"))
        labels = dataset.array("test_labels")
        assert len(labels) == 1240
        assert len(dataset.manifest.facts["class_names"]) == 16
        assert set(dataset.array("test_folds").tolist()) == set(range(5))
        row = int(np.argmin(np.abs(classifier.array("C") - run.C)))
        right[name] = np.mean(classifier.array("predicted_label")[row] == labels)
    assert right["clipart-efficientnet-lite0"] >= LEAST_ACCURACY
    assert right["clipart-efficientnet-lite0"] > right["clipart-hog"] + 0.1


@pytest.mark.slow
def test_it_is_made_again_of_its_pictures(demo, tmp_path):
    """Every result has the key that is in the repository: nothing else went into it."""
    assert main(["demo", "--cache", str(tmp_path / "store")]) == 0
    built = Store(tmp_path / "store")
    assert {name: built.run(name).stages for name in NAMES} == {name: demo.run(name).stages for name in NAMES}
