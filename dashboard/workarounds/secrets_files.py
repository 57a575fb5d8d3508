"""Look at once whether Streamlit's places for secrets can be looked into.

Needed for Streamlit 1.67: where one cannot (``HOME`` is a file, or another user's folder), it answers every request
with an error 500. It may go when ``HOME=/dev/null streamlit run dashboard/app.py`` shows the page. Going on without
that place would be wrong: sign-in may be set up there.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from cache.commands import DASHBOARD_AT_HOME_HERE
from cache.errors import LazybonesError


class ClosedSecrets(LazybonesError):
    """Signal a place for secrets that may hold some, and cannot be read."""


def check_secrets() -> None:
    """Check that each file of secrets can be read, or is not there.

    Raises
    ------
    ClosedSecrets
        If one is neither.
    """
    for name in st.get_option("secrets.files"):
        try:
            with Path(name).open("rb"):
                pass
        except (FileNotFoundError, IsADirectoryError):
            continue
        except OSError as error:
            raise ClosedSecrets(
                f"{name} must be readable, or not there: it may set up sign-in. Got: {error.strerror}.",
                remedy=DASHBOARD_AT_HOME_HERE,
            ) from error
