import dataclasses
import hashlib
import importlib.util
import os
import subprocess
import sys

import numpy as np
import pytest

from pipeline.errors import DownloadError, ExtractorError, InvalidParameter, SourceError, UnsafeInput
from pipeline.extractors import inception_2015
from pipeline.extractors.inception_2015 import Inception2015
from pipeline.inception.graph_file import PUBLISHED
from pipeline.inception.processor import has_bfloat16
from tests.pipeline.inputs.hostile import archive, archive_of, member
from tests.pipeline.inputs.server import Site, serving

pytestmark = [
    pytest.mark.slow,  # importing TensorFlow takes seconds
    pytest.mark.skipif(
        importlib.util.find_spec("tensorflow") is None,
        reason="needs TensorFlow: pip install -r requirements-pipeline.txt",
    ),
]

GRAPH = "classify_image_graph_def.pb"
BATCH_NORMS = ("conv/batchnorm", "conv_1/batchnorm")


@pytest.fixture
def graph(rng):
    """A tiny graph like the published one."""
    from tests.pipeline.extractors.tiny_inception import tiny_graph

    return tiny_graph(rng)


@pytest.fixture
def path(graph, tmp_path):
    """The file of that graph."""
    path = tmp_path / "graph.pb"
    path.write_bytes(graph.SerializeToString())
    return path


@pytest.fixture
def images(rng):
    """Ten colour images of 20x20."""
    return rng.integers(0, 256, (10, 20, 20, 3), dtype=np.uint8)


def run_one_by_one(graph, images, output="pool_3:0"):
    """Run the graph unchanged, fed one image at a time into DecodeJpeg:0."""
    from tests.pipeline.extractors.tiny_inception import run_unchanged

    return run_unchanged(graph, output, [{"DecodeJpeg:0": image} for image in images])


@pytest.mark.parametrize("shown", [False, True])
def test_no_log_line_of_tensorflow_reaches_the_user(path, tmp_path, shown):
    """What it writes while it is loaded and used is for its developers; they set its variable to see it."""
    words = ["--source", "digits", "--limit", "60", "--projection", "pca", "--extractor", "inception-2015"]
    kept = {name: to for name, to in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pipeline",
            "run",
            *words,
            "--graph",
            str(path),
            "--cache",
            str(tmp_path / "store"),
        ],
        env=kept | ({"TF_CPP_MIN_LOG_LEVEL": "0"} if shown else {}),
        capture_output=True,
        text=True,
        check=True,
    )
    foreign = [line for line in done.stderr.splitlines() if not line.startswith("  ")]
    assert bool(foreign) is shown, foreign


def test_batches_equal_the_unchanged_graph_one_image_at_a_time(graph, path, images):
    """Folding, bypassing and batching change the features by rounding only."""
    features = Inception2015(graph=path, batch_size=4).load()(images)
    assert features.dtype == np.float32
    np.testing.assert_allclose(features, run_one_by_one(graph, images), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("output", ["softmax:0", "pool_3/_reshape:0", "softmax/logits"])
def test_outputs_behind_the_reshape_to_one_row_work_in_batches(graph, path, images, output):
    """The baked-in batch of one is freed; ":0" may be left out."""
    expected = run_one_by_one(graph, images, output.removesuffix(":0") + ":0")
    features = Inception2015(graph=path, output=output).load()(images)
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("output", ["conv:0", "conv/Conv2D:0", "conv/CheckNumerics:0", "Mul:0"])
def test_spatial_outputs_are_averaged(graph, path, images, output):
    """Any tensor by its published name, averaged over height and width."""
    expected = run_one_by_one(graph, images, output).mean(axis=(1, 2))
    features = Inception2015(graph=path, output=output).load()(images)
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-4)


def test_the_old_batch_normalisation_is_gone(graph):
    """What is run has neither the slow operation nor the checks, and no node too many."""
    from pipeline.inception.graph_rewrite import rewrite_graph

    rewritten = rewrite_graph(graph, keep={"pool_3"})
    operations = [node.op for node in rewritten.node]
    assert operations.count("BiasAdd") == len(BATCH_NORMS)
    assert not {"BatchNormWithGlobalNormalization", "CheckNumerics", "Identity", "Softmax"} & set(operations)
    assert len(operations) == len({node.name for node in rewritten.node})


