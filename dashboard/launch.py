"""The dashboard as a process, and another that computes what it shows: started, watched, and ended together."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from cache import LazybonesError
from cache.commands import Again
from cache.home import PROJECT, in_checkout
from cache.roots import VARIABLE

APP = Path(__file__).with_name("app.py")
ADDRESS = "127.0.0.1"
"""Nobody but this machine."""

PORT = 8501
TRIES = 100
"""Ports that are looked at, from the wanted one on."""

PATIENCE = 10.0
"""Seconds that a process may take to put things in order: the store survives what does not."""


def free_port(wanted: int, address: str = ADDRESS) -> int:
    """Give the first port from one on that nobody listens on.

    Raises
    ------
    LazybonesError
        If none is free, or the address is none of this machine.
    """
    last = OSError("no port is tried")
    for port in range(wanted, min(wanted + TRIES, 2**16)):
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError as error:
                last = error
                continue
            return port
    raise LazybonesError(
        f"A port of {address} from {wanted} on must be free. Got: {last.strerror or last}.",
        remedy=Again({"--address": None, "--port": None}, "end one of the programs that listen on them"),
    )


def server_url(address: str, port: int) -> str:
    """Give the address of a server on this machine."""
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def page_url(server: str, run: str | None) -> str:
    """Give the address of a run on a server, or of its first page."""
    return f"{server}/?{urlencode({'run': run})}" if run else f"{server}/"


class Process:
    """Run a program of ours while a block runs; its output is kept, its errors are shown.

    Parameters
    ----------
    words : sequence of str
        What follows ``python``.
    place : Path, optional
        The store to name in its environment.
    """

    END: ClassVar[signal.Signals] = signal.SIGINT
    """What asks it to end."""

    def __init__(self, words: Sequence[str], place: Path | None) -> None:
        environment = dict(os.environ) | ({VARIABLE: str(place)} if place else {})
        if in_checkout():
            others = environment.get("PYTHONPATH")
            environment["PYTHONPATH"] = os.pathsep.join([str(PROJECT), *([others] if others else [])])
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process
        self._process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-P", *words],  # a folder here may be called as a package of ours
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            env=environment,
            process_group=0,  # the terminal's Ctrl-C is for us: who is asked to end twice ends badly
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end()
        self._output.close()

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll()

    @property
    def output(self) -> bytes:
        """What it has written to its standard output."""
        self._output.seek(0)
        return self._output.read()

    def end(self) -> None:
        """Ask it to end, and wait for that; after `PATIENCE`, or a second Ctrl-C, it is ended at once."""
        if self.code is not None:
            return
        self._process.send_signal(self.END)
        try:
            self._process.wait(PATIENCE)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            self._process.kill()
            self._process.wait()


class Dashboard(Process):
    """Serve the dashboard.

    Parameters
    ----------
    place : Path, optional
        The store to show; the one that is used where nobody names one, without it.
    port : int
        A free one.
    address : str
        Of this machine; who else may open the dashboard depends on it.
    """

    END: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, place: Path | None, port: int, address: str = ADDRESS) -> None:
        self._url = server_url(address, port)
        server = ("--server.port", str(port), "--server.address", address)
        super().__init__(["-m", "streamlit", "run", str(APP), *server], place)

    def url(self, run: str | None = None) -> str:
        """Give the address of a run, or of the dashboard."""
        return page_url(self._url, run)

    def is_ready(self) -> bool:
        """Tell whether it answers.

        Raises
        ------
        LazybonesError
            If it has ended.
        """
        if self.code is not None:
            raise LazybonesError(
                f"The dashboard's server must keep running. Got exit code {self.code}; it says why above.",
                remedy="mend what it says, then the same command again",
            )
        try:
            with urlopen(f"{self._url}/_stcore/health", timeout=1):  # noqa: S310  # our own server
                return True
        except (URLError, OSError):
            return False


class Work(Process):
    """Compute a run, and say in the terminal how far it is.

    Parameters
    ----------
    words : sequence of str
        What follows ``python -m pipeline``.
    """

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(["-m", "pipeline", *words, "--json"], None)

    @property
    def result(self) -> dict[str, Any] | None:
        """What it gave; None while it runs, or where it failed."""
        return json.loads(self.output) if self.code == 0 else None


def open_browser(url: str) -> None:
    """Open a page in the browser, where there is a screen to show one."""
    screen = sys.platform == "darwin" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")))
    if screen:  # else a browser of texts would take the terminal
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
