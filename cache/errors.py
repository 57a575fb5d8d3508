"""The exceptions Lazybones raises on purpose; each says what to type next."""

from __future__ import annotations

from pathlib import Path

from cache.commands import typed


class LazybonesError(Exception):
    """Signal a mistake a user can mend.

    Parameters
    ----------
    message : str
        What is wrong: what must be how, and the value found instead.
    remedy : str, optional
        What helps, shown after ``Try:``: a `cache.commands.Command`, an `Again`, or advice in words.
    """

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return self.told()

    def told(self, place: Path | None = None, again: str = "") -> str:
        """Say what is wrong, and the remedy as it has to be typed; parameters as `cache.commands.typed`."""
        remedy = typed(self.remedy, place, again)
        return f"{self.message}\nTry: {remedy}" if remedy else self.message


class StoreError(LazybonesError):
    """Signal that the artefact store cannot serve a request."""


class ArtefactMissing(StoreError):
    """Signal that an artefact or a run is not in the store."""


class ArtefactCorrupt(StoreError):
    """Signal that an artefact's files differ from what its manifest promises."""


class RunInconsistent(ArtefactCorrupt):
    """Signal that a run's artefacts are whole, each by itself, but do not fit together."""


class SchemaTooNew(StoreError):
    """Signal that a newer Lazybones wrote this artefact or run."""


class StoreLocked(StoreError):
    """Signal that another process is writing the same artefact."""


class LayoutError(ValueError):
    """Signal that a file of a stage does not have the form that its stage promises."""
