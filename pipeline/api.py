"""The one door from the dashboard to the pipeline: another C for a run, what it lacks, its map laid out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from cache import Artefact, LazybonesError, Run, Store
from cache.keys import stage_key
from pipeline.analyses import (
    find_learning_curve,
    find_separability,
    learning_curve,
    pair_axis,
    separability,
)
from pipeline.completion import find_faithfulness, find_validation, judge_map, validate
from pipeline.errors import Cancelled, InvalidParameter
from pipeline.grid import grid_cells, grid_shape
from pipeline.map_choices import (
    MapParameter,
    choice_of,
    describe_map,
    map_methods,
    map_options,
    map_parameters,
    read_map,
    stored_maps,
    write_map,
)
from pipeline.memory import available as available_memory
from pipeline.memory import give_back as give_back_memory
from pipeline.pair_axis import AxisImages, PairAxis
from pipeline.poster import Poster
from pipeline.progress import Progress, silent
from pipeline.recipe import Choice
from pipeline.registry import plugin
from pipeline.remap import find_map, lay_out_map, with_map
from pipeline.settings_search import grid_search

if TYPE_CHECKING:
    from pipeline.classifiers._gram import Gram

__all__ = [
    "AxisImages",
    "Cancelled",
    "Choice",
    "InvalidParameter",
    "LazybonesError",
    "MapParameter",
    "PairAxis",
    "Poster",
    "Progress",
    "Retrainer",
    "available_memory",
    "choice_of",
    "describe_map",
    "find_faithfulness",
    "find_fit",
    "find_learning_curve",
    "find_map",
    "find_separability",
    "find_validation",
    "give_back_memory",
    "grid_cells",
    "grid_search",
    "grid_shape",
    "judge_map",
    "lay_out_map",
    "learning_curve",
    "map_methods",
    "map_options",
    "map_parameters",
    "pair_axis",
    "read_map",
    "retrain",
    "separability",
    "silent",
    "stored_maps",
    "validate",
    "with_map",
    "write_map",
]


def find_fit(store: Store, run: Run, C: float) -> tuple[Artefact, int] | None:
    """Look up a run's classifier at some C: on the run's path, or fitted live before.

    Parameters
    ----------
    store : Store
        Where to look.
    run : Run
        The run.
    C : float
        Penalty.

    Returns
    -------
    (Artefact, int) or None
        A ``classifier`` artefact and the row of its arrays that belongs to C; None if it has to be fitted.

    Raises
    ------
    InvalidParameter
        If C is not a finite number above 0.
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the run's classifier cannot be read.
    """
    path = store.artefact("classifier", run.stages.get("classifier", ""))
    machine = _machine(path, C)
    row = np.flatnonzero(path.array("C") == machine.C)
    if len(row):
        return path, int(row[0])
    key = _key(path, machine)
    return (store.artefact("classifier", key), 0) if store.has("classifier", key) else None


def retrain(store: Store, run: Run, C: float, progress: Progress = silent) -> tuple[Artefact, int]:
    """Give a run's classifier at some C, fitting it if need be.

    As `Retrainer.retrain`, with nothing kept for the next time.
    """
    return Retrainer().retrain(store, run, C, progress)


class Retrainer:
    """Fit classifiers at new values of C, and keep what the next fit can use if there is the memory for it.

    One fit at a time; a second caller waits. Keep one for a process.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._gram: tuple[tuple[str, dict[str, str]], Gram] | None = None

    def retrain(self, store: Store, run: Run, C: float, progress: Progress = silent) -> tuple[Artefact, int]:
        """Give a run's classifier at some C, fitting it if need be.

        Parameters
        ----------
        store : Store
            Where to look, and where a new fit is written.
        run : Run
            The run.
        C : float
            Penalty.
        progress : Progress, optional
            Counts SVM fits; raises `Cancelled` to stop.

        Returns
        -------
        (Artefact, int)
            A ``classifier`` artefact and the row of its arrays that belongs to C.

        Raises
        ------
        InvalidParameter
            If C is not a finite number above 0.
        Cancelled
            If ``progress`` raised it; nothing is written.
        StoreError
            If the run's artefacts cannot be read, or the fit not be written.
        """
        with self._lock:
            return find_fit(store, run, C) or (self._fit(store, run, C, progress), 0)

    @contextmanager
    def gram(self, store: Store, run: Run) -> Iterator[Gram]:
        """Lend the inner products kept for a run, to one borrower at a time; what it adds is kept.

        Raises
        ------
        ArtefactMissing, ArtefactCorrupt, SchemaTooNew
            If the run's classifier cannot be read.
        """
        with self._lock:
            yield self._gram_for(store.artefact("classifier", run.stages.get("classifier", "")))

    @property
    def kept_bytes(self) -> int:
        """Bytes kept for the next fit."""
        return self._gram[1].nbytes if self._gram else 0

    def forget(self) -> None:
        """Free what is kept for the next fit."""
        with self._lock:
            self._gram = None

    def _fit(self, store: Store, run: Run, C: float, progress: Progress) -> Artefact:
        path = store.artefact("classifier", run.stages.get("classifier", ""))
        inputs = path.manifest.inputs
        machine = _machine(path, C)
        with store.writing(
            "classifier",
            plugin=path.manifest.plugin,
            version=machine.VERSION,
            identity=machine.identity(),
            inputs=inputs,
        ) as draft:
            dataset = store.artefact("dataset", inputs["dataset"])
            features = store.artefact("features", inputs["features"])
            machine.write(draft, dataset, features, progress, gram=self._gram_for(path))
        return store.artefact("classifier", draft.key)

    def _gram_for(self, path: Artefact) -> Gram:
        """Give the inner products kept for a plug-in and its inputs, or room for new ones; others are dropped."""
        from pipeline.classifiers._gram import Gram

        owner = path.manifest.plugin, dict(path.manifest.inputs)  # a kernel's rows are centred, others not
        if self._gram is None or self._gram[0] != owner:
            self._gram = (owner, Gram())
        return self._gram[1]


def _machine(path: Artefact, C: float) -> Any:
    """Give the plug-in that fitted ``path``, with its parameters, set to fit a single C.

    Raises
    ------
    InvalidParameter
        If C is not allowed.
    """
    found = plugin("classifiers", path.manifest.plugin)
    known = {item.name for item in fields(found)}
    parameters = {name: value for name, value in path.manifest.identity.items() if name in known}
    return found(**{**parameters, "C": C, "path": (C,)})


def _key(path: Artefact, machine: Any) -> str:
    manifest = path.manifest
    return stage_key("classifier", manifest.plugin, machine.VERSION, machine.identity(), manifest.inputs)
