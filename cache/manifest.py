"""The manifest of an artefact: what it is, what it was made from, and its files' checksums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import NoneType
from typing import Any

from cache.errors import ArtefactCorrupt
from cache.keys import SCHEMA, is_file_name, is_key, is_stage, stage_key
from cache.limits import NAME, SECONDS
from cache.sealed import seal, unseal

FILE_NAME = "manifest.json"


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


_TYPES: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("stage", "key", "plugin", "created"), (str,)),
    **dict.fromkeys(("identity", "inputs", "dims", "facts", "files", "versions"), (dict,)),
    "plugin_version": (int,),
    "seed": (int, NoneType),
    "seconds": (int, float),
}
_VALUES: tuple[tuple[str, type], ...] = (("inputs", str), ("dims", int), ("versions", str))


def _check_fields(manifest: Manifest, folder: Path) -> None:
    wrong = [name for name, types in _TYPES.items() if type(getattr(manifest, name)) not in types]
    wrong += [
        name for name, kind in _VALUES if any(type(of) is not kind for of in getattr(manifest, name).values())
    ]
    if wrong:
        raise ValueError(f"other types in {', '.join(wrong)}")
    if len(manifest.plugin) > NAME or not 0 <= manifest.seconds <= SECONDS or manifest.plugin_version < 1:
        raise ValueError(f"{manifest.plugin[:NAME]!r} {manifest.plugin_version}, {manifest.seconds:g} s")
    if not is_stage(manifest.stage) or not all(is_key(value) for value in manifest.inputs.values()):
        raise ValueError(f"stage {manifest.stage!r}, inputs {manifest.inputs!r}")
    key = stage_key(
        manifest.stage, manifest.plugin, manifest.plugin_version, manifest.identity, manifest.inputs
    )
    if manifest.key != key or folder.name != key or folder.parent.name != manifest.stage:
        raise ValueError(f"key {manifest.key!r}")
    for name, record in manifest.files.items():
        _check_file(name, record)


def _check_file(name: str, record: dict[str, Any]) -> None:
    good = is_file_name(name) and name != FILE_NAME and record.keys() == {"size", "sha256"}
    if not good or type(record["size"]) is not int or not isinstance(record["sha256"], str):
        raise ValueError(f"file record {name!r}")


def manifest_bytes(manifest: Manifest) -> bytes:
    """Write a manifest as the bytes of its file."""
    return seal(asdict(manifest))
