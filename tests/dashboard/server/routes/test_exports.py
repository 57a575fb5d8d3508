"""Tables and archives of chosen images, asked for by a stranger."""

from __future__ import annotations

import csv
import http.client
import io
import os
import threading
import time
import zipfile
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from starlette.applications import Starlette

from dashboard.run.data import RunData, image_ids, pixels
from dashboard.server.export_content import COLUMNS, lines
from dashboard.server.routes import exports, file_routes
from dashboard.server.routes.addresses import EXPORT
from dashboard.wording.escaping import file_name
from tests.asgi import ask
from tests.cache.making import flip
from tests.planted import Plan, planted_run

N = 26
NAMES = ("=cmd|' /C calc'!A0", "../../etc", "a/b", "A b")


@pytest.fixture
def data(store):
    """A planted run with dangerous class names."""
    planted_run(store, plan=Plan(NAMES, n_test=N))
    return RunData(store, "planted")


@pytest.fixture
def app(store):
    """The routes over the planted store."""
    return Starlette(routes=file_routes(store=lambda: store))


@pytest.fixture
def post(app, data):
    """Post a body; ``post("csv", bits)``."""

    def posted(ending, *pieces, row=2, method="POST"):
        path = EXPORT.address(data.artefact("classifier"), row, data.artefact("projection"), ending=ending)
        return ask(app, f"/{path}", method=method, body=pieces)

    return posted


def bits(rows, n=N):
    """A bit a row, lowest first."""
    mask = np.zeros(n, dtype=bool)
    mask[list(rows)] = True
    return np.packbits(mask, bitorder="little").tobytes()


def records(body):
    """Read a table."""
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def test_a_table_has_the_exact_values(post, data):
    """What the store says of each chosen row, to the last digit."""
    rows = [0, 7, 8, N - 1]
    answer = post("csv", bits(rows))
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    table = records(answer.body)
    assert tuple(table[0]) == COLUMNS
    assert [int(record["row"]) for record in table] == rows
    artefact = data.artefact("classifier")
    for record, row in zip(table, rows, strict=True):
        true, predicted = data.test_labels[row], artefact.array("predicted_label")[2][row]
        assert (int(record["true_label"]), int(record["predicted_label"])) == (true, predicted)
        assert record["correct"] == ("yes" if true == predicted else "no")
        assert record["id"] == image_ids(data, "test", [row])[0]
        assert np.float32(record["margin"]) == artefact.array("margin")[2][row]
        assert np.float32(record["runner_up_margin"]) == artefact.array("runner_up_margin")[2][row]
        assert (np.float32(record["x"]), np.float32(record["y"])) == tuple(
            data.artefact("projection").array("test")[row]
        )


def test_a_choice_may_come_in_pieces(post):
    """The body's pieces are put together, whatever their lengths."""
    whole = bits([3, 20])
    assert post("csv", whole[:1], b"", whole[1:]).body == post("csv", whole).body


def test_nothing_chosen_is_a_table_of_nothing(post):
    """A line of headers, and no image."""
    assert records(post("csv", bits([])).body) == []
    assert zipfile.ZipFile(io.BytesIO(post("zip", bits([])).body)).namelist() == ["images.csv"]


def test_names_are_no_formulas(post):
    """A class that is called like a formula is text in a spreadsheet."""
    table = records(post("csv", bits(range(N))).body)
    named = {record["true_class"] for record in table}
    assert f"'{NAMES[0]}" in named
    assert not any(cell.startswith(("=", "+", "@")) for record in table for cell in record.values())


def test_an_archive_has_the_pixels_and_the_table(post, data):
    """PNG files in folders by class, pixel for pixel, named as the table says."""
    rows = [1, 2, 3, 4, 25]
    archive = zipfile.ZipFile(io.BytesIO(post("zip", bits(rows)).body))
    assert archive.testzip() is None
    table = records(archive.read("images.csv"))
    assert sorted(archive.namelist()) == sorted(["images.csv", *(record["file"] for record in table)])
    for record in table:
        drawn = np.asarray(Image.open(io.BytesIO(archive.read(record["file"]))))
        assert np.array_equal(drawn, pixels(data, "test", [int(record["row"])])[0])


def test_no_name_leaves_its_folder(post):
    """Nothing that unpacks above, or two folders that are one where capitals do not count."""
    names = zipfile.ZipFile(io.BytesIO(post("zip", bits(range(N))).body)).namelist()[1:]
    folders = {name.split("/")[0] for name in names}
    assert all(name.count("/") == 1 and ".." not in name and "\\" not in name for name in names)
    assert len({folder.lower() for folder in folders}) == len(NAMES)


@pytest.mark.parametrize("size", [0, 1, 3])
def test_a_choice_of_the_wrong_length_is_refused(post, size):
    """Shorter: rows of another data set, perhaps. Says how long it must be."""
    answer = post("csv", b"\xff" * size)
    assert answer.status == 400
    assert f"4 bytes, a bit for each of {N} images. Got {size}." in answer.body.decode()


def test_a_bit_beyond_the_last_row_is_refused(post):
    """Four bytes have 32 bits, and there are 26 images."""
    answer = post("zip", b"\xff" * 4)
    assert (answer.status, answer.body.decode()) == (400, f"A row must be below {N}. Got 31.")


