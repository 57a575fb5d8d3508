"""What the user sees instead of a traceback: what is wrong, and the command that helps."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import streamlit as st

from cache import LazybonesError
from cache.errors import ArtefactCorrupt, ArtefactMissing, SchemaTooNew

HEADINGS: tuple[tuple[type[Exception], str], ...] = (
    (ArtefactMissing, "Something is missing from the cache"),
    (ArtefactCorrupt, "A file of the cache is damaged"),
    (SchemaTooNew, "A newer Lazybones wrote this"),
    (LazybonesError, "This did not work"),
)


@contextmanager
def shown(again: str = "") -> Iterator[None]:
    """Show a failure of the block as a message; for the frame, and for fragments, which rerun without it.

    Parameters
    ----------
    again : str, optional
        The command that makes the run, to type once damage has been cleared away.
    """
    try:
        yield
    except LazybonesError as error:
        heading = next(text for kind, text in HEADINGS if isinstance(error, kind))
        cleared = isinstance(error, ArtefactCorrupt) and "clean --corrupt" in (error.remedy or "")
        show(heading, error.message, error.remedy, again if cleared else "")
    except Exception:
        logging.getLogger(__name__).exception("A page failed")
        what = "The server's log has the details. The files of the cache may not fit together."
        show("Something unexpected went wrong", what, "python -m pipeline verify")


def show(heading: str, message: str, remedy: str | None, again: str = "") -> None:
    """Show a message with the command that helps.

    Parameters
    ----------
    heading : str
        What kind of trouble, in a few words.
    message : str
        What exactly; may hold paths and names from anywhere, and is shown as plain text.
    remedy : str, optional
        A command to copy.
    again : str, optional
        The command to type after it.
    """
    with st.container(border=True, key="trouble"):
        st.html(
            f'<div role="alert" class="lb-trouble"><h2>{escape(heading)}</h2><p>{escape(message)}</p></div>'
        )
        if remedy:
            st.caption("Try")
            st.code("\n".join(filter(None, (remedy, again))), language="bash", wrap_lines=True)


def show_empty_store() -> None:
    """Say how to make the first run."""
    with st.container(border=True, key="empty"):
        st.html(
            '<div class="lb-trouble"><h2>Nothing here yet</h2><p>The cache holds no run. '
            "This makes one from scikit-learn's handwritten digits in under a minute, without a download:</p></div>"
        )
        st.code("python -m pipeline run --source digits --extractor hog", language="bash", wrap_lines=True)
        st.caption("Or make the whole demo, and open it:")
        st.code("make demo", language="bash")
        st.caption("Then reload this page.")
