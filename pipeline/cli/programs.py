"""Programs of the dashboard that the command line starts: they share its words and pictures, not its process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cache.home import PROJECT


def dashboard_program(name: str, words: Sequence[str], cache: Path | None) -> tuple[int, Any]:
    """Start a program of the dashboard, and wait for it.

    Parameters
    ----------
    name : str
        Of its package: ``site`` is ``python -m dashboard.site``.
    words : sequence of str
        What it is told.
    cache : Path, optional
        The store, if not the usual one.

    Returns
    -------
    code : int
        Its exit status; what went wrong it has said itself.
    data : Any
        What it tells as JSON; None where it failed.
    """
    command = [sys.executable, "-m", f"dashboard.{name}", *words]
    command += ["--cache", str(cache)] if cache else []
    paths = [str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    own = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(command, env=own, stdout=subprocess.PIPE, check=False)  # noqa: S603  # our own program
    return done.returncode, None if done.returncode else json.loads(done.stdout)