def test_grey_images_are_fed_as_three_equal_channels(path, images):
    """A grey image has the features of its coloured twin."""
    extract = Inception2015(graph=path).load()
    grey = images[..., :1]
    np.testing.assert_array_equal(extract(grey), extract(np.repeat(grey, 3, axis=3)))


def test_jpegs_are_decoded_by_the_graph(graph, path, images):
    """JPEG files through DecodeJpeg/contents:0 equal the unchanged graph's."""
    from tests.pipeline.extractors.tiny_inception import jpeg, run_unchanged

    files = [jpeg(image) for image in images]
    expected = run_unchanged(graph, "pool_3:0", [{"DecodeJpeg/contents:0": file} for file in files])
    features = Inception2015(graph=path).load_jpeg()(files)
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", ["text", "cut", "png", "vast", "long"])
def test_what_is_no_jpeg_is_an_error(path, images, name, monkeypatch):
    """Neither text, nor half a file, nor another format, nor a picture of gigabytes is decoded."""
    import io

    from PIL import Image

    from pipeline.inception import network
    from tests.pipeline.extractors.tiny_inception import jpeg

    png = io.BytesIO()
    Image.fromarray(images[0]).save(png, "PNG")
    content = jpeg(images[0])
    vast = content.replace(b"\x08\x00\x14\x00\x14\x03", b"\x08\xff\xff\xff\xff\x03")
    assert vast != content
    monkeypatch.setattr(network, "MAX_JPEG_BYTES", 10_000)
    bad = {"text": b"hello", "cut": content[:300], "png": png.getvalue(), "vast": vast, "long": bytes(10_001)}
    with pytest.raises(ExtractorError, match="A JPEG must"):
        Inception2015(graph=path).load_jpeg()([bad[name]])


def test_an_unknown_output_lists_similar_ones(path):
    """A slip of the pen is easily mended."""
    with pytest.raises(InvalidParameter, match=r"Got 'pool3:0'\. Similar: .*pool_3:0"):
        Inception2015(graph=path, output="pool3").load()


def test_an_output_that_is_no_row_an_image_is_an_error(path, images):
    """Weights are tensors too, but no features."""
    with pytest.raises(ExtractorError, match="one row, or one spatial map, an image"):
        Inception2015(graph=path, output="conv/batchnorm/beta").load()(images)


def test_a_network_without_memory_says_so():
    """In our words, with the file's name; TensorFlow asks for ten seconds before it gives up."""
    import tensorflow as tf

    from pipeline.inception.network import _graph_errors

    with (
        pytest.raises(ExtractorError, match=r"x\.pb must be a network that fits into the memory there is"),
        _graph_errors("output must be one row", "x.pb"),
    ):
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")


@pytest.mark.parametrize(
    "operation", ["ReadFile", "WriteFile", "PyFunc", "EagerPyFunc", "PartitionedCall", "LoadV2"]
)
def test_a_graph_that_could_do_more_than_compute_is_refused(graph, tmp_path, operation):
    """The error names the file, the operation and the node; the command that helps follows."""
    graph.node.add(name="innocent", op=operation)
    (tmp_path / "bad.pb").write_bytes(graph.SerializeToString())
    with pytest.raises(
        UnsafeInput,
        match=rf"bad\.pb must only compute.*{operation}.*innocent.*not run.*\nTry: the same .*, without --graph",
    ):
        Inception2015(graph=tmp_path / "bad.pb").load()


