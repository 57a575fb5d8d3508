"""Content addresses: what a result depends on, as 40 hex digits."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

SCHEMA = 1
"""Version of the store's layout; a change makes every key new."""

_KEY = re.compile(r"[0-9a-f]{40}")
_STAGE = re.compile(r"[a-z]{1,32}")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")
_RUN = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")


def canonical_json(value: Any) -> str:
    """Write a JSON value so that equal values give equal text.

    Parameters
    ----------
    value : JSON value
        Dictionaries are sorted by key; tuples are lists; NaN and infinity are refused.

    Raises
    ------
    TypeError, ValueError
        If the value is not JSON.
    """
    plain = json.loads(json.dumps(value, allow_nan=False))  # keys are text from here on: 10 sorts before 9
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(value: Any) -> str:
    """Give the SHA-256 of a JSON value's canonical text, 64 hex digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def stage_key(
    stage: str, plugin: str, version: int, identity: Mapping[str, Any], inputs: Mapping[str, str]
) -> str:
    """Give the key of a stage's result.

    Parameters
    ----------
    stage : str
        For example ``"features"``.
    plugin : str
        Name of the plug-in, for example ``"inception-2015"``.
    version : int
        The plug-in's ``VERSION``.
    identity : mapping
        Every parameter that changes the result; JSON values. Paths, device, batch size and worker
        count do not belong here.
    inputs : mapping of str to str
        Keys of the results this one is computed from, by role.

    Returns
    -------
    str
        40 hex digits.
    """
    content = {
        "schema": SCHEMA,
        "stage": stage,
        "plugin": plugin,
        "version": version,
        "identity": dict(identity),
        "inputs": dict(inputs),
    }
    return digest(content)[:40]


def is_key(text: str) -> bool:
    """Tell whether a text has the form of a key."""
    return _KEY.fullmatch(text) is not None


def is_stage(text: str) -> bool:
    """Tell whether a text has the form of a stage's name."""
    return _STAGE.fullmatch(text) is not None


def is_file_name(text: str) -> bool:
    """Tell whether a text may name a file inside an artefact: no folder, no leading dot."""
    return _FILE.fullmatch(text) is not None


def is_run_name(text: str) -> bool:
    """Tell whether a text may name a run."""
    return _RUN.fullmatch(text) is not None
