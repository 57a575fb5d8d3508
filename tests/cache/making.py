"""Small artefacts, and what an error must say, for the tests of the store."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from cache import Artefact, LazybonesError, Run, Store
from cache.keys import digest

COMMAND = "python -m pipeline run --source digits --extractor hog"


def points(rows: int = 7) -> np.ndarray:
    """Give distinct float32 points."""
    return np.arange(2 * rows, dtype=np.float32).reshape(rows, 2)


def make(store: Store, *, version: int = 1, rows: int = 7, inputs: dict[str, str] | None = None) -> Artefact:
    """Write a ``projection`` artefact; another version is another artefact."""
    address: dict[str, Any] = {"plugin": "pca", "version": version, "identity": {"rows": rows}}
    with store.writing("projection", **address, inputs=inputs or {}, seed=3) as draft:
        draft.save("test", points(rows))
        draft.facts["method"] = "PCA"
    return store.artefact("projection", draft.key)


def a_run(artefact: Artefact, name: str = "first", **changes: Any) -> Run:
    """Describe a run of one artefact."""
    fields: dict[str, Any] = {
        "name": name,
        "title": "Digits · HOG",
        "C": 0.1,
        "stages": {artefact.manifest.stage: artefact.key},
        "command": COMMAND,
        "created": "2026-01-02T03:04:05+00:00",
    }
    return Run(**{**fields, **changes})


def rewrite(path: Path, **changes: Any) -> None:
    """Change a sealed file as somebody would who knows how to seal it."""
    content = json.loads(path.read_bytes())
    content.pop("digest")
    path.write_bytes(forged({**content, **changes}))


def forged(content: dict[str, Any]) -> bytes:
    """Seal what our own code would not; of NaN there is no digest."""
    with suppress(ValueError):
        content = {**content, "digest": digest(content)}
    return json.dumps(content, ensure_ascii=False).encode()


def flip(path: Path, position: int = -1) -> None:
    """Flip one bit of a file."""
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def assert_helps(error: LazybonesError, path: Path | str) -> None:
    """Check that an error names the file and the command to type next, in the house's sentence."""
    assert str(path) in error.message
    assert " must " in error.message
    assert "Got" in error.message
    assert error.remedy
    assert str(error) == f"{error.message}\nTry: {error.remedy}"
