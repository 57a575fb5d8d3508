"""A place for secrets that cannot be looked into ends the start in a sentence, not every request in an error."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import streamlit as st

from dashboard.workarounds.secrets_files import ClosedSecrets, check_secrets


@pytest.fixture
def files(monkeypatch):
    """The list of places; empty."""
    places: list[str] = []
    monkeypatch.setattr(st, "get_option", {"secrets.files": places}.__getitem__)
    return places


def test_secrets_that_are_there_or_not_are_fine(files, tmp_path):
    """A file, a folder as Kubernetes mounts it, and nothing."""
    (tmp_path / "secrets.toml").touch()
    files += [str(tmp_path / "secrets.toml"), str(tmp_path), str(tmp_path / "no" / "secrets.toml")]
    check_secrets()


def test_a_place_that_cannot_be_looked_into_is_named(files, tmp_path):
    """It may hold what sets sign-in up, so it is not passed over."""
    (tmp_path / "home").touch()
    files.append(str(tmp_path / "home" / ".streamlit" / "secrets.toml"))
    with pytest.raises(ClosedSecrets, match=r"home/\.streamlit/secrets\.toml must be readable, or not there"):
        check_secrets()


@pytest.mark.slow
def test_a_home_that_is_a_file_ends_the_start_in_a_sentence(project):
    """As services without a home have it: HOME=/dev/null."""
    options = ("--server.port", "0", "--server.headless", "true", "--browser.gatherUsageStats", "false")
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", *options]
    home = {**os.environ, "HOME": "/dev/null"}
    done = subprocess.run(command, cwd=project, env=home, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "Error: /dev/null/.streamlit/secrets.toml must be readable" in done.stderr
    assert "Traceback" not in done.stderr
