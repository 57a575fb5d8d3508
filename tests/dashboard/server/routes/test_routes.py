"""The map's files over HTTP, asked for by a stranger."""

from __future__ import annotations

import gzip
import json
import posixpath

import numpy as np
import pytest
import streamlit
from starlette.applications import Starlette

from cache import Store
from dashboard.run.data import RunData, image_ids
from dashboard.server import ui_bundle
from dashboard.server.columns import encode_columns, encode_points
from dashboard.server.routes import file_routes
from dashboard.server.routes.addresses import (
    COLUMNS,
    FAITHFULNESS,
    IDS,
    LABELS,
    POINTS,
    THUMBNAILS,
    common_url,
)
from dashboard.server.routes.identity import store_digest
from dashboard.server.tickets import with_ticket
from tests.asgi import ask
from tests.planted import Plan, planted_run

N = 24


def get(app, path, method="GET", **headers):
    """Ask for a path, which may have a query; header names are given with underscores."""
    raw, _, query = path.partition("?")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(app, f"/{raw}", method=method, query=query, headers=named)


@pytest.fixture
def data(store):
    """A planted run's artefacts."""
    planted_run(store, plan=Plan(n_test=N))
    planted_run(store, "rival", plan=Plan(n_test=N), extractor="hog")
    return RunData(store, "planted")


@pytest.fixture
def app(store):
    """The routes over the planted store."""
    return Starlette(routes=file_routes(store=lambda: store))


@pytest.fixture
def spaces(store, data):
    """Neighbours of two runs of the same images."""
    return [RunData(store, name).artefact("neighbours") for name in ("planted", "rival")]


@pytest.fixture
def paths(data, spaces):
    """A path of each kind."""
    dataset = data.artefact("dataset")
    return {
        "points": POINTS.address(data.artefact("projection"), dataset),
        "labels": LABELS.address(dataset),
        "columns": COLUMNS.address(data.artefact("classifier"), 2),
        "ids": IDS.address(dataset),
        "thumbnails": THUMBNAILS.address(data.artefact("thumbnails"), 0),
        "faithfulness": FAITHFULNESS.address(data.artefact("faithfulness")),
        "common": common_url(*spaces),
    }


def test_labels_are_the_true_ones(app, data, paths):
    """A byte each, for pages that have no map."""
    assert get(app, paths["labels"]).body == data.test_labels.astype("u1").tobytes()


def test_points_are_the_projection_and_the_true_labels(app, data, paths):
    """The body is what `encode_points` gives."""
    expected = encode_points(data.artefact("projection").array("test"), data.test_labels, data.n_classes)
    answer = get(app, paths["points"])
    assert answer.status == 200
    assert answer.body == expected


def test_columns_are_those_of_one_C(app, data, paths):
    """The i-th path gives the i-th row of the classifier's arrays."""
    artefact = data.artefact("classifier")
    names = ("predicted_label", "runner_up_label", "margin", "runner_up_margin")
    rows = [[artefact.array(name)[i] for name in names] for i in range(len(artefact.array("C")))]
    for i, row in enumerate(rows):
        assert get(app, COLUMNS.address(artefact, i)).body == encode_columns(*row, data.n_classes)
    assert get(app, COLUMNS.address(artefact, len(rows))).status == 404
    assert any(not np.array_equal(rows[0][0], row[0]) for row in rows)


def test_faithfulness_is_a_byte_a_point(app, data, paths):
    """How many neighbours each image keeps, as the store has it."""
    body = get(app, paths["faithfulness"]).body
    assert np.array_equal(np.frombuffer(body, np.uint8), data.artefact("faithfulness").array("preserved"))


def test_common_neighbours_are_a_byte_a_point(app, spaces, paths):
    """Counted one by one, whichever run is named first."""
    lists = zip(*(found.array("indices").tolist() for found in spaces), strict=True)
    expected = bytes(len(set(ours) & set(theirs)) for ours, theirs in lists)
    assert get(app, paths["common"]).body == expected
    assert len(set(expected)) > 1


