import contextlib
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError, UnsafeInput
from pipeline.inputs.cifar_batches import read_split
from pipeline.inputs.pickles import INTEGERS, MAX_INSTRUCTIONS, load_plain_pickle
from tests.pipeline.inputs.hostile import batch, python2_pickle

PROTOCOLS = (2, 3, 4, 5)
FORBIDDEN = {
    "import",
    "exec",
    "compile",
    "open",
    "os.system",
    "subprocess.Popen",
    "pickle.find_class",
    "os.remove",
}
"""What Python tells its auditors when a pickle does more than to describe."""


class Runs:
    """Runs a command when it is unpickled."""

    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        import os

        return os.system, (self.command,)


def test_a_python2_batch_reads_as_pickle_itself_reads_it(rng):
    """The interpreter agrees with Python's own pickle on the form CIFAR-10 is published in."""
    array = rng.integers(0, 256, (3, 4), dtype=np.uint8)
    content = python2_pickle({b"data": array, b"labels": [1, 2, 300], b"nested": (1, [b"x"])})
    ours, theirs = load_plain_pickle(content, "batch"), pickle.loads(content, encoding="bytes")
    np.testing.assert_array_equal(ours.pop(b"data"), theirs.pop(b"data"))
    assert ours == theirs


def as_numpy_1(content):
    """Give a pickle with the names that numpy had before its second version."""
    if content[1] >= 4:
        content = content[:2] + content[11:]  # the frame, whose length changes
        for name in (b"numpy._core.multiarray", b"numpy._core.numeric"):
            old = name.replace(b"_core", b"core")
            content = content.replace(bytes([0x8C, len(name)]) + name, bytes([0x8C, len(old)]) + old)
        return content
    return content.replace(b"numpy._core.", b"numpy.core.")


LABELS = {
    "list": list,
    "int64": np.asarray,
    "big-endian": lambda labels: np.asarray(labels, ">i4"),
    "uint8": lambda labels: np.asarray(labels, np.uint8),
    "numpy numbers": lambda labels: list(np.asarray(labels)),
}


@pytest.mark.parametrize("numpy", [1, 2])
@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("keys", [bytes, str])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_batch_saved_again_by_python3_is_the_same_batch(rng, protocol, keys, labels, numpy):
    """`pickle.load(f, encoding="bytes")`, then `pickle.dump`: the same images and labels."""
    published, images, wanted = batch(3, rng)
    again = pickle.loads(published, encoding="bytes")
    if keys is str:
        again = {key.decode(): value for key, value in again.items()}
    name = (lambda key: key.encode()) if keys is bytes else str
    again |= {name("labels"): LABELS[labels](wanted.tolist()), name("note"): b""}
    content = pickle.dumps(again, protocol)
    split = read_split(as_numpy_1(content) if numpy == 1 else content, "batch", None)
    np.testing.assert_array_equal(split.images, images)
    np.testing.assert_array_equal(split.labels, wanted)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_arrays_read_as_pickle_itself_reads_them(rng, protocol):
    """Any order of axes and bytes, any whole numbers; and nobody can write into them."""
    for kind in (*INTEGERS, ">u2", ">i8"):
        for array in (
            rng.integers(0, 100, (3, 4)),
            rng.integers(0, 100, (3, 4)).T,
            rng.integers(0, 9, (6, 8))[::2],
        ):
            content = pickle.dumps({"data": array.astype(kind, order="K")}, protocol)
            ours = load_plain_pickle(content, "batch")["data"]
            np.testing.assert_array_equal(ours, array)
            assert ours.dtype.newbyteorder("=") == np.dtype(kind).newbyteorder("=")
            assert not ours.flags.writeable


def test_text_cannot_grow():
    """One long text, made into bytes again and again, would fill any memory."""
    encode = b"h\x00h\x01h\x02\x86R"
    content = (
        b"\x80\x02c_codecs\nencode\nq\x00X\x10\x27\x00\x00"
        + b"a" * 10_000
        + b"q\x01X\x06\x00\x00\x00latin1q\x02"
    )
    with pytest.raises(UnsafeInput, match="batch must hold as many bytes as it has"):
        load_plain_pickle(content + encode * 1000 + b".", "batch")


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.filterwarnings("ignore:invalid escape sequence")  # of text that pickletools reads
def test_thousands_of_changed_pickles_run_nothing_and_give_our_own_error(rng, protocol):
    """Bytes flipped, cut out, doubled and put in: a dict, or the documented error; no import, no call."""
    attack = pickle.dumps({"x": Runs("exit 1")}, protocol)
    seeds = [
        pickle.dumps({"labels": kind([1, 2]), "data": np.zeros((2, 3), np.uint8)}, protocol)
        for kind in LABELS.values()
    ]
    seeds += [as_numpy_1(seed) for seed in seeds]
    "".encode("raw_unicode_escape")  # pickletools looks this up when it meets such a text
    seen, watching = [], True
    sys.addaudithook(
        lambda event, about: seen.append((event, about)) if watching and event in FORBIDDEN else None
    )
    for number in range(2000):
        content = bytearray(seeds[number % len(seeds)])
        for _ in range(rng.integers(1, 4)):
            at, length = rng.integers(2, len(content)), rng.integers(1, 9)
            piece = (rng.bytes(length), b"", content[at : at + length] * 2, attack[2:-1])[rng.integers(4)]
            content[at : at + length] = piece
        with contextlib.suppress(SourceError):
            assert isinstance(load_plain_pickle(bytes(content), "changed"), dict)
    watching = False
    assert seen == []


