"""The servers that pages are measured on: Streamlit apps, and DuckDB's files where Embedding Atlas needs them."""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds: how long a server may take to start
OPTIONS = ("--server.address", "127.0.0.1", "--server.headless", "true", "--server.fileWatcherType", "none")


@dataclass(frozen=True)
class Server:
    """Hold the address of a server, which ends in a slash, and the number of its process."""

    address: str
    process: int


@contextmanager
def streamlit(script: str, python: str = sys.executable, **environment: str) -> Iterator[str]:
    """Run a Streamlit script of the project on a free port; give its address, which ends in a slash."""
    with serving(script, python, **environment) as server:
        yield server.address


@contextmanager
def serving(
    script: str, python: str = sys.executable, *, project: Path = PROJECT, **environment: str
) -> Iterator[Server]:
    """Run a Streamlit script of the project, or of another checkout of it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [python, "-m", "streamlit", "run", script, "--server.port", str(port), *OPTIONS]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            command, cwd=project, env={**os.environ, **environment}, stdout=log, stderr=log
        )
        try:
            address = f"http://127.0.0.1:{port}/"
            if not _answers(f"{address}_stcore/health", process):
                log.seek(0)
                raise RuntimeError(f"The server of {script} must start. Got:\n{log.read()[-2000:]}")
            yield Server(address, process.pid)
        finally:
            process.kill()  # it writes nothing that a kill could spoil
            process.wait()


def _answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310  # our own http address
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


class _Packed(SimpleHTTPRequestHandler):
    """Serves a file's gzipped twin, to pages of any origin, cacheable for ever: what a public server would do."""

    def do_GET(self) -> None:
        name = Path(self.path).name
        body = Path(self.directory, f"{name}.gz")
        if not body.is_file():
            self.send_error(404)
            return
        self.send_response(200)
        kind = "application/wasm" if name.endswith(".wasm") else "text/javascript"
        headers = {
            "Content-Type": kind,
            "Content-Encoding": "gzip",
            "Content-Length": str(body.stat().st_size),
        }
        headers |= {
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": "public, max-age=31536000, immutable",
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.read_bytes())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def duckdb_server(package: Path) -> Iterator[str]:
    """Serve the files of npm's @duckdb/duckdb-wasm, an unpacked package; give the address without a slash."""
    with tempfile.TemporaryDirectory(prefix="lazybones-duckdb-") as folder:
        for pattern in ("duckdb-eh.wasm", "duckdb-browser-eh.worker.js"):
            file = package / "dist" / pattern
            Path(folder, f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes(), 6))
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Packed, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
