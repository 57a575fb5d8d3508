"""The further columns of a data set: read as written, and refused where they are not."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest

from cache import ArtefactCorrupt, Store, columns
from cache.columns import KINDS, LONGEST_TEXT, MOST_COLUMNS, MOST_NAMES, Column, columns_json, read_columns
from cache.consistency import check_run
from tests.cache.making import rewrite
from tests.hostile_names import NAMES
from tests.planted import Plan, planted_run

N = 24


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """One for all: what a test puts into it, the next one puts something else in its place."""
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def run(store):
    """A run of 24 test images."""
    return planted_run(store, "whole", plan=Plan(n_train=30, n_test=N))


@pytest.fixture
def dataset_with(store, run):
    """Give the data set with this text as its columns, sealed as somebody would who knows how to."""

    def give(text):
        artefact = store.artefact("dataset", run.stages["dataset"])  # what was there before
        content = text.encode("utf-8", "surrogatepass")
        (artefact.folder / "columns.json").write_bytes(content)
        record = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        rewrite(artefact.folder / "manifest.json", files={**artefact.manifest.files, "columns.json": record})
        return store.artefact("dataset", run.stages["dataset"])

    return give


def column(kind="number", name="a", **changed):
    """Give a right column as JSON has it, with some changes."""
    values = {"category": 0, "number": 1.5, "date": "2026-01-02", "text": "x"}[kind]
    names = {"names": ["x"]} if kind == "category" else {}
    return {"name": name, "kind": kind, **names, "values": [values] * (N - 1) + [None], **changed}


def written(*columns):
    """Write columns as JSON."""
    return json.dumps({"columns": columns})


def test_a_data_set_without_a_table_has_no_columns(store):
    """As all had before."""
    run = planted_run(store, "bare", plan=Plan(n_train=30, n_test=N, seed=1))
    assert read_columns(store.artefact("dataset", run.stages["dataset"])) == ()


def test_columns_are_read_as_they_were_written(dataset_with, rng):
    """Every kind, missing values, hostile names and values."""
    texts = np.array([*NAMES, *[None] * (N - len(NAMES))], object)[:N]
    moments = np.datetime64("2026-01-02T03:04:05.678") + np.arange(N) * np.timedelta64(1, "h")
    moments[3] = np.datetime64("NaT")
    numbers = np.where(np.arange(N) % 5, rng.normal(size=N), np.nan)
    known = [
        Column("kind", "category", (np.arange(N) % (len(NAMES) + 1) - 1).astype(np.int16), tuple(NAMES)),
        Column(NAMES[1], "number", numbers),
        Column("years", "number", np.arange(N) + 2000.0),
        Column("when", "date", moments),
        Column("days", "date", moments.astype("datetime64[D]").astype("datetime64[ms]")),
        Column("note", "text", texts),
    ]
    text = "".join(columns_json(known))
    assert '"2026-01-02"' in text
    assert "[2000, 2001" in text
    found = read_columns(dataset_with(text))
    for ours, theirs in zip(known, found, strict=True):
        assert (ours.name, ours.kind, ours.names, ours.values.dtype) == (
            theirs.name, theirs.kind, theirs.names, theirs.values.dtype,
        )  # fmt: skip
        np.testing.assert_array_equal(ours.values, theirs.values)
        np.testing.assert_array_equal(ours.missing, theirs.missing)


def test_any_layout_of_the_json_is_read(dataset_with):
    """One line or many."""
    for indent in (None, 2):
        columns = [column(kind, kind) for kind in KINDS]
        found = read_columns(dataset_with(json.dumps({"columns": columns}, indent=indent)))
        assert [one.kind for one in found] == list(KINDS)
        assert all(one.missing.tolist() == [False] * (N - 1) + [True] for one in found)
    assert read_columns(dataset_with('{"columns": []}')) == ()


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", '{"columns": [', '{"columns": [1]}', '{"columns": {}}', '{"columns": []} x',
        "[" * 100_000, '{"columns": ' + "[" * 100_000,
        written(column(values=[1.0] * (N - 1))), written(column(values="x" * N)), written(column(values=None)),
        written(column(values=[True] * N)), written(column(values=["1"] * N)), written(column(values=[10**400] * N)),
        written(column(values=[float("nan")] * N)), written(column(values=[float("inf")] * N)),
        written(column()).replace("1.5", "1e999"), written(column()).replace("1.5", "1" * 5000),
        written({**column(), "kind": "other"}),
        written({**column(), "kind": ["number"]}), written(column(name="")), written(column(name=3)),
        written(column(name="x" * 201)), written(column(), column()),
        written(*(column(name=f"c{i}") for i in range(MOST_COLUMNS + 1))),
        written(column("category", values=[1] * N)), written(column("category", values=[-1] * N)),
        written(column("category", values=[False] * N)), written(column("category", names=["x", "x"])),
        written(column("category", names=[f"n{i}" for i in range(MOST_NAMES + 1)])),
        written(column("category", names=None)), written(column("category", names=[1])),
        written(column("date", values=["yesterday"] * N)), written(column("date", values=["now"] * N)),
        written(column("date", values=[1] * N)), written(column("date", values=["2026-13-45"] * N)),
        written(column("text", values=["x" * (LONGEST_TEXT + 1)] * N)), written(column("text", values=[1] * N)),
        written(column("text", values=["\ud800"] * N)), '{"columns": [{"name": "\ud800"}]}',
    ],
)  # fmt: skip
def test_anything_else_is_refused(dataset_with, store, run, text):
    """Wrong numbers of values, wrong types, too many, too long, no JSON: `verify` says so."""
    dataset = dataset_with(text)
    with pytest.raises(ArtefactCorrupt, match=r"columns\.json must have at most 50 columns of 24 values"):
        read_columns(dataset)
    with pytest.raises(ArtefactCorrupt):
        check_run(store, run)


@pytest.mark.parametrize("values", ["[]," * 500_000, "1.5," * 500_000, "{}," * 500_000])
def test_what_would_fill_memory_is_not_parsed(dataset_with, monkeypatch, values):
    """Three bytes are a list of fifty-six: lists and values are counted first."""
    dataset = dataset_with(written(column(values=0)).replace(": 0}", f": [{values}0]}}"))
    monkeypatch.setattr(columns, "_entries", lambda text: pytest.fail("it was parsed"))
    with pytest.raises(ArtefactCorrupt, match=r"Got [\d,]+ commas and [\d,]+ lists"):
        read_columns(dataset)


def test_rows_are_taken(rng):
    """In any order, some without a value; names that nothing has any more are dropped."""
    numbers = Column("a", "number", np.arange(5.0))
    np.testing.assert_array_equal(numbers.take(np.array([4, -1, 0])).values, [4, np.nan, 0])
    kinds = Column("b", "category", np.array([0, 1, 2, -1, 2], np.int16), ("x", "y", "z"))
    taken = kinds.take(np.array([4, 3, -1, 0]))
    assert taken.names == ("x", "z")
    assert taken.values.tolist() == [1, -1, -1, 0]
    for kind in KINDS:
        none = Column("c", kind, np.empty(0, np.int16 if kind == "category" else object))
        assert none.take(np.array([-1, -1])).missing.all()
