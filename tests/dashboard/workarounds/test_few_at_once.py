"""Scripts of many sessions are run a few at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor

from streamlit.runtime.scriptrunner import ScriptRunner

from dashboard.jobs.drawing import AT_ONCE
from dashboard.workarounds.few_at_once import draw_few_at_once


def test_fifty_sessions_draw_a_few_at_once(monkeypatch):
    """And each has its page."""
    lock, now, most, drawn = threading.Lock(), [0], [0], []

    def draw(_, asked):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        threading.Event().wait(0.005)
        with lock:
            now[0] -= 1
            drawn.append(asked)

    monkeypatch.setattr(ScriptRunner, "_run_script", draw)
    draw_few_at_once()
    with ThreadPoolExecutor(50) as sessions:
        list(sessions.map(lambda number: ScriptRunner._run_script(None, number), range(50)))
    assert sorted(drawn) == list(range(50))
    assert most == [AT_ONCE]
