"""What a visitor leaves is freed half a minute after they have left.

Needed for Streamlit 1.67. It keeps the session of a browser that is gone for two minutes, should it come back, and
frees none before another session ends after that: of fifty visitors who left, all were held for as long as nobody came.
It may go when ``tests/dashboard/workarounds/test_left_sessions.py`` passes without it.
"""

from __future__ import annotations

import asyncio

from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from dashboard.workarounds.garbage_collection import collector

KEPT = 30.0
"""Seconds in which a browser that lost its connection finds its session again."""

_disconnect = WebsocketSessionManager.disconnect_session
_waiting: dict[str, asyncio.TimerHandle] = {}
"""Of sessions that were left: what will free each."""


def free_what_is_left() -> None:
    """Have the server of this process do so."""
    WebsocketSessionManager.disconnect_session = _disconnect_for_good  # type: ignore[method-assign, assignment]


def _disconnect_for_good(manager: WebsocketSessionManager, session: str) -> None:
    _disconnect(manager, session)
    before = _waiting.pop(session, None)
    if before is not None:
        before.cancel()
    _waiting[session] = asyncio.get_running_loop().call_later(KEPT, _free, manager, session)


def _free(manager: WebsocketSessionManager, session: str) -> None:
    del _waiting[session]
    if not manager.is_active_session(session):  # it may have come back
        manager.close_session(session)
        collector().soon()
