import hashlib
import importlib.util
import inspect
import json

import numpy as np
import pytest

from pipeline.errors import DownloadError, ExtractorError, InvalidParameter, UnsafeInput
from pipeline.extractors.keras import Keras
from pipeline.networks import keras_network
from pipeline.networks.keras_families import SIDES, preprocessing_of
from pipeline.networks.keras_network import check_weights

needs_tensorflow = [
    pytest.mark.slow,  # importing TensorFlow takes seconds
    pytest.mark.skipif(
        importlib.util.find_spec("tensorflow") is None,
        reason="needs TensorFlow: pip install -r requirements-pipeline.txt",
    ),
]


def marked(test):
    """Mark a test that needs TensorFlow."""
    for mark in needs_tensorflow:
        test = mark(test)
    return test


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A small network's weights in a file."""
    from tests.pipeline.extractors.small_keras import write_weights

    return write_weights("MobileNetV2", tmp_path_factory.mktemp("keras") / "small.weights.h5")


@pytest.fixture
def images(rng):
    """Three images of the network's size."""
    return rng.integers(0, 256, (3, 224, 224, 3), dtype=np.uint8)


@marked
def test_features_are_those_of_keras_called_directly(weights, images):
    """Its own preprocessing, its own network, the maps averaged; and the same bytes at a second load."""
    from tests.pipeline.extractors.small_keras import make, tf

    direct = make("MobileNetV2")
    direct.load_weights(weights)
    fed = tf.keras.applications.mobilenet_v2.preprocess_input(images.astype(np.float32))
    expected = direct.predict_on_batch(fed)
    features = Keras(weights=weights).load()(images)
    assert features.shape == (3, 1280)
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-5)
    assert Keras(weights=weights).load()(images).tobytes() == features.tobytes()


@marked
def test_images_of_any_size_are_squashed(weights, rng):
    """Photographs, and grey ones."""
    some = [rng.integers(0, 256, size, dtype=np.uint8) for size in ((30, 60, 3), (300, 200, 1))]
    assert Keras(weights=weights).load()(some).shape == (2, 1280)


@marked
def test_the_table_is_what_keras_has():
    """Every network of this Keras, its size, and what its family does to pixels."""
    import tensorflow as tf
    from keras.src.applications import imagenet_utils

    class Found(Exception):
        pass

    def found(input_shape, default_size, *_, **__):
        raise Found(default_size)

    known = tf.keras.applications
    names = [name for name in dir(known) if inspect.isfunction(getattr(known, name))]
    assert sorted(SIDES) == sorted(names)
    pixels = np.random.default_rng(1).integers(0, 256, (1, 2, 2, 3), dtype=np.uint8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imagenet_utils, "obtain_input_shape", found)
        for name in names:
            make = getattr(known, name)
            theirs = inspect.getmodule(inspect.unwrap(make)).preprocess_input(pixels.astype(np.float32))
            side = SIDES[name]
            ours = preprocessing_of(name).apply(
                pixels.repeat(side, 1).repeat(side, 2)[:, :side, :side], "nhwc"
            )
            expected = np.asarray(theirs)[0, 0, 0]
            np.testing.assert_allclose(ours[0, 0, 0], expected, rtol=1e-5, atol=1e-5, err_msg=name)
            if not name.startswith("MobileNetV3"):  # takes any size; its papers have 224
                with pytest.raises(Found) as caught:
                    make(weights=None)
                assert caught.value.args == (side,), name


@marked
def test_weights_of_another_network_are_refused(tmp_path, weights):
    """By Keras, in our words, with what to type."""
    with pytest.raises(
        ExtractorError, match=r"must hold the weights of MobileNet without .*\nTry: .*without --weights"
    ):
        Keras(network="MobileNet", weights=weights).load()


@marked
def test_without_a_network_the_download_says_what_else_can_be_done(monkeypatch):
    """Keras's own error, and a file that another machine has downloaded."""
    from keras.src.utils import file_utils

    def offline(*_, **__):
        raise Exception("URL fetch failure on https://example.org/x.h5: None -- [Errno -3] no address")

    monkeypatch.setattr(file_utils, "get_file", offline)
    with pytest.raises(
        DownloadError, match=r"weights of MobileNetV2 must be downloaded by Keras once\. Got: URL fetch"
    ):
        Keras().prepare()


