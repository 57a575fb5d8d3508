"""Every route there is, ours and the framework's, is open or shut as the table in decision 50 says."""

from __future__ import annotations

import re
from unittest.mock import MagicMock

import pytest
from starlette.routing import Mount, Route, WebSocketRoute
from streamlit import config
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes

from dashboard.server.doors import Doors, is_open
from dashboard.server.routes import file_routes
from tests.asgi import ask
from tests.conftest import PROJECT

TABLE = PROJECT / "docs" / "decisions" / "0050-strangers.md"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "WEBSOCKET")
ROW = re.compile(r"\| `(?P<path>[^`]+)` \| (?P<methods>[^|]+) \| (?P<who>[^|]+) \| (?P<limits>[^|]+) \|")


def _told() -> dict[str, set[str]]:
    """Read the table: by path, the ways in which it may be asked for."""
    rows = ROW.finditer(TABLE.read_text(encoding="utf-8"))
    return {row["path"]: set(re.findall("[A-Z]+", row["methods"])) for row in rows}


def _framework() -> list[str]:
    options = ("server.enableStaticServing", "server.scriptHealthCheckEnabled", "server.enableAgentApi")
    before = {name: config.get_option(name) for name in options}
    try:
        for name in options:  # all that a setting could open
            config.set_option(name, True)
        routes = create_streamlit_routes(MagicMock())
    finally:
        for name, value in before.items():
            config.set_option(name, value)
    return list(dict.fromkeys(_path(route) for route in routes))


def _path(route: Route | Mount | WebSocketRoute) -> str:
    return route.path.removeprefix("/") + ("/*" if isinstance(route, Mount) else "")


@pytest.mark.parametrize("path", _framework())
def test_a_route_of_the_framework_is_as_the_table_says(path):
    """A later version's route that the table lacks fails here."""
    name = path.strip("/") or "*"
    asked = "/" + re.sub(r"\{[^}]*\}|\*", "x1", path.strip("/"))
    assert {method for method in METHODS if is_open(asked, method)} == _told()[name]


@pytest.mark.parametrize("route", file_routes("", MagicMock()), ids=lambda route: route.path)
def test_a_route_of_ours_is_as_the_table_says(route):
    """The framework's method for a look, HEAD, comes with GET."""
    assert route.methods == _told()[route.path.strip("/")]
    assert all(is_open(route.path, method) for method in route.methods)


async def _inner(scope, receive, send):
    message = {"more_body": True}
    while message.get("more_body"):
        message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize("base", ["", "deep/down"])
def test_a_refused_upload_is_not_read(base):
    """Whatever it brings: nothing of it is taken, and the connection ends."""
    taken = []

    def pieces():
        for piece in [b"x" * 1000] * 1000:
            taken.append(piece)
            yield piece

    prefix = f"/{base}" if base else ""
    answer = ask(Doors(_inner, base), f"{prefix}/_stcore/upload_file/a/b", method="PUT", body=pieces())
    assert (answer.status, taken, answer.headers["connection"]) == (404, [], "close")
    assert ask(Doors(_inner, base), f"{prefix}/_stcore/health").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "//_stcore/metrics/",
        "/_stcore/health/",
        "/_stcore/",
        "/media/a/b",
        "/_stcore/x\ny",
    ],
)
def test_what_looks_like_the_frameworks_is_shut(path):
    """Unless it is in the table, letter for letter; with two slashes it is the name of a page."""
    assert is_open(path, "GET") == path.startswith("//")
    assert not is_open(path, "PUT")
