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


def _cached() -> list[tuple[str, ast.FunctionDef, ast.expr]]:
    found = []
    for path in sorted((PROJECT / "dashboard").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        found += [
            (f"{path.name}: {function.name}", function, decorator)
            for function in functions
            for decorator in function.decorator_list
            if ast.unparse(decorator).startswith("st.cache_")
        ]
    return found


@pytest.mark.parametrize(("name", "function", "decorator"), _cached(), ids=[name for name, *_ in _cached()])
def test_what_streamlit_caches_can_be_made_again(name, function, decorator):
    """It follows from arguments, and is bounded: what has none is one of the process, and belongs elsewhere."""
    assert function.args.args, f"{name} keeps one thing for the process: use one_of_process"
    assert "max_entries" in ast.unparse(decorator)
