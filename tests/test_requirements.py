"""What a host installs is pinned: every package that is asked for, in its range, by digest, from no named place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[1]
LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
_PIN = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>\S+?)(?: ; (?P<marker>.+?))? \\$", re.MULTILINE
)


def asked() -> list[Requirement]:
    """Read what is asked for."""
    lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(text) for line in lines if (text := line.partition("#")[0].strip())]


@pytest.mark.parametrize("wanted", asked(), ids=lambda wanted: wanted.name)
def test_each_package_is_pinned_within_its_range(wanted):
    """Who changes a range runs `make lock`."""
    pins = [pin for pin in _PIN.finditer(LOCK) if pin["name"] == canonicalize_name(wanted.name)]
    assert pins
    assert all(wanted.specifier.contains(pin["version"]) for pin in pins)


def test_each_pin_has_digests_and_no_address():
    """Pip refuses a file with another digest, and the file says nothing of where packages come from."""
    blocks = re.split(r"^(?=\S)", LOCK, flags=re.MULTILINE)
    pinned = [block for block in blocks if "==" in block.partition("\n")[0]]
    assert len(pinned) >= len(asked())
    assert all("--hash=sha256:" in block for block in pinned)
    assert "://" not in LOCK
    assert "--index" not in LOCK
