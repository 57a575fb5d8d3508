"""A server that has just started has what its pages import: threads do not import the same for the first time."""

from __future__ import annotations

import asyncio
import re
import sys

import pytest

from cache import Store
from dashboard.navigation import page_names
from tests.asgi import run_apart
from tests.browser.conftest import running_dashboard
from tests.planted import planted_run
from tests.tabs import opened
from tests.tabs.tab import Tab

IMPORTED = re.compile(r"import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)")
OWN = {"dashboard", "pipeline", "cache", "streamlit", *sys.stdlib_module_names}
"""Whose parts do not import each other in circles, or that see to it themselves."""
FEW = 8
"""Small parts that a package leaves for later, which import nothing."""


@pytest.mark.slow
def test_pages_import_no_package_that_is_not_there(tmp_path):
    """Each page once; before, 600 modules of four packages were imported while pages were drawn."""
    store = Store(tmp_path / "cache")
    planted_run(store)
    with running_dashboard(store.root, PYTHONPROFILEIMPORTTIME="1") as address:
        [log] = tmp_path.glob("dashboard-*.log")
        before = IMPORTED.findall(log.read_text())
        for page in page_names():
            opened(address, page, "run=planted")
        later = IMPORTED.findall(log.read_text())[len(before) :]
    others = [name for name in later if name.partition(".")[0] not in OWN]
    there = {name.partition(".")[0] for name in before}
    assert {name.partition(".")[0] for name in others} <= there
    assert len(others) <= FEW, others


@pytest.mark.slow
def test_a_fresh_server_breaks_nobodys_page(tmp_path):
    """Two visitors of each page at one moment: three in four had a broken one, of modules that were not ready."""
    store = Store(tmp_path / "cache")
    planted_run(store)

    async def come(address: str, page: str) -> list[bytes]:
        async with Tab(address) as tab:
            return (await tab.open(page, "run=planted")).trouble

    async def all_at_once(address: str) -> list[list[bytes]]:
        return await asyncio.gather(*(come(address, page) for page in 2 * page_names()))

    with running_dashboard(store.root) as address:
        assert run_apart(all_at_once(address)) == [[]] * 2 * len(page_names())
