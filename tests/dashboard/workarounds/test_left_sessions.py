"""What a visitor leaves is freed: nothing keeps their session, be nobody there or not."""

import asyncio
import gc
import weakref

import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from dashboard.workarounds import left_sessions

SOON = 1.0


class Client:
    """Stands in for a browser's connection."""


@pytest.fixture
def manager(monkeypatch):
    """Streamlit's own, of a server that frees what is left, soon."""
    disconnect = WebsocketSessionManager.disconnect_session
    monkeypatch.setattr(WebsocketSessionManager, "disconnect_session", disconnect)  # and put it back
    monkeypatch.setattr(left_sessions, "KEPT", SOON)
    monkeypatch.setattr("dashboard.workarounds.garbage_collection.Collector.soon", lambda _: gc.collect())
    left_sessions.free_what_is_left()
    files = MemoryUploadedFileManager("upload")
    return WebsocketSessionManager(MemorySessionStorage(), files, ScriptCache(), lambda: None)


def connect(manager, session=None):
    """Have a browser come, or come back."""
    return manager.connect_session(Client(), ScriptData("frame.py"), {}, session)


def test_a_session_that_was_left_is_gone(manager):
    """Though nobody else comes; and what it held with it."""

    async def leave():
        session = connect(manager)
        seen = weakref.ref(manager.get_session_info(session).session)
        manager.disconnect_session(session)
        assert manager.get_session_info(session) is not None
        await asyncio.sleep(2 * SOON)
        assert manager.list_sessions() == []
        return seen

    seen = asyncio.run(leave())
    gc.collect()
    assert seen() is None


def test_whoever_comes_back_in_time_finds_everything(manager):
    """A connection that was lost for a moment loses nothing, and may be lost again."""

    async def come_back():
        session = connect(manager)
        manager.disconnect_session(session)
        await asyncio.sleep(SOON / 2)
        assert connect(manager, session) == session
        await asyncio.sleep(2 * SOON)
        assert manager.is_active_session(session)
        manager.disconnect_session(session)
        await asyncio.sleep(SOON / 2)
        assert connect(manager, session) == session
        manager.disconnect_session(session)
        await asyncio.sleep(2 * SOON)
        return manager.list_sessions()

    assert asyncio.run(come_back()) == []


def test_nothing_of_left_sessions_piles_up(manager):
    """Neither sessions nor what will free them."""

    async def many():
        for _ in range(20):
            manager.disconnect_session(connect(manager))
        await asyncio.sleep(2 * SOON)

    asyncio.run(many())
    assert manager.list_sessions() == []
    assert left_sessions._waiting == {}
