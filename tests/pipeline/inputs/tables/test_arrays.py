import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from PIL import Image

from pipeline.errors import SourceError
from pipeline.inputs.pictures import decode
from pipeline.inputs.tables.arrays import write_arrays
from pipeline.inputs.tables.opening import open_table
from pipeline.inputs.tables.vectors import vectors_of
from tests.pipeline.inputs.tables.making import planted_vectors


class Tensor:
    """What a tensor of PyTorch looks like to those who do not know it."""

    def __init__(self, values):
        self._values, self._is_ready = values, False

    def detach(self):
        """Leave the graph."""
        return self

    def cpu(self):
        """Come to the processor."""
        self._is_ready = True
        return self

    def __array__(self, dtype=None, copy=None):
        if not self._is_ready:
            raise TypeError("not yet")
        return np.asarray(self._values, dtype)


def columns(written):
    """Read what was written, but the vectors."""
    table = open_table(written.path)
    return table.read([name for name in table.types if name != written.embedding]).to_pydict()


@pytest.mark.parametrize(
    "as_given",
    [
        np.asarray,
        Tensor,
        pd.DataFrame,
        lambda v: v.tolist(),
        lambda v: pd.Series(list(v)),
        lambda v: [Tensor(row) for row in v],
    ],
    ids=["array", "tensor", "frame", "lists", "series of arrays", "list of tensors"],
)
def test_vectors_of_every_kind_are_written_as_they_are(as_given, tmp_path, rng):
    """Bit for bit, and once for the same content."""
    vectors, _ = planted_vectors(rng)
    written = write_arrays(tmp_path, "mine", as_given(vectors))
    assert written.path.name == "mine.arrow"
    found = np.concatenate(list(vectors_of(open_table(written.path), [written.embedding])))
    assert found.tobytes() == vectors.tobytes()
    assert write_arrays(tmp_path, "mine", vectors) == written
    assert write_arrays(tmp_path, "mine", vectors + 1).path != written.path


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["a", None, "b"], ["a", None, "b"]),
        (np.array([1, 2, 1]), [1, 2, 1]),
        (np.array([[1], [2], [1]]), [1, 2, 1]),
        (Tensor([1, 0, 1]), [1, 0, 1]),
        (pd.Series(["a", np.nan, "b"]), ["a", None, "b"]),
        (pd.Series(["a", "b", "a"], dtype="category"), ["a", "b", "a"]),
        ((True, False, True), [True, False, True]),
    ],
)  # fmt: skip
def test_labels_of_every_kind_are_a_column(labels, expected, tmp_path):
    """What is missing is missing."""
    assert columns(write_arrays(tmp_path, "t", np.eye(3), labels)) == {"label": expected}


def test_further_columns_keep_their_names(tmp_path):
    """Ours give way."""
    table = {
        "label": ["x", "y"],
        "embedding": [1.5, 2.5],
        "when": pd.to_datetime(["2024-01-01", "2024-01-02"]),
    }
    for given in (table, pd.DataFrame(table), pa.table(pd.DataFrame(table))):
        written = write_arrays(tmp_path, "t", np.eye(2), [0, 1], table=given)
        assert (written.embedding, written.label, written.image) == ("embedding_", "label_", "none")
        found = columns(written)
        assert (found["label"], found["label_"], found["embedding"]) == (["x", "y"], [0, 1], [1.5, 2.5])


def test_paths_of_pictures_stay_paths(tmp_path, monkeypatch):
    """The folder that all are in is said."""
    monkeypatch.chdir(tmp_path)
    written = write_arrays(tmp_path, "t", np.eye(3), images=["a/1.png", tmp_path / "a" / "b" / "2.png", None])
    assert written.images == tmp_path / "a"
    assert columns(written)["image"] == [str(tmp_path / "a/1.png"), str(tmp_path / "a/b/2.png"), None]


