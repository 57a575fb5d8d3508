"""What every plug-in must do, checked on every plug-in there is: put a file into a folder, and it is checked too."""

import json
import subprocess
import sys
import typing
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pytest

from cache import Store
from cache.places import remember_place
from pipeline.errors import InvalidParameter
from pipeline.plugins.plugin import chosen
from pipeline.stages.contract import ensure
from pipeline.stages.images import originals_of, thumbnails_of
from pipeline.stages.kinds import KINDS, Classifier, Extractor, Projection, Source
from tests.pipeline.inputs.hostile import cifar10_files, cifar100_files
from tests.pipeline.networks.tiny_networks import network
from tests.pipeline.sources.photographs import photographs

ALL = [(kind, name) for kind in KINDS for name in kind.names()]
HEAVY = ("tensorflow", "sklearn", "skimage", "openTSNE", "scipy", "pandas", "streamlit", "plotly")
SENTENCE = r"^[^\n]+ of [\w-]+ must be [^\n]+\. Got .+\.(\nTry: .+)?$"
NEVER = object()  # no parameter of any type may be this

every_plugin = pytest.mark.parametrize(
    ("kind", "name"), ALL, ids=[f"{kind.KIND}-{name}" for kind, name in ALL]
)


def of_kind(kind):
    """Parametrise over the plug-ins of one kind."""
    return pytest.mark.parametrize("name", kind.names())


independent_source = pytest.mark.parametrize("name", [name for name in Source.names() if name != "corrected"])
"""All but the one that is made of another run: `tests/pipeline/sources/test_corrected.py`."""


@pytest.fixture
def files(tmp_path, rng):
    """Small input files, for the plug-ins that would download theirs: parameters by plug-in name."""
    folder = tmp_path / "secret-folder"
    folder.mkdir()
    for name, content in cifar10_files(rng).items():
        (folder / name).write_bytes(content)
    (folder / "graph.pb").write_bytes(b"")
    (folder / "net.onnx").write_bytes(network())
    (folder / "small.h5").write_bytes(b"")
    return {
        "cifar10": {"data_dir": folder},
        "cifar100": {"data_dir": write_cifar100(folder / "hundred", rng)},
        "npz": {"file": write_npz(folder / "images.npz", rng)},
        "table": {"table": write_photographs_table(folder / "listed", rng)},
        "folder": {"path": photographs(folder / "photographs", rng, 3)},
        "inception-2015": {"graph": folder / "graph.pb"},
        "keras": {"weights": folder / "small.h5"},
        "onnx": {"model": folder / "net.onnx"},
    }


def write_photographs_table(folder, rng):
    """Write a table of photographs, beside them."""
    photographs(folder, rng, 3)
    rows = [
        f"{path.relative_to(folder)},{path.parent.name},{rng.normal()},{rng.normal()}"
        for path in folder.rglob("*.*")
    ]
    (folder / "table.csv").write_text("\n".join(["path,label,f0,f1", *rows, ""]))
    return folder / "table.csv"


def write_cifar100(folder, rng):
    """Write small files like CIFAR-100's."""
    folder.mkdir()
    for name, content in cifar100_files(rng).items():
        (folder / name).write_bytes(content)
    return folder


def write_npz(path, rng):
    """Write small images as Keras does."""
    images = {f"x_{split}": rng.integers(0, 256, (9, 8, 8), dtype=np.uint8) for split in ("train", "test")}
    np.savez(path, y_train=np.arange(9) % 3, y_test=np.arange(9) % 3, **images)
    return path


@pytest.fixture
def made(kind, name, files):
    """The plug-in, with its default parameters and small files."""
    return kind.find(name)(**files.get(name, {}))


def test_there_are_plugins_of_every_kind():
    """Discovery finds what the published experiment needs."""
    assert {"cifar10", "digits"} <= set(Source.names())
    assert {"inception-2015", "hog", "pixels"} <= set(Extractor.names())
    assert {"linear-svm"} <= set(Classifier.names())
    assert {"tsne", "pca"} <= set(Projection.names())


@every_plugin
def test_a_plugin_is_a_frozen_dataclass(kind, name, made):
    """Parameters cannot change after they were checked."""
    assert is_dataclass(made)
    with pytest.raises(AttributeError):
        made.VERSION = 2
    assert made == type(made)(**{item.name: getattr(made, item.name) for item in fields(made)})