@marked
def test_downloaded_weights_are_known_by_their_numbers(monkeypatch, tmp_path, images):
    """What Keras fetches and verifies is loaded; the same numbers have the same key wherever they lie."""
    import h5py
    from keras.src.legacy.saving import legacy_h5_format
    from keras.src.utils import file_utils

    from tests.pipeline.extractors.small_keras import make

    fetched = tmp_path / "mobilenet_v2_no_top.h5"
    with h5py.File(fetched, "w") as file:  # as the files that Keras publishes are written
        legacy_h5_format.save_weights_to_hdf5_group(file, make("MobileNetV2"))
    asked = []
    monkeypatch.setattr(file_utils, "get_file", lambda *words, **more: asked.append(words) or str(fetched))
    extractor = Keras()
    extractor.prepare()
    assert asked
    assert "no_top" in asked[0][0]
    assert extractor.identity() == Keras().identity()
    assert extractor.facts()["model"] == "MobileNetV2 (ImageNet)"
    from_file = Keras(weights=fetched)
    np.testing.assert_array_equal(extractor.load()(images), from_file.load()(images))


def test_the_identity_is_network_weights_and_preprocessing(tmp_path):
    """The file's content, not its name; and TensorFlow is not needed for it."""
    for name in ("a.h5", "b.h5"):
        (tmp_path / name).write_bytes(b"weights")
    first = Keras(weights=tmp_path / "a.h5").identity()
    assert first == Keras(weights=tmp_path / "b.h5").identity()
    assert first["weights_sha256"] == hashlib.sha256(b"weights").hexdigest()
    assert first["preprocessing"]["side"] == 224
    assert json.loads(json.dumps(first)) == first
    assert Keras(network="ResNet50", weights=tmp_path / "a.h5").identity() != first
    with pytest.raises(
        ExtractorError, match=r"no\.h5 must be a file of weights \(\.h5\)\. Got nothing there"
    ):
        Keras(weights=tmp_path / "no.h5").identity()


def test_an_unknown_network_lists_the_known_ones():
    """As Keras calls them."""
    with pytest.raises(
        InvalidParameter, match=r"network of keras must be one of ConvNeXtTiny, .*Got 'resnet50'"
    ):
        Keras(network="resnet50")


def hdf5(path, write):
    """Write an HDF5 file."""
    import h5py

    with h5py.File(path, "w") as file:
        write(file, h5py)
    return path


HOSTILE = {
    "a link to another file": (
        lambda file, h5py: file.create_group("layers").__setitem__("x", h5py.ExternalLink("/etc/passwd", "/")),
        "itself. Got a link",
    ),
    "a soft link": (lambda file, h5py: file.__setitem__("x", h5py.SoftLink("/y")), "itself. Got a link"),
    "numbers in another file": (
        lambda file, _: file.create_dataset("x", (4,), "u1", external=[("/etc/passwd", 0, 4)]),
        "itself. Got a link",
    ),
    "a virtual array": (
        lambda file, h5py: virtual(file, h5py),
        "itself. Got a link",
    ),
    "a bomb": (
        lambda file, _: file.create_dataset("x", (1 << 40,), "f4", chunks=(1 << 20,), compression="gzip"),
        "unpack to at most",
    ),
}  # fmt: skip


def virtual(file, h5py):
    """Put an array into a file whose numbers are another's."""
    layout = h5py.VirtualLayout((4,), "u1")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "x", (4,))
    file.create_virtual_dataset("x", layout)


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_is_more_than_weights_is_refused(what, tmp_path):
    """Before Keras sees it."""
    pytest.importorskip("h5py")
    write, says = HOSTILE[what]
    with pytest.raises(UnsafeInput, match=says):
        check_weights(hdf5(tmp_path / "bad.h5", write))


def test_what_is_no_file_of_weights_is_an_error(tmp_path, monkeypatch):
    """Text, half a file, another ending, too many parts."""
    pytest.importorskip("h5py")
    whole = hdf5(
        tmp_path / "whole.h5", lambda file, _: [file.create_group(str(number)) for number in range(9)]
    )
    check_weights(whole)
    (tmp_path / "half.h5").write_bytes(whole.read_bytes()[:100])
    (tmp_path / "text.h5").write_bytes(b"hello")
    for name in ("half.h5", "text.h5"):
        with pytest.raises(ExtractorError, match=rf"{name} must be a complete HDF5 file"):
            check_weights(tmp_path / name)
    (tmp_path / "model.keras").write_bytes(b"")
    with pytest.raises(ExtractorError, match=r"name ends in \.h5"):
        check_weights(tmp_path / "model.keras")
    monkeypatch.setattr(keras_network, "MAX_PARTS", 5)
    with pytest.raises(UnsafeInput, match="at most 5 parts"):
        check_weights(whole)
