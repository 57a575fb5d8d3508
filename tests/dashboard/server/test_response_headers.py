"""Every answer says what a browser must refuse."""

from __future__ import annotations

import base64
import hashlib

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from cache import LazybonesError
from dashboard.server.response_headers import VARIABLE, ResponseHeaders, framed_by, page_policy
from tests.asgi import ask


def _directives(policy: str) -> dict[str, list[str]]:
    return {name: rest for name, *rest in (part.split() for part in policy.split(";"))}


def test_of_scripts_in_a_page_those_that_are_there_may_run():
    """Each by its digest, and no other: text that the data put there would not run."""
    page = b'<script src="a.js"></script><script data-x="1">let a = "<b>";</script><script type="module">\nb\n</script>'
    allowed = _directives(page_policy(page, "'self'"))["script-src"]
    digests = [
        base64.b64encode(hashlib.sha256(text).digest()).decode() for text in (b'let a = "<b>";', b"\nb\n")
    ]
    assert allowed == ["'self'", "blob:", *(f"'sha256-{digest}'" for digest in digests)]


@pytest.mark.parametrize(
    ("said", "frames"),
    [
        ("", ["'self'"]),
        ("https://example.org", ["'self'", "https://example.org"]),
        ("  *.example.org ", ["'self'", "*.example.org"]),
        ("*", ["'self'", "*"]),
        (
            "http://localhost:8888 https://*.hf.space:*",
            ["'self'", "http://localhost:8888", "https://*.hf.space:*"],
        ),
    ],
)
def test_a_frame_is_the_dashboards_own_or_of_a_site_that_is_named(monkeypatch, said, frames):
    """In the environment, with spaces between them."""
    monkeypatch.setenv(VARIABLE, said)
    assert _directives(page_policy(b"", framed_by()))["frame-ancestors"] == frames


@pytest.mark.parametrize(
    "said",
    ["https://a.b; script-src *", "'unsafe-inline'", "a,b", "https://a.b/path", "javascript:x", "é.org"],
)
def test_what_is_no_site_is_refused(monkeypatch, said):
    """Before it can say more than who may frame it."""
    monkeypatch.setenv(VARIABLE, said)
    with pytest.raises(LazybonesError, match=rf"{VARIABLE} must be addresses of sites, .* Got "):
        framed_by()


def test_a_file_runs_nothing_and_keeps_a_policy_of_its_own():
    """What has a policy is a page."""

    async def answer(request):
        own = {"content-security-policy": "mine"} if "page" in request.url.path else {}
        return PlainTextResponse("x", headers=own)

    app = Starlette(routes=[Route("/{name}", answer)], middleware=[Middleware(ResponseHeaders)])
    file, page = ask(app, "/file").headers, ask(app, "/page").headers
    assert _directives(file["content-security-policy"])["default-src"] == ["'none'"]
    assert page["content-security-policy"] == "mine"
    for answered in (file, page):
        assert answered["x-content-type-options"] == "nosniff"
        assert answered["referrer-policy"] == "same-origin"
