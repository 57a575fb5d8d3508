import contextlib
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError, UnsafeInput
from pipeline.inputs.pickles import MAX_INSTRUCTIONS, load_plain_pickle
from tests.pipeline.inputs.hostile import python2_pickle


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


def test_an_array_must_be_uint8_and_fill_its_shape(rng):
    """Object arrays, and shapes that ask for more memory than there are bytes, are refused."""
    for array in (rng.integers(0, 9, (2, 2)), np.zeros((2, 2), np.float32)):
        with pytest.raises(SourceError, match="not uint8"):
            load_plain_pickle(python2_pickle({b"data": array}), "batch")
    content = python2_pickle({b"data": np.zeros((2, 3), np.uint8)})
    vast = content.replace(b"(J\x02\x00\x00\x00J\x03\x00\x00\x00t", b"(J\xff\xff\xff\x7fJ\xff\xff\xff\x7ft")
    assert vast != content
    with pytest.raises(SourceError, match="do not fill its shape"):
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
