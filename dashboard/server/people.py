"""Who may come in where sign-in is set up: those who have signed in, or those of them whose address is on a list.

See ``docs/decisions/0058-who-may-do-what.md``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

import streamlit as st

from cache import LazybonesError
from cache.commands import Command
from dashboard.server.tickets import sign_in_configured

VARIABLE = "LAZYBONES_ALLOW"
"""Names addresses, ``ann@example.org``, and domains, ``@example.com``; without it all who sign in may come in."""
OWN = ("client_id", "server_metadata_url")
"""What ``[auth]`` has where there is one provider without a name."""

_ENTRY = re.compile(r"[^@\s]*@[^@\s]+\.?[^@\s]+")


def allowed() -> frozenset[str]:
    """Give the addresses and domains on the list, in lower case; empty where there is none.

    Raises
    ------
    LazybonesError
        If the environment names something else.
    """
    said = re.split(r"[\s,]+", os.environ.get(VARIABLE, "").strip().lower())
    listed = frozenset(filter(None, said))
    wrong = next((entry for entry in sorted(listed) if not _ENTRY.fullmatch(entry)), None)
    if wrong is not None:
        raise LazybonesError(
            f"{VARIABLE} must be addresses and domains with commas between them. Got {wrong!r}.",
            remedy=Command(f"export {VARIABLE}=ann@example.org,@example.com"),
        )
    return listed


def check() -> None:
    """Read what the environment says of it.

    Raises
    ------
    LazybonesError
        If it says something wrong, or names people while nobody has to sign in.
    """
    if allowed() and not sign_in_configured():
        raise LazybonesError(
            f"{VARIABLE} must come with sign-in, a section [auth] of .streamlit/secrets.toml. Got no such section.",
            remedy="set sign-in up as SECURITY.md says, or unset it: without sign-in it would keep nobody out",
        )


def may_come_in(user: Mapping[str, Any]) -> bool:
    """Tell whether somebody may see the pages.

    Parameters
    ----------
    user : mapping
        What the provider says of who has signed in. Where there is a list, it has to say that their address is
        theirs, too: with some providers anybody may enter any.
    """
    if not user.get("is_logged_in"):
        return False
    listed, address = allowed(), str(user.get("email") or "").lower()
    if not listed:
        return True
    _, at, domain = address.rpartition("@")
    proven = user.get("email_verified") in (True, "true")
    return proven and bool(at) and not listed.isdisjoint({address, f"@{domain}"})


def name_of(user: Mapping[str, Any]) -> str:
    """Give the name under which somebody is known here; empty where nobody has signed in."""
    return str(user.get("email") or user.get("name") or "") if user.get("is_logged_in") else ""


def providers() -> list[str]:
    """List the providers that are set up; the one without a name as an empty text."""
    auth = st.secrets["auth"]
    named = [
        str(name)
        for name, value in auth.items()
        if isinstance(value, Mapping)
        and any(part in value for part in OWN)  # others are settings: client_kwargs
    ]
    return [*([""] if all(name in auth for name in OWN) else []), *named]
