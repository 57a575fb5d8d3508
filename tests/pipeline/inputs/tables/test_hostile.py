import zipfile
from contextlib import suppress

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from pipeline.errors import SourceError, UnsafeInput
from pipeline.inputs.tables import arrow_files
from pipeline.inputs.tables import table as limits
from pipeline.inputs.tables.opening import open_table
from tests.pipeline.inputs.tables.making import FORMATS, planted_vectors, write_arrow, write_table
from tests.pipeline.inputs.tables.test_formats import matrix

DAMAGES = {
    "empty": lambda good: b"",
    "pickle": lambda good: b"\x80\x04N.",
    "array": lambda good: b"\x93NUMPY\x01\x00",
    "parquet head only": lambda good: b"PAR1",
    "parquet cut": lambda good: good("parquet")[:-20],
    "arrow cut": lambda good: good("arrow")[:-300],
    "stream cut": lambda good: good("stream.arrow")[:2000],
    "stream lies": lambda good: good("stream.arrow")[:4] + b"\xff\xff\xff\x7f" + good("stream.arrow")[8:],
    "zip cut": lambda good: good("npz")[:500],
    "zip middle": lambda good: good("npz")[:300] + b"\1" * 900 + good("npz")[1200:],
    "binary": lambda good: b"\0\1\2\xfe\xfd" * 100,
    "not UTF-8": lambda good: b'embedding,label\n"[1]",\xff\xfe\n',
    "twice": lambda good: b"a,a\n1,2\n",
    "another number of cells": lambda good: b'embedding,label\n"[1]",2\n1\n',
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_no_table_is_refused(name, tmp_path, rng):
    """In a sentence, without a crash."""
    vectors, _ = planted_vectors(rng, 200)

    def good(ending):
        return write_table(tmp_path / f"good.{ending}", vectors, {"label": ["a"] * 200}).read_bytes()

    path = tmp_path / "table"
    path.write_bytes(DAMAGES[name](good))
    with pytest.raises(SourceError, match=r" must .*\. Got"):
        read_all(path)


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (b"path;label\na.png;c\n", "commas between the columns"),
        (b"path\tlabel\na.png\tc\n", "must be called .tsv"),
        (b"path,label\na.png,c,more\n", "as many values as the first"),
        ("path,label\na.png,\xe9t\xe9\n".encode("latin-1"), "in the encoding UTF-8"),
    ],
    ids=["semicolons", "tabs", "ragged", "latin-1"],
)
def test_a_text_that_will_not_do_comes_with_advice_in_words(content, remedy, tmp_path):
    """What to change in the file, not a command's help."""
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r" must .*\. Got") as refusal:
        read_all(path)
    assert remedy in refusal.value.remedy


def read_all(path):
    """Read the label and the vectors."""
    table = open_table(path)
    return table.read(["label"]), matrix(table)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_damaged_byte_never_crashes(ending, tmp_path, rng):
    """It is refused, or gives other values; a hundred places of each format."""
    vectors, _ = planted_vectors(rng, 50)
    path = write_table(tmp_path / f"t.{ending}", vectors, {"label": ["a", "b"] * 25})
    content = path.read_bytes()
    for place in rng.integers(0, len(content), 100):
        path.write_bytes(content[:place] + bytes([rng.integers(256)]) + content[place + 1 :])
        with suppress(SourceError, KeyError):  # the latter where a column's name was damaged
            read_all(path)


def test_what_cannot_be_read_is_refused(tmp_path):
    """A folder, nothing."""
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(SourceError, match="table must be a Parquet"):
            open_table(path)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_table_that_is_too_large_is_refused(ending, tmp_path, monkeypatch, rng):
    """Rows, columns, cells: whatever the format."""
    vectors, _ = planted_vectors(rng, 100)
    path = write_table(tmp_path / f"t.{ending}", vectors, {"label": ["word"] * 100})
    for name, most, told in (
        ("IMAGES", 99, "99 rows"),
        ("MAX_COLUMNS", 1, "1 column"),
        ("MAX_READ", 50, "50 bytes"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(limits, name, most)
            with pytest.raises(UnsafeInput, match=f"at most {told}"):
                open_table(path).read(["label"])


def test_one_long_text_that_is_there_often_is_read_once(tmp_path):
    """A small Parquet file may say so of a million rows."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), ["x" * 1_000_000])
    parquet.write_table(pa.table({"label": column}), tmp_path / "t.parquet", store_schema=False)
    assert (tmp_path / "t.parquet").stat().st_size < 1_100_000
    assert open_table(tmp_path / "t.parquet").read(["label"]).nbytes < 10_000_000


def test_lists_that_are_too_long_are_refused_before_they_are_unpacked(tmp_path, monkeypatch):
    """A few bytes can say that a list has a hundred million values."""
    rows = pa.array([[0.0] * 1000], pa.list_(pa.float32()))
    path = write_arrow(tmp_path / "t.parquet", pa.table({"embedding": rows}))
    monkeypatch.setattr(arrow_files, "MAX_COLUMNS", 999)
    with pytest.raises(UnsafeInput, match="at most 999 values"):
        open_table(path)


def test_a_zip_that_says_more_than_it_has_is_refused(tmp_path, rng):
    """An array whose header promises more rows than follow."""
    vectors, _ = planted_vectors(rng)
    np.savez(tmp_path / "t.npz", features=vectors)
    with zipfile.ZipFile(tmp_path / "t.npz") as archive:
        content = archive.read("features.npy").replace(b"(40, 6)", b"(90, 6)")
    with zipfile.ZipFile(tmp_path / "t.npz", "w") as archive:
        archive.writestr("features.npy", content)
    with pytest.raises(SourceError, match="it is cut short"):
        matrix(open_table(tmp_path / "t.npz"), ["features"])
