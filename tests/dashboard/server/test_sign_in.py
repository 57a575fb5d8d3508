"""Where sign-in is set up, who has not signed in gets no page; who has, gets them all, and a way out."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from cache import Store
from dashboard.navigation import discover
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
    """Open a page where sign-in is set up; ``opened("map", who="ann@example.test", google=PROVIDER)``."""
    planted_run(store)
    monkeypatch.setenv("LAZYBONES_CACHE", str(store.root))

    def open_page(page: str, who: str = "", *, installed: bool = True, **auth: object) -> AppTest:
        monkeypatch.setattr("dashboard.server.sign_in.find_spec", lambda name: installed or None)
        monkeypatch.setattr(
            type(st.user), "to_dict", lambda _: {"is_logged_in": bool(who), **({"email": who} if who else {})}
        )
        monkeypatch.setattr("streamlit.user_info._get_user_info", st.user.to_dict)
        app = AppTest.from_file(str(FRAME), default_timeout=60)
        app.secrets["auth"] = {"cookie_secret": "x" * 32, **auth}
        app._page_hash = calc_hash(page)
        return app.run()

    return open_page


def buttons(app: AppTest) -> list[str]:
    """List what can be pressed."""
    return [button.label for button in app.get("button")]


@pytest.mark.parametrize("page", PAGES)
def test_who_has_not_signed_in_sees_how_to_and_nothing_else(opened, page):
    """No run, no number, no image, no link to another page; nothing is computed."""
    app = opened(page, **PROVIDER)
    assert not app.exception
    assert buttons(app) == ["Sign in"]
    assert [element.proto.url_path for element in app.get("page_link")] == []
    assert "planted" not in str(app.main)
    assert app.get("bidi_component") == []


def test_each_provider_has_its_button(opened):
    """The one without a name first; a name is written as it is."""
    app = opened("", google=PROVIDER, **PROVIDER)
    assert buttons(app) == ["Sign in", "Sign in with google"]


def test_a_server_that_cannot_sign_anybody_in_says_what_it_lacks(opened):
    """No button that ends in an error."""
    app = opened("", installed=False, **PROVIDER)
    assert buttons(app) == []
    assert [code.value for code in app.code] == ["pip install Authlib"]


def test_who_has_signed_in_sees_the_page_and_can_leave(opened):
    """By the name under which they are known."""
    app = opened("errors", who="ann@example.test", **PROVIDER)
    assert not app.exception
    assert "Sign out" in buttons(app)
    assert "planted" in str(app.main)


@pytest.mark.slow
def test_a_stranger_gets_nothing_over_the_websocket(tmp_path):
    """Of a running server, whatever is asked for: no class, no image, no fit."""
    store = Store(tmp_path / "cache")
    names = ("quokka", "numbat", "bilby", "potoroo")
    planted_run(store, plan=Plan(names))
    before = {path.name for path in store.root.glob("artefacts/*/*")}
    secrets = tmp_path / "secrets.toml"
    lines = [f'{name} = "{value}"' for name, value in {**PROVIDER, "cookie_secret": "x" * 32}.items()]
    secrets.write_text("\n".join(["[auth]", 'redirect_uri = "http://localhost/oauth2callback"', *lines]))
    with running_dashboard(store.root, STREAMLIT_SECRETS_FILES=str(secrets)) as address:
        got = page_messages(address, "", "run=planted&C=0.07")
    said = b"".join(one.SerializeToString() for one in got)
    assert b"for people who sign in" in said
    assert not [name for name in (*names, "planted") if name.encode() in said]
    assert {path.name for path in store.root.glob("artefacts/*/*")} == before
