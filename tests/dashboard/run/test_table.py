"""The further columns of a run's images, as they are shown, sent and exported."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pandas as pd
import pytest
from starlette.applications import Starlette

from cache.columns import read_columns
from dashboard.run.data import RunData
from dashboard.run.table import LEGEND, said_of, table_of, words
from dashboard.server.export_content import COLUMNS, Export
from dashboard.server.routes import file_routes
from dashboard.server.routes.addresses import TABLE_ROW, VALUES
from dashboard.wording.escaping import shown
from tests.asgi import ask
from tests.planted import Plan, planted_run
from tests.tables import table

N = 120


@pytest.fixture
def data(store):
    """A run with a table."""
    planted_run(store, plan=Plan(n_test=N), table=table(N))
    return RunData(store, "planted")


@pytest.fixture
def get(store):
    """Ask for a path."""
    app = Starlette(routes=file_routes(store=lambda: store))
    return lambda path, query="": ask(app, f"/{path}", query=query)


def test_the_most_frequent_of_many_categories_come_first(data):
    """Few stay in their order; every image keeps its own, and a gap stays a gap."""
    raw = {column.name: column for column in read_columns(data.artefact("dataset"))}
    found = {column.name: column for column in table_of(data.artefact("dataset"))}
    assert found["weather"].names == raw["weather"].names == ("cloud", "fog", "rain", "sun")
    camera = found["camera"]
    assert len(camera.names) > LEGEND
    counts = np.bincount(camera.values[~camera.missing])
    assert (np.diff(counts) <= 0).all()
    for row in range(N):
        assert words(camera, row) == words(raw["camera"], row)


def test_names_and_texts_can_stand_in_a_sentence(data):
    """Line breaks and what acts on the text around it are gone; no column is called like another."""
    kept = table(N)
    said = dict(said_of(data.artefact("dataset"), 9))
    assert said["note"] == shown(kept["note"][9])
    assert "\n" not in "".join(said)
    assert said["year"] == str(kept["year"][9])
    assert said["taken"] == str(kept["taken"][9].date())


def test_columns_with_one_name_get_two(store):
    """Two that only differ in what is not shown."""
    frame = pd.DataFrame({"a b": np.arange(N), "a  b": np.arange(N)})
    planted_run(store, plan=Plan(n_test=N), table=frame)
    dataset = RunData(store, "planted").artefact("dataset")
    assert [column.name for column in table_of(dataset)] == ["a b", "a b (2)"]


def test_each_column_has_its_file(data, get):
    """Numbers and dates as doubles, categories as labels with their names, text as text."""
    dataset = data.artefact("dataset")
    for place, column in enumerate(table_of(dataset)):
        bytes_, texts = (
            get(VALUES.address(dataset, place)),
            get(VALUES.address(dataset, place, ending="json")),
        )
        if column.kind == "text":
            assert bytes_.status == 404
            assert json.loads(texts.body) == column.values.tolist()
        elif column.kind == "category":
            assert json.loads(texts.body) == list(column.names)
            labels = np.frombuffer(bytes_.body, np.uint8)
            assert np.array_equal(labels, np.where(column.missing, 255, column.values))
        else:
            sent = np.frombuffer(bytes_.body, "<f8")
            exact = (
                column.values.astype("datetime64[ms]").astype(float)
                if column.kind == "date"
                else column.values
            )
            assert np.array_equal(np.isnan(sent), column.missing)
            assert np.array_equal(sent[~column.missing], exact[~column.missing])
    assert get(VALUES.address(dataset, len(table_of(dataset)))).status == 404


def test_a_row_is_what_the_table_says_of_an_image(data, get):
    """A text a column; no other row is there."""
    dataset = data.artefact("dataset")
    for row in (0, 7, N - 1):
        answer = get(TABLE_ROW.address(dataset), f"row={row}")
        assert json.loads(answer.body) == [text for _, text in said_of(dataset, row)]
    assert get(TABLE_ROW.address(dataset), f"row={N}").status == 404
    assert get(TABLE_ROW.address(dataset), "row=-1").status == 400


def test_an_exported_table_has_the_columns_too(data):
    """Numbers with all their digits, nothing for a gap, and no cell that a spreadsheet would run."""
    export = Export(*(data.artefact(stage) for stage in ("dataset", "projection", "classifier")))
    text = b"".join(export.table(range(N))).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    kept = table(N)
    assert head[len(COLUMNS) :] == [shown(name) for name in kept.columns]
    prices = [row[head.index("price")] for row in rows]
    assert [float(price or "nan") for price in prices] == pytest.approx(kept["price"].tolist(), nan_ok=True)
    assert [row[head.index("weather")] for row in rows] == kept["weather"].fillna("").tolist()
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row[len(COLUMNS) :])


def test_a_column_that_is_called_as_one_of_ours_is_told_apart(store):
    """Two headings of one name would be one column to whoever reads the file."""
    planted_run(store, plan=Plan(n_test=N), table=pd.DataFrame({"margin": np.arange(N)}))
    data = RunData(store, "planted")
    export = Export(*(data.artefact(stage) for stage in ("dataset", "projection", "classifier")))
    assert list(export.further) == ["margin (table)"]
