"""A browser can say what this dashboard's pages have it say, and nothing else.

Needed for Streamlit 1.67, which does what any client asks for over its websocket, whatever the app's pages offer: it
clears the caches of all sessions, names the repository, its branch and files that are not committed, installs files for
assistants, and gives addresses for uploads. And it tells every browser where on the server its script lies. It may go
when ``tests/dashboard/workarounds/test_closed_messages.py`` passes without it.
"""

from __future__ import annotations

import logging

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession

ASKED = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
"""What pages ask for: to run, to stop, and whether the server is there."""
FETCHED = frozenset({"deferred_file", "dataframe_chunk"})
"""What they fetch: a file that is made when it is asked for, and more rows of a table."""

_handle = AppSession.handle_backmsg
_greet = AppSession._create_new_session_message


def answer_pages_only() -> None:
    """Have all sessions of this process do so."""
    AppSession.handle_backmsg = _handle_known  # type: ignore[method-assign, assignment]
    AppSession._create_new_session_message = _greet_without_path  # type: ignore[method-assign, assignment]


def is_known(message: BackMsg) -> bool:
    """Tell whether a page of ours says this."""
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in FETCHED
    return kind in ASKED


def _handle_known(session: AppSession, message: BackMsg) -> None:
    if is_known(message):
        _handle(session, message)
    else:
        logging.getLogger(__name__).info("Refused a message that no page sends")


def _greet_without_path(session: AppSession, *args: object, **options: object) -> ForwardMsg:
    greeting = _greet(session, *args, **options)  # type: ignore[arg-type]
    greeting.new_session.main_script_path = greeting.new_session.name
    return greeting
