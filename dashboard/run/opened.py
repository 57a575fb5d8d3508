"""Open runs once for all sessions."""

from __future__ import annotations

import streamlit as st

from cache import Store
from dashboard.run.data import RunData


def open_run(store: Store, name: str) -> RunData:
    """Give a run's data, with the artefacts that it has opened before.

    Parameters
    ----------
    store : Store
        Where the run is.
    name : str
        Its name.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If there is no such run, or its file cannot be read.
    """
    return _run_data(store, tuple(map(str, store.roots)), repr(store.run(name)), name)


@st.cache_resource(max_entries=12, show_spinner=False)
def _run_data(_store: Store, roots: tuple[str, ...], run: str, name: str) -> RunData:
    """Keep a run's open artefacts; ``roots`` and ``run`` (its content) tell runs of one name apart."""
    return RunData(_store, name)
