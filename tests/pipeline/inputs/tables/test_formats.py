import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipeline.errors import SourceError
from pipeline.inputs.tables.opening import open_table
from pipeline.inputs.tables.vectors import vectors_of, vectors_of_file
from tests.pipeline.inputs.tables.making import FORMATS, lists, planted_vectors, write_arrow, write_table


def matrix(table, names=("embedding",)):
    """Read all vectors."""
    return np.concatenate(list(vectors_of(table, names)))


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_gives_the_same_vectors_and_cells(ending, tmp_path, rng):
    """Bit for bit, also through text."""
    vectors, labels = planted_vectors(rng, 700)
    names = [f"class {label}" for label in labels]
    table = open_table(write_table(tmp_path / f"t.{ending}", vectors, {"label": names}))
    assert list(table.types) == ["embedding", "label"]
    assert matrix(table).tobytes() == vectors.tobytes()
    assert table.read(["label"]).column(0).to_pylist() == names


@pytest.mark.parametrize("ending", ["parquet", "arrow", "csv"])
def test_columns_of_numbers_side_by_side_are_vectors(ending, tmp_path, rng):
    """As scikit-learn and pandas write them, in the columns' order."""
    vectors, _ = planted_vectors(rng, 300)
    frame = pd.DataFrame(vectors, columns=[f"f{place}" for place in range(6)])
    path = tmp_path / f"t.{ending}"
    if ending == "csv":
        frame.to_csv(path, index=False)
    else:
        write_arrow(path, pa.Table.from_pandas(frame))
    assert matrix(open_table(path), list(frame.columns)).tobytes() == vectors.tobytes()


@pytest.mark.parametrize(
    "kind", [pa.list_(pa.float64()), pa.large_list(pa.int16()), pa.list_(pa.float32(), 3)]
)
def test_lists_of_any_numbers_are_vectors(kind, tmp_path):
    """Of every length of number; a missing list, and a missing value, is NaN."""
    rows = pa.array([[1, 2, 3], None, [4, None, 6]], kind)
    found = matrix(open_table(write_arrow(tmp_path / "t.arrow", pa.table({"embedding": rows}))))
    np.testing.assert_array_equal(found, np.float32([[1, 2, 3], [np.nan] * 3, [4, np.nan, 6]]))


def test_vectors_may_begin_with_missing_ones(tmp_path, rng):
    """However many there are before the first says how long a vector is."""
    vectors, _ = planted_vectors(rng, 2)
    rows = pa.array([None] * 600 + vectors.tolist(), pa.list_(pa.float32()))
    found = matrix(open_table(write_arrow(tmp_path / "t.parquet", pa.table({"embedding": rows}))))
    assert found.shape == (602, 6)
    assert np.isnan(found[:600]).all()
    assert found[600:].tobytes() == vectors.tobytes()


@pytest.mark.parametrize("rows", [[[1.0, 2.0], [1.0]], [[1.0], None, [1.0, 2.0]], [[], [1.0]], [[], []]])
def test_vectors_are_refused_where_no_length_is_that_of_most(rows, tmp_path):
    """Nobody can say which of them are wrong."""
    path = write_arrow(
        tmp_path / "t.parquet", pa.table({"embedding": pa.array(rows, pa.list_(pa.float32()))})
    )
    with pytest.raises(SourceError, match=r"vectors of one length.* Got .* in [012] rows? of 2"):
        matrix(open_table(path))


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_vectors_of_another_length_than_most_are_missing(kind, tmp_path):
    """Also the first, one without a value, and those of later blocks."""
    rows = [[1.0], *[[i, 2.0] for i in range(300)], [], [1.0, 2.0, 3.0], None, [7.0, 8.0]]
    path = tmp_path / f"t.{kind}"
    if kind == "csv":
        texts = [None if row is None else json.dumps(row) for row in rows]
        pd.DataFrame({"embedding": texts, "a": 1}).to_csv(path, index=False)
    else:
        write_arrow(path, pa.table({"embedding": pa.array(rows, pa.list_(pa.float32()))}))
    found = matrix(open_table(path))
    assert np.flatnonzero(np.isnan(found).all(axis=1)).tolist() == [0, 301, 302, 303]
    assert found[[1, 300, 304]].tolist() == [[0, 2], [299, 2], [7, 8]]


@pytest.mark.parametrize("text", ["[1.0 2.0 ...]", "[1, [2]]", '["a"]', "[" * 100_000, "[1, 1]x", "{}"])
def test_text_that_is_no_json_list_is_refused_with_its_row(text, tmp_path):
    """As pandas writes arrays into CSV, for example."""
    path = tmp_path / "t.csv"
    pd.DataFrame({"embedding": ["[1, 2]", text]}).to_csv(path, index=False)
    with pytest.raises(SourceError, match=r"JSON list of numbers in each row.* in row 1"):
        matrix(open_table(path))


