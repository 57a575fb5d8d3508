"""What a page has to say is sent together, and what is the same in all pages is written once.

Needed for Streamlit 1.67. Its server lets everything else have a turn after each message that it sends, and a page is a
hundred of them: where many sessions' scripts want the processor, each turn takes milliseconds, and the last message of
a page that was ready long ago waited for seconds. Each message wakes the server twice. And before each page it looks
through its whole configuration for the colours of six themes, a millisecond in which it sends nothing. It may go when
``python -m benchmarks.load`` shows the same times without it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from types import ModuleType
from typing import Any

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session, runtime

AT_ONCE = 50
"""Messages after which others have their turn; a session that is 500 behind would lose its connection."""

_wake = runtime.Runtime._enqueued_some_message
_write_theme = app_session._populate_theme_msg
_written: dict[str, CustomThemeConfig] = {}
"""The theme of each section of the configuration."""


class _Turns(ModuleType):
    """Be ``asyncio``, but for giving up the turn."""

    sent = 0

    def __getattr__(self, name: str) -> object:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        """Wait; of no time at all, only now and then."""
        self.sent = (self.sent + 1) % AT_ONCE
        if seconds or not self.sent:
            await asyncio.sleep(seconds)


class _Handed:
    """Hold what a session's script has said and its server has not heard yet."""

    def __init__(self) -> None:
        self.said: deque[tuple[tuple[Any, ...], dict[str, Any]]] = deque()
        self.is_told = False


def send_together() -> None:
    """Have the server of this process do so."""
    runtime.asyncio = _Turns("asyncio")  # type: ignore[attr-defined]
    runtime.Runtime._enqueued_some_message = _note_message  # type: ignore[method-assign, assignment]
    app_session.AppSession._on_scriptrunner_event = _hand_over  # type: ignore[method-assign, assignment]
    app_session._populate_theme_msg = _write_known_theme  # type: ignore[assignment]


def _note_message(server: runtime.Runtime) -> None:
    """Tell the server that there is something to send; it need not be woken by itself."""
    if asyncio._get_running_loop() is server._get_async_objs().eventloop:
        server._get_async_objs().need_send_data.set()
    else:
        _wake(server)


def _hand_over(session: app_session.AppSession, *args: Any, **event: Any) -> None:
    """Hand an event of a script to the server, with those that come before it has looked."""
    handed: _Handed = session.__dict__.setdefault("_lazybones_handed", _Handed())
    handed.said.append((args, event))
    if not handed.is_told:
        handed.is_told = True
        session._call_soon_on_event_loop(lambda: _take(session, handed))


def _take(session: app_session.AppSession, handed: _Handed) -> None:
    handed.is_told = False  # what comes from here on is told anew
    while handed.said:
        args, event = handed.said.popleft()
        session._handle_scriptrunner_event_on_event_loop(*args, **event)


def _write_known_theme(message: CustomThemeConfig, section: str = "theme") -> None:
    if section not in _written:
        _written[section] = CustomThemeConfig()
        _write_theme(_written[section], section)
    if _written[section].ByteSize():  # none at all is something else than an empty one
        message.MergeFrom(_written[section])
