"""What belongs to a run: its stages, and what was made on top of them because somebody asked.

The rule: an artefact is *on top of* a run if it was made from the run's features and from nothing that is not the
run's or on top of it. Live fits, other maps and how faithful they are, learning curves, separability, the index of
support vectors, what guests take, suspects and their hit-rate are. The run's file does not name them, they are found
by their keys. Runs that share their features share them.
"""

from __future__ import annotations

from collections.abc import Iterable

from cache.errors import StoreError
from cache.runs import Run
from cache.store import Store

Address = tuple[str, str]
"""Stage and key."""


class Belongings:
    """Tell what each run needs and what was made on top of it.

    Parameters
    ----------
    store : Store
        Its manifests are read once, now; artefacts without a readable one belong to nobody.
    """

    def __init__(self, store: Store) -> None:
        self._inputs: dict[Address, frozenset[str]] = {}
        for stage, key in store.artefacts():
            try:
                self._inputs[stage, key] = frozenset(store.artefact(stage, key).manifest.inputs.values())
            except StoreError:  # what `verify` is for
                continue

    def needed(self, runs: Iterable[Run]) -> set[str]:
        """Give the keys of the runs' stages, and of all that these were made from."""
        inputs = {key: made_from for (_, key), made_from in self._inputs.items()}
        waiting = [key for run in runs for key in run.stages.values()]
        found: set[str] = set()
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting.extend(inputs.get(key, ()))
        return found

    def on_top(self, run: Run) -> list[Address]:
        """List what was made on top of a run, in order."""
        features, owned = run.stages.get("features"), set(run.stages.values())
        left = {at: made_from for at, made_from in self._inputs.items() if features in made_from}
        found: set[Address] = set()
        while fresh := {at for at, made_from in left.items() if made_from <= owned and at[1] not in owned}:
            found |= fresh
            owned |= {key for _, key in fresh}
        return sorted(found)
