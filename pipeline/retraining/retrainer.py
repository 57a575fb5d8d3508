"""A run's classifier at any setting: looked up, or fitted with what earlier fits kept in memory."""

from __future__ import annotations

from functools import partial
from threading import Lock

from cache import Artefact, Run, Store
from pipeline.compute.progress import Progress, silent
from pipeline.retraining.setting import Setting, machine_of, paths_of, row_of
from pipeline.stages.contract import Keys, MachineStage, ensure, find
from pipeline.svm.gram import Gram


def find_fit(store: Store, run: Run, setting: Setting) -> tuple[Artefact, int] | None:
    """Look up a run's classifier at some setting: on a path over C, or fitted live before.

    Parameters
    ----------
    store : Store
        Where to look.
    run : Run
        The run.
    setting : Setting
        Which classifier, in full.

    Returns
    -------
    (Artefact, int) or None
        A ``classifier`` artefact and the row of its arrays that belongs to the setting; None if it has to be fitted.

    Raises
    ------
    InvalidParameter
        If the setting is not allowed.
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the run's classifier cannot be read.
    """
    own = store.artefact("classifier", run.stages.get("classifier", ""))
    for path in paths_of(store, run):
        row = row_of(path, setting)
        if row is not None:
            return path, row
    fit = find(store, machine_of(own, setting), own.manifest.inputs)
    return None if fit is None else (fit, 0)


def retrain(store: Store, run: Run, setting: Setting, progress: Progress = silent) -> tuple[Artefact, int]:
    """Give a run's classifier at some setting, fitting it if need be.

    As `Retrainer.retrain`, with nothing kept for the next time.
    """
    return Retrainer().retrain(store, run, setting, progress)


class Retrainer:
    """Fit classifiers at new settings, and keep what the next fit can use if there is the memory for it.

    One fit at a time; a second caller waits. Keep one for a process.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._gram: tuple[tuple[bool, dict[str, str]], Gram] | None = None

    def retrain(
        self, store: Store, run: Run, setting: Setting, progress: Progress = silent
    ) -> tuple[Artefact, int]:
        """Give a run's classifier at some setting, fitting it if need be.

        Parameters
        ----------
        store : Store
            Where to look, and where a new fit is written.
        run : Run
            The run.
        setting : Setting
            Which classifier, in full.
        progress : Progress, optional
            Counts SVM fits; raises `Cancelled` to stop.

        Returns
        -------
        (Artefact, int)
            A ``classifier`` artefact and the row of its arrays that belongs to the setting.

        Raises
        ------
        InvalidParameter
            If the setting is not allowed.
        Cancelled
            If ``progress`` raised it; nothing is written.
        StoreError
            If the run's artefacts cannot be read, or the fit not be written.
        """
        with self._lock:
            found = find_fit(store, run, setting)
            if found is None:
                path = store.artefact("classifier", run.stages.get("classifier", ""))
                found = self._ensure(store, machine_of(path, setting), path.manifest.inputs, progress), 0
            return found

    def ensure(self, store: Store, stage: MachineStage, keys: Keys, progress: Progress = silent) -> Artefact:
        """Give the result of a stage that fits machines; parameters and errors as `pipeline.stages.contract.ensure`."""
        with self._lock:
            return self._ensure(store, stage, keys, progress)

    @property
    def kept_bytes(self) -> int:
        """Bytes kept for the next fit."""
        return self._gram[1].nbytes if self._gram else 0

    def forget(self) -> None:
        """Free what is kept for the next fit."""
        with self._lock:
            self._gram = None

    def _ensure(self, store: Store, stage: MachineStage, keys: Keys, progress: Progress) -> Artefact:
        """Compute with the inner products kept for a kind of kernel and these inputs; others are dropped."""
        rows = {name: keys.get(name, "") for name in ("dataset", "features")}
        owner = stage.gamma is None, rows  # a kernel's rows are centred, others not
        if self._gram is None or self._gram[0] != owner:
            self._gram = (owner, Gram())
        return ensure(store, stage, keys, progress, compute=partial(stage.compute, gram=self._gram[1]))