def test_no_more_is_read_than_needed(app, data):
    """An endless body is refused after the first bytes too many."""
    read = []

    def endless():
        for i in range(10_000):
            read.append(i)
            yield b"x"

    path = EXPORT.address(data.artefact("classifier"), 0, data.artefact("projection"), ending="csv")
    assert ask(app, f"/{path}", method="POST", body=endless()).status == 413
    assert len(read) < 10


def test_too_much_is_refused_in_a_sentence(post, monkeypatch):
    """Too many images, or too many bytes of them; a table of all of them is fine."""
    monkeypatch.setattr(exports, "MOST_IMAGES", 5)
    answer = post("zip", bits(range(6)))
    assert (answer.status, answer.body.decode()) == (
        413,
        "An archive must have at most 5 images. Got 6. Try: fewer.",
    )
    assert post("csv", bits(range(6))).status == post("zip", bits(range(5))).status == 200
    monkeypatch.setattr(exports, "MOST_BYTES", 1_000)
    assert post("zip", bits(range(5))).status == 413


FILES = ["test_labels", "test_ids", "test_images", "margin", "predicted_label", "test"]


@pytest.mark.parametrize("ending", ["csv", "zip"])
@pytest.mark.parametrize("name", FILES)
def test_damage_is_told_before_anything_is_sent(post, data, store, name, ending):
    """A sentence and status 500, not the beginning of a file; what is damaged and not needed is in nobody's way."""
    stage = next(
        stage for stage in ("dataset", "projection", "classifier")
        if f"{name}.npy" in data.artefact(stage).manifest.files
    )  # fmt: skip
    flip(data.artefact(stage).folder / f"{name}.npy")
    answer = post(ending, bits(range(N)))
    if ending == "csv" and name == "test_images":
        assert answer.status == 200
        return
    assert (answer.status, answer.body) == (
        500,
        b"A file of the cache is damaged. Run: python -m pipeline verify",
    )
    assert {post(ending, bits(range(N))).status for _ in range(exports.AT_ONCE)} == {
        500
    }  # slots were given back


@contextmanager
def running(app):
    """Run an application behind a real server, and give its port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


def test_what_is_damaged_on_the_way_breaks_the_transfer(store, monkeypatch, caplog):
    """A file that is cut short in place while it is sent: the connection ends early, the process does not (SIGBUS)."""
    planted_run(store, plan=Plan(NAMES, n_test=1000))
    data = RunData(store, "planted")
    images = data.artefact("dataset").folder / "test_images.npy"
    first, cut = threading.Event(), threading.Event()
    drawn = exports.Export.file

    def file(self, row):
        if row == 500:
            first.set()
            cut.wait(30)
        return drawn(self, row)

    monkeypatch.setattr(exports.Export, "file", file)
    monkeypatch.setattr(exports.Export, "table", lambda self, rows: iter([b"row"]))
    path = EXPORT.address(data.artefact("classifier"), 2, data.artefact("projection"), ending="zip")
    with running(Starlette(routes=file_routes(store=lambda: store))) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", f"/{path}", bits(range(1000), 1000))
        answer = connection.getresponse()
        assert (answer.status, first.wait(30)) == (200, True)
        os.truncate(images, 1000)
        cut.set()
        with pytest.raises(http.client.IncompleteRead) as caught:
            answer.read()
    broken = caught.value
    assert not zipfile.is_zipfile(io.BytesIO(broken.partial))
    assert "An export broke off" in caplog.text
    assert str(images) in caplog.text


def test_slots_are_given_back(post):
    """Many exports one after the other, refused ones among them, never fill the two places."""
    for _ in range(3 * exports.AT_ONCE):
        assert post("zip", bits([1])).status == 200
        assert post("zip", b"").status == 400


def test_a_third_export_is_asked_to_wait(post, monkeypatch):
    """Two are being written: the third is told so at once."""
    begun, go = threading.Barrier(exports.AT_ONCE + 1), threading.Event()

    def slow(self, rows):
        begun.wait(30)
        go.wait(30)
        yield b"done"

    monkeypatch.setattr(exports.Export, "table", slow)
    running = [threading.Thread(target=post, args=("csv", bits([1]))) for _ in range(exports.AT_ONCE)]
    for thread in running:
        thread.start()
    begun.wait(30)
    answer = post("csv", bits([1]))
    go.set()
    for thread in running:
        thread.join()
    assert (answer.status, b"Try: wait a minute" in answer.body) == (503, True)


def test_only_posting_to_an_address_is_answered(app, post, data):
    """No other method, no other ending, no other content's address."""
    assert post("csv", method="GET").status == 405
    path = EXPORT.address(data.artefact("classifier"), 0, data.artefact("projection"), ending="csv")
    wrong = [path.replace(".csv", ".exe"), path[:-16] + "0" * 12 + ".csv", path.replace(".0.", ".99.")]
    assert [ask(app, f"/{name}", method="POST", body=[bits([1])]).status for name in wrong] == [404] * 3


@given(st.text(max_size=90))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gives_a_safe_file_name(value):
    """Not empty, no separators, no dots, not too long, nothing Windows reserves."""
    name = file_name(value)
    assert 0 < len(name) <= 61
    assert not set(name) & set('/\\.:*?"<>|\0')
    assert name.lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


def test_a_number_that_is_none_is_nothing():
    """NaN is an empty cell, and -1.5 is a number, not a formula."""
    margins = np.array([np.nan, np.inf, -np.inf, -1.5], dtype=np.float32)
    table = pd.DataFrame({"row": range(4), "margin": margins})
    assert lines(table) == b"0,\r\n1,\r\n2,\r\n3,-1.5\r\n"
