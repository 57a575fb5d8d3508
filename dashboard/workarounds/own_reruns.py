"""What the viewer has asked for stays asked for when the script asks to be run again meanwhile.

Needed for Streamlit 1.67. ``st.rerun`` brings the page and the address that the script began with. If the viewer has
pressed a link or gone back in the meantime, these took the place of what was pressed: while a job ended, a press was
lost. It may go when ``tests/dashboard/workarounds/test_own_reruns.py`` passes without it.
"""

from __future__ import annotations

from dataclasses import replace

from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

_fold = ScriptRequests._request_rerun_locked


def keep_what_was_pressed() -> None:
    """Have all sessions of this process do so."""
    ScriptRequests._request_rerun_locked = _fold_behind  # type: ignore[method-assign, assignment]


def _fold_behind(requests: ScriptRequests, new: RerunData) -> bool:
    pending = requests._rerun_data
    is_pressed = requests._state == ScriptRequestType.RERUN and pending.widget_states is not None
    is_scripts_own = new.widget_states is None
    if is_pressed and not pending.fragment_id_queue and is_scripts_own:  # a part's page may be that of before
        new = replace(
            new,
            query_string=pending.query_string,
            page_script_hash=pending.page_script_hash,
            page_name=pending.page_name,
            cached_message_hashes=pending.cached_message_hashes,
            is_history_navigation=pending.is_history_navigation,
            context_info=pending.context_info,
        )
    return _fold(requests, new)
