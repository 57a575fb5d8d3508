"""A part of a page that is asked to run after the viewer has gone to another page leaves that page alone.

Needed for Streamlit 1.67. Its browser sends what a component says a turn later, and until the next page begins to come
it names the page before. If the viewer has pressed a link in between, the server runs that part once the next page is
drawn, and says that this was a run of the page before: the browser takes everything of a page away where that changes,
and a page without anything stays. So a part always runs on the page that the session is on. It may go when
``tests/browser/pages/test_pressing_fast.py`` passes without it.
"""

from __future__ import annotations

from dataclasses import replace

from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

_run_script = ScriptRunner._run_script


def stay_on_the_page() -> None:
    """Have all sessions of this process do so."""
    ScriptRunner._run_script = _run_on_its_page  # type: ignore[method-assign, assignment]


def _run_on_its_page(runner: ScriptRunner, asked: RerunData) -> None:
    page = runner._pages_manager.current_page_script_hash
    _run_script(runner, replace(asked, page_script_hash=page) if asked.fragment_id_queue and page else asked)
