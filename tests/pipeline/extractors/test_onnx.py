import json

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from pipeline.errors import ExtractorError, InvalidParameter, UnsafeInput
from pipeline.extractors.onnx import Onnx
from pipeline.networks import onnx_file
from pipeline.networks.preprocessing import Preprocessing
from tests.pipeline.networks.tiny_networks import expected, network, with_external_weights


@pytest.fixture
def images(rng):
    """Five colour images of the network's size."""
    return rng.integers(0, 256, (5, 8, 8, 3), dtype=np.uint8)


@pytest.fixture
def write(tmp_path):
    """Write a network, and what stands beside it; give its extractor."""

    def made(content, beside=None, **options):
        path = tmp_path / "net.onnx"
        path.write_bytes(content)
        if beside is not None:
            (tmp_path / "net.onnx.json").write_text(beside if isinstance(beside, str) else json.dumps(beside))
        return Onnx(model=path, **options)

    return made


def as_imagenet(images):
    """Give images as most networks are fed them, float32 (n, 3, h, w)."""
    mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    return ((images / 255 - mean) / std).transpose(0, 3, 1, 2).astype(np.float32)


@pytest.mark.parametrize("output", [None, "flat", "maps", "logits"])
def test_a_network_gives_what_numpy_gives(write, images, output):
    """Any tensor by its name, spatial ones averaged; by default the pooled one before the classifier."""
    found = write(network(), output=output).load()(images)
    np.testing.assert_allclose(found, expected(as_imagenet(images))[output or "flat"], atol=1e-4)


def test_channels_last_and_bytes_are_found_out(write, images):
    """As tf2onnx writes networks; one of bytes takes pixels as they are."""
    plain = expected(images.transpose(0, 3, 1, 2).astype(np.float32))["flat"]
    for nhwc in (False, True):
        made = write(network(nhwc=nhwc, dtype=TensorProto.UINT8))
        np.testing.assert_allclose(made.load()(images), plain, rtol=1e-4)
        assert made.identity()["layout"] == ("nhwc" if nhwc else "nchw")
    for output in ("maps", "inner", "flat"):
        found = write(network(nhwc=True), output=output).load()(images)
        np.testing.assert_allclose(found, expected(as_imagenet(images))["flat"], atol=1e-4)


@pytest.mark.parametrize("batch", [1, 3])
def test_a_fixed_number_of_images_at_a_time(write, images, batch):
    """An exporter that fixed it is served; the last batch is filled up, and the filling left out."""
    fixed = write(network(shape=[batch, 3, 8, 8])).load()(images)
    np.testing.assert_allclose(fixed, expected(as_imagenet(images))["flat"], atol=1e-4)


def test_sizes_that_the_network_leaves_open_are_an_option(write, images):
    """Then it must be given, and is squashed to; where the network says, nothing else may be."""
    for shape in (["n", 3, "h", "w"], ["n", 3, 8, "w"]):
        with pytest.raises(InvalidParameter, match=r"size of onnx must be .* takes .* x any. Got None"):
            write(network(shape=shape)).identity()
        assert write(network(shape=shape), size=8).load()(images).shape == (5, 5)
    with pytest.raises(InvalidParameter, match=r"where the network takes 8 x 8. Got 9"):
        write(network(), size=9).identity()
    wide = write(network(shape=["n", 3, 8, 12]))
    assert wide.identity()["preprocessing"]["side"] == [8, 12]
    assert wide.load()(images).shape == (5, 5)


def test_the_layout_must_be_said_where_the_file_does_not_tell(write, images):
    """Four open dimensions; and a layout that contradicts the file is refused."""
    with pytest.raises(InvalidParameter, match=r"layout of onnx must be nchw or nhwc. Got none"):
        write(network(shape=["n", "a", "b", "c"]), size=8).identity()
    open_ended = write(network(shape=["n", "a", "b", "c"]), size=8, layout="nchw")
    assert open_ended.load()(images).shape == (5, 5)
    with pytest.raises(InvalidParameter, match=r"layout of onnx must be nchw. Got nhwc"):
        write(network(), layout="nhwc").identity()


def test_preprocessing_by_options(write, images):
    """Mean, deviation, scale, order of channels: what reaches the network is what they say."""
    made = write(network(), mean=(1.0,), std=(1.0,), scale=127.5, channels="bgr", fit="pad")
    pixels = (images[..., ::-1] / 127.5 - 1).transpose(0, 3, 1, 2).astype(np.float32)
    np.testing.assert_allclose(made.load()(images), expected(pixels)["flat"], atol=1e-4)
    assert made.identity()["preprocessing"] == {
        "side": 8, "fit": "pad", "interpolation": "bicubic", "mean": 127.5, "scale": 127.5, "channels": "bgr",
    }  # fmt: skip