def test_ids_are_the_test_images_names(app, data, paths):
    """A JSON list, in the order of the rows."""
    assert json.loads(get(app, paths["ids"]).body) == image_ids(data, "test", list(range(N)))


def test_thumbnails_are_the_sheet_as_it_is(app, data, paths):
    """WebP, byte for byte, and only the sheets there are."""
    answer = get(app, paths["thumbnails"])
    assert answer.headers["content-type"] == "image/webp"
    assert answer.body == data.artefact("thumbnails").path("sheet_0.webp").read_bytes()
    assert get(app, THUMBNAILS.address(data.artefact("thumbnails"), 1)).status == 404


@pytest.mark.parametrize(
    "kind", ["points", "labels", "columns", "ids", "thumbnails", "faithfulness", "common"]
)
def test_content_addresses_are_cached_for_ever(app, paths, kind):
    """Immutable, and revalidated without a body."""
    answer = get(app, paths[kind])
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    again = get(app, paths[kind], if_none_match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    "kind", ["points", "labels", "columns", "ids", "thumbnails", "faithfulness", "common"]
)
def test_another_digest_is_not_there(app, paths, kind):
    """An address of other content must not be answered, or a browser would keep the wrong bytes for ever."""
    parts = paths[kind].split(".")
    parts[-2] = "0" * 12
    answer = get(app, ".".join(parts))
    assert answer.status == 404
    assert answer.headers["cache-control"] == "no-store"


def test_nothing_but_an_address_is_answered(app, paths):
    """No listing, no traversal, no other files, no other forms of a number."""
    key = "a" * 40
    wrong = [
        "lazybones", "lazybones/", "lazybones/points", "lazybones/points/", "lazybones/points/../ui",
        "lazybones/points/..%2f..%2fetc%2fpasswd", "lazybones/points/....bin", "lazybones/points/manifest.json",
        f"lazybones/points/{key}.{key}.{'0' * 12}.bin", f"lazybones/columns/{key}.0.{'0' * 12}.bin",
        f"lazybones/columns/{key}.-1.{'0' * 12}.bin", f"lazybones/columns/{key}.01.{'0' * 12}.bin",
        f"lazybones/columns/{key}.9999999999.{'0' * 12}.bin", f"lazybones/thumbnails/{key}.٣.{'0' * 12}.webp",
        paths["points"] + "\n", paths["points"].upper(), paths["points"].replace("points", "columns"),
    ]  # fmt: skip
    for path in wrong:
        answer = get(app, path)
        assert answer.status == 404, path
        assert b"Traceback" not in answer.body
        assert len(answer.body) < 100


def test_only_reading_is_allowed(app, paths):
    """GET and HEAD; nothing changes the store."""
    assert get(app, paths["points"], method="HEAD").status == 200
    for method in ("POST", "PUT", "DELETE"):
        assert get(app, paths["points"], method=method).status == 405


def test_a_damaged_file_is_a_short_text(app, data, paths, store):
    """The answer names the remedy, and neither a path of the server nor a traceback."""
    file = data.artefact("projection").folder / "test.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    answer = get(app, paths["points"])
    assert answer.status == 500
    assert "pipeline verify" in answer.body.decode()
    assert str(store.root) not in answer.body.decode()


def test_a_missing_artefact_is_not_there(app, data, paths):
    """A store that was cleaned while a page was open."""
    for file in data.artefact("projection").folder.iterdir():
        file.unlink()
    assert get(app, paths["points"]).status == 404


