"""What the user sees instead of a traceback: what is wrong, and the command that helps."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from cache import LazybonesError
from cache.commands import FIRST_RUN, Command, command, demo_command, typed
from cache.errors import ArtefactCorrupt, ArtefactMissing, SchemaTooNew
from cache.remedies import REPAIR
from dashboard.run import places
from dashboard.wording.escaping import html, markdown
from pipeline.api import to_complete

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
        The command that makes the run: to type with other options, or once damage has been cleared away.
    """
    try:
        yield
    except LazybonesError as error:
        if not places.are_told():
            logging.getLogger(__name__).warning("%s", error.message)
        heading = next(text for kind, text in HEADINGS if isinstance(error, kind))
        remedy = Command(f"{REPAIR}\n{again}") if again and error.remedy == REPAIR else error.remedy
        show(heading, error.message, remedy, again)
    except Exception:
        logging.getLogger(__name__).exception("A page failed")
        what = "The server's log has the details. The files of the cache may not fit together."
        show("Something unexpected went wrong", what, command("verify"))


def show(heading: str, message: str, remedy: str | None, again: str = "") -> None:
    """Show a message with the command that helps.

    Parameters
    ----------
    heading : str
        What kind of trouble, in a few words.
    message : str
        What exactly; may hold paths and names from anywhere, and is shown as plain text.
    remedy : str, optional
        A command to copy, or advice in words.
    again : str, optional
        The command that makes the run.
    """
    with st.container(border=True):
        st.html(
            f'<div role="alert" class="lb-trouble"><h2>{html(heading)}</h2><p>{html(places.told(message))}</p></div>'
        )
        if remedy:
            show_remedy(remedy, again)


def show_remedy(remedy: str, again: str = "") -> None:
    """Offer what helps; parameters as `show`."""
    text = typed(remedy, places.place_told(), again)
    st.caption("Try" if isinstance(text, Command) else f"Try: {markdown(places.told(text))}.")
    if isinstance(text, Command):
        st.code(places.command_told(text), language="bash", wrap_lines=True)


def show_command(why: str, command: str) -> None:
    """Say in Markdown what a command does, and offer it to be copied, if there is one."""
    if command:
        st.caption(" ".join(filter(None, (why, to_complete(command)))))
        st.code(
            places.command_told(typed(Command(command), places.place_told())),
            language="bash",
            wrap_lines=True,
        )


def show_empty_store() -> None:
    """Say how to make the first run."""
    with st.container(border=True):
        st.html(
            '<div class="lb-trouble"><h2>Nothing here yet</h2><p>The cache holds no run. '
            "This makes one from scikit-learn's handwritten digits in under a minute, without a download:</p></div>"
        )
        st.code(typed(FIRST_RUN, places.place_told()), language="bash", wrap_lines=True)
        st.caption("Or open the demo:")
        st.code(demo_command(places.place_told()), language="bash")
        st.caption("Then reload this page.")