@given(
    st.dictionaries(
        st.binary(max_size=300),
        st.recursive(st.binary(max_size=300) | st.integers(-(2**31), 2**31 - 1), st.lists, max_leaves=20),
    )
)
def test_plain_data_survives_the_round_trip(data):
    """Any dict of strings, numbers and lists comes back the same."""
    assert load_plain_pickle(python2_pickle(data), "data") == data


@given(st.binary(max_size=200))
def test_any_bytes_give_a_dict_or_our_own_error(content):
    """Random bytes never escape as a foreign exception."""
    with contextlib.suppress(SourceError):
        assert isinstance(load_plain_pickle(b"\x80\x02" + content, "noise"), dict)


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_a_pickle_that_runs_a_command_is_refused_before_it_runs(tmp_path, protocol):
    """A pickle that calls os.system names the file and the class in the error, and nothing happens."""
    trace = tmp_path / "it-ran"
    content = pickle.dumps({b"data": Runs(f"touch {trace}")}, protocol=protocol)
    with pytest.raises(UnsafeInput, match="test_batch must"):
        load_plain_pickle(content, "test_batch")
    assert not trace.exists()


def test_that_pickle_would_have_run_under_pickle(tmp_path):
    """The attack is real: Python's own pickle runs it."""
    trace = tmp_path / "it-ran"
    code = f"import pickle; pickle.loads({pickle.dumps(Runs(f'touch {trace}'), protocol=2)!r})"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert trace.exists()


def test_the_error_names_the_file_and_the_class():
    """Who reads the error knows which file tried what."""
    with pytest.raises(
        UnsafeInput, match=r"data_batch_1 must mention numpy arrays only\. Got 'posix\.system'"
    ):
        load_plain_pickle(b"\x80\x02cposix\nsystem\n.", "data_batch_1")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\x80\x02cnumpy\ndtype\n(U\x02u1K\x00K\x01tR}b.", id="no-dict-at-top"),
        pytest.param(b"\x80\x02}cnumpy\nndarray\n)Rs.", id="calls-ndarray"),
        pytest.param(b"\x80\x02}(U\x01ab.", id="changes-a-string"),
        pytest.param(b"\x80\x02}((KKtK\x01u.", id="tuple-as-key"),
        pytest.param(b"\x80\x02}r\xff\xff\xff\x7fj\x00\x00\x00\x00.", id="memo-never-set"),
        pytest.param(b"\x80\x02(lp0\n.", id="protocol-0-list"),
        pytest.param(b"\x80\x02}q\x01(U\x01ah\x01u", id="no-end"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_malformed_pickle_is_an_error_that_names_the_file(content):
    """Broken or odd pickles give one kind of error, whatever is wrong with them."""
    with pytest.raises(SourceError, match="odd must"):
        load_plain_pickle(content, "odd")


def test_tuples_nested_past_any_hash_do_no_harm():
    """Sixty tuples, each twice the one before, would take Python's pickle longer than the sun has."""
    nest = b"K\x01" + b"".join(b"q%ch%c\x86" % (i, i) for i in range(60))
    with pytest.raises(SourceError, match="keys that are no strings"):
        load_plain_pickle(b"\x80\x02}(" + nest + b"K\x01u.", "deep")


def test_an_array_must_be_of_whole_numbers_and_fill_its_shape():
    """Objects, fractions, and shapes that ask for more memory than there are bytes, are refused."""
    for array in (np.array([{}, 1]), np.zeros((2, 2), np.float32), np.array(["a"]), np.zeros(2, "u1,u1")):
        for protocol in PROTOCOLS:
            with pytest.raises(SourceError, match="batch must"):
                load_plain_pickle(pickle.dumps({"data": array}, protocol), "batch")
    content = python2_pickle({b"data": np.zeros((2, 3), np.uint8)})
    for shape in (b"J\xff\xff\xff\x7fJ\xff\xff\xff\x7f", b"J\x01\x00\x00\x00" * 100_000):
        vast = content.replace(b"(J\x02\x00\x00\x00J\x03\x00\x00\x00t", b"(" + shape + b"t")
        assert vast != content
        with pytest.raises(SourceError, match=r"do not fill its shape|without a shape"):
            load_plain_pickle(vast, "batch")


def test_too_many_instructions_are_refused():
    """A pickle cannot ask for unbounded work."""
    with pytest.raises(UnsafeInput, match="at most"):
        load_plain_pickle(b"\x80\x02" + b"]" * (MAX_INSTRUCTIONS + 1) + b".", "long")


def test_a_batch_cut_short_anywhere_is_an_error(rng):
    """A truncated file is noticed wherever it ends."""
    content = python2_pickle({b"data": rng.integers(0, 256, (3, 4), dtype=np.uint8), b"labels": [1, 2, 3]})
    for length in range(len(content)):
        with pytest.raises(SourceError, match="batch must"):
            load_plain_pickle(content[:length], "batch")
