"""The artefact store: results addressed by what they depend on."""

from cache.artefact import Artefact
from cache.draft import Draft
from cache.errors import (
    ArtefactCorrupt,
    ArtefactMissing,
    LazybonesError,
    SchemaTooNew,
    StoreError,
    StoreLocked,
)
from cache.roots import open_store
from cache.runs import Run
from cache.store import Store

__all__ = [
    "Artefact",
    "ArtefactCorrupt",
    "ArtefactMissing",
    "Draft",
    "LazybonesError",
    "Run",
    "SchemaTooNew",
    "Store",
    "StoreError",
    "StoreLocked",
    "open_store",
]
