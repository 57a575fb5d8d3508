"""What the documentation names is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PAGES = sorted(
    path for path in (PROJECT, PROJECT / "docs", PROJECT / "docs" / "decisions") for path in path.glob("*.md")
)
NAMED = re.compile(
    r"`((?:dashboard|pipeline|cache|tests|benchmarks|docs|ui)/[\w./-]+\.(?:py|js|ts|css|html|md|png))`?"
)
TO_WRITE = re.compile(r"Write `[^`]+`")
"""A recipe's file: the reader makes it."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_exists(page):
    """A path in backticks is one of the project's; `ui/` is `dashboard/ui/`."""
    named = {
        path.removeprefix("ui/") if path.startswith("ui/") else path
        for path in NAMED.findall(TO_WRITE.sub("", page.read_text()))
    }
    roots = (PROJECT, PROJECT / "dashboard" / "ui")
    gone = [path for path in named if not any((root / path).exists() for root in roots)]
    assert not gone


def test_another_port_makes_no_host_of_a_machine():
    """``make demo PORT=8600`` of the README: in the environment it would say that a host starts a server for others."""
    shown = subprocess.run(
        ["make", "--eval=shown: ; @env", "shown", "PORT=8600"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not re.search(r"^PORT=", shown.stdout, re.MULTILINE)
