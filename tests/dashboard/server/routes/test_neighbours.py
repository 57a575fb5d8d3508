"""Neighbours over HTTP, a row at a time."""

from __future__ import annotations

import json

import pytest
from starlette.applications import Starlette

from dashboard.run.data import RunData, neighbours_of
from dashboard.server.routes import file_routes
from dashboard.server.routes.addresses import NEIGHBOURS
from tests.dashboard.server.routes.test_routes import get
from tests.planted import Plan, planted_run

N = 24


@pytest.fixture
def data(store):
    """A planted run's artefacts."""
    planted_run(store, plan=Plan(n_test=N))
    return RunData(store, "planted")


@pytest.fixture
def app(store):
    """The routes over the planted store."""
    return Starlette(routes=file_routes(store=lambda: store))


@pytest.mark.parametrize("row", [0, N - 1])
def test_a_row_gets_its_neighbours(app, data, row):
    """Rows nearest first, with their distances, for ever."""
    answer = get(app, f"{NEIGHBOURS.address(data.artefact('neighbours'))}?row={row}")
    indices, distances = neighbours_of(data, row)
    assert json.loads(answer.body) == {"rows": indices.tolist(), "distances": [float(d) for d in distances]}
    assert "immutable" in answer.headers["cache-control"]
    again = get(
        app,
        f"{NEIGHBOURS.address(data.artefact('neighbours'))}?row={row}",
        if_none_match=answer.headers["etag"],
    )
    assert again.status == 304


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 400, "whole number"), ("?row=", 400, "whole number"), ("?row=-1", 400, "whole number"),
        ("?row=1.5", 400, "whole number"), ("?row=01", 400, "whole number"), ("?row=%D9%A3", 400, "whole number"),
        ("?row=1e3", 400, "whole number"), (f"?row={'9' * 400}", 400, "whole number"),
        (f"?row={N}", 404, f"below {N}"), ("?row=999999999", 404, f"below {N}"),
    ],
)  # fmt: skip
def test_other_rows_are_refused_in_a_sentence(app, data, query, status, words):
    """Whatever is typed for a row: a short answer that nobody keeps."""
    answer = get(app, NEIGHBOURS.address(data.artefact("neighbours")) + query)
    assert answer.status == status
    assert words in answer.body.decode()
    assert len(answer.body) < 100
    assert answer.headers["cache-control"] == "no-store"


def test_an_old_address_is_not_there(app, data):
    """Neighbours that were computed anew have another address."""
    path = NEIGHBOURS.address(data.artefact("neighbours")).split(".")
    path[-2] = "0" * 12
    assert get(app, f"{'.'.join(path)}?row=1").status == 404
