"""Tickets: where sign-in is configured, only who was shown the map can fetch its files.

See ``docs/decisions/0005-map-files-and-sign-in.md``.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import re
import secrets
import time

import streamlit as st

PERIOD = 7 * 24 * 3600
"""Seconds a ticket's number is in use. A ticket is good for the rest of its period and the whole next one."""

LOOK = 1.0
"""Seconds after which it is looked again whether sign-in is set up."""
PARAMETER = "ticket"
_TICKET = re.compile(r"([0-9]{1,9})\.([0-9a-f]{40})")


class _Looked:
    """Look for ``[auth]`` in Streamlit's secrets once in a while: it reads its configuration for that each time."""

    def __init__(self) -> None:
        self._known: tuple[object, float, bool] = (None, 0.0, False)

    def found(self) -> bool:
        """Tell whether it is there."""
        secrets, until, found = self._known
        now = time.monotonic()
        if secrets is not st.secrets or now > until:
            found = st.secrets.load_if_toml_exists() and "auth" in st.secrets
            self._known = (st.secrets, now + LOOK, found)
        return found


_looked = _Looked()


def sign_in_configured() -> bool:
    """Tell whether Streamlit's sign-in is set up: a section ``[auth]`` in its secrets."""
    return _looked.found()


def with_ticket(path: str, now: float | None = None) -> str:
    """Add a ticket to a path, if sign-in is configured.

    Parameters
    ----------
    path : str
        Relative to the server's base path, for example ``lazybones/points/….bin``.
    now : float, optional
        Seconds since 1970; by default the clock's.

    Returns
    -------
    str
        The path as it is where there is no sign-in.
    """
    if not sign_in_configured():
        return path
    period = _period(now)
    return f"{path}?{PARAMETER}={period}.{_seal(path, period)}"


def admits(path: str, ticket: str | None, now: float | None = None) -> bool:
    """Tell whether a request may have the file at a path.

    Parameters
    ----------
    path : str
        As it was given to `with_ticket`.
    ticket : str or None
        The request's ``ticket`` parameter; anyone may have typed it.
    now : float, optional
        Seconds since 1970; by default the clock's.
    """
    if not sign_in_configured():
        return True
    match = _TICKET.fullmatch(ticket or "")
    if match is None:
        return False
    period = int(match[1])
    fresh = period in (_period(now), _period(now) - 1)
    return fresh and hmac.compare_digest(match[2], _seal(path, period))


def _period(now: float | None) -> int:
    return int((time.time() if now is None else now) // PERIOD)


def _seal(path: str, period: int) -> str:
    message = f"lazybones map file\n{period}\n{path}".encode()
    return hmac.new(_secret(), message, hashlib.sha256).hexdigest()[:40]


def _secret() -> bytes:
    """Give the key that signs: the one of the sign-in cookie, which every process of an app shares."""
    configured = st.secrets["auth"].get("cookie_secret") or st.get_option("server.cookieSecret")
    return str(configured).encode() if configured else _secret_of_this_process()


@functools.cache
def _secret_of_this_process() -> bytes:
    return secrets.token_bytes(32)
