"""What pages know of who has signed in; the door is `dashboard.server.admission`."""

from __future__ import annotations

import streamlit as st

from dashboard.server import people
from dashboard.server.tickets import sign_in_configured
from dashboard.wording.escaping import markdown


def is_admitted() -> bool:
    """Tell whether the viewer may see the pages: has signed in and is on the list, or nobody has to."""
    return not sign_in_configured() or people.may_come_in(st.user.to_dict())


def signed_in() -> str:
    """Name who has signed in; empty where nobody does."""
    return people.name_of(st.user.to_dict()) if sign_in_configured() else ""


def tell_left() -> None:
    """Say in the place of a page that it is for who has signed in: somebody has signed out since it was opened."""
    with st.container(border=True, key="sign-in"):
        st.html(
            '<div class="lb-trouble"><h2>You are signed out</h2><p>Reload this page to sign in again.</p></div>'
        )


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
