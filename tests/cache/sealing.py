"""A store changed as by somebody who knows how to seal it: keys, digests, and all that names them, are right again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache.keys import stage_key
from tests.cache.making import forged


def linked(root: Path, target: Path) -> Path:
    """Give a copy of a store, whose files are the same until one is written anew."""
    shutil.copytree(root, target, copy_function=os.link)
    return target


def write(path: Path, content: bytes) -> None:
    """Write a file anew, without changing what is linked to it."""
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def content_of(path: Path) -> dict[str, Any]:
    """Read a sealed file, without its digest."""
    content: dict[str, Any] = json.loads(path.read_bytes())
    content.pop("digest", None)
    return content


def manifests(root: Path) -> list[Path]:
    """List the manifests of a store."""
    return sorted(root.glob("artefacts/*/*/manifest.json"))


def reseal(path: Path, content: dict[str, Any]) -> Path:
    """Write a manifest, under the key that it then has, and have all name that; give where it is."""
    write(path, forged(content))
    own = [content.get(name) for name in ("stage", "plugin", "plugin_version", "identity", "inputs")]
    try:
        key = stage_key(*own)  # type: ignore[arg-type]  # it may be anything
    except (TypeError, ValueError, AttributeError):
        return path
    before = path.parent.name
    if content.get("key") != before or key == before:
        return path
    root = path.parents[3]
    folder = path.parent.rename(path.parent.with_name(key))
    write(folder / path.name, forged({**content, "key": key}))
    for other in manifests(root):
        if not other.exists():  # it was renamed meanwhile, as what it was made from was
            continue
        named = content_of(other)
        inputs = named.get("inputs")
        if isinstance(inputs, dict) and before in inputs.values():
            changed = {stage: key if made == before else made for stage, made in inputs.items()}
            reseal(other, {**named, "inputs": changed})
    for run in root.glob("runs/*.json"):
        named = content_of(run)
        stages = {stage: key if made == before else made for stage, made in named["stages"].items()}
        write(run, forged({**named, "stages": stages}))
    return folder / path.name


def reseal_file(path: Path, data: bytes, dims: dict[str, int] | None = None) -> Path:
    """Write a file of an artefact, and have its manifest say so; give the artefact's folder."""
    write(path, data)
    manifest = path.with_name("manifest.json")
    content = content_of(manifest)
    content["files"][path.name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    content["dims"] |= dims or {}
    write(manifest, forged(content))
    return path.parent


def npy(array: NDArray[Any]) -> bytes:
    """Give an array as the bytes of its file."""
    file = BytesIO()
    np.save(file, array)
    return file.getvalue()