@every_plugin
def test_a_plugin_introduces_itself(kind, name):
    """It has a version, one line of summary, and the packages it needs."""
    found = kind.find(name)
    assert name == found.NAME
    assert isinstance(found.VERSION, int)
    assert found.VERSION >= 1
    assert 10 <= len(found.SUMMARY) <= 100
    assert "\n" not in found.SUMMARY
    assert all(isinstance(package, str) for package in found.REQUIRES)
    assert found.__doc__.strip()


@every_plugin
def test_every_parameter_explains_itself(kind, name):
    """The command line has a help text, a flag, a type and a default for each parameter."""
    found = kind.find(name)
    hints = typing.get_type_hints(found)
    for item in fields(found):
        assert item.metadata["help"].strip()
        assert item.metadata.get("flag", "--x").startswith("--")
        assert item.name in hints
        getattr(found(), item.name)


@every_plugin
def test_wrong_parameters_are_refused_in_one_sentence(kind, name):
    """Which parameter, of what, must be what, and what it was: for every parameter of every plug-in."""
    found = kind.find(name)
    for item in fields(found):
        with pytest.raises(InvalidParameter, match=SENTENCE) as caught:
            found(**{item.name: NEVER})
        assert item.name in str(caught.value)
        assert name in str(caught.value)
    assert fields(found) or found() == found()


@every_plugin
def test_the_identity_is_json_without_a_path(kind, name, made, files):
    """The key of a result depends on content and parameters, not on where files lie."""
    identity = made.identity()
    text = json.dumps(identity, allow_nan=False)
    assert json.loads(text) == identity
    assert "secret-folder" not in text
    assert str(Path.cwd()) not in text


@every_plugin
def test_the_same_parameters_have_the_same_identity(kind, name, made):
    """Two plug-ins made alike share their results; the identity does not change by being asked."""
    twin = type(made)(**{item.name: getattr(made, item.name) for item in fields(made)})
    assert made.identity() == twin.identity() == made.identity()


@independent_source
def test_how_images_are_judged_is_part_of_what_a_source_gives(name, files):
    """Other folds, or a part held out: another key. What is said without need changes nothing."""
    given = files.get(name, {})
    folds, other, held = (
        Source.find(name)(**given, **options).identity()
        for options in (
            {"evaluation": "folds"},
            {"evaluation": "folds", "seed": 1},
            {"evaluation": "holdout"},
        )
    )
    assert len({str(identity) for identity in (folds, other, held)}) == 3
    plain = Source.find(name)(**given)
    assert plain.identity() == (plain.content() if plain.has_split else folds)


@independent_source
def test_a_source_gives_the_same_dataset_twice(name, files, tmp_path):
    """Two results agree in every byte and fact; each image has a name of its own, and is there for both eyes."""
    made = Source.find(name)(**files.get(name, {}))
    first, again = (ensure(Store(tmp_path / place), made, {}) for place in ("one", "other"))
    assert first.manifest.facts["title"]
    assert (first.manifest.facts, first.manifest.files) == (again.manifest.facts, again.manifest.files)
    remember_place(Store(tmp_path / "one"), first.key, made.place or tmp_path)
    for split in ("train", "test"):
        ids = first.array(f"{split}_ids")
        assert len(set(ids)) == len(ids) == len(first.array(f"{split}_labels"))
        assert len(thumbnails_of(first, split)) == len(originals_of(first, split)) == len(ids)
        assert thumbnails_of(first, split)[0].dtype == originals_of(first, split)[0].dtype == np.uint8


def extractor(name, tmp_path, rng):
    """Give an extractor; Inception with a tiny graph, if TensorFlow is there."""
    if missing := Extractor.find(name).missing_packages():
        pytest.skip(f"needs {', '.join(missing)}")
    if name == "onnx":
        (tmp_path / "net.onnx").write_bytes(network())
        return Extractor.find(name)(model=tmp_path / "net.onnx")
    if name == "keras":
        from tests.pipeline.extractors.small_keras import write_weights

        return Extractor.find(name)(weights=write_weights("MobileNetV2", tmp_path / "small.weights.h5"))
    if name != "inception-2015":
        return Extractor.find(name)()
    from tests.pipeline.extractors.tiny_inception import tiny_graph

    path = tmp_path / "graph.pb"
    path.write_bytes(tiny_graph(rng).SerializeToString())
    return Extractor.find(name)(graph=path)


