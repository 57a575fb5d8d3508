"""Read who has signed in from the cookie of a request, and begin to sign somebody in, where no script runs.

Needed for Streamlit 1.67: it tells who has signed in to its scripts alone (``st.user``), so that whatever is no script,
each file and the websocket itself, would be open to all. The functions that read its cookie are its own.
It may go when Streamlit can keep out who has not signed in before it answers. Should they change, nobody gets in:
``tests/browser/sign_in`` says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from streamlit.auth_util import get_origin_from_redirect_uri, validate_auth_credentials
from streamlit.errors import StreamlitAuthError
from streamlit.user_info import generate_login_redirect_url
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from cache import LazybonesError

DEFAULT = "default"
"""What Streamlit calls the provider without a name."""


def user_of(cookies: Mapping[str, str]) -> Mapping[str, Any]:
    """Give what the provider has said of who has signed in; nothing where nobody has, or the cookie is another's."""
    said = _get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    with suppress(ValueError):
        user = json.loads(said) if said else None
        if isinstance(user, dict) and user.get("origin") == get_origin_from_redirect_uri():
            return user
    return {}


def login_address(provider: str) -> str:
    """Give the address that sends a browser to a provider; it is good for two minutes."""
    return generate_login_redirect_url(provider or DEFAULT)


def check_provider(provider: str) -> None:
    """Check that all is there that a provider needs.

    Raises
    ------
    LazybonesError
        If something of it is missing.
    """
    try:
        validate_auth_credentials(provider or DEFAULT)
    except StreamlitAuthError as error:
        said = " ".join(str(error).split()).rstrip(".")
        raise LazybonesError(
            f"The section [auth] of .streamlit/secrets.toml must be complete. Got: {said}.",
            remedy="complete it as SECURITY.md has it",
        ) from error
