"""A widget that asks what the session has under its key is told that, and no more.

Needed for Streamlit 1.67. Each select box, slider and text field has the whole session written out for that, and for
each component on the page a class of its own made: a fifth of all that a page with eight of them took, and garbage that
takes as long to find. It may go when ``tests/dashboard/workarounds/test_quick_lookups.py`` passes without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.runtime.state import SafeSessionState, SessionState

_written_out: property = SafeSessionState.filtered_state  # type: ignore[assignment]


class _Looked(Mapping[str, Any]):
    """Be the state of a session as its scripts see it, written out only for who wants to see all of it."""

    def __init__(self, state: SafeSessionState, own: SessionState) -> None:
        self._state, self._own = state, own

    def __getitem__(self, key: str) -> Any:
        return self._own[key]

    def __contains__(self, key: object) -> bool:
        return key in self._own

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def _all(self) -> dict[str, Any]:
        found: dict[str, Any] = _written_out.fget(self._state)  # type: ignore[misc]
        return found


def look_up_one() -> None:
    """Have all sessions of this process do so."""
    SafeSessionState.filtered_state = property(lambda state: _Looked(state, state._state))  # type: ignore[assignment, method-assign]
