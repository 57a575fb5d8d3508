"""The manifest of an artefact: what it is, what it was made from, and its files' checksums."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cache.errors import ArtefactCorrupt, ArtefactMissing, SchemaTooNew
from cache.keys import SCHEMA, canonical_json, digest, is_file_name, is_key, is_stage, stage_key

FILE_NAME = "manifest.json"
MAX_BYTES = 4 * 2**20
UPGRADE = "git pull && make demo   # or remove the cache with: python -m pipeline clean --all"


@dataclass(frozen=True)
class Manifest:
    """Describe an artefact.

    Attributes
    ----------
    stage, key, plugin, plugin_version, identity, inputs
        What the key is a digest of; see `cache.keys.stage_key`.
    dims : dict of str to int
        Size of each named dimension of the arrays.
    facts : dict
        Provenance for people.
    files : dict of str to {"size": int, "sha256": str}
        Size in bytes and SHA-256 of each file.
    seed : int or None
        Seed of the random numbers used, if any.
    seconds : float
        Time taken to compute, in seconds.
    versions : dict of str to str
        Versions of Python and the packages used.
    created : str
        Time of writing, ISO 8601, UTC.
    """

    stage: str
    key: str
    plugin: str
    plugin_version: int
    identity: dict[str, Any]
    inputs: dict[str, str]
    dims: dict[str, int] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    seed: int | None = None
    seconds: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""
    schema: int = SCHEMA


def seal(content: dict[str, Any]) -> bytes:
    """Write a JSON object with a digest of itself, so that a flipped byte is noticed."""
    return json.dumps({**content, "digest": digest(content)}, indent=1, sort_keys=True).encode()


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
    """
    content = _read_object(path, repair)
    schema = content.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise SchemaTooNew(
            f"{path} must have schema {SCHEMA} or older. Got {schema}: a newer Lazybones wrote it.",
            remedy=UPGRADE,
        )
    promised = content.pop("digest", None)
    if promised != digest(content) or schema != SCHEMA:
        raise ArtefactCorrupt(f"{path} must match its own digest. Got other content.", remedy=repair)
    return content


def _read_object(path: Path, repair: str) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ArtefactCorrupt(f"{path} must be under {MAX_BYTES:,} bytes. Got more.", remedy=repair)
        content = json.loads(path.read_bytes())
        canonical_json(content)
    except FileNotFoundError as error:
        raise ArtefactMissing(f"{path} must exist. Got no such file.", remedy=repair) from error
    except (OSError, ValueError, RecursionError) as error:
        raise ArtefactCorrupt(f"{path} must be readable JSON. Got: {error}.", remedy=repair) from error
    if not isinstance(content, dict):
        raise ArtefactCorrupt(f"{path} must be a JSON object. Got {type(content).__name__}.", remedy=repair)
    return content


def read_manifest(folder: Path, repair: str) -> Manifest:
    """Read and check the manifest of the artefact in ``folder``.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        As `unseal`; also corrupt if its fields do not fit together.
    """
    path = folder / FILE_NAME
    content = unseal(path, repair)
    try:
        manifest = Manifest(**content)
        _check_fields(manifest, folder)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise ArtefactCorrupt(
            f"{path} must be a manifest of this folder. Got: {error}.", remedy=repair
        ) from error
    return manifest


def _check_fields(manifest: Manifest, folder: Path) -> None:
    key = stage_key(
        manifest.stage, manifest.plugin, manifest.plugin_version, manifest.identity, manifest.inputs
    )
    if manifest.key != key or folder.name != key or folder.parent.name != manifest.stage:
        raise ValueError(f"key {manifest.key!r}")
    if not is_stage(manifest.stage) or not all(is_key(value) for value in manifest.inputs.values()):
        raise ValueError(f"stage {manifest.stage!r}, inputs {manifest.inputs!r}")
    for name, record in manifest.files.items():
        if (
            not is_file_name(name)
            or not isinstance(record["size"], int)
            or not isinstance(record["sha256"], str)
        ):
            raise ValueError(f"file record {name!r}")


def manifest_bytes(manifest: Manifest) -> bytes:
    """Write a manifest as the bytes of its file."""
    return seal(asdict(manifest))
