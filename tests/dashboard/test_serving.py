"""``lazybones.explore``: arrays from Python become a run, and a dashboard shows it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
import pytest

import lazybones
from cache import LazybonesError, Store
from cache.maintenance import remove_all, remove_unreferenced
from cache.places import place_of
from cache.roots import VARIABLE
from dashboard import serving
from dashboard.server.routes.identity import store_digest
from pipeline.stages.images import original_of
from tests.conftest import PROJECT
from tests.pipeline.inputs.tables.making import planted_vectors


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A store of the test's own, as people name theirs; nothing is served."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "store"))
    monkeypatch.setattr(serving, "show", lambda store, place, run: serving.Shown(store, run, "http://here"))
    return tmp_path / "store"


def test_arrays_become_a_run_with_all_that_is_said_of_them(root, rng):
    """Features as they are, labels, columns, pictures that a click shows in full; again it is the same."""
    vectors, labels = planted_vectors(rng)
    pictures = rng.integers(0, 256, (40, 20, 300, 3), dtype=np.uint8)
    table = {"age": np.arange(40), "label": ["x"] * 40}
    shown = lazybones.explore(vectors, labels, images=pictures, table=table, name="My first!")
    assert (shown.run, shown.title, shown.url) == ("my-first", "my-first · Given vectors", "http://here")
    store = Store(root)
    made = store.run("my-first")
    dataset, features = (store.artefact(stage, made.stages[stage]) for stage in ("dataset", "features"))
    assert features.array("test").tobytes() == vectors.tobytes()
    assert dataset.array("test_labels").tolist() == labels.tolist()
    assert '"age"' in dataset.path("columns.json").read_text()
    np.testing.assert_array_equal(original_of(dataset, "test", 7), pictures[7])
    again = lazybones.explore(vectors, labels, images=pictures, table=table, name="My first!")
    assert store.run(again.run).stages == made.stages
    assert "my-first" in repr(again)
    assert '<a href="http://here"' in again._repr_html_()


def test_a_table_of_arrays_stays_as_long_as_its_run(root, rng):
    """Its command makes the run again; without the run the table goes with what else belongs to none."""
    shown = lazybones.explore(planted_vectors(rng)[0])
    store = Store(root)
    [table] = (root / "tables").glob("*/*.arrow")
    assert str(table) in store.run(shown.run).command
    assert remove_unreferenced(store) == []
    (root / "runs" / f"{shown.run}.json").unlink()
    assert table.parent in remove_unreferenced(store)
    assert not table.exists()
    lazybones.explore(planted_vectors(rng)[0])
    remove_all(store)
    assert list((root / "tables").iterdir()) == []


def test_pictures_by_path_are_found_again(root, tmp_path, rng):
    """Wherever they lie."""
    from tests.pipeline.sources.photographs import photographs

    paths = sorted(photographs(tmp_path / "photos", rng, 4).rglob("*.*"))
    vectors, _ = planted_vectors(rng, 12)
    shown = lazybones.explore(vectors, [path.parent.name for path in paths], images=paths)
    store = Store(root)
    dataset = store.artefact("dataset", store.run(shown.run).stages["dataset"])
    assert place_of(dataset) == tmp_path / "photos"
    assert dataset.array("test_ids")[0] == str(paths[0])


def test_what_will_not_do_is_refused_in_a_sentence(root):
    """And nothing is served."""
    with pytest.raises(LazybonesError, match=r"equally many rows\. Got 3 in embedding, 2 in label"):
        lazybones.explore(np.eye(3), ["a", "b"])


@pytest.fixture
def other_server(monkeypatch):
    """A server that says that it shows a store, at a port that is looked at."""
    said = {}

    class Says(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/lazybones/store" else 404)
            self.end_headers()
            self.wfile.write(said["store"].encode())

        def log_message(self, *_):
            """Be quiet."""

    server = HTTPServer(("127.0.0.1", 0), Says)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    monkeypatch.setattr(serving, "LOOKED_AT", range(port, port + 1))
    yield said, port
    server.shutdown()
    server.server_close()


def test_a_dashboard_that_is_there_is_used(other_server, store, monkeypatch):
    """No second one is started for the same store; one of another store is left alone."""
    said, port = other_server
    said["store"] = store_digest(store)
    assert serving._found(store) == f"http://127.0.0.1:{port}"
    said["store"] = store_digest(Store(store.root / "other"))
    assert serving._found(store) is None


SCRIPT = """
import numpy as np, urllib.request, lazybones
labels = np.arange(60) % 3
shown = lazybones.explore(np.random.default_rng(0).normal(size=(60, 8)) + 4 * labels[:, None], labels)
again = lazybones.explore(np.eye(30), name="other")
assert shown.url.split("?")[0] == again.url.split("?")[0], (shown.url, again.url)
print(shown.url, urllib.request.urlopen(shown.url).status)
"""


@pytest.mark.slow
def test_a_scripts_dashboard_answers_and_ends_with_the_script(tmp_path):
    """One server for both runs; nothing is left behind."""
    environment = {**os.environ, VARIABLE: str(tmp_path / "store"), "PYTHONPATH": str(PROJECT)}
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert told.returncode == 0, told.stderr
    url, status = told.stdout.split()
    assert status == "200"
    with pytest.raises(URLError):
        urlopen(url, timeout=5)  # noqa: S310  # our own server
