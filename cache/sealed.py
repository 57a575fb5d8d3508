"""JSON files that carry a digest of themselves, so that a flipped byte is noticed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cache.commands import Command
from cache.disk import read_error
from cache.errors import ArtefactCorrupt, ArtefactMissing, SchemaTooNew, StoreError
from cache.files import read_plain
from cache.home import in_checkout
from cache.keys import SCHEMA, canonical_json, digest
from cache.plain import check_plain

MAX_BYTES = 4 * 2**20
UPGRADE = Command("git pull") if in_checkout() else "install the newest Lazybones"


def seal(content: dict[str, Any]) -> bytes:
    """Write a JSON object with a digest of itself.

    Raises
    ------
    StoreError
        If it is not JSON, or it or a value of it is so large that `unseal` would refuse it.
    """
    try:
        check_plain(content)
        sealed = json.dumps({**content, "digest": digest(content)}, indent=1, ensure_ascii=False)
        data = sealed.encode()
    except (TypeError, ValueError) as error:
        raise StoreError(f"Facts and parameters must be JSON. Got: {error}.") from error
    if len(data) > MAX_BYTES:
        raise StoreError(f"Facts and parameters must take under {MAX_BYTES:,} bytes. Got {len(data):,}.")
    return data


def unseal(path: Path, repair: str) -> dict[str, Any]:
    """Read a JSON object that `seal` wrote.

    Parameters
    ----------
    path : Path
        The file.
    repair : str
        The command to name when it is damaged.

    Raises
    ------
    ArtefactMissing
        If there is no such file.
    ArtefactCorrupt
        If it is not a sealed JSON object.
    SchemaTooNew
        If a newer version wrote it.
    StoreError
        If it cannot be read now, for example for lack of permission.
    """
    content = _read_object(path, repair)
    schema = content.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise SchemaTooNew(
            f"{path} must have schema {SCHEMA} or older. Got {schema}: a newer Lazybones wrote it.",
            remedy=UPGRADE,
        )
    promised, found = content.pop("digest", None), digest(content)
    if promised != found or schema != SCHEMA:
        raise ArtefactCorrupt(
            f"{path} must have schema {SCHEMA} and the digest {found}. Got {schema!r} and {promised!r}.",
            remedy=repair,
        )
    return content


def _read_object(path: Path, repair: str) -> dict[str, Any]:
    try:
        content = json.loads(read_plain(path, MAX_BYTES))
        check_plain(content)
        canonical_json(content)  # refuses NaN
        json.dumps(content, ensure_ascii=False).encode()  # refuses half characters, which no page can show
    except FileNotFoundError as error:
        raise ArtefactMissing(f"{path} must exist. Got no such file.", remedy=repair) from error
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        raise read_error(path, error, repair) from error
    if not isinstance(content, dict):
        raise ArtefactCorrupt(f"{path} must be a JSON object. Got {type(content).__name__}.", remedy=repair)
    return content