def test_the_file_beside_may_be_timms_own(write):
    """Its sizes, crop and range are taken; an option of the command goes before."""
    timm = {
        "architecture": "resnet18",
        "pretrained_cfg": {
            "input_size": [3, 8, 8], "interpolation": "bilinear", "crop_pct": 0.875, "crop_mode": "center",
            "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "first_conv": "conv1",
        },
    }  # fmt: skip
    found = write(network(shape=["n", 3, "h", "w"]), timm).identity()["preprocessing"]
    assert found == {
        "side": 8, "fit": "crop", "interpolation": "bilinear", "mean": 127.5, "scale": 127.5, "kept": 0.875,
    }  # fmt: skip
    assert write(network(), timm, fit="squash").identity()["preprocessing"]["fit"] == "squash"


def test_the_file_beside_may_be_in_our_words(write):
    """Each option by its name."""
    ours = {
        "size": [8, 8],
        "fit": "pad",
        "mean": [0],
        "std": [1],
        "scale": 1,
        "output": "logits",
        "layout": "nchw",
    }
    identity = write(network(), ours).identity()
    assert identity["output"] == "logits"
    assert identity["preprocessing"]["scale"] == 1.0


@pytest.mark.parametrize(
    ("beside", "error", "says"),
    [
        ("no json", ExtractorError, "net.onnx.json must be JSON. Got: Expecting value"),
        ("[1]", ExtractorError, "must be a JSON object"),
        ("[" * 200_000, ExtractorError, "must be JSON"),
        ({"mean": "0.5"}, InvalidParameter, "Got: mean of onnx must be 1 or 3 numbers"),
        ({"std": [0, 0, 0]}, InvalidParameter, "Got: std of onnx must be"),
        ({"fit": ["pad"]}, InvalidParameter, "Got: fit of onnx must be one of"),
        ({"input_size": [3, "a", None]}, InvalidParameter, "size of onnx must be"),
        ({"size": [8, 1 << 40]}, InvalidParameter, "size of onnx must be"),
        ({"output": 5}, InvalidParameter, "Got: output of onnx must be"),
    ],
)  # fmt: skip
def test_a_file_beside_that_says_nonsense_is_refused(write, beside, error, says):
    """In a sentence with its name; nothing is guessed in its place."""
    with pytest.raises(error, match=says):
        write(network(), beside).identity()


def test_a_grey_network_is_fed_one_channel(write, images):
    """Light as people see it."""
    kernel = numpy_helper.from_array(np.ones((2, 1, 1, 1), np.float32), "k")
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "k"], ["y"])],
        "grey",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 1, 8, 8])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [kernel],
    )
    content = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    made = write(content.SerializeToString(), mean=(0.0,), std=(1.0,), scale=1.0)
    grey = images @ np.array([0.299, 0.587, 0.114])
    np.testing.assert_allclose(made.load()(images)[:, 1], grey.mean(axis=(1, 2)), rtol=1e-4)


def test_the_identity_is_content_output_and_preprocessing(write, tmp_path):
    """Neither the path is in it, nor what was only said twice."""
    known = write(network()).identity()
    assert write(network(), output="flat", mean=(0.485, 0.456, 0.406), layout="nchw").identity() == known
    assert write(network(doc_string="x")).identity() != known
    assert write(network(), output="maps").identity() != known
    assert write(network(), fit="crop").identity() != known
    assert str(tmp_path) not in json.dumps(known)


def test_an_unknown_output_lists_those_there_are(write):
    """With their shapes, and what is alike."""
    with pytest.raises(
        InvalidParameter, match=r"for example maps .*logits \(0, 4\), flat .*Got 'flatt'. Similar: flat"
    ):
        write(network(), output="flatt").identity()


def node(operation, domain=""):
    """Give a node that hides among the others."""
    return helper.make_node(operation, ["flat"], ["odd"], domain=domain)


HOSTILE = {
    "custom operation": (lambda: network(nodes=[node("Evil", "com.evil")]), "standard operations.*com.evil.Evil"),
    "vendor's operation": (lambda: network(nodes=[node("EPContext", "com.microsoft")]), "standard operations"),
    "loop": (lambda: network(nodes=[node("Loop")]), "no loops. Got 'Loop'"),
    "external weights": (lambda: with_external_weights(network()), "hold its weights itself.*not opened"),
    "external constant": (
        lambda: network(nodes=[helper.make_node("Constant", [], ["odd"], value=external())]),
        "hold its weights itself",
    ),
    "hidden in a branch": (lambda: network(nodes=[branch()]), "standard operations.*com.evil"),
    "functions": (lambda: with_function(), "no functions"),
    "sparse": (lambda: with_sparse(), "no sparse weights"),
}  # fmt: skip


def external():
    """Give a tensor that lies in another file."""
    tensor = numpy_helper.from_array(np.zeros(2, np.float32), "c")
    tensor.ClearField("raw_data")
    tensor.external_data.add(key="location", value="weights.bin")
    return tensor