def test_a_value_that_is_too_large_is_infinite(tmp_path):
    """It is not silently another number."""
    path = write_arrow(tmp_path / "t.parquet", pa.table({"embedding": lists(np.array([[1e300, 1]]))}))
    assert np.isinf(matrix(open_table(path))[0, 0])


def test_text_cells_stay_text_and_typed_ones_become_what_they_say(tmp_path):
    """007 is a name; a column of numbers, dates or truth values is one."""
    path = tmp_path / "t.csv"
    path.write_text(
        'id,age,when,ok,word,"no, thing"\n007,1,2024-01-02,true,"NA",\n008,,2024-01-03,false,b,\n'
    )
    table = open_table(path)
    assert table.read(["id"]).column(0).to_pylist() == ["007", "008"]
    typed = table.read_typed(["age", "when", "ok", "word", "no, thing"])
    assert [str(kind) for kind in typed.schema.types] == [
        "int64",
        "timestamp[us]",
        "bool",
        "string",
        "string",
    ]
    assert typed.column("word").to_pylist() == ["NA", "b"]
    assert typed.column("age").to_pylist() == [1, None]


def test_a_number_that_is_none_is_refused_however_far_down(tmp_path):
    """The first lines had said that the column has numbers."""
    path = tmp_path / "t.csv"
    path.write_text("f0,f1\n" + "0.123456789012,0.123456789012\n" * 600_000 + "x,1\n")
    table = open_table(path)
    with pytest.raises(SourceError, match=r"must be a whole table that can be read\. Got: .*'x'"):
        matrix(table, ["f0", "f1"])


def test_arrays_of_npz_become_columns(tmp_path, rng):
    """Of any order of bytes, in any order of rows and columns, also squeezed; others are passed over."""
    vectors, labels = planted_vectors(rng)
    np.savez_compressed(
        tmp_path / "t.npz",
        features=np.asfortranarray(vectors.astype(">f8")),
        y=labels.astype(">i4"),
        names=np.array([f"é{n}" for n in range(40)]),
        raw=np.array([b"a"] * 40),
        ok=labels == 1,
        mean=vectors.mean(0),
        version=np.array(3),
        objects=np.array([{}] * 40, object),
        images=np.zeros((40, 2, 2, 3), np.uint8),
    )
    table = open_table(tmp_path / "t.npz")
    assert list(table.types) == ["features", "y", "names", "raw", "ok"]
    assert set(table.passed_over) == {"mean", "version", "objects", "images"}
    assert matrix(table, ["features"]).tobytes() == vectors.tobytes()
    found = table.read(["y", "names", "raw", "ok"])
    assert found.column("y").to_pylist() == labels.tolist()
    assert found.column("names").to_pylist()[:2] == ["é0", "é1"]
    assert found.column("raw").to_pylist()[:1] == ["a"]
    assert found.column("ok").to_pylist() == (labels == 1).tolist()


def test_names_of_classes_are_taken_from_hugging_faces_notes(tmp_path):
    """Beside numbers, in the file's own metadata; what is damaged there does not count."""
    noted = {
        "info": {"features": {"label": {"names": ["cat", "dog"], "_type": "ClassLabel"}, "x": {"names": 3}}}
    }
    column = pa.table({"label": pa.array([1, 0]), "x": pa.array([1, 0])})
    cases = ((json.dumps(noted), {"label": ("cat", "dog")}), ("{", {}), ("[]", {}), ("[" * 99999, {}))
    for text, expected in cases:
        path = write_arrow(tmp_path / "t.parquet", column.replace_schema_metadata({"huggingface": text}))
        assert open_table(path).class_names == expected


def test_a_file_of_vectors_is_read_without_unpickling(tmp_path, rng):
    """An array with a row a row; nothing else."""
    vectors, _ = planted_vectors(rng, 600)
    np.save(tmp_path / "f.npy", vectors.astype(np.float64))
    assert np.concatenate(list(vectors_of_file(tmp_path / "f.npy", 600))).tobytes() == vectors.tobytes()
    bad = {"objects": np.array([{}] * 600), "flat": np.zeros(600), "text": np.array([["a"]] * 600)}
    for name, array in bad.items():
        np.save(tmp_path / f"{name}.npy", array, allow_pickle=True)
    np.savez(tmp_path / "several.npz", a=vectors)
    (tmp_path / "several.npz").rename(tmp_path / "several.npy")
    (tmp_path / "cut.npy").write_bytes((tmp_path / "f.npy").read_bytes()[:-1])
    for name in ("objects", "flat", "text", "several", "cut", "none"):
        with pytest.raises(SourceError, match="must be an"):
            list(vectors_of_file(tmp_path / f"{name}.npy", 600))
    with pytest.raises(SourceError, match=r"with 5 rows .* Got float64 of shape \(600, 6\)"):
        list(vectors_of_file(tmp_path / "f.npy", 5))
