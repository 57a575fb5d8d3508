"""What becomes of a table's columns."""

from __future__ import annotations

import datetime
import decimal

import numpy as np
import pandas as pd
import pytest

from cache.columns import LONGEST_TEXT, MOST_BYTES, read_columns
from pipeline.errors import SourceError
from pipeline.inputs import columns as subject
from pipeline.inputs.columns import columns_of, write_columns
from tests.hostile_names import NAMES
from tests.planted import Plan, planted_run


def only(values, **how):
    """Give what becomes of a table of one column."""
    found = columns_of(pd.DataFrame({"a": pd.Series(values, **how)}))
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("values", "how", "expected"),
    [
        ([1, 2, 2], {}, [1, 2, 2]),
        ([1, None, 3], {"dtype": "Int64"}, [1, np.nan, 3]),
        ([0.1, np.inf, 2], {"dtype": "float32"}, [0.1, np.nan, 2]),
        ([decimal.Decimal("1.5"), None, 2], {"dtype": object}, [1.5, np.nan, 2]),
        ([10**400, 1, 2], {"dtype": object}, [np.nan, 1, 2]),
        ([2**63, 1, 2], {}, [2.0**63, 1, 2]),
    ],
)
def test_numbers(values, how, expected):
    """Of any width, with gaps; few different whole numbers are numbers too."""
    found = only(values, **how)
    assert found.kind == "number"
    np.testing.assert_array_equal(found.values, expected)


@pytest.mark.parametrize(
    "values",
    [[True, False, None], pd.array([True, False, None], dtype="boolean"), np.array([True, False, True])],
)
def test_truth_values_are_two_categories(values):
    """Of Python, of pandas, of numpy."""
    found = only(values)
    assert (found.kind, found.names) == ("category", ("false", "true"))
    assert found.values[:2].tolist() == [1, 0]


def test_few_names_are_categories_and_many_are_text():
    """Fewer than half as many names as rows with a value, at most 1,000 of them, none too long."""
    assert only(["b10", "b2", "b10", "b2", "b2", ""]).names == ("b2", "b10")
    assert only(["x", "y", "x", None, None]).kind == "text"
    many = [f"n{i % 1000}" for i in range(3000)]
    assert only(many).kind == "category"
    assert only([*many, "more", "more", "more"]).kind == "text"
    assert only(["x" * 201] * 9).kind == "text"
    few = only(pd.Categorical(["lo", "hi", None], categories=["lo", "mid", "hi"]))
    assert (few.kind, few.values.tolist()) == ("category", [0, 2, -1])


@pytest.mark.parametrize(
    "values",
    [
        ["2024-03-04", None, "2024-03-05"], ["2024-03-04T10:00:00Z", "2024-03-05 10:00", ""],
        [datetime.date(2024, 3, 4), None, datetime.date(2024, 3, 5)],
        pd.to_datetime(["2024-03-04", None, "2024-03-05"]),
        pd.to_datetime(["2024-03-04 10:00", "2024-03-05 10:00", None]).tz_localize("Asia/Tokyo"),
    ],
)  # fmt: skip
def test_dates(values):
    """As texts in ISO 8601, of Python, of pandas; in UTC where they say a zone."""
    found = only(list(values))
    assert found.kind == "date"
    assert found.missing.sum() == 1
    assert found.values[0].astype("datetime64[D]") == np.datetime64("2024-03-04")


def test_what_is_nearly_a_date_is_text():
    """A month of its own, a 13th one, a number."""
    for text in ("2024-03", "2024-13-01", "20240301", "2024-02-30"):
        assert only(["2024-01-01", "2024-01-02", text]).kind == "text"


def test_what_cannot_be_shown_is_left_out():
    """Lists, bytes, structures, columns without a value, and the 51st."""
    frame = pd.DataFrame({"l": [[1], [2]], "b": [b"1", b"2"], "d": [{}, {}], "e": [None, ""], "n": [1, 2]})
    assert [column.name for column in columns_of(frame)] == ["n"]
    wide = pd.DataFrame(np.zeros((2, 60)), columns=[f"c{i}" for i in range(60)])
    assert [column.name for column in columns_of(wide)] == [f"c{i}" for i in range(50)]
    assert columns_of(pd.DataFrame()) == []


def test_each_column_has_a_name_of_its_own():
    """Doubles and nameless ones; names and texts are cut, and can be sent."""
    frame = pd.DataFrame([[1, 2, 3, 4]], columns=["a", "a", "", "x" * 500])
    assert [len(name) if "x" in name else name for name in (c.name for c in columns_of(frame))] == [
        "a", "a (2)", "column 3", 195,
    ]  # fmt: skip
    found = only(["x" * 5000, "half \ud800 a pair", *NAMES], dtype=object)
    assert len(found.values[0]) == LONGEST_TEXT
    assert found.values[1] == "half ? a pair"
    assert found.values[2:].tolist() == [name.strip() for name in NAMES]


def test_columns_are_written_for_the_test_rows(store, monkeypatch):
    """In their order, with a gap where the table has no row; and never more than can be read."""
    run = planted_run(store, plan=Plan(n_train=30, n_test=24))
    dataset = store.artefact("dataset", run.stages["dataset"])
    columns = columns_of(pd.DataFrame({"n": range(30), "k": ["a", "b", "b"] * 10, "late": [None] * 29 + [1]}))
    rows = np.arange(24)[::-1].copy()
    rows[5] = -1

    def copied(identity):
        address = {"plugin": "copied", "version": 1, "identity": {"of": identity}, "inputs": {}}
        with store.writing("dataset", **address) as draft:
            for name in dataset.manifest.files:
                draft.path(name).write_bytes(dataset.path(name).read_bytes())
            draft.facts.update(dataset.manifest.facts)
            write_columns(draft, columns, rows)
        return store.artefact("dataset", draft.key)

    found = read_columns(copied(1))
    assert [column.name for column in found] == ["n", "k"]
    np.testing.assert_array_equal(found[0].values, np.where(rows < 0, np.nan, rows))
    monkeypatch.setattr(subject, "MOST_BYTES", 100)
    with pytest.raises(SourceError, match="at most 0 MB"):
        copied(2)
    assert MOST_BYTES > 100
