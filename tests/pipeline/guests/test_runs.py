"""Guests of whole runs: a run's own images return themselves, and strangers are told from them."""

import os
import shutil

import numpy as np
import pytest

from cache import Store
from cache.remedies import DEMO
from cache.roots import unpacked
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.cli.terminal import TerminalReporter
from pipeline.extractors.efficientnet_lite0 import EfficientNetLite0
from pipeline.extractors.inception_2015 import Inception2015
from pipeline.guests.answer import SAME, Reference
from pipeline.guests.extractor import describer, made_by
from pipeline.guests.novelty import FEWEST, UNUSUAL, NoveltyStage
from pipeline.guests.pictures import Form
from pipeline.inception.graph_file import GRAPH
from pipeline.inception.processor import has_bfloat16
from pipeline.projections.tsne import TSNE
from pipeline.recipe import Recipe
from pipeline.retraining.retrainer import find_fit
from pipeline.retraining.setting import run_settings
from pipeline.run import run
from pipeline.sources.cifar10 import Cifar10
from pipeline.stages.contract import ensure
from pipeline.stages.images import Originals, has_pixels
from tests.pipeline.guests.strangers import digits, noise, photographs, png

EXACT = 1e-5
"""Of an image's length: what float32 makes of another order of summing; here it is nothing."""
OWN = int(os.environ.get("LAZYBONES_GUESTS", "24"))
"""Images of the demo that are asked of it; 200 are what decision 55 speaks of."""


class Host:
    """A run, asked of files."""

    def __init__(self, store, made):
        self.fit, self.row = find_fit(store, made, run_settings(store, made).own)
        self.reference = Reference.of(store, made.stages, (self.fit, self.row))
        self.reference.prepare()
        self.dataset, self.features = self.reference.dataset, self.reference.features
        self.form = Form.of(self.dataset)
        self.describe = describer(made.command, made_by(self.features), self.form)

    def ask(self, content):
        """Give what is said of a file."""
        return self.reference.answer(self.describe([self.form.image(content)])[0])

    def file(self, split, row):
        """Give an image of the run as a file."""
        if has_pixels(self.dataset):
            return png(np.array(self.dataset.array(f"{split}_images")[row]))
        return Originals(self.dataset, split).file(row)[1]

    def flagged(self, contents):
        """Give the share of files that are called unusual."""
        return np.mean([self.ask(content).novelty.unusual for content in contents])

    def check_own(self, split, rows, stored):
        """Hold what is said of some of the run's own images to what is stored of them."""
        points = self.reference.laid_out.array("test")
        width = np.ptp(points, axis=0).max()
        for row in rows:
            said = self.ask(self.file(split, row))
            own = float(np.linalg.norm(self.features.array(said.copy.split)[said.copy.row]))
            assert said.copy.distance <= EXACT * own
            assert said.ranking.predicted == self.fit.array(stored)[self.row, said.copy.row]
            if said.copy.split == "test":
                assert np.hypot(*(said.place - points[row])) <= 0.02 * width


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo, in a folder of its own."""
    store = Store(shutil.copytree(unpacked(DEMO), tmp_path_factory.mktemp("demo") / "store"))
    return Host(store, store.run("clipart-efficientnet-lite0"))


def rows(n, count):
    """Choose some of n."""
    return np.random.default_rng(3).choice(n, count, replace=False).tolist()


def test_images_of_the_demo_return_themselves(demo):
    """As files: at distance 0, on their own places, with the prediction of who had not seen them."""
    demo.check_own("test", rows(1240, OWN), "predicted_label")


def test_strangers_to_the_demo_are_unusual(demo, rng):
    """Noise, digits and photographs are nothing like clip art."""
    assert demo.flagged(noise(rng, 10)) >= 0.9
    assert demo.flagged(digits(rng, 40)) >= 0.9
    assert demo.flagged(photographs(rng)) >= 0.8


def test_images_that_a_run_has_not_seen_are_hardly_ever_unusual(demo):
    """Half of the demo's images against the other half's distances, however it is halved."""
    known = ensure(demo.reference.store, NoveltyStage(), demo.reference._keys).array("distances")
    shares = []
    for seed in range(40):
        order = np.random.default_rng(seed).permutation(len(known))
        reference, others = np.sort(known[order[::2]]), known[order[1::2]]
        shares.append(np.mean(100 * np.searchsorted(reference, others) / len(reference) > UNUSUAL))
    assert np.mean(shares) <= 0.015
    assert len(known) > FEWEST


def of_cifar(folder, real_data, extractor, limit):
    """Make a run of the first of CIFAR-10's images of each split."""
    source = Cifar10(data_dir=real_data / "cifar-10-batches-py", limit=limit)
    store, machine = Store(folder), LinearSVM(path=(0.1,), C=0.1)
    return Host(
        store, run(Recipe(source, extractor, machine, TSNE(), name="guests"), store, TerminalReporter())
    )


@pytest.mark.slow
@pytest.mark.real_data
def test_images_of_cifar_return_themselves_and_strangers_are_unusual(tmp_path, real_data, rng):
    """Test and training images, as files of 32 pixels a side; strangers of any size."""
    host = of_cifar(tmp_path / "store", real_data, EfficientNetLite0(), 1500)
    host.check_own("test", rows(1500, 100), "predicted_label")
    host.check_own("train", rows(1500, 100), "train_predicted_label")
    assert host.flagged(noise(rng, 40)) >= 0.9
    assert host.flagged(digits(rng, 40)) >= 0.9
    assert host.flagged(photographs(rng, crops=6)) >= 0.8
    own = [host.file("test", row) for row in rows(1500, 300)]
    assert host.flagged(own) <= 0.015


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_inceptions_images_return_themselves_in_either_precision(tmp_path, real_data, precision):
    """One by one, where the run has described sixteen at a time."""
    if precision == "bfloat16" and not has_bfloat16():
        pytest.skip("needs a processor with bfloat16")
    graph = real_data / "inception-2015-12-05" / GRAPH
    host = of_cifar(tmp_path / "store", real_data, Inception2015(graph=graph, precision=precision), 150)
    for split, stored in (("test", "predicted_label"), ("train", "train_predicted_label")):
        for row in rows(150, 15):
            said = host.ask(host.file(split, row))
            assert (said.copy.split, said.copy.row) == (split, row)
            assert said.copy.distance <= SAME * np.linalg.norm(host.features.array(split)[row])
            assert said.ranking.predicted == host.fit.array(stored)[host.row, row]
