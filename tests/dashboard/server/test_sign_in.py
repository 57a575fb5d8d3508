"""Where sign-in is set up: the list of who may come in, what the door answers, and what pages say.

Signing in itself, by a real provider, is in ``tests/browser/sign_in``.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
import streamlit as st
from starlette.responses import PlainTextResponse
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from websockets.exceptions import InvalidStatus

from cache import LazybonesError, Store
from dashboard.navigation import discover
from dashboard.server import admission, people
from dashboard.server.admission import Admission
from tests.asgi import ask
from tests.browser.conftest import running_dashboard
from tests.planted import Plan, planted_run
from tests.tabs import opened as page_messages

FRAME = Path(__file__).parents[3] / "dashboard" / "frame.py"
PROVIDER = {
    "client_id": "lazybones",
    "client_secret": "no secret",
    "server_metadata_url": "https://id.test/.well-known",
}
PAGES = [page.path for page in discover()]


@pytest.fixture
def opened(store, monkeypatch):
    """Open a page where sign-in is set up; ``opened("map", who="ann@example.test")``."""
    planted_run(store)
    monkeypatch.setenv("LAZYBONES_CACHE", str(store.root))

    def open_page(page: str, who: str = "") -> AppTest:
        user = {"is_logged_in": bool(who), **({"email": who} if who else {})}
        monkeypatch.setattr(type(st.user), "to_dict", lambda _: user)
        monkeypatch.setattr("streamlit.user_info._get_user_info", st.user.to_dict)
        app = AppTest.from_file(str(FRAME), default_timeout=60)
        app.secrets["auth"] = {"cookie_secret": "x" * 32, **PROVIDER}
        app._page_hash = calc_hash(page)
        return app.run()

    return open_page


def buttons(app: AppTest) -> list[str]:
    """List what can be pressed."""
    return [button.label for button in app.get("button")]


@pytest.mark.parametrize("page", PAGES)
def test_who_has_signed_out_meanwhile_sees_nothing(opened, page):
    """In a tab that was open: no run, no number, no image, no link to another page; nothing is computed."""
    app = opened(page)
    assert not app.exception
    assert buttons(app) == []
    assert any("You are signed out" in element.proto.body for element in app.get("html"))
    assert [element.proto.url_path for element in app.get("page_link")] == []
    assert "planted" not in str(app.main)
    assert app.get("bidi_component") == []


def test_who_has_signed_in_sees_the_page_and_can_leave(opened):
    """By the name under which they are known."""
    app = opened("errors", who="ann@example.test")
    assert not app.exception
    assert "Sign out" in buttons(app)
    assert "planted" in str(app.main)


def test_a_page_is_not_for_who_is_not_on_the_list(opened, monkeypatch):
    """As the door says: a list may have been made shorter."""
    monkeypatch.setenv(people.VARIABLE, "@example.org")
    assert "planted" not in str(opened("errors", who="ann@example.test").main)


@pytest.mark.parametrize(
    ("listed", "user", "expected"),
    [
        ("", {"email": "ann@example.org"}, True),
        ("", {}, True),
        ("Ann@Example.org", {"email": "aNN@example.ORG", "email_verified": True}, True),
        ("bob@example.org, @example.com", {"email": "ann@example.com", "email_verified": "true"}, True),
        ("@example.com", {"email": "ann@example.com", "email_verified": False}, False),
        ("@example.com", {"email": "ann@example.com"}, False),
        ("@example.com", {"email": "ann@evil.example.com", "email_verified": True}, False),
        ("@example.com", {"email": "ann@example.com.evil", "email_verified": True}, False),
        ("@example.com", {"email": "@example.com", "email_verified": "yes"}, False),
        ("@example.com", {"name": "ann@example.com", "email_verified": True}, False),
        ("ann@example.org", {"email": ["ann@example.org"], "email_verified": True}, False),
    ],
)
def test_who_is_on_the_list(monkeypatch, listed, user, expected):
    """Whatever the letters' case; only by an address that the provider has confirmed."""
    monkeypatch.setenv(people.VARIABLE, listed)
    assert people.may_come_in({"is_logged_in": True, **user}) is expected
    assert not people.may_come_in(user)


@pytest.mark.parametrize("listed", ["example.org", "ann@", "ann@example.org;bob@example.org", "a b@c.d @"])
def test_a_list_that_says_something_else_is_refused(monkeypatch, listed):
    """Not read as one that lets fewer in, or more."""
    monkeypatch.setenv(people.VARIABLE, listed)
    with pytest.raises(LazybonesError, match="must be addresses and domains"):
        people.check()


def test_a_list_without_sign_in_is_refused(monkeypatch):
    """It would keep nobody out."""
    monkeypatch.setenv(people.VARIABLE, "@example.org")
    monkeypatch.setattr(people, "sign_in_configured", lambda: False)
    with pytest.raises(LazybonesError, match="must come with sign-in"):
        people.check()


