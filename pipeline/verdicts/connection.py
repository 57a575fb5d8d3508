"""Where the database is, and a transaction in it: SQLite beside the store, or PostgreSQL by its address."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from cache import Store
from cache.commands import Command
from cache.errors import SchemaTooNew
from cache.home import own_store
from pipeline.errors import InvalidParameter, MissingPackage, VerdictError
from pipeline.verdicts.failures import failures, where
from pipeline.verdicts.schema import HEAD, VERSIONS

VARIABLE = "LAZYBONES_LABELS"
FILE = "verdicts.sqlite"
PATIENCE = 10  # seconds that a lock is waited for
_POSTGRESQL = {"postgresql", "postgres", "postgresql+psycopg"}
_HOST = re.compile(r"[\w.:%-]*|/[\w./-]+")
_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 5_217_001  # of PostgreSQL, while the tables are made


def address_of(store: Store, asked: str | None = None, *, read_only: bool = False) -> URL:
    """Give the address of the database that belongs to a store.

    Parameters
    ----------
    store : Store
        Its own folder has the file; where that is but temporary, the user's own store has.
    read_only : bool
        Whether it is only read: then of the folders that are read the first one has it that has one.
    asked : str, optional
        Another address, ``postgresql://...`` or ``sqlite:////path``. By default ``$LAZYBONES_LABELS``, if set.

    Raises
    ------
    InvalidParameter
        If that is no address; the message does not repeat it.
    """
    asked = asked or os.environ.get(VARIABLE) or ""
    if not asked:
        folder = own_store() if store.scratch else store.root
        if read_only:
            folder = next((root for root in store.roots if (root / FILE).is_file()), folder)
        return URL.create("sqlite", database=str(folder.absolute() / FILE))
    allowed = "postgresql://USER:PASSWORD@HOST/DATABASE, or sqlite:////PATH"
    try:
        url = make_url(asked)
    except (ArgumentError, ValueError):
        raise InvalidParameter(f"{VARIABLE} must be {allowed}. Got no address of this form.") from None
    if url.drivername in _POSTGRESQL and _HOST.fullmatch(url.host or ""):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database and Path(url.database).is_absolute() and not url.query:
        return url
    raise InvalidParameter(
        f"{VARIABLE} must be {allowed}, with %40 for an @ in the password. Got no address of this form."
    )


@contextmanager
def reading(url: URL, *, read_only: bool = False) -> Iterator[Connection | None]:
    """Give a connection to read from; None where there is no database yet.

    Parameters
    ----------
    url : URL
        Of `address_of`.
    read_only : bool
        Whether nothing may be written, not even what SQLite keeps beside its file.

    Raises
    ------
    VerdictError, SchemaTooNew
        If it cannot be read, was made by a newer version, or would have to be taken to a newer step to be read.
    """
    with failures(url):
        if _is_file(url) and not Path(str(url.database)).is_file():
            yield None
            return
        with _engine(url, read_only).connect() as connection:
            step = _step(connection)
            if step in (None, HEAD):
                yield connection if step else None
                return
            if read_only:
                raise VerdictError(
                    f"{where(url)} must be of step {HEAD} to be read where nothing is written. Got {step}.",
                    remedy="show it once where it can be written",
                )
        with writing(url) as connection:  # which takes it to the newest step
            yield connection


@contextmanager
def writing(url: URL) -> Iterator[Connection]:
    """Give a connection whose changes come to be together when the block ends, or not at all; one writer at a time.

    Raises
    ------
    VerdictError, SchemaTooNew
        If it cannot be written, or was made by a newer version.
    """
    with failures(url):
        if _is_file(url):
            _make_folder(Path(str(url.database)).parent)
        with _engine(url).connect().execution_options(writes=True) as connection, connection.begin():
            if _step(connection) != HEAD:
                _upgrade(connection)
            yield connection


def forget(url: URL) -> None:
    """Close the connections that are kept for the next call."""
    _engine(url).dispose()


@lru_cache(maxsize=16)
def _engine(url: URL, read_only: bool = False) -> Engine:
    """Make what connects, and keeps connections for the next call."""
    if _is_file(url) and read_only:
        engine = sa.create_engine("sqlite://", creator=_opener(Path(str(url.database))), poolclass=NullPool)
        event.listen(engine, "begin", _begin)
        return engine
    if _is_file(url):
        engine = sa.create_engine(url, connect_args={"timeout": PATIENCE})
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "checkout", _check_file)
        event.listen(engine, "begin", _begin)
        return engine
    try:
        return sa.create_engine(
            url,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": PATIENCE,
                "application_name": "lazybones",
                "options": f"-c lock_timeout={PATIENCE}s -c client_min_messages=warning",
            },
        )
    except ModuleNotFoundError as error:
        raise MissingPackage(
            "A database in PostgreSQL must have psycopg installed. Got no such package.",
            remedy=Command("pip install 'psycopg[binary]'"),
        ) from error


def _opener(path: Path) -> Callable[[], sqlite3.Connection]:
    """Give what opens a file to read it, and leaves no other beside it.

    Only where a log of changes lies there, as another program writes, must it be looked at, too. Else the file is all
    there is, and SQLite is told that it stays as it is: it is opened anew for each question.
    """

    def opened() -> sqlite3.Connection:
        log = path.with_name(f"{path.name}-wal")
        alone = not log.is_file() or not log.stat().st_size
        address = f"file:{quote(str(path))}?mode=ro{'&immutable=1' if alone else ''}"
        return sqlite3.connect(address, uri=True, isolation_level=None, timeout=PATIENCE)

    return opened


def _check_file(connection: Any, entry: ConnectionPoolEntry, _: Any) -> None:
    """Refuse a connection to a file that is no longer there: what is written to it would be lost."""
    found = _file_of(connection)
    if entry.info.setdefault("file", found) != found:
        raise DisconnectionError


def _file_of(connection: Any) -> tuple[int, int] | None:
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    try:
        found = os.stat(path)  # noqa: PTH116  # SQLite's own text
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _set_up(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # `_begin` says how a transaction begins
    with suppress(
        sqlite3.OperationalError
    ):  # read-only or busy: without it readers and writers wait for each other
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _step(connection: Connection) -> str | None:
    """Give the step that a database is at; None where it has no tables yet.

    Raises
    ------
    SchemaTooNew
        If it is a step that this version does not know.
    """
    if not sa.inspect(connection).has_table(VERSIONS):
        return None
    step: str | None = connection.scalar(sa.text(f"SELECT version_num FROM {VERSIONS}"))  # noqa: S608  # a constant
    if step is not None and step > HEAD:
        raise SchemaTooNew(
            f"{where(connection.engine.url)} must be of step {HEAD} at most. Got {step}: a newer version made it.",
            remedy="the newer version, or another database",
        )
    return step


def _upgrade(connection: Connection) -> None:
    """Take a database to the newest step, within the caller's transaction."""
    from alembic import command  # takes a while, and is needed once
    from alembic.config import Config

    if not _is_file(connection.engine.url):
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _is_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VerdictError(
            f"{folder} must be a folder that can be made and written. Got: {error.strerror}.",
            remedy=f"another place, as {VARIABLE}=sqlite:////PATH",
        ) from error
