"""A network that somebody brought runs elsewhere: the same features, and nothing that it does ends this process."""

import importlib.util
import os
import time
from collections import Counter
from pathlib import Path

import numpy as np
import psutil
import pytest

from cache.files import absolute
from pipeline.apart import network as apart
from pipeline.apart.extractor import Foreign
from pipeline.apart.network import Limits
from pipeline.apart.process import APART, Broken, Process
from pipeline.compute import memory
from pipeline.errors import ExtractorError, UnsafeInput
from pipeline.extractors.inception_2015 import Inception2015
from pipeline.extractors.onnx import Onnx
from pipeline.networks import onnx_file
from pipeline.sources.digits import Digits
from pipeline.stages.contract import ensure
from tests.pipeline.apart.mutated import endless, graph, hungry, mutated, restructured
from tests.pipeline.networks.tiny_networks import network

COUNT = int(os.environ.get("LAZYBONES_HOSTILE", "25"))
"""Mutated graphs of TensorFlow's of either kind."""

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


@pytest.fixture
def images(rng):
    """Nineteen images: two batches and a part."""
    return rng.integers(0, 256, (19, 20, 20, 3), dtype=np.uint8)


@pytest.fixture
def write(tmp_path):
    """Write a network; give its extractor, whose process ends after the test."""
    made = []

    def extractor(content, **options):
        path = tmp_path / "net.onnx"
        path.write_bytes(content)
        made.append(Onnx(model=path, **options))
        return made[-1]

    yield extractor
    for one in made:
        one.close()


def limits(monkeypatch, **changes):
    """Let networks take less."""
    monkeypatch.setattr(Foreign, "LIMITS", Limits(**changes))


def test_features_are_those_of_this_process_bit_for_bit(write, images, monkeypatch):
    """Of images of one size, of others, and of one alone, with a crop; and the identity is the same."""
    there = write(network(), fit="crop", crop=0.8)
    some = [images[0], np.ascontiguousarray(images[1][:9]), images[2][..., :1]]
    found = [there.load()(each) for each in (images, some, images[:1])]
    identity, facts = there.identity(), there.facts()
    monkeypatch.setenv(APART, "1")
    here = Onnx(**there.parameters)
    assert (here.identity(), here.facts()) == (identity, facts)
    for mine, theirs in zip((images, some, images[:1]), found, strict=True):
        assert here.load()(mine).tobytes() == theirs.tobytes()
    from pipeline.networks.onnx_network import OnnxNetwork  # as it was before: all in one, unprepared

    file = here._described
    whole = OnnxNetwork(
        onnx_file.cut(network(), "x", "flat"), "flat", here._preprocessing, file.ends("flat", "nchw")
    )
    assert whole.extract(images).tobytes() == found[0].tobytes()


def test_a_stage_leaves_no_process(write, store, monkeypatch):
    """Neither when it is done, nor when it fails; nothing is loaded here."""
    monkeypatch.setattr(onnx_file, "_parse", lambda *_: pytest.fail("parsed here"))
    dataset = ensure(store, Digits(limit=12), {})
    extractor = write(network())
    assert extractor.identity()
    pid = extractor._apart.pid
    assert psutil.pid_exists(pid)
    ensure(store, extractor, {"dataset": dataset.key})
    assert not psutil.pid_exists(pid)
    assert extractor._apart.pid is None
    failing = write(network(), output="maps", size=8, layout="nchw")
    monkeypatch.setattr(Onnx, "parts", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ensure(store, failing, {"dataset": dataset.key})
    assert failing._apart.pid is None
    assert not [
        child for child in psutil.Process().children() if "pipeline.apart" in " ".join(child.cmdline())
    ]


def test_a_refusal_comes_over_as_it_is(write):
    """Its kind, its words, its remedy; and the parser was not run here."""
    from onnx import helper

    evil = write(network(nodes=[helper.make_node("Evil", ["flat"], ["odd"], domain="com.evil")]))
    with pytest.raises(UnsafeInput, match=r"standard operations.*com.evil.Evil.*\nTry: save it as one file"):
        evil.identity()
    with pytest.raises(ExtractorError, match=r"net.onnx must be an ONNX model"):
        write(b"hello").identity()


def test_a_network_that_never_ends_is_ended(write, images, monkeypatch):
    """A chain of products that would take days; the file is named, and what to do."""
    limits(monkeypatch, describing=1, image=0)
    extractor = write(endless(times=2000), output="sum")
    describe = extractor.load()
    pid = extractor._apart.pid
    with pytest.raises(
        ExtractorError,
        match=r"net\.onnx must be a network that can be run on 16 images within 1 s.*Got one that took longer than 1 s"
        r"\.\nTry: another file, or more memory",
    ):
        describe(images)
    assert not psutil.pid_exists(pid)


def test_a_network_that_takes_too_much_memory_is_ended(write, images, monkeypatch):
    """Nine hundred megabytes where it may hold half a gigabyte."""
    limits(monkeypatch, memory=500 << 20)
    extractor = write(hungry(15_000), output="sum")
    own = memory.resident()
    with pytest.raises(ExtractorError, match=r"net\.onnx must .* and 524 MB, in a process of its own"):
        extractor.load()(images)
    assert extractor._apart.pid is None
    assert memory.resident() < own + (100 << 20)


def test_what_is_killed_is_said_or_comes_again(write, images):
    """Between two batches it is loaded again; it counts as memory of this process while it is there."""
    extractor = write(network())
    describe = extractor.load()
    first, pid = describe(images), extractor._apart.pid
    assert pid in memory._counted()
    os.kill(pid, 9)
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], 5)
    assert describe(images).tobytes() == first.tobytes()
    assert extractor._apart.pid not in (None, pid)