def test_pictures_of_every_kind_become_files(tmp_path, rng):
    """Arrays with colours first or last, in bytes or fractions; Pillow's pictures; files' content; none."""
    pixels = rng.integers(0, 256, (6, 9, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    turned = Image.fromarray(np.ascontiguousarray(np.rot90(pixels)))
    turned.getexif()[0x0112] = 6  # to be turned by a quarter to the right
    images = [
        pixels, pixels.transpose(2, 0, 1), pixels / 255, pixels.astype(np.int64), Tensor(pixels),
        Image.fromarray(pixels), file.getvalue(), turned, None,
    ]  # fmt: skip
    written = write_arrays(tmp_path, "t", None, images=images)
    *found, last = columns(written)["image"]
    assert last is None
    assert written.images is None
    for content in found:
        np.testing.assert_array_equal(decode(content), pixels)
    grey = columns(write_arrays(tmp_path, "t", None, images=[pixels[..., 0], pixels[..., :1]]))["image"]
    assert grey[0] == grey[1]
    cmyk = Image.fromarray(pixels).convert("CMYK")
    assert decode(columns(write_arrays(tmp_path, "t", None, images=[cmyk]))["image"][0]).shape == (6, 9, 3)


def test_rows_of_one_index_belong_together(tmp_path):
    """In the order of the first; indexes that are equal, or a single one, change nothing."""
    order = [2, 0, 1]
    features = pd.DataFrame(np.eye(3)).loc[order]
    labels, table = pd.Series(["a", "b", "c"]), pd.DataFrame({"t": [0, 1, 2]})
    found = columns(write_arrays(tmp_path, "t", features, labels, table=table))
    assert found == {"label": ["c", "a", "b"], "t": [2, 0, 1]}
    found = columns(write_arrays(tmp_path, "t", features, labels, table={"t": table["t"]}))
    assert found == {"label": ["c", "a", "b"], "t": [2, 0, 1]}
    found = columns(write_arrays(tmp_path, "t", features.to_numpy(), labels.loc[order]))
    assert found == {"label": ["c", "a", "b"]}
    twice = [0, 0, 1]
    found = columns(write_arrays(tmp_path, "t", features.set_axis(twice), labels.set_axis(twice)))
    assert found == {"label": ["a", "b", "c"]}


@pytest.mark.parametrize(
    ("index", "further"),
    [([1, 2, 3], {}), ([0, 0, 1], {}), (["a", "b", "c"], {}), ([2, 1, 0], {"images": [None] * 3})],
    ids=["others", "twice", "words", "beside a list"],
)
def test_indexes_that_differ_are_refused(index, further, tmp_path):
    """Nobody can say which row is whose; the remedy names how to say it."""
    labels = pd.Series(["a", "b", "c"], index=index)
    with pytest.raises(
        SourceError, match=r"must have the same index\. Got indexes that differ.*\n.*reset_index"
    ):
        write_arrays(tmp_path, "t", pd.DataFrame(np.eye(3)), labels, **further)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"features": np.eye(3), "labels": [1, 2]}, "equally many rows. Got 3 in embedding, 2 in label"),
        ({"features": np.eye(3), "table": {"a": [1]}}, "Got 3 in embedding, 1 in table"),
        ({"features": None}, "equally many rows. Got nothing"),
        ({"features": np.zeros(3)}, r"features must be numbers of shape \(n, d\)\. Got the shape"),
        ({"features": [[1, 2], [3]]}, r"features must be numbers of shape \(n, d\)\. Got:"),
        ({"features": [["a", "b"]]}, r"features must be numbers of shape \(n, d\)\. Got:"),
        ({"features": np.eye(1), "labels": [object()]}, "labels must be text"),
        ({"features": np.eye(1) * 1j}, r"features must be numbers .*Got: complex numbers"),
        ({"features": np.eye(1), "labels": {0: "a"}}, "labels must be a sequence .*Got a dict"),
        ({"features": np.eye(1), "images": {"a"}}, "images must be a sequence .*Got a set"),
        ({"features": np.ma.masked_equal(np.eye(2), 0)}, "no masked values. Got 2"),
        ({"features": [np.ma.masked_equal([1, 0], 0)]}, "no masked values. Got 1"),
        ({"features": np.eye(2), "labels": np.ma.masked_equal([1, 0], 0)}, "no masked values. Got 1"),
        ({"features": np.eye(1), "images": [np.zeros((2, 2, 7))]}, r"images must be paths.* for image 0"),
        ({"features": np.eye(1), "images": [np.full((2, 2), 300)]}, "images must be paths"),
        ({"features": np.eye(2), "table": {"a": [1], "b": [1, 2]}}, "table must be columns of one length"),
    ],
)
def test_what_will_not_do_is_refused(given, told, tmp_path):
    """With what it should be, and nothing is left behind."""
    with pytest.raises(SourceError, match=told):
        write_arrays(tmp_path / "tables", "t", **given)
    assert not (tmp_path / "tables").exists()