def test_settings_of_a_provider_are_no_provider(monkeypatch):
    """Each provider has its link; the one without a name first."""
    auth = {**PROVIDER, "client_kwargs": {"prompt": "login"}, "google": dict(PROVIDER)}
    monkeypatch.setattr(people.st, "secrets", {"auth": auth})
    assert people.providers() == ["", "google"]


@pytest.fixture
def door(monkeypatch):
    """A door with something behind it; ``door(user, "/path")`` asks as somebody of whom a provider says so much."""
    monkeypatch.setattr(admission, "sign_in_configured", lambda: True)
    monkeypatch.setattr(people, "providers", lambda: ["", "<google>"])

    def asked(user, path="/lab/errors", headers=None, **given):
        behind = PlainTextResponse("behind")
        shut = Admission(
            behind, lambda cookies: user, lambda provider: f"https://id.test/{provider}", base="lab"
        )
        return ask(shut, path, headers={"accept": "text/html", **(headers or {})}, **given)

    return asked


ANN = {"is_logged_in": True, "email": "ann@example.org"}


def test_the_page_to_sign_in_stands_where_the_page_would(door):
    """With a link for each provider, which knows what was asked for; a name is written as it is."""
    answer = door({}, query="run=a&C=1")
    page = answer.body.decode()
    assert answer.status == 401
    assert "to=errors%3Frun%3Da%26C%3D1" in page
    assert "Sign in with &lt;google&gt;" in page
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "'sha256-" in policy
    assert "script-src 'self'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_way_back_is_gone_once(door):
    """To the page, with what stood behind its #; the cookie goes."""
    begun = door({}, f"/lab/{admission.BEGIN}", query="provider=&to=" + quote("map?run=a#pin=3"))
    assert begun.headers["location"] == "https://id.test/"
    kept = begun.headers["set-cookie"].split(";")[0]
    back = door(ANN, "/lab/", {"cookie": kept})
    assert (back.status, back.headers["location"]) == (303, "/lab/map?run=a#pin=3")
    assert back.headers["set-cookie"].startswith('lazybones_to="";')
    assert "Max-Age=0" in back.headers["set-cookie"]
    assert door(ANN, "/lab/map", {"cookie": kept}).body == b"behind"


@pytest.mark.parametrize("kept", ["//evil.test", "/evil.test", "\\evil.test", "a b"])
def test_a_cookie_leads_nowhere_else(door, kept):
    """Anybody may have written it."""
    back = door(ANN, "/lab/", {"cookie": f"lazybones_to={quote(kept)}"})
    assert back.headers["location"] == "/lab/"


def test_who_is_not_on_the_list_can_leave(door, monkeypatch):
    """The page names who they are, whatever letters that has."""
    monkeypatch.setenv(people.VARIABLE, "@example.com")
    answer = door({**ANN, "email": "<ann>@example.org", "email_verified": True})
    assert answer.status == 403
    assert "&lt;ann&gt;@example.org" in answer.body.decode()
    assert 'href="/lab/auth/logout"' in answer.body.decode()


@pytest.mark.parametrize(
    "path", ["/lab/_stcore/health", "/lab/auth/logout", "/lab/oauth2callback", "/lab/auth/login"]
)
def test_what_is_open_is_open_to_a_look_only(door, path):
    """Nothing is sent there."""
    assert door({}, path).body == b"behind"
    assert door({}, path, method="POST").status == 401


def test_without_sign_in_the_door_is_open(door, monkeypatch):
    """As on a machine of one's own."""
    monkeypatch.setattr(admission, "sign_in_configured", lambda: False)
    assert door({}).body == b"behind"


@pytest.mark.slow
def test_a_stranger_gets_nothing_over_the_websocket(tmp_path):
    """Of a running server, whatever is asked for: it does not even begin to speak."""
    store = Store(tmp_path / "cache")
    planted_run(store, plan=Plan(("quokka", "numbat", "bilby", "potoroo")))
    before = {path.name for path in store.root.glob("artefacts/*/*")}
    secrets = tmp_path / "secrets.toml"
    lines = [f'{name} = "{value}"' for name, value in {**PROVIDER, "cookie_secret": "x" * 32}.items()]
    secrets.write_text("\n".join(["[auth]", 'redirect_uri = "http://localhost/oauth2callback"', *lines]))
    with (
        running_dashboard(store.root, STREAMLIT_SECRETS_FILES=str(secrets)) as address,
        pytest.raises(InvalidStatus),
    ):
        page_messages(address, "", "run=planted&C=0.07")
    assert {path.name for path in store.root.glob("artefacts/*/*")} == before
