from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pipeline.errors import SourceError
from pipeline.inputs.tables.labels import classes_of
from pipeline.inputs.tables.roles import find_roles
from pipeline.inputs.tables.table import Table

NUMBERS, TEXT, INTEGER = pa.list_(pa.float32()), pa.string(), pa.int64()
PICTURES = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


class Columns(Table):
    """A table without rows."""

    def __init__(self, **types):
        self.types = types
        super().__init__(Path("t.parquet"))

    def blocks(self, names, size=1):
        """Give nothing."""
        return iter(())


def roles(table, elsewhere=False, **asked):
    """Find what the columns are for."""
    return find_roles(table, asked, vectors_elsewhere=elsewhere)


def test_names_and_types_suggest_what_columns_are_for():
    """And what was guessed is said."""
    found = roles(
        Columns(Image=PICTURES, label=INTEGER, emb=NUMBERS, uid=TEXT, age=pa.float64(), tags=pa.list_(TEXT))
    )
    assert (found.embedding, found.label, found.image, found.id) == (("emb",), "label", "Image", "uid")
    assert found.further == ("age",)
    assert set(found.guessed) == {"embedding", "label", "image", "id"}
    assert found.in_words() == (
        "embedding from emb (guessed), label from label (guessed), image from Image (guessed), "
        "id from uid (guessed), 1 further column"
    )


def test_numbered_columns_are_one_embedding_in_the_order_of_their_numbers():
    """f10 comes after f9; a prefix names them; a hole is none."""
    wide = {f"f{place}": pa.float32() for place in sorted(range(12), key=str)}
    found = roles(Columns(**wide, label=TEXT))
    assert found.embedding == tuple(f"f{place}" for place in range(12))
    assert found.in_words().startswith("embedding from f0 to f11 (guessed)")
    assert roles(Columns(**wide, p1=INTEGER, p2=INTEGER), embedding="p").embedding == ("p1", "p2")
    del wide["f5"]
    assert roles(Columns(**wide)).embedding == ()


def test_what_somebody_says_counts_more_than_a_name():
    """Another column; or none."""
    table = Columns(label=TEXT, species=TEXT, embedding=NUMBERS, other=NUMBERS)
    assert roles(table, label="species").label == "species"
    assert roles(table, label="species").further == ("label",)
    assert roles(table, label="none").label == ""
    assert roles(table).embedding == ("embedding",)
    assert roles(table, embedding="other").embedding == ("other",)
    assert roles(table, embedding="none").embedding == ()
    assert roles(table, id="label").label == ""


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            {"label": "klass"},
            r"label must be one of label\. Got 'klass': no such column\. Its columns: a, b, label\.",
        ),
        ({"label": "a"}, "Got 'a': a column of another kind"),
        ({"embedding": "f"}, "embedding must be one of a, b"),
        ({"split": "a"}, "split must be one of label"),
        ({}, r"embedding must be one of a, b\. Got none, and 2 columns with vectors"),
    ],
)
def test_a_column_that_will_not_do_is_refused_with_those_there_are(asked, told):
    """So that the next try is right."""
    with pytest.raises(SourceError, match=told):
        roles(Columns(a=NUMBERS, b=NUMBERS, label=TEXT), **asked)


def test_vectors_come_from_one_place():
    """A file beside the table, or a column."""
    table = Columns(a=NUMBERS, label=TEXT)
    assert roles(table, elsewhere=True).embedding == ()
    with pytest.raises(SourceError, match="must come from one place"):
        roles(table, elsewhere=True, embedding="a")


def classes(values, kind=None, names=()):
    """Give the names of classes, and each row's."""
    found = classes_of(pa.chunked_array([pa.array(values, kind)]), "label", names)
    return found.names, found.labels.tolist()


def test_labels_of_every_kind_become_classes():
    """Text, whole numbers however they are written, truth values; what is missing has no class."""
    assert classes(["dog", None, "cat", "", "dog"]) == (("cat", "dog"), [1, -1, 0, -1, 1])
    assert classes([10, 2, None]) == (("2", "10"), [1, 0, -1])
    assert classes(["10", "2"]) == (("2", "10"), [1, 0])
    assert classes([10.0, 2.0, np.nan, None]) == (("2", "10"), [1, 0, -1, -1])
    assert classes(["10.0", "2", "x"])[0] == ("10", "2", "x")
    assert classes([True, False, None]) == (("False", "True"), [1, 0, -1])
    assert classes(["007", "7"])[0] == ("007", "7")
    assert classes([None, None], pa.string()) == ((), [-1, -1])
    assert classes([], pa.string()) == ((), [])


def test_an_ordered_column_keeps_its_order_and_its_empty_classes():
    """One that is not ordered is one of text."""
    indices, names = pa.array([2, 0, None], pa.int8()), ["small", "medium", "large"]
    for ordered, expected in ((True, tuple(names)), (False, ("large", "small"))):
        column = pa.chunked_array([pa.DictionaryArray.from_arrays(indices, names, ordered=ordered)])
        found = classes_of(column, "size")
        assert found.names == expected
        assert [found.names[label] if label >= 0 else "" for label in found.labels] == ["large", "small", ""]


def test_numbers_get_the_names_that_the_file_gives_them():
    """-1 is Hugging Face's way to say that there is none."""
    assert classes([1, -1, 0, 7, None], names=("cat", "dog")) == (("cat", "dog"), [1, -1, 0, -1, -1])
    with pytest.raises(SourceError, match="must differ"):
        classes([1], names=("cat", "cat"))


@pytest.mark.parametrize(
    "values", [[0.5, 1.0], list(range(1001)), [f"name {n}" for n in range(1001)], [float("inf")]]
)
def test_values_that_are_no_classes_are_refused(values):
    """Fractions, and a name for each row."""
    with pytest.raises(SourceError, match=r"label must be a column of .*\. Got label, with"):
        classes(values)


def test_hostile_names_of_classes_are_written_out():
    """What cannot be seen is spelled."""
    assert classes(["a\nb", "\u202eevil", "x" * 500])[0] == ("\\u202eevil", "a\\nb", "x" * 200)
