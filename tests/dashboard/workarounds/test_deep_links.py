"""Every page of HTML gets the script once; everything else passes untouched."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route

from dashboard.workarounds.deep_links import DeepLinks, page_names, script_tag
from tests.asgi import ask

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
    return lambda path, accept="text/html": ask(
        app, path, headers={"accept": accept, "accept-encoding": "gzip"}
    )


@pytest.mark.parametrize("path", ["/page", "/streamed"])
def test_a_page_gets_the_script_once_at_the_top(get, path):
    """The element comes right after the first <head>, and the length is the new one."""
    answer = get(path)
    assert answer.body.decode() == PAGE.replace("<head>", "<head>" + TAG, 1)
    assert int(answer.headers["content-length"]) == len(answer.body)


def test_a_changed_page_does_not_carry_the_unchanged_ones_validators(get):
    """No ETag and no date of the page as it was."""
    headers = get("/page").headers
    assert "etag" not in headers
    assert "last-modified" not in headers


@pytest.mark.parametrize("path", ["/text", "/missing"])
def test_what_is_no_page_passes_untouched(get, path):
    """Plain text and errors are sent as they are."""
    assert get(path).body.decode() == PAGE


def test_a_request_for_something_else_passes_untouched(get):
    """Who does not ask for HTML gets what there is."""
    assert get("/page", accept="application/json").body.decode() == PAGE


def test_the_script_knows_every_page():
    """Each view is named, by its file."""
    assert {"overview", "map", "confusion", "errors", "retrain"} <= set(page_names())
