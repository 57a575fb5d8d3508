"""What one tab says to the server over its websocket, and what it keeps of what comes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 120.0
"""Seconds that a tab waits for its page."""
NAMED = re.compile(rb"lazybones/(?:ui|points|labels|columns|thumbnails)/[\w./-]+")
"""Files that a page's components fetch as soon as they hear of them."""
TROUBLE = b"lb-trouble"
"""What only a message of something gone wrong has."""


@dataclass(frozen=True)
class Part:
    """Hold what a tab must know of a component or widget to use it.

    Attributes
    ----------
    id : str
        Of its widget.
    fragment : str
        Of the part of the page that alone runs when it is used; empty: all of it.
    data : str
        What a component was told, as JSON.
    """

    id: str
    fragment: str
    data: str = ""

    def told(self) -> Any:
        """Read what a component was told."""
        return json.loads(self.data)


@dataclass
class Shown:
    """Hold what a page has drawn so far.

    Attributes
    ----------
    parts : dict of str to Part
        By a component's name, a field's or button's label.
    dialog : str
        The id of what closes the open drawer; empty where none is open.
    files : set of str
        Addresses of files that its components fetch.
    trouble : list of bytes
        Messages of something gone wrong.
    """

    parts: dict[str, Part] = field(default_factory=dict)
    dialog: str = ""
    files: set[str] = field(default_factory=set)
    trouble: list[bytes] = field(default_factory=list)


