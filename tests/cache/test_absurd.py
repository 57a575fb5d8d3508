"""Every field of every manifest, every array's values, shape and type, made absurd and well sealed: no page fails."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cache.absurd_bundle import small_bundle

MOST = 512
"""MB that opening anything may take."""
PARTS = 4
"""Of the whole walk, which takes minutes: each on another processor."""


def _went_through(tmp_path, *parts: str) -> tuple[int, int]:
    """Go through some of all cases in a child process; give how many it refused, and how many were harmless."""
    root = small_bundle(tmp_path / "small").root
    command = [sys.executable, "-m", "tests.cache.absurd", str(root), *parts]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    *wrong, last = done.stdout.splitlines() or [""]
    assert wrong == [], done.stderr[-2_000:]
    refused, harmless, peak = map(int, last.split())
    assert peak < MOST
    return refused, harmless


def test_some_fields_made_absurd_are_refused_or_harmless(tmp_path):
    """A hundredth of what the slow test goes through."""
    refused, harmless = _went_through(tmp_path, "0", "101")
    assert min(refused, harmless) > 10


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_field_made_absurd_is_refused_or_harmless(tmp_path, part):
    """Zero, negative, huge, NaN, another type or length: refused in a sentence by pages and `verify`, or harmless."""
    refused, harmless = _went_through(tmp_path, str(part), str(PARTS))
    assert min(refused, harmless) > 1_000 / PARTS