def test_it_ends_when_nobody_asks_and_comes_again(write, images, monkeypatch):
    """A run may take long between two chunks."""
    limits(monkeypatch, idle=0.5)
    extractor = write(network())
    describe = extractor.load()
    end = time.monotonic() + 20
    while extractor._apart.pid is not None and time.monotonic() < end:
        time.sleep(0.1)
    assert extractor._apart.pid is None
    assert describe(images).shape == (19, 5)


def test_one_that_ends_in_the_very_moment_is_started_again(write, images, monkeypatch):
    """It looks alive, and is not; what ends whenever it is asked is an error."""
    extractor = write(network())
    describe, ask, ends = extractor.load(), Process.ask, ["now"]

    def asked(self, header, *bodies, **more):
        if header.get("do") == "describe" and ends:
            ends.pop()
            raise Broken("ended with code 0", idle=True)
        return ask(self, header, *bodies, **more)

    monkeypatch.setattr(Process, "ask", asked)
    assert describe(images[:1]).shape == (1, 5)
    ends += ["now", "and again"]
    with pytest.raises(ExtractorError, match=r"must be .* Got one that ended with code 0"):
        describe(images[:1])


def test_a_file_that_changes_between_two_looks_is_noticed(write):
    """By the same process, and by another one."""
    made = write(network())
    made.identity()
    write(network(doc_string="x"))
    with pytest.raises(ExtractorError, match="must not change"):
        made.load()
    made.close()
    with pytest.raises(ExtractorError, match="must not change"):
        made.load()


def test_its_process_has_limits(write):
    """It writes no file, downloads nothing, and the system knows what it may take."""
    extractor = write(network())
    extractor.load()
    process = psutil.Process(extractor._apart.pid)
    assert process.environ()["LAZYBONES_OFFLINE"] == "1"
    if hasattr(process, "rlimit"):
        assert process.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
        assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0)
        assert process.rlimit(psutil.RLIMIT_DATA)[0] < 1 << 40


LIES = [
    *("sight-empty", "sight-list", "sight-deep", "sight-other", "sight-short"),
    *("load-other", "load-nan", "load-list"),
    *("describe-none", "describe-few", "describe-negative", "describe-rows", "describe-error"),
]


@pytest.mark.parametrize("lie", LIES)
def test_nonsense_is_not_believed(write, images, monkeypatch, lie):
    """Whatever the process says that a network has taken over, an error of ours it is."""
    monkeypatch.setattr(apart, "SERVED", "tests.pipeline.apart.naughty")
    extractor = write(network(), output=lie)
    monkeypatch.setattr(Onnx, "identity", lambda self: self._described and {})
    with pytest.raises(ExtractorError) as caught:
        extractor.load()(images[:1])
    assert " must " in caught.value.message or lie == "describe-error"


def attempt_all(kind, contents):
    """Have files used in a process apart, and another where one has ended it; count what came of them."""
    process, said = None, Counter()
    for content in contents:
        if process is None or not process.is_alive:
            process = Process("tests.pipeline.apart.naughty", {})
            process.most = 2 << 30
            process.ask({"idle": 60}, within=120)
        try:
            told = process.ask({"try": kind}, content, within=30)[0]["said"]
        except Broken as problem:
            said[problem.how] += 1
            continue
        assert told == "float32 2" or " must " in told, told
        said["features" if told == "float32 2" else "refused"] += 1
    process.end()
    return said


def test_mutated_networks_give_features_or_an_error(rng):
    """Bytes of an ONNX file changed at random: none ends with an error of somebody else's."""
    said = attempt_all("onnx", (mutated(rng, network()) for _ in range(300)))
    assert said["features"] > 10
    assert said["refused"] > 100


@marked
def test_mutated_graphs_give_features_or_an_error(rng, tmp_path):
    """And bytes of a graph of TensorFlow's, and its structure: some lack inputs, or have others than there are."""
    whole = graph(tmp_path / "graph.pb").read_bytes()
    files = [mutated(rng, whole) for _ in range(COUNT)] + [restructured(rng, whole) for _ in range(COUNT)]
    said = attempt_all("pb", [whole, *files])
    print(dict(said))  # noqa: T201  # for who counts with LAZYBONES_HOSTILE
    assert said["features"] > COUNT / 10
    assert said["refused"] > COUNT / 2


@marked
def test_a_graph_that_ends_its_process_costs_a_sentence(tmp_path, images):
    """TensorFlow aborts, as a constant has another type than it says."""
    extractor = Inception2015(graph=graph(tmp_path / "bad.pb", spoilt=True))
    with pytest.raises(
        ExtractorError, match=r"bad\.pb must .*Got one that was ended by SIGABRT\.\nTry: another"
    ):
        extractor.load()(images)
    extractor.close()


def test_the_path_may_be_relative(write, monkeypatch, tmp_path, images):
    """The process is where this one is."""
    write(network())
    monkeypatch.chdir(tmp_path)
    extractor = Onnx(model=Path("net.onnx"))
    assert extractor.load()(images[:1]).shape == (1, 5)
    assert extractor.facts() == Onnx(model=absolute(Path("net.onnx"))).facts()
    extractor.close()
