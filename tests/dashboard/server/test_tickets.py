"""Tickets for the map's files."""

from __future__ import annotations

import pytest
import streamlit

from dashboard.server import tickets
from dashboard.server.tickets import PERIOD, admits, with_ticket

PATH = "lazybones/points/a.b.c.bin"
NOW = 1_000 * PERIOD + 5.0


class Secrets(dict):
    """Stands in for ``st.secrets``."""

    def load_if_toml_exists(self):
        """Tell whether there are any."""
        return bool(self)


@pytest.fixture
def secrets(monkeypatch):
    """What ``secrets.toml`` holds: sign-in with a cookie secret."""
    held = Secrets(auth={"cookie_secret": "a secret"})
    monkeypatch.setattr(streamlit, "secrets", held)
    return held


def ticket_of(url):
    """Cut the ticket from a URL."""
    return url.partition(f"?{tickets.PARAMETER}=")[2]


def test_without_sign_in_paths_are_plain_and_open(monkeypatch):
    """A public dashboard needs no tickets."""
    monkeypatch.setattr(streamlit, "secrets", Secrets())
    assert with_ticket(PATH) == PATH
    assert admits(PATH, None)


def test_secrets_without_sign_in_keep_paths_open(monkeypatch):
    """Other secrets do not mean that there is sign-in."""
    monkeypatch.setattr(streamlit, "secrets", Secrets(colour="blue"))
    assert with_ticket(PATH) == PATH


def test_a_ticket_admits_to_its_path_only(secrets):
    """A ticket of one file opens no other."""
    ticket = ticket_of(with_ticket(PATH, NOW))
    assert admits(PATH, ticket, NOW)
    assert not admits(PATH.replace("a.b", "a.d"), ticket, NOW)


def test_a_path_without_a_good_ticket_is_closed(secrets):
    """None, empty, made up, cut, changed: all refused."""
    good = ticket_of(with_ticket(PATH, NOW))
    changed = good[:-1] + ("0" if good[-1] != "0" else "1")
    other_period = f"1001.{good.partition('.')[2]}"
    for ticket in (
        None,
        "",
        "x",
        good[:-1],
        good + "0",
        changed,
        other_period,
        f"{good}\n",
        good.replace("1", "\N{ARABIC-INDIC DIGIT ONE}", 1),
    ):
        assert not admits(PATH, ticket, NOW)


def test_a_ticket_ends_after_the_next_period(secrets):
    """Good now and in the whole next period, not later, and not before its time."""
    ticket = ticket_of(with_ticket(PATH, NOW))
    assert admits(PATH, ticket, NOW + PERIOD)
    assert not admits(PATH, ticket, NOW + 2 * PERIOD)
    assert not admits(PATH, ticket, NOW - PERIOD)


def test_another_cookie_secret_ends_all_tickets(secrets):
    """Changing the secret revokes what was handed out."""
    ticket = ticket_of(with_ticket(PATH, NOW))
    secrets["auth"] = {"cookie_secret": "another"}
    assert not admits(PATH, ticket, NOW)


def test_without_a_secret_the_process_makes_its_own(secrets):
    """A forgotten cookie secret does not open the files."""
    secrets["auth"] = {}
    ticket = ticket_of(with_ticket(PATH, NOW))
    assert admits(PATH, ticket, NOW)
    assert not admits(PATH, None, NOW)