def test_a_graph_that_would_write_a_file_writes_none(graph, tmp_path, images):
    """The attack is real on the unchanged graph, and stopped by the check."""
    import tensorflow as tf

    from tests.pipeline.extractors.tiny_inception import add

    trace = tmp_path / "it-ran"
    for name, text in (("where", str(trace)), ("what", "x")):
        add(graph, name, "Const", [], dtype=tf.string).attr["value"].tensor.CopyFrom(
            tf.make_tensor_proto(text)
        )
    add(graph, "write", "WriteFile", ["where", "what"])
    next(node for node in graph.node if node.name == "pool_3").input.append("^write")
    (tmp_path / "bad.pb").write_bytes(graph.SerializeToString())
    with pytest.raises(UnsafeInput, match="WriteFile"):
        Inception2015(graph=tmp_path / "bad.pb").load()
    assert not trace.exists()
    run_one_by_one(graph, images[:1])
    assert trace.exists()


def test_a_constant_of_terabytes_is_refused(graph, tmp_path):
    """A few bytes can describe more than the memory holds."""
    node = next(node for node in graph.node if node.name == "conv/conv2d_params")
    node.attr["value"].tensor.tensor_shape.dim[0].size = 1 << 40
    (tmp_path / "bad.pb").write_bytes(graph.SerializeToString())
    with pytest.raises(UnsafeInput, match=r"Constants in bad\.pb must have at most"):
        Inception2015(graph=tmp_path / "bad.pb").load()


def test_functions_inside_a_graph_are_refused(graph, tmp_path):
    """A function could hide an operation from the check."""
    graph.library.function.add().signature.name = "hidden"
    (tmp_path / "bad.pb").write_bytes(graph.SerializeToString())
    with pytest.raises(UnsafeInput, match="no functions"):
        Inception2015(graph=tmp_path / "bad.pb").load()


@pytest.mark.parametrize("content", [b"hello", b"", b"\x0a\xff\xff"])
def test_what_is_no_graph_is_an_error(tmp_path, content):
    """Text, nothing, and half a graph give our own error, with a command."""
    (tmp_path / "bad.pb").write_bytes(content)
    with pytest.raises(ExtractorError, match="\nTry: the same command again, without --graph"):
        Inception2015(graph=tmp_path / "bad.pb").load()


def test_a_missing_or_oversized_file_is_an_error(path, tmp_path, monkeypatch):
    """The error has the path, and the cap."""
    with pytest.raises(ExtractorError, match=r"absent\.pb must be a readable file\. Got nothing there"):
        Inception2015(graph=tmp_path / "absent.pb").identity()
    monkeypatch.setattr(
        "pipeline.inception.graph_file.PUBLISHED", dataclasses.replace(PUBLISHED, max_bytes=100)
    )
    with pytest.raises(UnsafeInput, match=r"graph\.pb must be at most 100 bytes"):
        Inception2015(graph=path).identity()


def test_a_graph_that_changes_between_two_looks_is_noticed(path):
    """What is run is what the key was made of."""
    extractor = Inception2015(graph=path)
    extractor.identity()
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ExtractorError, match="must not change"):
        extractor.load()


def test_the_identity_is_the_graphs_content_output_and_precision(path, tmp_path):
    """Neither the path nor the batch size is in the key; the graph's content and the output are."""
    known = Inception2015(graph=path).identity()
    copy = tmp_path / "elsewhere.pb"
    copy.write_bytes(path.read_bytes())
    assert Inception2015(graph=copy, batch_size=3).identity() == known
    assert Inception2015(graph=copy, output="pool_3").identity() == known
    assert Inception2015(graph=path, output="conv:0").identity() != known
    copy.write_bytes(path.read_bytes() + b" ")
    assert Inception2015(graph=copy).identity() != known


def test_the_identity_stays_what_it_was(path):
    """Older results keep their keys: the preprocessing is in the graph, and so in its digest."""
    extractor = Inception2015(graph=path)
    assert set(extractor.identity()) == {"model_sha256", "output", "precision"}
    assert "299 x 299" in extractor.facts()["preprocessing"]


def test_images_of_any_size_equal_the_unchanged_graph(graph, path, rng):
    """Each is fed whole, as the published script did, in float32 and in grey."""
    images = [rng.integers(0, 256, (*size, 3), dtype=np.uint8) for size in ((9, 40), (33, 12), (20, 20))]
    features = Inception2015(graph=path).load()(images)
    expected = [run_one_by_one(graph, image[np.newaxis])[0] for image in images]
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-4)


