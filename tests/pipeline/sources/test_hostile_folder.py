"""A folder of everything that goes wrong: right pixels, everything told, nothing followed outside, and a page of it."""

import io
import json
import sys
from dataclasses import dataclass, field

import numpy as np
import pytest
from PIL import Image

from cache import Store
from cache.maintenance import problems
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.cli import main
from pipeline.cli.terminal import TerminalReporter
from pipeline.extractors.pixels import Pixels
from pipeline.inputs import image_folders
from pipeline.inputs.image_folders import readable
from pipeline.projections.pca import PCA
from pipeline.recipe import Recipe
from pipeline.run import run
from pipeline.sources.folder import Folder
from pipeline.stages.images import thumbnails_of
from tests.dashboard.test_frame import healthy, open_page, texts  # noqa: F401  # a fixture
from tests.pipeline.sources.hostile_folder import OUTSIDE, hostile_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")


@dataclass(frozen=True)
class Watching(Pixels):
    """The network: it keeps what it sees."""

    seen: list = field(default_factory=list, init=False, compare=False)

    def identity(self):
        """Be the same as any other."""
        return {}

    def load(self, progress=None):
        """Note each image."""
        extract = super().load()

        def watch(images):
            self.seen.extend(np.asarray(image) for image in images)
            return extract(images)

        return watch


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder, what is expected of it, and a run of it; one file cannot be read, whoever looks."""
    place = tmp_path_factory.mktemp("hostile")
    folder, store, network = place / "photos", Store(place / "store"), Watching()
    expected, refused = hostile_folder(folder)
    read = image_folders.read_bytes

    def refuse(path, *more):
        if path.name == "secret.png":
            raise PermissionError(13, "Permission denied")
        return read(path, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(image_folders, "read_bytes", refuse)
        patch.setenv("LAZYBONES_CACHE", str(store.root))
        written = run(
            Recipe(Folder(folder), network, LinearSVM(C=1, path=(1,)), PCA()), store, TerminalReporter()
        )
        words = [
            "run",
            "--source",
            "folder",
            "--path",
            str(folder),
            "--extractor",
            "pixels",
            "--projection",
            "pca",
        ]
        code = main.main([*words, "--classifier", "linear-svm", "--C", "1"])
    return store, written, network.seen, expected, refused, code


@pytest.fixture
def store(made):
    """The store with that run, for the pages."""
    return made[0]


@pytest.fixture
def dataset(made):
    """The data set of that folder."""
    return made[0].artefact("dataset", made[1].stages["dataset"])


def images_of(dataset):
    """Give what pages show of each file, uint8 (h, w, 3), by its name."""
    found = {}
    for split in ("train", "test"):
        shown = thumbnails_of(dataset, split)
        for row, name in enumerate(dataset.array(f"{split}_ids")):
            found[str(name)] = np.asarray(Image.open(io.BytesIO(shown.content(row))).convert("RGB"))
    return found


def distance(pixels, others):
    """Give the mean difference of two pictures, at the size of the first."""
    size = pixels.shape[1], pixels.shape[0]
    scaled = np.asarray(Image.fromarray(others).resize(size, Image.Resampling.BOX))
    return np.abs(pixels.astype(int) - scaled).mean()


def test_every_picture_has_the_pixels_that_a_person_sees(made, dataset):
    """Compared with what was painted, not with what our loader makes of it; no other file is in."""
    shown, expected = images_of(dataset), {readable(path): pixels for path, pixels in made[3].items()}
    assert shown.keys() == expected.keys()
    for path, pixels in expected.items():
        longer = max(shown[path].shape[:2])
        assert longer == (160 if "large" in path else 96), path
        assert distance(shown[path], pixels) < 4, path
        height, width = shown[path].shape[:2]
        for row in (height // 4, 3 * height // 4):
            for column in (width // 4, 3 * width // 4):
                there = pixels[row * 64 // height, column * 96 // width]
                np.testing.assert_allclose(shown[path][row, column], there, atol=14, err_msg=path)


def test_the_thumbnail_is_what_the_network_saw(made, dataset):
    """For every file."""
    names = [str(name) for split in ("test", "train") for name in dataset.array(f"{split}_ids")]
    shown, seen = images_of(dataset), made[2]
    assert len(seen) == len(names)
    for name, image in zip(names, seen, strict=True):
        assert image.shape[0] * 96 == image.shape[1] * 64, name
        assert distance(shown[name], image) < 4, name


def test_everything_else_is_listed_with_its_reason(made, dataset):
    """Links too; what a system or a notebook puts there is passed over."""
    refused = {file["path"]: file["reason"] for file in dataset.manifest.facts["refused"]}
    assert refused.keys() == {readable(path) for path in made[4]}
    for path, reason in made[4].items():
        assert reason in refused[readable(path)], path
    odd = {file["path"].removeprefix("train/odd/"): file["reason"] for file in dataset.manifest.facts["odd"]}
    for name in (
        "ink.jpg",
        "ink, Adobe's.jpg",
        "deep.png",
        "deep.tif",
        "moving.gif",
        "moving.webp",
        "a JPEG.txt",
    ):
        assert odd[name].endswith("It is used.")


def test_nothing_outside_is_followed(made):
    """Not one word of it is in the store, in no name and no picture."""
    for file in made[0].root.rglob("*"):
        assert not file.is_file() or OUTSIDE.encode() not in file.read_bytes()


def test_the_command_works_and_the_store_is_whole(made):
    """With exit code 0."""
    store, _, _, _, _, code = made
    assert code == 0
    assert problems(store) == []


def test_the_same_picture_may_be_in_two_classes_and_in_both_splits(made, dataset):
    """Each is an image of its own."""
    files = json.loads(dataset.path("files.json").read_text())
    twins = [file for file in files if file["path"].endswith("twin.png")]
    assert len(twins) == 4
    assert len({file["sha256"] for file in twins}) == 1


@pytest.mark.parametrize("page", ["overview", "errors", "map"])
def test_the_dashboard_shows_it(made, dataset, open_page, page):  # noqa: F811  # the fixture
    """Overview has the whole report."""
    app = open_page(page, run=made[1].name)
    assert healthy(app), texts(app)
    if page == "overview":
        tables = [frame.value for frame in app.dataframe if list(frame.value.columns) == ["path", "reason"]]
        assert [len(table) for table in tables] == [
            len(dataset.manifest.facts[name]) for name in ("refused", "odd")
        ]


def test_an_odd_one_opens_in_full(made, open_page, dataset):  # noqa: F811  # the fixture
    """With a drawer that has its whole picture."""
    name = dataset.array("test_ids").tolist().index("test/plain/twin.png")
    assert healthy(open_page("errors", run=made[1].name, selected=str(name)))
