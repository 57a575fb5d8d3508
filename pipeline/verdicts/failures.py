"""What a database refuses, said in our words; the password of its address is in none of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from cache.errors import LazybonesError
from pipeline.errors import VerdictError

AGAIN = "the same once more"
_SQLITE = {
    "SQLITE_FULL": "full",
    "SQLITE_IOERR_WRITE": "full",  # beyond a limit of the process, for example
    "SQLITE_READONLY": "readonly",
    "SQLITE_CANTOPEN": "readonly",
    "SQLITE_PERM": "readonly",
    "SQLITE_AUTH": "readonly",
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
}
_POSTGRESQL = {
    "53100": "full",
    "25006": "readonly",
    "42501": "readonly",
    "55P03": "locked",
    "40P01": "locked",
    "40001": "locked",
    "57014": "locked",
    "XX001": "damaged",
    "XX002": "damaged",
}


@contextmanager
def failures(url: URL) -> Iterator[None]:
    """Turn what a database refuses into a `VerdictError`.

    Raises
    ------
    VerdictError
        If it is full, read-only, locked, damaged or cannot be reached.
    """
    try:
        yield
    except DBAPIError as error:
        raise _told(
            url, error
        ) from None  # the driver's own error may have the address, with the password, in it
    except SQLAlchemyError as error:
        raise VerdictError(
            f"{where(url)} must be a database that can be used. Got {type(error).__name__}.", remedy=AGAIN
        ) from None


def where(url: URL) -> str:
    """Name a database for people: the file, or the address without password and options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def _told(url: URL, error: DBAPIError) -> LazybonesError:
    name, got = where(url), _reason(url, error)
    kind = _kind(error)
    if kind == "full":
        return VerdictError(
            f"The disk of {name} must have room. Got: {got}.",
            remedy="free some room there, then the same once more",
        )
    if kind == "readonly":
        return VerdictError(
            f"{name} must be a database that can be written. Got: {got}.",
            remedy="let this process write it and its folder, then the same once more",
        )
    if kind == "locked":
        return VerdictError(
            f"{name} must be free within 10 seconds. Got: {got}.",
            remedy="end the process that holds it, or wait; then the same once more",
        )
    if kind == "damaged":
        return VerdictError(
            f"{name} must be a whole database of verdicts. Got: {got}.",
            remedy="move it away and put a copy of it in its place, from a backup",
        )
    return VerdictError(f"{name} must be within reach. Got: {got}.", remedy=AGAIN)


def _kind(error: DBAPIError) -> str:
    sqlite = getattr(error.orig, "sqlite_errorname", None) or ""
    found = (kind for name, kind in _SQLITE.items() if sqlite == name or sqlite.startswith(f"{name}_"))
    return _POSTGRESQL.get(getattr(error.orig, "sqlstate", None) or "", next(found, ""))


def _reason(url: URL, error: DBAPIError) -> str:
    """Give the first line of what the driver says, with nothing of what is secret."""
    said = str(error.orig).partition("\n")[0].strip().rstrip(".") or type(error.orig).__name__
    secrets = [
        str(url.password or ""),
        *(text for values in url.normalized_query.values() for text in values),
    ]
    for secret in filter(None, secrets):
        said = said.replace(secret, "***")
    return said