def test_any_other_file_than_the_published_one_is_a_stand_in(path):
    """The file's SHA-256 decides, not its name."""
    facts = Inception2015(graph=path).facts()
    assert facts["stand_in"] is True
    assert facts["model"].startswith("Stand-in")
    assert facts["model_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    published = Inception2015().facts()
    assert published["stand_in"] is False
    assert published["model_sha256"] == "009d6814d1bc560d4e7b236e170e9b2d5ca6f4b57bd8037f6db05776204415c6"


def test_an_archive_of_the_graph_gives_the_same(path, tmp_path, images):
    """--graph takes the .tgz as well; a hostile one is refused."""
    packed = archive_of(tmp_path / "x.tgz", {GRAPH: path.read_bytes(), "LICENSE": b""}, folder=".")
    assert Inception2015(graph=packed).identity() == Inception2015(graph=path).identity()
    np.testing.assert_array_equal(
        Inception2015(graph=packed).load()(images), Inception2015(graph=path).load()(images)
    )
    hostile = archive(tmp_path / "y.tgz", member(GRAPH, path.read_bytes()), member("../x", b""))
    with pytest.raises(UnsafeInput, match="inside itself only"):
        Inception2015(graph=hostile).load()
    without = archive(tmp_path / "z.tgz", member("LICENSE", b""))
    with pytest.raises(SourceError, match=f"must contain {GRAPH}"):
        Inception2015(graph=without).load()


def test_without_a_graph_the_published_archive_is_downloaded_once(path, tmp_path, images, monkeypatch):
    """The first use downloads and checks; a wrong checksum is refused with the way around."""
    monkeypatch.setenv("LAZYBONES_DOWNLOADS", str(tmp_path / "downloads"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    content = archive_of(tmp_path / "served.tgz", {GRAPH: path.read_bytes()}, folder=".").read_bytes()
    with serving(Site(content)) as site:
        known = hashlib.sha256(path.read_bytes()).hexdigest()
        digest = hashlib.sha256(content).hexdigest()
        remote = dataclasses.replace(PUBLISHED.remote, url=site.url, size=len(content), digest=digest)
        changed = dataclasses.replace(PUBLISHED, remote=remote, members={GRAPH: known})
        monkeypatch.setattr("pipeline.inception.graph_file.PUBLISHED", changed)
        monkeypatch.setattr(inception_2015, "PUBLISHED_SHA256", known)
        for _ in range(2):
            np.testing.assert_array_equal(
                Inception2015().load()(images), Inception2015(graph=path).load()(images)
            )
        assert len(site.asked) == 1
        assert Inception2015().facts()["stand_in"] is False
        wrong = dataclasses.replace(
            changed, remote=dataclasses.replace(remote, digest="0" * 64, name="other")
        )
        monkeypatch.setattr("pipeline.inception.graph_file.PUBLISHED", wrong)
        (tmp_path / "downloads" / PUBLISHED.folder / GRAPH).unlink()
        with pytest.raises(DownloadError, match=r"must have SHA256 0000.*--graph and the saved file"):
            Inception2015().load()


def test_bfloat16_needs_a_processor_that_has_it(tmp_path, monkeypatch):
    """Elsewhere it would be slower than float32, so it is refused; where it is, it is allowed."""
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("model name : X\nflags\t\t: fpu avx512f avx512_bf16 sse\n")
    assert has_bfloat16(cpuinfo)
    cpuinfo.write_text("model name : avx512_bf16\nflags\t\t: fpu avx512f sse\n")
    assert not has_bfloat16(cpuinfo)
    assert not has_bfloat16(tmp_path / "absent")
    monkeypatch.setattr(inception_2015, "has_bfloat16", lambda: False)
    with pytest.raises(
        InvalidParameter, match=r"precision of inception-2015 must be float32.*Got 'bfloat16'"
    ):
        Inception2015(precision="bfloat16")


def test_another_process_gives_the_same_bytes(path, images, tmp_path):
    """Float32 features are byte-identical from run to run."""
    np.save(tmp_path / "images.npy", images)
    code = (
        "import sys, numpy as np; from pathlib import Path;"
        "from pipeline.extractors.inception_2015 import Inception2015 as I;"
        "np.save(sys.argv[3], I(graph=Path(sys.argv[1])).load()(np.load(sys.argv[2])))"
    )
    files = [str(path), str(tmp_path / "images.npy"), str(tmp_path / "features.npy")]
    subprocess.run([sys.executable, "-c", code, *files], check=True, capture_output=True)
    theirs = np.load(tmp_path / "features.npy")
    assert theirs.tobytes() == Inception2015(graph=path).load()(images).tobytes()


@pytest.fixture(scope="module")
def real_images(real_data):
    """The first 256 test images of CIFAR-10."""
    from pipeline.sources.cifar10 import Cifar10

    return Cifar10(data_dir=real_data, limit=256).load().test.images


def real_graph(real_data):
    """Give the path of the shared graph."""
    return real_data / "inception-2015-12-05" / GRAPH


@pytest.mark.real_data
def test_the_real_graph_gives_the_reference_features(real_data, real_images):
    """The first 256 test images, in float32, equal the reference to 1e-3, and are told to be a stand-in's."""
    extractor = Inception2015(graph=real_graph(real_data))
    expected = np.load(real_data / "reference" / "pool_3_test_first256.npy")
    np.testing.assert_allclose(extractor.load()(real_images), expected, rtol=0, atol=1e-3)
    assert extractor.facts()["stand_in"] is True


@pytest.mark.real_data
def test_the_real_graph_one_by_one_equals_batched(real_data, real_images):
    """One image at a time equals a batch, and the reference fed into DecodeJpeg:0, to 1e-4."""
    one = Inception2015(graph=real_graph(real_data), batch_size=1).load()(real_images[:32])
    batched = Inception2015(graph=real_graph(real_data), batch_size=16).load()(real_images[:32])
    expected = np.load(real_data / "reference" / "pool_3_one_by_one_first32.npy")
    np.testing.assert_allclose(one, batched, rtol=0, atol=1e-4)
    np.testing.assert_allclose(one, expected, rtol=0, atol=1e-4)


@pytest.fixture(scope="module")
def photographs(real_data):
    """A sample of photographs, each of its own size."""
    from pipeline.inputs.pictures import decode

    files = sorted((real_data / "ants-bees" / "val").rglob("*.jp*g"))[::19]
    return [decode(file.read_bytes()) for file in files]


@pytest.mark.real_data
def test_photographs_equal_the_published_scripts_way(real_data, photographs):
    """Each file's pixels whole into DecodeJpeg:0 of the unchanged graph, one by one; all 398 were compared by hand."""
    import tensorflow as tf

    definition = tf.compat.v1.GraphDef.FromString(real_graph(real_data).read_bytes())
    expected = run_one_by_one(definition, photographs)
    assert len({image.shape for image in photographs}) > 3
    features = Inception2015(graph=real_graph(real_data)).load()(photographs)
    np.testing.assert_allclose(features, expected, rtol=0, atol=1e-4)


@pytest.mark.real_data
@pytest.mark.skipif(not has_bfloat16(), reason="needs a processor with bfloat16")
def test_bfloat16_counts_for_photographs_too(real_data, photographs):
    """In images of any size features are off by a few per cent as well, so it is in use."""
    float32, bfloat16 = (
        Inception2015(graph=real_graph(real_data), precision=precision).load()(photographs)
        for precision in ("float32", "bfloat16")
    )
    assert 0 < np.abs(bfloat16 - float32).mean() / float32.mean() < 0.05


@pytest.mark.real_data
@pytest.mark.skipif(not has_bfloat16(), reason="needs a processor with bfloat16")
def test_bfloat16_stays_near_float32(real_data, real_images):
    """In bfloat16 features are off by a few per cent on average, and not the same."""
    expected = np.load(real_data / "reference" / "pool_3_test_first256.npy")[:32]
    features = Inception2015(graph=real_graph(real_data), precision="bfloat16").load()(real_images[:32])
    error = np.abs(features - expected).mean() / np.abs(expected).mean()
    assert 0 < error < 0.05
