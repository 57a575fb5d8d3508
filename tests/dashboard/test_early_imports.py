"""A server that has just started has what its pages import: threads do not import the same for the first time."""

from __future__ import annotations

import re
import sys

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from cache import Store
from dashboard.navigation import page_names
from tests.browser.conftest import running_dashboard
from tests.planted import planted_run

IMPORTED = re.compile(r"import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)")
OWN = {"dashboard", "pipeline", "cache", "streamlit", *sys.stdlib_module_names}
"""Whose parts do not import each other in circles, or that see to it themselves."""
FEW = 8
"""Small parts that a package leaves for later, which import nothing."""


def _open(address: str, page: str) -> None:
    with connect(f"{address.replace('http', 'ws', 1)}_stcore/stream", max_size=None) as socket:
        asked = BackMsg()
        asked.rerun_script.query_string, asked.rerun_script.page_name = "run=planted", page
        socket.send(asked.SerializeToString())
        while ForwardMsg.FromString(socket.recv(60)).WhichOneof("type") != "script_finished":
            pass


@pytest.mark.slow
def test_pages_import_no_package_that_is_not_there(tmp_path):
    """Each page once; before, 600 modules of four packages were imported while pages were drawn."""
    store = Store(tmp_path / "cache")
    planted_run(store)
    with running_dashboard(store.root, PYTHONPROFILEIMPORTTIME="1") as address:
        [log] = tmp_path.glob("dashboard-*.log")
        before = IMPORTED.findall(log.read_text())
        for page in page_names():
            _open(address, page)
        later = IMPORTED.findall(log.read_text())[len(before) :]
    others = [name for name in later if name.partition(".")[0] not in OWN]
    there = {name.partition(".")[0] for name in before}
    assert {name.partition(".")[0] for name in others} <= there
    assert len(others) <= FEW, others