SLOW_EXTRACTORS = {"inception-2015", "keras"}
WITHOUT_IMAGES = {"given"}
"""Looks at vectors in place of images."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in SLOW_EXTRACTORS else [])
        for name in Extractor.names()
        if name not in WITHOUT_IMAGES
    ],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_an_extractor_gives_the_same_row_for_each_image_twice(name, channels, tmp_path, rng):
    """Features are float32, one row an image, in order, finite, and the same bytes at a second load."""
    made = extractor(name, tmp_path, rng)
    images = rng.integers(0, 256, (6, 16, 16, channels), dtype=np.uint8)
    first, again = made.load()(images), made.load()(images)
    assert first.dtype == np.float32
    assert first.shape == (6, first.shape[1])
    assert np.isfinite(first).all()
    assert first.tobytes() == again.tobytes()
    np.testing.assert_allclose(made.load()(images[::-1].copy())[::-1], first, atol=1e-4)
    assert len({row.tobytes() for row in first}) == 6
    of_any_size = [rng.integers(0, 256, (height, 20, channels), dtype=np.uint8) for height in (16, 24)]
    assert made.load()(of_any_size).shape[0] == 2
    assert made.chunk_size >= 1


@of_kind(Extractor)
def test_an_extractor_says_whether_it_is_a_stand_in(name, files):
    """Facts are JSON, and name the model."""
    facts = Extractor.find(name)(**files.get(name, {})).facts()
    assert json.loads(json.dumps(facts)) == facts
    assert facts["model"]
    assert isinstance(facts["stand_in"], bool)


@of_kind(Projection)
def test_a_projection_gives_the_same_points_twice(name, rng):
    """Points are float32 in the plane, one a row, finite, and the same at a second call."""
    if missing := Projection.find(name).missing_packages():
        pytest.skip(f"needs {', '.join(missing)}")
    made = Projection.find(name)()
    features = rng.normal(size=(40, 8)).astype(np.float32)
    quiet = _Quiet()
    first, facts = made.project(features, quiet)
    again, _ = made.project(features.copy(), quiet)
    assert first.dtype == np.float32
    assert first.shape == (40, 2)
    assert np.isfinite(first).all()
    np.testing.assert_array_equal(first, again)
    assert json.loads(json.dumps(facts)) == facts


@of_kind(Classifier)
def test_a_classifier_gives_the_same_path_twice(name, rng):
    """On planted clusters it is mostly right, its runner-up is another class, and a second fit is the same."""
    if missing := Classifier.find(name).missing_packages():
        pytest.skip(f"needs {', '.join(missing)}")
    labels = np.repeat(np.arange(3, dtype=np.int16), 12)
    features = (3 * np.eye(3, 8)[labels] + rng.normal(size=(36, 8))).astype(np.float32)
    made, half = Classifier.find(name)(), np.arange(36) % 2 == 0
    split = features[half], labels[half], features[~half], labels[~half]
    first, again = (made.fit(*split, 3, _Quiet()) for _ in range(2))
    assert (np.diff(first.C) > 0).all()
    assert first.predicted_label.shape == first.margin.shape == (len(first.C), 18)
    assert np.isfinite(first.margin).all()
    assert (first.predicted_label != first.runner_up_label).all()
    assert (first.predicted_label == labels[~half]).mean() > 0.6
    for key, array in first.arrays().items():
        np.testing.assert_array_equal(array, getattr(again, key))
    assert json.loads(json.dumps(first.facts)) == first.facts


class _Quiet:
    """Progress that nobody watches, but which checks what it is told."""

    def __call__(self, done, total, what):
        assert 0 <= done <= total
        assert isinstance(what, str)


def test_listing_the_plugins_imports_nothing_heavy():
    """Names, parameters and help texts cost no TensorFlow, no scikit-learn, and no network."""
    code = (
        "import sys; from pipeline.stages.kinds import KINDS\n"
        "for kind in KINDS:\n"
        "    for name in kind.names(): kind.find(name).options()\n"
        f"print([package for package in {HEAVY!r} if package in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_lists_the_known_ones():
    """A slip of the pen is easily mended."""
    with pytest.raises(InvalidParameter, match=r"must be one of cifar10, .*digits.*Got 'cifar-10'.*\nTry: "):
        Source.find("cifar-10")


def test_an_argument_may_stand_behind_the_name_and_a_colon():
    """It is the value of the option that the plug-in names; a plug-in without one refuses it."""
    assert chosen(Extractor, "onnx:/a:b/net.onnx") == ("onnx", {"--model": Path("/a:b/net.onnx")})
    assert chosen(Extractor, "hog") == ("hog", {})
    with pytest.raises(InvalidParameter, match=r"extractor must be hog alone, .*Got 'hog:9'"):
        chosen(Extractor, "hog:9")
    for kind, name in ALL:
        argument = kind.find(name).ARGUMENT
        assert not argument or argument in {item.name for item in fields(kind.find(name))}
