"""What a page has to say is handed over together, in its order, and nothing of it is lost."""

import asyncio
import threading

import pytest
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.runtime import app_session, runtime
from streamlit.runtime.app_session import AppSession

from dashboard.workarounds import messages_together


@pytest.fixture(autouse=True)
def together(monkeypatch):
    """Our server's ways, put back afterwards."""
    monkeypatch.setattr(runtime, "asyncio", asyncio)
    for owner, name in (
        (runtime.Runtime, "_enqueued_some_message"),
        (AppSession, "_on_scriptrunner_event"),
        (app_session, "_populate_theme_msg"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    messages_together.send_together()


class Session:
    """Stands in for a session: what its server was woken for, and what it has heard."""

    def __init__(self):
        self.heard, self.woken, self.others = [], [], []

    def _call_soon_on_event_loop(self, act):
        self.woken.append(act)

    def _handle_scriptrunner_event_on_event_loop(self, sender, event, word=None):
        self.heard.append((sender, event, word))
        for act in self.others:
            act()

    def say(self, word):
        """Have its script say something."""
        AppSession._on_scriptrunner_event(self, "script", event="message", word=word)

    def listen(self):
        """Let its server look."""
        for act in [self.woken.pop(0) for _ in range(len(self.woken))]:
            act()

    @property
    def words(self):
        """What it has heard."""
        return [word for _, _, word in self.heard]


def test_a_hundred_messages_wake_the_server_once():
    """And come in their order."""
    session = Session()
    for word in range(100):
        session.say(word)
    assert len(session.woken) == 1
    session.listen()
    assert session.words == list(range(100))
    assert session.heard[0][:2] == ("script", "message")


def test_what_is_said_after_a_look_wakes_it_again():
    """Nothing waits for what comes next."""
    session = Session()
    session.say(1)
    session.listen()
    session.say(2)
    assert session.words == [1]
    session.listen()
    assert session.words == [1, 2]


def test_what_is_said_while_it_looks_is_heard():
    """Once, by this look or the next."""
    session = Session()
    session.others = [lambda: session.others.clear() or session.say("late")]
    session.say("early")
    session.listen()
    session.listen()
    assert session.words == ["early", "late"]


def test_two_threads_lose_nothing():
    """A script says things while its server looks."""
    session = Session()

    def script():
        for word in range(2000):
            session.say(word)

    thread = threading.Thread(target=script)
    thread.start()
    while thread.is_alive():
        session.listen()
    session.listen()
    assert session.words == list(range(2000))


def test_sessions_do_not_share_what_they_say():
    """Each has its own."""
    one, other = Session(), Session()
    one.say(1)
    other.say(2)
    one.listen()
    assert (one.words, other.words) == ([1], [])


def test_others_have_their_turn_now_and_then():
    """A hundred messages are a few turns, and a wait is a wait."""

    async def turns():
        others = 0

        async def other():
            nonlocal others
            while True:
                others += 1
                await asyncio.sleep(0)

        task = asyncio.create_task(other())
        for _ in range(4 * messages_together.AT_ONCE):
            await runtime.asyncio.sleep(0)
        task.cancel()
        began = asyncio.get_running_loop().time()
        await runtime.asyncio.sleep(0.05)
        return others, asyncio.get_running_loop().time() - began

    others, waited = asyncio.run(turns())
    assert 4 <= others <= 6
    assert waited >= 0.04
    assert runtime.asyncio.Event is asyncio.Event


def test_a_server_is_told_without_being_woken():
    """From its own thread; from others as ever."""

    class Server:
        def __init__(self):
            self.eventloop, self.need_send_data = asyncio.get_running_loop(), asyncio.Event()

        def _get_async_objs(self):
            return self

    async def tell():
        server = Server()
        runtime.Runtime._enqueued_some_message(server)
        at_once = server.need_send_data.is_set()
        server.need_send_data.clear()
        await asyncio.to_thread(runtime.Runtime._enqueued_some_message, server)
        await asyncio.wait_for(server.need_send_data.wait(), 5)
        return at_once

    assert asyncio.run(tell())


def test_themes_are_as_they_were(monkeypatch):
    """The configuration's, written once; one that is not there stays away."""
    calls = []
    monkeypatch.setattr(messages_together, "_written", {})
    write = messages_together._write_theme
    monkeypatch.setattr(
        messages_together, "_write_theme", lambda *given: calls.append(given[1]) or write(*given)
    )
    plain, ours = NewSession(), NewSession()
    for _ in range(3):
        plain, ours = NewSession(), NewSession()
        for section, part in (("theme", ""), ("theme.light", "light"), ("theme.dark.sidebar", "sidebar")):
            for message, fill in ((plain, write), (ours, app_session._populate_theme_msg)):
                theme = message.custom_theme
                fill(getattr(theme, part) if part else theme, section)
    assert plain.SerializeToString() == ours.SerializeToString()
    assert calls == ["theme", "theme.light", "theme.dark.sidebar"]
