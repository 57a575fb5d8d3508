import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from PIL import Image

from pipeline.errors import SourceError, UnsafeInput
from pipeline.inputs.image_folders import read_inside
from pipeline.inputs.tables import pictures
from pipeline.inputs.tables.card import card
from tests.pipeline.inputs.tables.making import write_arrow

CONTENTS = [f"picture {row} {'x' * (row % 7)}".encode() for row in range(100)]


def column(kind):
    """Give a column of pictures: bytes, or bytes with paths; row 5 has none."""
    there = [None if row == 5 else content for row, content in enumerate(CONTENTS)]
    if kind == "bytes":
        return pa.array(there, pa.binary())
    return pa.array([{"bytes": content, "path": f"{row}.png"} for row, content in enumerate(there)])


@pytest.mark.parametrize("kind", ["bytes", "structure"])
@pytest.mark.parametrize("ending", ["parquet", "arrow", "stream.arrow"])
def test_a_picture_is_read_by_its_row_in_any_order(kind, ending, tmp_path, rng, monkeypatch):
    """Forwards, backwards, by chance, by several threads; with hardly anything kept."""
    monkeypatch.setattr(pictures, "KEPT", 100)
    path = tmp_path / f"t.{ending}"
    table = pa.table({"a/b": column(kind)})
    parquet.write_table(table, path, row_group_size=30) if ending == "parquet" else write_arrow(path, table)
    rows = [row for row in [*range(100), *range(99, -1, -1), *rng.integers(0, 100, 50).tolist()] if row != 5]
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda row: read_inside(path, f"a/b/{row}", 100), rows)
        assert list(found) == [CONTENTS[row] for row in rows]


@pytest.mark.parametrize(
    "cell", ["image/5", "image/100", "image/-1", "image", "other/0", "image/99999999999999999999"]
)
def test_a_picture_that_is_not_there_is_refused(cell, tmp_path):
    """No such row, no such column, no picture in it."""
    write_arrow(tmp_path / "t.parquet", pa.table({"image": column("bytes")}))
    with pytest.raises(SourceError, match=r" must .*\. Got"):
        read_inside(tmp_path / "t.parquet", cell, 100)


def test_a_picture_that_is_too_large_is_refused(tmp_path):
    """As a file would be."""
    write_arrow(tmp_path / "t.parquet", pa.table({"image": column("bytes")}))
    with pytest.raises(UnsafeInput, match="at most 9 bytes"):
        read_inside(tmp_path / "t.parquet", "image/1", 9)


def test_a_table_that_has_changed_is_read_anew(tmp_path):
    """What was kept is of the file that was."""
    path = write_arrow(tmp_path / "t.parquet", pa.table({"image": [b"old"]}))
    assert read_inside(path, "image/0", 100) == b"old"
    write_arrow(tmp_path / "t.parquet", pa.table({"image": [b"new one"]}))
    assert read_inside(path, "image/0", 100) == b"new one"


@pytest.mark.parametrize("name", ["row 17", "a very long name " * 20, "x" * 300, "", "Ünïcödé 猫 \u202e"])
def test_a_card_shows_a_name(name):
    """A small picture that is not empty, whatever the name."""
    content = card(name)
    with Image.open(io.BytesIO(content)) as picture:
        pixels = np.asarray(picture.convert("L"))
    assert pixels.shape == (128, 128)
    assert len(content) < 6000
    assert (pixels.min() < 128) == bool(name)
