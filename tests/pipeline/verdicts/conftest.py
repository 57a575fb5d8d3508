"""Databases for verdicts: a file of SQLite, and a server of PostgreSQL where its programs are installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from pipeline.verdicts.database import Verdicts, open_verdicts
from pipeline.verdicts.images import LabelledImages, images_of
from tests.planted import planted_run

SECRET = "s3cr3t"  # noqa: S105  # of a server that lives as long as the tests


@dataclass
class Server:
    """A server of PostgreSQL of the tests' own."""

    folder: Path
    port: int
    programs: Path
    user: str | None

    def control(self, *words: str) -> None:
        """Start or stop it, and wait until it has."""
        log = self.folder / "log"
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        subprocess.run(
            [self.programs / "pg_ctl", "-D", self.folder / "data", "-l", log, "-o", options, "-w", *words],
            check=True,
            user=self.user,
            stdout=subprocess.DEVNULL,
        )

    def url(self, database: str = "postgres") -> str:
        """Give the address of one of its databases."""
        return f"postgresql://postgres:{SECRET}@127.0.0.1:{self.port}/{database}"

    def new(self) -> str:
        """Make a database; give its address."""
        name = f"d{uuid4().hex}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)


def _programs() -> Path | None:
    there = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    found = [Path(path) for path in (shutil.which("pg_ctl"),) if path] or there
    return found[-1].resolve().parent if found else None


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server, started once; skips the test where PostgreSQL is not installed, or refuses its user."""
    programs = _programs()
    if programs is None:
        pytest.skip("needs PostgreSQL: apt-get install postgresql")
    user = "postgres" if os.getuid() == 0 else None  # it does not run for root
    folder = Path(tempfile.mkdtemp(prefix="lazybones-postgresql-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = Server(folder, probe.getsockname()[1], programs, user)
    (folder / "password").write_text(SECRET)
    try:
        if user:
            shutil.chown(folder, user)
            shutil.chown(folder / "password", user)
        command = [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "scram-sha-256"]
        pw = f"--pwfile={folder / 'password'}"
        subprocess.run([*command, pw, "-N"], check=True, user=user, stdout=subprocess.DEVNULL)
        server.control("start")
        yield server
        server.control("stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def images(store) -> LabelledImages:
    """The images of a planted data set."""
    return images_of(store.artefact("dataset", planted_run(store).stages["dataset"]))


@pytest.fixture(params=["sqlite", "postgresql"])
def verdicts(request, store) -> Iterator[Verdicts]:
    """An empty database of each kind."""
    kept = open_verdicts(
        store, request.getfixturevalue("server").new() if request.param == "postgresql" else None
    )
    yield kept
    kept.close()
