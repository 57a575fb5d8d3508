"""Signing in by a real provider, in a real browser: the way in, the list, the way out, and what is shut before it."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from urllib.parse import quote

import pytest
from starlette.routing import Route
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dashboard.navigation import discover
from dashboard.server.routes import file_routes
from dashboard.server.routes.addresses import POINTS
from tests.browser.conftest import PATIENCE
from tests.dashboard.server.test_doors import _framework

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OPEN = {"_stcore/health"}
WAY_IN = {"auth/login", "auth/logout", "oauth2callback"}
"""Of these each only sends a browser on."""


class Unredirected(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect as it is."""

    def redirect_request(self, *_):
        """Follow none."""


def asked(url, method="GET", accept="*/*", cookie=""):
    """Ask as a program does; gives the status, the headers and the body."""
    request = urllib.request.Request(url, method=method, headers={"Accept": accept, "Cookie": cookie})  # noqa: S310  # ours
    try:
        with urllib.request.build_opener(Unredirected).open(request, timeout=PATIENCE) as answer:
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode("utf-8", "replace")


def sign_in(tab, who):
    """Go through the provider's own pages."""
    tab.get_by_role("link", name="Sign in").click()
    tab.locator("input[name=login]").fill(who)
    tab.locator("input[name=password]").fill("whatever")
    tab.get_by_role("button").first.click()
    consent = tab.get_by_role("button", name=re.compile("continue", re.IGNORECASE))
    consent.click()


def test_the_way_in_and_out(address, visit):
    """The sign-in page in place of the page, the provider, and then the link that was followed; out, and shut again."""
    visited = visit()
    tab = visited.page
    tab.goto(f"{address}errors?run=planted&C=0.1&true=1")
    assert tab.get_by_role("heading").inner_text() == "Sign in"
    assert "planted" not in tab.content().replace("run%3Dplanted", "")
    sign_in(tab, "Ann@example.org")
    visited.settle()
    assert tab.url.startswith(f"{address}errors?run=planted")
    assert "true=1" in tab.url
    cookies = {one["name"]: one["value"] for one in tab.context.cookies(address)}
    assert "lazybones_to" not in cookies
    known = "; ".join(f"{name}={value}" for name, value in cookies.items())
    assert asked(f"{address}lazybones/store", cookie=known)[0] == 200
    with connect(f"{address.replace('http', 'ws')}_stcore/stream", additional_headers={"Cookie": known}):
        pass  # who has signed in may
    out = tab.get_by_role("button", name="Sign out")
    assert out.is_visible()
    out.click()
    leave = tab.get_by_role("button", name=re.compile("yes", re.IGNORECASE))
    leave.click()
    tab.get_by_role("heading", name="Sign in").wait_for()
    assert tab.url == address
    tab.goto(f"{address}map")
    assert tab.get_by_role("heading").inner_text() == "Sign in"


def test_a_label_carries_the_name_that_has_signed_in(address, visit):
    """Not one that was typed."""
    visited = visit()
    tab = visited.page
    tab.goto(f"{address}labels?run=planted")
    sign_in(tab, "bob@example.com")
    visited.settle()
    deck = tab.locator(".labels")
    deck.locator(".picture img").wait_for()
    with tab.expect_response(re.compile("lazybones/judge/")) as judged:
        tab.keyboard.press("u")
    assert {said["who"] for said in judged.value.json()["images"].values()} == {"bob@example.com"}


@pytest.mark.parametrize(
    "who", ["eve@example.net", "ann@example.org.evil.net", "unproven@example.com", "eve@sub.example.com"]
)
def test_who_is_not_on_the_list_gets_no_further(address, visit, who):
    """A page says so, and lets them out; nothing else is answered."""
    tab = visit().page
    tab.goto(f"{address}labels?run=planted")
    sign_in(tab, who)
    tab.get_by_role("heading", name="You are not on the list").wait_for()
    assert who in tab.locator("main").inner_text()
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in tab.context.cookies(address))
    assert asked(f"{address}lazybones/store", cookie=cookies)[0] == 401
    with pytest.raises(InvalidStatus):
        connect(f"{address.replace('http', 'ws')}_stcore/stream", additional_headers={"Cookie": cookies})
    tab.get_by_role("link", name="Sign out").click()
    tab.get_by_role("button", name=re.compile("yes", re.IGNORECASE)).click()
    tab.get_by_role("heading", name="Sign in").wait_for()


def routes():
    """Every path there is: the framework's, ours, and the pages."""
    ours = [route.path.strip("/") for route in file_routes("", None) if isinstance(route, Route)]
    named = {re.sub(r"\{[^}]*\}", "x1", path.strip("/")) for path in (*_framework(), *ours)}
    points = f"{POINTS.name}/{'0' * 40}.{'0' * 40}.{'0' * 12}.bin"
    return sorted(
        {*named, "", "static/index.html", f"lazybones/{points}", *(page.path for page in discover())} - {"*"}
    )


@pytest.mark.parametrize("cookie", ["", "_streamlit_user=forged; lazybones_to=map"])
def test_without_it_nothing_is_answered(address, cookie):
    """But the page to sign in, and whether the server lives; whatever is asked for, and however."""
    answered = {}
    for path in routes():
        for method in ("GET", "POST", "HEAD", "OPTIONS"):
            for accept in ("*/*", "text/html"):
                status, headers, body = asked(f"{address}{path}", method, accept, cookie)
                if path in OPEN and method in ("GET", "HEAD"):
                    assert status == 200
                elif path in WAY_IN and method in ("GET", "HEAD"):
                    assert status in (302, 307), path
                elif status not in (401, 403, 404):
                    answered[method, path] = status
                elif "<h1>" in body:
                    assert "<h1>Sign in</h1>" in body
                    assert headers["Cache-Control"] == "no-store"
    assert answered == {}
    with pytest.raises(InvalidStatus):
        connect(f"{address.replace('http', 'ws')}_stcore/stream", additional_headers={"Cookie": cookie})


@pytest.mark.parametrize(
    "to", ["//evil.test", "/\\evil.test", "https://evil.test", "map\r\nX: y", "x" * 3000]
)
def test_afterwards_nobody_is_sent_elsewhere(address, to):
    """What is kept is a place within this server."""
    status, headers, _ = asked(f"{address}lazybones/sign-in?provider=&to={quote(to)}")
    assert status == 303
    kept = [line for line in headers.get_all("set-cookie") or [] if line.startswith("lazybones_to=")]
    if to.startswith("https"):
        assert kept  # below this server's own address: "/https://evil.test"
    else:
        assert not kept
