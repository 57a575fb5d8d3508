"""Few pages are drawn at one time (`dashboard.jobs.drawing`).

Needed for Streamlit 1.67, which runs the scripts of all sessions at once. It may go when ``python -m benchmarks.load``
shows the same times without it.
"""

from __future__ import annotations

from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from dashboard.jobs.drawing import drawing


def draw_few_at_once() -> None:
    """Have all sessions of this process do so."""
    draw = ScriptRunner._run_script

    def draw_in_turn(runner: ScriptRunner, asked: RerunData) -> None:
        with drawing().turn():
            draw(runner, asked)

    ScriptRunner._run_script = draw_in_turn  # type: ignore[method-assign, assignment]