def branch():
    """Give an If with a strange operation in it."""
    inner = helper.make_graph(
        [node("Evil", "com.evil")], "then", [], [helper.make_tensor_value_info("odd", 1, None)]
    )
    return helper.make_node("If", ["flat"], ["either"], then_branch=inner, else_branch=inner)


def with_function():
    """Give a model with a function of its own."""
    model = onnx.load_model_from_string(network())
    model.functions.add(name="f", domain="pkg")
    return model.SerializeToString()


def with_sparse():
    """Give a model with a sparse weight."""
    model = onnx.load_model_from_string(network())
    model.graph.sparse_initializer.add().dims.extend([1 << 40])
    return model.SerializeToString()


@pytest.mark.parametrize("what", HOSTILE)
def test_a_network_that_could_do_more_than_compute_is_refused(write, what):
    """Before ONNX Runtime sees it."""
    make, says = HOSTILE[what]
    with pytest.raises(UnsafeInput, match=says):
        write(make()).identity()


@pytest.mark.parametrize("content", [b"hello", b"", b"\x0a\xff\xff", b"PK\x03\x04"])
def test_what_is_no_network_is_an_error(write, content):
    """Text, nothing, half a file, a zip."""
    with pytest.raises(ExtractorError, match=r"net.onnx must be an ONNX model"):
        write(content).identity()


def test_other_inputs_than_one_of_images_are_refused(write):
    """Two inputs, or one of words; the error lists them."""
    second = helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["n", 8])
    with pytest.raises(ExtractorError, match=r"one input, of images.*Got image .*, mask "):
        write(network(inputs=[second])).identity()
    with pytest.raises(ExtractorError, match="four dimensions"):
        write(network(shape=["n", 3])).identity()
    with pytest.raises(ExtractorError, match="of float32, float16, uint8"):
        write(network(dtype=TensorProto.INT64)).identity()


def bomb(side):
    """Give nodes that make a matrix of this many rows and columns out of a few bytes."""
    return {
        "nodes": [
            helper.make_node("ConstantOfShape", ["sides"], ["big"]),
            helper.make_node("ReduceMax", ["big"], ["most"], keepdims=0),
            helper.make_node("Add", ["flat", "most"], ["sum"]),
        ],
        "constants": [numpy_helper.from_array(np.array([side, side], np.int64), "sides")],
    }


def test_a_network_that_unfolds_to_terabytes_is_an_error(write, images):
    """A few bytes may describe more than the memory holds: the sum of all numbers is bounded."""
    assert write(network(**bomb(10)), output="sum").load()(images).shape == (5, 5)
    with pytest.raises(ExtractorError, match="Got: a network that takes more memory than there is"):
        write(network(**bomb(1 << 20)), output="sum").load()(images)


def test_a_network_that_fails_says_why(write, images):
    """ONNX Runtime's own words, in our sentence."""
    wrong = [helper.make_node("Add", ["flat", "kernel"], ["sum"])]
    with pytest.raises(ExtractorError, match=r"must .*Got: "):
        write(network(nodes=wrong), output="sum").load()(images)


def test_a_large_or_missing_file_is_an_error(write, tmp_path, monkeypatch):
    """The cap and the path are in the error; without a file, so is how to name one."""
    monkeypatch.setattr("pipeline.extractors.onnx.MAX_BYTES", 100)
    monkeypatch.setattr(onnx_file, "MAX_BYTES", 100)
    with pytest.raises(UnsafeInput, match=r"net\.onnx must be at most 100 bytes"):
        write(network()).identity()
    with pytest.raises(ExtractorError, match=r"absent\.onnx must be a readable file\. Got nothing there"):
        Onnx(model=tmp_path / "absent.onnx").identity()
    with pytest.raises(
        ExtractorError, match=r"model of onnx must be an ONNX file. Got none.\nTry: the same command"
    ):
        Onnx().identity()


def test_a_file_that_changes_between_two_looks_is_noticed(write):
    """What is run is what the key was made of."""
    made = write(network())
    made.identity()
    write(network(doc_string="x"))
    with pytest.raises(ExtractorError, match="must not change"):
        made.load()


def test_efficientnet_lite0_as_a_file_gives_its_own_features(write, rng):
    """The network that is installed, written to a file and described by the one beside it, bit for bit."""
    from pipeline.extractors.efficientnet_lite0 import PREPROCESSING, EfficientNetLite0
    from pipeline.networks.efficientnet_lite0 import build, read_weights

    images = rng.integers(0, 256, (3, 40, 60, 3), dtype=np.uint8)
    made = write(build(read_weights()), {"mean": [127], "std": [128], "scale": 1})
    assert made.identity()["output"] == "features"
    assert Preprocessing(**made.identity()["preprocessing"]) == PREPROCESSING
    np.testing.assert_allclose(made.load()(images), EfficientNetLite0().load()(images), atol=1e-5)
