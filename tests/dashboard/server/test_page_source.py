"""Every page of HTML gets the scripts and the style sheet once; everything else passes untouched."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route

from dashboard.server.page_source import PageSource
from dashboard.workarounds.deep_links import script_tags
from tests.asgi import ask

PAGE = "<!DOCTYPE html><html><head><title>x</title></head><body><head></body></html>"
STYLES = "<style>p{}</style>"


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
    source = Middleware(
        PageSource,
        top=script_tags,
        end=STYLES.encode(),
        pages=("page", "streamed"),
        base="/deep/down/",
        policy=lambda page: f"of {len(page)}",
    )
    app = Starlette(routes=routes, middleware=[source])
    return lambda path, accept="text/html": ask(
        app, path, headers={"accept": accept, "accept-encoding": "gzip"}
    )


@pytest.mark.parametrize("path", ["/page", "/streamed"])
def test_a_page_gets_scripts_and_styles_once(get, path):
    """The scripts come right after the first <head>, the styles last of all; the length is the new one."""
    answer = get(path)
    whole = PAGE.replace("<head>", "<head>" + script_tags(1).decode(), 1).replace(
        "</body>", STYLES + "</body>"
    )
    assert answer.body.decode() == whole
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.headers["content-security-policy"] == f"of {len(answer.body)}"


@pytest.fixture
def anything():
    """Ask a server that answers every address with a page, as Streamlit's does."""
    pages = ("errors", "map", "overview")
    source = Middleware(
        PageSource, top=script_tags, end=b"", pages=pages, start="overview", base="deep/down", policy=str
    )
    app = Starlette(routes=[Route("/{path:path}", _page)], middleware=[source])
    return lambda path, **more: ask(app, path, headers={"accept": "text/html"}, **more)


@pytest.mark.parametrize(
    ("path", "depth"), [("/", 0), ("/errors", 1), ("/errors/", 1), ("/deep/down", 0), ("/deep/down/map", 1)]
)
def test_the_script_is_told_how_deep_the_page_lies(anything, path, depth):
    """With the server's own folders or without."""
    assert f'data-depth="{depth}"' in anything(path).body.decode()


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/nopage", "./?missing=nopage"),
        ("/nopage/", "../?missing=nopage"),
        ("/a/errors", "../?missing=a%2Ferrors"),
        ("/deep/down/no", "./?missing=no"),
        ("/<b>", "./?missing=%3Cb%3E"),
        ("/errors/\rx", "../?missing=errors%2F%0Dx"),
    ],
)
def test_who_asks_for_no_page_is_sent_to_the_first(anything, path, address):
    """Which is told what was asked for."""
    answer = anything(path)
    assert answer.status == 307
    assert answer.headers["location"] == address


@pytest.mark.parametrize(
    ("path", "root"), [("/overview", "./"), ("/overview/", "../"), ("/deep/down/overview", "./")]
)
def test_who_types_the_name_of_the_first_page_is_sent_to_it(anything, path, root):
    """With all that the address asks for; Streamlit knows that page by no name."""
    for query in ("", "run=a&true=3"):
        answer = anything(path, query=query)
        assert answer.status == 307
        assert answer.headers["location"] == (f"{root}?{query}" if query else root)


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
