"""Find a result in the store by what it depends on, or compute and write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cache import Artefact, Draft, Store
from cache.keys import stage_key


def stored(
    store: Store,
    stage: str,
    name: str,
    plugin: Any,
    inputs: Mapping[str, str],
    compute: Callable[[Draft], None],
) -> Artefact:
    """Give a stage's result; nothing is computed twice.

    Parameters
    ----------
    store : Store
        Where to look, and to write.
    stage, name : str
        The stage, and the name of what computes it.
    plugin : object
        With ``VERSION`` and ``identity()``.
    inputs : mapping of str to str
        Keys of the results it is computed from, by role.
    compute : callable
        Given a draft to write to.

    Raises
    ------
    StoreError
        If the store cannot be read or written.
    """
    address: dict[str, Any] = {
        "plugin": name,
        "version": plugin.VERSION,
        "identity": plugin.identity(),
        "inputs": inputs,
    }
    key = stage_key(stage, **address)
    if not store.has(stage, key):
        with store.writing(stage, **address, seed=getattr(plugin, "seed", None)) as draft:
            compute(draft)
    return store.artefact(stage, key)


def find_stored(
    store: Store, stage: str, name: str, plugin: Any, inputs: Mapping[str, str]
) -> Artefact | None:
    """Give a stage's result if it is there."""
    key = stage_key(stage, name, plugin.VERSION, plugin.identity(), inputs)
    return store.artefact(stage, key) if store.has(stage, key) else None
