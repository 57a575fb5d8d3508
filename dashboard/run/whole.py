"""Results on top of a run: a damaged one is done without, or computed again, as if it were not there."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from cache import Store, StoreError
from cache.artefact import Artefact
from cache.errors import ArtefactCorrupt, ArtefactMissing
from cache.removal import remove
from pipeline.api import Keys, Stage, find, key_of

DAMAGE = (ArtefactCorrupt, ArtefactMissing)
"""What a result on top of a run may raise when it is read, and what then is as if it were not there."""

NAMES = {
    "colours": "colours of the classes",
    "duplicates": "duplicates",
    "faithfulness": "faithfulness of a map",
    "hitrate": "how good the list of suspects is",
    "learning": "learning curve",
    "machines": "machines that judge guests",
    "novelty": "how unusual images are",
    "placing": "where guests lie on a map",
    "projection": "map",
    "separability": "separability of pairs",
    "slices": "slices",
    "supports": "support vectors",
    "suspects": "suspects",
    "validation": "cross-validation",
}
_TOLD = "lazybones.damage_told"


def find_whole(store: Store, stage: Stage, keys: Keys) -> Artefact | None:
    """Give a result that is on top of a run if it is there with all its files as they were written.

    The viewer is told of a damaged one, once.

    Parameters
    ----------
    store, stage, keys
        As `pipeline.api.find` has them.

    Raises
    ------
    SchemaTooNew
        If a newer version wrote it: it is not damaged.
    """
    try:
        return _read(store, stage, keys)
    except DAMAGE:
        tell_damage(stage.STAGE)
        return None


def clear_damaged(store: Store, stage: Stage, keys: Keys) -> None:
    """Make room for a result that is to be computed, where a damaged one has its place."""
    try:
        _read(store, stage, keys)
    except DAMAGE:
        place = store.root / "artefacts" / stage.STAGE / key_of(stage, keys)
        with suppress(StoreError):  # then computing it says why
            remove(store, [place], lambda _: True)


def tell_damage(stage: str) -> None:
    """Tell the viewer that a result is done without, once a session."""
    told: set[str] = st.session_state.setdefault(_TOLD, set())
    if stage in told:
        return
    told.add(stage)
    what = NAMES.get(stage, stage)
    st.toast(
        f"What the cache has of this run under “{what}” is damaged, and taken as missing. "
        "The command clean --corrupt removes it; the run, made again, has it again.",
        icon=":material/warning:",
        duration="long",
    )


def _read(store: Store, stage: Stage, keys: Keys) -> Artefact | None:
    found = find(store, stage, keys)
    if found is not None:
        for name in found.manifest.files:
            found.path(name)  # checked once, then remembered
    return found