@pytest.mark.parametrize("kind", ["points", "labels", "columns", "ids", "faithfulness"])
def test_files_are_compressed_for_those_who_read_it(app, paths, kind):
    """Gzip on request, the same content, a cache is told that answers differ; and no body where it is known."""
    plain, packed = get(app, paths[kind]), get(app, paths[kind], accept_encoding="br, gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in plain.headers
    known = get(app, paths[kind], accept_encoding="gzip", if_none_match=packed.headers["etag"])
    assert (known.status, known.body) == (304, b"")


def test_thumbnails_are_not_compressed_again(app, paths):
    """WebP is compressed already."""
    assert "content-encoding" not in get(app, paths["thumbnails"], accept_encoding="gzip").headers


def test_routes_follow_the_base_path(store, paths):
    """``server.baseUrlPath`` with or without slashes."""
    for base in ("foo/bar", "/foo/bar/"):
        app = Starlette(routes=file_routes(base, store=lambda: store))
        assert get(app, f"foo/bar/{paths['points']}").status == 200
        assert get(app, paths["points"]).status == 404


def test_modules_come_from_a_folder_named_by_their_content(app):
    """All files of the front end, of one version; other versions and other names are not there."""
    folder = f"lazybones/ui/{ui_bundle.version()}"
    for name, content in ui_bundle.contents().items():
        answer = get(app, f"{folder}/{name}")
        assert answer.body == content
        assert answer.headers["content-type"].startswith(
            "text/css" if name.endswith("css") else "text/javascript"
        )
    assert "immutable" in answer.headers["cache-control"]
    assert get(app, f"{folder}/map/entry.js", if_none_match=answer.headers["etag"]).status == 304
    for path in (
        f"{folder}/",
        f"{folder}/../app.py",
        f"{folder}/map/map.html",
        "lazybones/ui/000000000000/map/entry.js",
    ):
        assert get(app, path).status == 404


def test_all_imports_of_the_map_are_served():
    """The preloaded modules are exactly what the entry point imports in the end, and all of them exist."""
    modules = ui_bundle.modules("map/entry.js")
    assert modules[0] == "map/entry.js"
    assert len(modules) == len(set(modules))
    assert set(modules) <= set(ui_bundle.contents())
    imported = {
        posixpath.normpath(posixpath.join(posixpath.dirname(name), line.split('"')[1]))
        for name in modules
        for line in ui_bundle.contents()[name].decode().splitlines()
        if ' from ".' in line and "import(" not in line
    }
    assert imported < set(modules)


def test_with_sign_in_only_tickets_open_files(app, paths, monkeypatch):
    """Points and thumbnails are closed to those who were not shown the page; its code is public."""

    class Secrets(dict):
        def load_if_toml_exists(self):
            return True

    monkeypatch.setattr(streamlit, "secrets", Secrets(auth={"cookie_secret": "a secret"}))
    for path in paths.values():
        assert get(app, path).status == 403
        assert get(app, path, if_none_match="*").status == 403
        answer = get(app, with_ticket(path))
        assert answer.status == 200
        assert answer.headers["cache-control"].startswith("private")
    assert get(app, with_ticket(paths["points"]).replace(paths["points"], paths["thumbnails"])).status == 403
    assert get(app, f"lazybones/ui/{ui_bundle.version()}/map/entry.js").status == 200


def test_a_store_that_cannot_be_opened_is_not_there(paths, monkeypatch, tmp_path):
    """The process's own store, from a variable that points nowhere."""
    monkeypatch.setenv("LAZYBONES_CACHE", str(tmp_path / "nowhere"))
    assert get(Starlette(routes=file_routes()), paths["points"]).status == 404


def test_the_process_opens_its_store_itself(store, data, paths, monkeypatch):
    """Without a store given, the routes read the one the environment names."""
    monkeypatch.setenv("LAZYBONES_CACHE", str(store.root))
    assert isinstance(store, Store)
    assert get(Starlette(routes=file_routes()), paths["points"]).status == 200


def test_a_server_says_which_store_it_shows_and_not_where_that_is(app, store):
    """A program of the same person can tell; nobody else learns a path."""
    answer = get(app, "lazybones/store")
    assert answer.status == 200
    assert answer.body.decode() == store_digest(store)
    assert len(answer.body) == 64
    assert answer.headers["cache-control"] == "no-store"
