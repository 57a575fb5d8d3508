"""Every page of HTML gets the script once; everything else passes untouched."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route

from dashboard.deep_links import DeepLinks, page_names, script_tag

PAGE = "<!DOCTYPE html><html><head><title>x</title></head><body><head></body></html>"
TAG = script_tag(page_names()).decode()


async def _page(request):
    return HTMLResponse(PAGE, headers={"etag": '"1"', "last-modified": "Mon, 23 Nov 2026 20:50:52 GMT"})


async def _streamed(request):
    return StreamingResponse(iter([PAGE[:20], PAGE[20:]]), media_type="text/html")


async def _text(request):
    return PlainTextResponse(PAGE)


async def _missing(request):
    return HTMLResponse(PAGE, status_code=404)


@dataclass(frozen=True)
class Answer:
    """What the server sent."""

    headers: Headers
    content: bytes


@pytest.fixture
def get():
    """Ask a server with one route of each kind, as a web server would."""
    routes = [
        Route("/page", _page),
        Route("/streamed", _streamed),
        Route("/text", _text),
        Route("/missing", _missing),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(DeepLinks)])

    def ask(path: str, **headers: str) -> Answer:
        raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": "GET", "path": path, "headers": raw, "query_string": b""}
        sent: list[dict] = []

        async def receive():
            await asyncio.Event().wait()  # the browser stays, and has nothing more to say

        async def send(message):
            sent.append(message)

        asyncio.run(app(scope, receive, send))
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return Answer(Headers(raw=sent[0]["headers"]), body)

    return ask


@pytest.mark.parametrize("path", ["/page", "/streamed"])
def test_a_page_gets_the_script_once_at_the_top(get, path):
    """The element comes right after the first <head>, and the length is the new one."""
    answer = get(path, accept="text/html", accept_encoding="gzip")
    assert answer.content.decode() == PAGE.replace("<head>", "<head>" + TAG, 1)
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_a_changed_page_does_not_carry_the_unchanged_ones_validators(get):
    """No ETag and no date of the page as it was."""
    headers = get("/page", accept="text/html").headers
    assert "etag" not in headers
    assert "last-modified" not in headers


@pytest.mark.parametrize("path", ["/text", "/missing"])
def test_what_is_no_page_passes_untouched(get, path):
    """Plain text and errors are sent as they are."""
    assert get(path, accept="text/html").content.decode() == PAGE


def test_a_request_for_something_else_passes_untouched(get):
    """Who does not ask for HTML gets what there is."""
    assert get("/page", accept="application/json").content.decode() == PAGE


def test_the_script_knows_every_page():
    """Each view is named, by its file."""
    assert {"overview", "map", "confusion", "errors", "retrain"} <= set(page_names())
