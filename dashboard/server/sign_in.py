"""Where sign-in is set up, a page is for who has signed in; who has not sees how to, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

import streamlit as st

from dashboard.server.tickets import sign_in_configured
from dashboard.wording.escaping import markdown

OWN = ("client_id", "server_metadata_url")
"""What ``[auth]`` has where there is one provider without a name."""


def is_admitted() -> bool:
    """Tell whether the viewer may see the pages: has signed in, or nobody has to."""
    return not sign_in_configured() or bool(st.user.is_logged_in)


def signed_in() -> str:
    """Name who has signed in; empty where nobody does."""
    if not sign_in_configured() or not st.user.is_logged_in:
        return ""
    return str(st.user.get("email") or st.user.get("name") or "")


def ask() -> None:
    """Offer to sign in, by each provider that is set up, in the place of a page."""
    with st.container(border=True, key="sign-in"):
        st.html(
            '<div class="lb-trouble"><h2>Sign in</h2><p>This dashboard is for people who sign in.</p></div>'
        )
        if find_spec("authlib") is None:
            st.caption(
                "It cannot be done yet: the server lacks the package Authlib. Its owner installs it with"
            )
            st.code("pip install Authlib", language="bash")
            return
        for name in _providers():
            label = f"Sign in with {markdown(name)}" if name else "Sign in"
            st.button(label, key=f"sign in {name}", on_click=st.login, args=(name or None,), type="primary")


def offer_sign_out() -> None:
    """Draw what ends it, where there is something to end."""
    if who := signed_in():
        st.button(
            "Sign out",
            key="sign-out",
            help=f"Signed in as {markdown(who)}",
            icon=":material/logout:",
            type="tertiary",
            on_click=st.logout,
        )


def _providers() -> list[str]:
    """List the providers that are set up; the one without a name as an empty text."""
    auth = st.secrets["auth"]
    named = [str(name) for name, value in auth.items() if isinstance(value, Mapping)]
    return [*([""] if all(name in auth for name in OWN) else []), *named]