class Tab:
    """Be one tab: have its page run, use its widgets, and follow what comes.

    Parameters
    ----------
    address : str
        Of the server; ends in a slash.
    keep : bool
        Whether to keep all messages.
    **headers
        Of the request for the websocket.
    """

    def __init__(self, address: str, *, keep: bool = False, **headers: str) -> None:
        self.address, self.keep = address, keep
        self.headers = headers
        self.query = ""
        self.page = ""
        self.session = ""
        self.pages: dict[str, str] = {}
        self.shown = Shown()
        self.messages: list[ForwardMsg] = []
        self.received = self.bytes = 0
        self._cached: dict[str, tuple[ForwardMsg, bytes]] = {}
        self._ended: dict[int, asyncio.Event] = {}
        self._again: dict[str, asyncio.Task[None]] = {}
        self._lost: BaseException | None = None

    async def __aenter__(self) -> Self:
        self._socket: ClientConnection = await connect(
            f"{self.address.replace('http', 'ws', 1)}_stcore/stream",
            max_size=None,
            open_timeout=PATIENCE,
            ping_interval=None,
            compression=None,
            proxy=None,
            additional_headers=self.headers,
        )
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in (self._listening, *self._again.values()):
            task.cancel()
        await self._socket.close()

    async def open(self, page: str = "", query: str = "") -> Shown:
        """Show a page as whoever opens its address does; give what is drawn."""
        self.query = query
        return await self._run(lambda run: setattr(run, "page_name", page))

    async def turn_to(self, page: str, **more: str) -> Shown:
        """Go to another page by its link in the bar, and give what is drawn."""
        self.page = self.pages[page]
        self.query = "&".join([self.query, *(f"{name}={value}" for name, value in more.items())]).strip("&")
        return await self._run()

    async def tell(self, component: str, event: str, value: Any) -> Shown:
        """Have a component say that something was done with it, and give what is drawn then."""
        part = self.shown.parts[component]
        said = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{part.id}__events")
        said.json_trigger_value = json.dumps([{"event": event, "value": value}])
        return await self.say([said], part.fragment)

    async def press(self, button: str, fields: Mapping[str, str] | None = None) -> Shown:
        """Press a button, with texts in some fields, and give what is drawn then."""
        part = self.shown.parts[button]
        states = [
            WidgetState(id=self.shown.parts[name].id, string_value=text)
            for name, text in (fields or {}).items()
        ]
        return await self.say([*states, WidgetState(id=part.id, trigger_value=True)], part.fragment)

    async def close_drawer(self) -> Shown:
        """Close the drawer, and give what is drawn then."""
        closing, self.shown.dialog = self.shown.dialog, ""
        return await self.say([WidgetState(id=closing, trigger_value=True)])

    async def say(self, states: Iterable[WidgetState], fragment: str = "") -> Shown:
        """Have the page, or a part of it, run with states of widgets, and give what is drawn then."""

        def fill(run: Any) -> None:
            run.widget_states.widgets.extend(states)
            run.fragment_id = fragment

        return await self._run(fill)

    async def send(self, message: BackMsg) -> None:
        """Send anything."""
        await self._socket.send(message.SerializeToString())

    async def _run(self, fill: Callable[[Any], object] = lambda _: None) -> Shown:
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.page_script_hash = self.query, self.page
        run.cached_message_hashes.extend(self._cached)
        run.context_info.url = self.address
        fill(run)
        part = bool(run.fragment_id)
        ending = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY if part else ForwardMsg.FINISHED_SUCCESSFULLY
        ended = self._ended[ending] = asyncio.Event()
        await self.send(message)
        async with asyncio.timeout(PATIENCE):
            await ended.wait()
        if self._lost is not None:
            raise ConnectionError(f"The server must keep the websocket open. Got: {self._lost!r}.")
        return self.shown

    async def _listen(self) -> None:
        try:
            async for payload in self._socket:
                assert isinstance(payload, bytes)
                self._hear(ForwardMsg.FromString(payload), payload)
        except Exception as error:
            self._lost = error
        finally:
            self._lost = self._lost or ConnectionError("it was closed")
            for ended in self._ended.values():
                ended.set()

    def _hear(self, message: ForwardMsg, payload: bytes) -> None:
        self.received += 1
        self.bytes += len(payload)
        if message.WhichOneof("type") == "ref_hash":
            message, payload = self._cached[message.ref_hash]
        elif message.metadata.cacheable:
            self._cached[message.hash] = (message, payload)
        if self.keep:
            self.messages.append(message)
        if b"lazybones/" in payload:
            self.shown.files.update(name.decode() for name in NAMED.findall(payload))
        if TROUBLE in payload:
            self.shown.trouble.append(payload)
        heard = getattr(self, f"_hear_{message.WhichOneof('type')}", None)
        if heard is not None:
            heard(message)

    def _hear_new_session(self, message: ForwardMsg) -> None:
        self.session = message.new_session.initialize.session_id or self.session
        self.page = message.new_session.page_script_hash or self.page
        if not message.metadata.run.fragment_ids:
            self._stop_again()
            self.shown = Shown()

    def _hear_navigation(self, message: ForwardMsg) -> None:
        self.page = message.navigation.page_script_hash
        self.pages = {
            page.url_pathname if not page.is_default else "": page.page_script_hash
            for page in message.navigation.app_pages
        }

    def _hear_page_info_changed(self, message: ForwardMsg) -> None:
        self.query = message.page_info_changed.query_string

    def _hear_script_finished(self, message: ForwardMsg) -> None:
        ended = self._ended.pop(message.script_finished, None)
        if ended is not None:
            ended.set()

    def _hear_auto_rerun(self, message: ForwardMsg) -> None:
        asked = message.auto_rerun
        self._stop_again(asked.fragment_id)
        self._again[asked.fragment_id] = asyncio.create_task(self._repeat(asked.fragment_id, asked.interval))

    def _hear_stop_auto_rerun(self, message: ForwardMsg) -> None:
        self._stop_again(message.stop_auto_rerun.fragment_id)

    def _hear_delta(self, message: ForwardMsg) -> None:
        delta = message.delta
        if delta.add_block.HasField("dialog"):
            self.shown.dialog = delta.add_block.dialog.id
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.shown.trouble.append(element.exception.message.encode())
        found = _part(element, kind, delta.fragment_id)
        if found is not None:
            self.shown.parts[found[0]] = found[1]

    def _stop_again(self, fragment: str | None = None) -> None:
        for name in [fragment] if fragment is not None else list(self._again):
            task = self._again.pop(name, None)
            if task is not None:
                task.cancel()

    async def _repeat(self, fragment: str, seconds: float) -> None:
        """Have a part of the page run again and again, as it has asked for."""
        while True:
            await asyncio.sleep(seconds)
            message = BackMsg()
            run = message.rerun_script
            run.query_string, run.page_script_hash = self.query, self.page
            run.fragment_id, run.is_auto_rerun = fragment, True
            await self.send(message)


def _part(element: Element, kind: str | None, fragment: str) -> tuple[str, Part] | None:
    if kind == "bidi_component":
        component = element.bidi_component
        return component.component_name, Part(component.id, fragment, component.json)
    if kind in ("button", "text_input"):
        widget = getattr(element, kind)
        return widget.label, Part(widget.id, fragment)
    return None
