"""What a process has one of stays the same one, whatever a client has cleared."""

from __future__ import annotations

import ast
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import streamlit as st

from dashboard.jobs.display import queue
from dashboard.retraining.fit_request import retrainer
from dashboard.run.of_process import one_of_process, the_store
from dashboard.why.supports import kept_supports
from dashboard.workarounds.garbage_collection import collector
from tests.conftest import PROJECT


@pytest.mark.parametrize("give", [queue, retrainer, kept_supports, collector, the_store])
def test_clearing_every_cache_leaves_it_there(give):
    """Two queues would run two jobs at once."""
    before = give()
    st.cache_resource.clear()
    st.cache_data.clear()
    assert give() is before


def test_it_is_made_once_however_many_ask_at_once():
    """Also while it is being made."""
    made, several = [], threading.Barrier(8)

    @one_of_process
    def thing() -> object:
        made.append(several)
        threading.Event().wait(0.05)
        return object()

    def ask(_: int) -> object:
        several.wait()
        return thing()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert len(made) == 1


def _decorated() -> list[tuple[str, ast.FunctionDef, str]]:
    return [
        (f"{path.name}: {function.name}", function, ast.unparse(decorator))
        for path in sorted((PROJECT / "dashboard").rglob("*.py"))
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef)
        for decorator in function.decorator_list
    ]


def test_nothing_lies_in_streamlits_caches():
    """A message of any session could clear them."""
    assert [name for name, _, decorator in _decorated() if decorator.startswith("st.cache_")] == []


def test_what_is_shared_follows_from_arguments():
    """What has none is one of the process, and belongs elsewhere."""
    kept = [(name, function) for name, function, decorator in _decorated() if decorator.startswith("shared(")]
    assert kept
    assert [name for name, function in kept if not function.args.args] == []
