"""A browser is answered what pages ask, and nothing else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession

from dashboard.workarounds import closed_messages


def _kinds() -> list[str]:
    return [field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields]


def _payloads() -> list[str]:
    return [field.name for field in BackendOperationRequest.DESCRIPTOR.oneofs_by_name["payload"].fields]


def _message(kind: str) -> BackMsg:
    message = BackMsg()
    if BackMsg.DESCRIPTOR.fields_by_name[kind].message_type is None:
        setattr(message, kind, True)
    else:
        getattr(message, kind).SetInParent()
    return message


@pytest.fixture
def handled(monkeypatch) -> list[BackMsg]:
    """Collect what the framework gets to answer, as in our server."""
    got: list[BackMsg] = []
    monkeypatch.setattr(closed_messages, "_handle", lambda _, message: got.append(message))
    for name in ("handle_backmsg", "_create_new_session_message"):
        monkeypatch.setattr(AppSession, name, getattr(AppSession, name))  # and put it back
    closed_messages.answer_pages_only()
    return got


@pytest.mark.parametrize("kind", _kinds())
def test_every_kind_of_message_is_answered_or_refused(handled, kind):
    """Of all that Streamlit knows pages send three; what a later version adds is refused."""
    AppSession.handle_backmsg(SimpleNamespace(), _message(kind))
    assert [message.WhichOneof("type") for message in handled] == (
        [kind] if kind in {"rerun_script", "stop_script", "app_heartbeat"} else []
    )


@pytest.mark.parametrize("payload", _payloads())
def test_every_operation_is_answered_or_refused(handled, payload):
    """Files made when they are asked for, and rows of a table; nothing is installed."""
    message = BackMsg()
    getattr(message.backend_operation_request, payload).SetInParent()
    AppSession.handle_backmsg(SimpleNamespace(), message)
    assert len(handled) == (payload in {"deferred_file", "dataframe_chunk"})


def test_no_browser_is_told_where_the_script_lies(handled, monkeypatch):
    """Its name will do."""
    greeting = ForwardMsg()
    greeting.new_session.name, greeting.new_session.main_script_path = "frame", "/srv/somebody/frame.py"
    monkeypatch.setattr(closed_messages, "_greet", lambda *_: greeting)
    told = AppSession._create_new_session_message(SimpleNamespace(), "", None)
    assert told.new_session.main_script_path == "frame"
