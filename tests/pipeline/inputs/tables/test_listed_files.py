import numpy as np
import pandas as pd
import pytest

from pipeline.errors import SourceError
from pipeline.inputs.image_folders import search
from pipeline.inputs.tables.listed_files import LabelTable


@pytest.fixture
def folder(tmp_path):
    """Files with and without folders, and one that leads nowhere."""
    for name in ("a.jpg", "b.jpg", "sub/c.jpg", "sub/d.jpg", "sub/deep/e.jpg", ".hidden.jpg"):
        (tmp_path / "photos" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "photos" / name).touch()
    (tmp_path / "outside.jpg").touch()
    return tmp_path / "photos"


def table(folder, columns, kind="csv"):
    """Write a table beside a folder."""
    path = folder.with_name(f"labels.{kind}")
    frame = pd.DataFrame(columns)
    frame.to_csv(path, index=False) if kind == "csv" else frame.to_parquet(path)
    return path


def chosen(folder, columns, kind="csv", **options):
    """Give (path, class, split, row) of every file that a table lists, and what came of the folder."""
    found = LabelTable(table(folder, columns, kind), **options).choose(search(folder))
    return [(file.path, file.class_name, file.split, file.row) for file in found.files], found


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_table_says_which_class_a_file_is_of(folder, kind):
    """Whatever its folder; only what it lists is taken, and the rest is counted."""
    files, found = chosen(
        folder, {"path": ["sub/d.jpg", "./a.jpg", "sub//c.jpg"], "label": ["cat", "dog", "cat"]}, kind
    )
    assert files == [("a.jpg", "dog", "", 1), ("sub/c.jpg", "cat", "", 2), ("sub/d.jpg", "cat", "", 0)]
    assert (found.class_names, found.splits, found.unlisted) == (("cat", "dog"), (), 2)
    assert found.refused == ()


def test_a_whole_path_may_lead_into_the_folder(folder):
    """Nobody has to shorten what a script wrote."""
    files, _ = chosen(folder, {"path": [str(folder / "a.jpg"), "b.jpg"], "label": [10, 2]})
    assert [(path, name) for path, name, _, _ in files] == [("a.jpg", "10"), ("b.jpg", "2")]


def test_what_cannot_be_taken_is_listed_with_the_reason(folder):
    """Not there, hidden, outside, listed again, without a class, with a path that is none."""
    paths = [
        "a.jpg",
        "gone.jpg",
        ".hidden.jpg",
        "../outside.jpg",
        "/etc/passwd",
        "a.jpg",
        "b.jpg",
        None,
        "x" * 9999,
    ]
    files, found = chosen(folder, {"path": paths, "label": [*["cat"] * 6, None, "cat", "cat"]})
    assert [path for path, *_ in files] == ["a.jpg"]
    reasons = {path[:20]: reason.partition("Got ")[2] for path, reason in found.refused}
    assert reasons == {
        "gone.jpg": "none, or one that is hidden.", ".hidden.jpg": "none, or one that is hidden.",
        "../outside.jpg": "one that leads elsewhere.", "/etc/passwd": "one that leads elsewhere.",
        "a.jpg": "it again: the first row counts.", "b.jpg": "none.", ".": "none, or one that is hidden.",
        "x" * 20: "one that leads elsewhere.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "splits"),
    [
        (["train", "test", "val"], ["train", "test", "train"]),
        (["Training", "VAL", "train"], ["train", "test", "train"]),
        (["train", "train", "other"], ["train", "train", None]),
        (["train", "test", ""], ["train", "test", None]),
    ],
)
def test_a_table_may_say_the_split(folder, words, splits):
    """In the words that folders have; test, where it is there, is what is tested on."""
    columns = {"path": ["a.jpg", "b.jpg", "sub/c.jpg"], "label": ["x", "y", "x"], "split": words}
    files, found = chosen(folder, columns)
    assert [split for _, _, split, _ in files] == [split for split in splits if split]
    assert found.splits == (("test", "train") if "test" in splits else ())
    assert len(found.refused) == splits.count(None)


def test_columns_of_other_names_can_be_named(folder):
    """Else the error says which there are."""
    columns = {"where": ["a.jpg", "b.jpg"], "species": ["x", "y"], "split": ["1", "2"]}
    with pytest.raises(
        SourceError, match=r"labels must have a column called path\. Got where, species, split\.\nTry"
    ):
        chosen(folder, columns)
    with pytest.raises(SourceError, match=r"labels must have a column called label\."):
        chosen(folder, columns, image="where")
    with pytest.raises(SourceError, match=r"label must be one of .*Got 'sort': no such column"):
        chosen(folder, columns, image="where", label="sort")
    files, _ = chosen(folder, columns, image="where", label="species", split="none")
    assert files == [("a.jpg", "x", "", 0), ("b.jpg", "y", "", 1)]


def test_images_may_have_no_classes_at_all(folder):
    """Where the label is said to be none: a choice of files, and their columns."""
    files, found = chosen(folder, {"path": ["a.jpg", "b.jpg"], "age": [3, 4]}, label="none")
    assert [(path, name) for path, name, _, _ in files] == [("a.jpg", ""), ("b.jpg", "")]
    assert found.class_names == ()


def test_further_columns_have_a_value_a_row(folder):
    """Path, label and split are none of them; an id is."""
    path = table(folder, {"path": ["a.jpg", "b.jpg"], "label": ["x", "y"], "split": ["train", "test"],
                          "age": [3, 4.5], "id": ["k1", "k2"]})  # fmt: skip
    age, key = LabelTable(path).further()
    assert (age.name, age.kind, key.name) == ("age", "number", "id")
    np.testing.assert_array_equal(age.values, [3, 4.5])


@pytest.mark.parametrize("content", [b"", b"\x80pickle", b"PK\x03\x04no", b"path,label\na.jpg\n"])
def test_what_is_no_table_is_an_error(folder, content):
    """Whatever its name says."""
    path = folder.with_name("labels.csv")
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"must (be|have)"):
        LabelTable(path).choose(search(folder))


def test_backslashes_are_the_reason(folder):
    """Tables written under Windows have them."""
    files, found = chosen(folder, {"path": ["sub\\c.jpg", "a.jpg"], "label": ["cat ", "cat"]})
    assert [path for path, *_ in files] == ["a.jpg"]
    assert found.refused == (
        ("sub\\c.jpg", "A path in the table must have / between its folders. Got backslashes."),
    )
    assert LabelTable(folder.with_name("labels.csv")).notes() == [
        "Classes written in several ways, as with blanks, are one each: cat."
    ]
