"""The one door from the dashboard to the pipeline: another C for a run, what it lacks, its map laid out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from cache import Artefact, LazybonesError, Run, Store
from pipeline.compute.memory import available as available_memory
from pipeline.compute.memory import give_back as give_back_memory
from pipeline.compute.memory import return_promptly as return_memory_promptly
from pipeline.compute.progress import Progress, silent
from pipeline.errors import Cancelled, InvalidParameter
from pipeline.maps.choices import (
    MapParameter,
    choice_of,
    describe_map,
    map_memory,
    map_methods,
    map_options,
    map_parameters,
    read_map,
    stored_maps,
    write_map,
)
from pipeline.maps.grid_layout import grid_cells, grid_shape
from pipeline.maps.poster import Poster
from pipeline.maps.remap import find_map, lay_out_map, with_map
from pipeline.plugins.recipe import Choice
from pipeline.retraining.analyses import (
    find_learning_curve,
    find_separability,
    learning_curve,
    pair_axis,
    separability,
)
from pipeline.retraining.completion import find_faithfulness, find_validation, judge_map, validate
from pipeline.retraining.grid_search import grid_search
from pipeline.retraining.setting import (
    KERNELS,
    Asked,
    Setting,
    fit_key,
    machine_of,
    paths_of,
    row_of,
    setting_of,
    settle,
)
from pipeline.stages.learning import DEFAULT_SIZES
from pipeline.stages.pair_axis import AxisImages, PairAxis
from pipeline.svm.kernels import SCALE

if TYPE_CHECKING:
    from pipeline.svm.gram import Gram

__all__ = [
    "DEFAULT_SIZES",
    "KERNELS",
    "SCALE",
    "Asked",
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
    "Setting",
    "available_memory",
    "choice_of",
    "describe_map",
    "find_faithfulness",
    "find_fit",
    "find_learning_curve",
    "find_map",
    "find_separability",
    "find_validation",
    "fit_key",
    "give_back_memory",
    "grid_cells",
    "grid_search",
    "grid_shape",
    "judge_map",
    "lay_out_map",
    "learning_curve",
    "map_memory",
    "map_methods",
    "map_options",
    "map_parameters",
    "pair_axis",
    "paths_of",
    "read_map",
    "retrain",
    "return_memory_promptly",
    "separability",
    "setting_of",
    "settle",
    "silent",
    "stored_maps",
    "validate",
    "with_map",
    "write_map",
]


def find_fit(store: Store, run: Run, asked: Asked) -> tuple[Artefact, int] | None:
    """Look up a run's classifier at some setting: on a path over C, or fitted live before.

    Parameters
    ----------
    store : Store
        Where to look.
    run : Run
        The run.
    asked : Setting or float
        Which classifier; a number is a penalty, with all else the run's own.

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
    setting = settle(store, own, asked)
    for path in paths_of(store, run):
        row = row_of(path, setting)
        if row is not None:
            return path, row
    key = fit_key(own, setting)
    return (store.artefact("classifier", key), 0) if store.has("classifier", key) else None


def retrain(store: Store, run: Run, asked: Asked, progress: Progress = silent) -> tuple[Artefact, int]:
    """Give a run's classifier at some setting, fitting it if need be.

    As `Retrainer.retrain`, with nothing kept for the next time.
    """
    return Retrainer().retrain(store, run, asked, progress)


class Retrainer:
    """Fit classifiers at new settings, and keep what the next fit can use if there is the memory for it.

    One fit at a time; a second caller waits. Keep one for a process.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._gram: tuple[tuple[str, dict[str, str]], Gram] | None = None

    def retrain(
        self, store: Store, run: Run, asked: Asked, progress: Progress = silent
    ) -> tuple[Artefact, int]:
        """Give a run's classifier at some setting, fitting it if need be.

        Parameters
        ----------
        store : Store
            Where to look, and where a new fit is written.
        run : Run
            The run.
        asked : Setting or float
            Which classifier; a number is a penalty, with all else the run's own.
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
            return find_fit(store, run, asked) or (self._fit(store, run, asked, progress), 0)

    @contextmanager
    def gram(self, store: Store, run: Run, asked: Asked) -> Iterator[Gram]:
        """Lend the inner products kept for a run and a kernel, to one borrower at a time; what it adds is kept.

        Raises
        ------
        InvalidParameter
            If the setting is not allowed.
        ArtefactMissing, ArtefactCorrupt, SchemaTooNew
            If the run's classifier cannot be read.
        """
        with self._lock:
            path = store.artefact("classifier", run.stages.get("classifier", ""))
            yield self._gram_for(machine_of(path, settle(store, path, asked))[0], path)

    @property
    def kept_bytes(self) -> int:
        """Bytes kept for the next fit."""
        return self._gram[1].nbytes if self._gram else 0

    def forget(self) -> None:
        """Free what is kept for the next fit."""
        with self._lock:
            self._gram = None

    def _fit(self, store: Store, run: Run, asked: Asked, progress: Progress) -> Artefact:
        path = store.artefact("classifier", run.stages.get("classifier", ""))
        inputs = path.manifest.inputs
        name, machine = machine_of(path, settle(store, path, asked))
        with store.writing(
            "classifier", plugin=name, version=machine.VERSION, identity=machine.identity(), inputs=inputs
        ) as draft:
            dataset = store.artefact("dataset", inputs["dataset"])
            features = store.artefact("features", inputs["features"])
            machine.write(draft, dataset, features, progress, gram=self._gram_for(name, path))
        return store.artefact("classifier", draft.key)

    def _gram_for(self, name: str, path: Artefact) -> Gram:
        """Give the inner products kept for a plug-in and its inputs, or room for new ones; others are dropped."""
        from pipeline.svm.gram import Gram

        owner = name, dict(path.manifest.inputs)  # a kernel's rows are centred, others not
        if self._gram is None or self._gram[0] != owner:
            self._gram = (owner, Gram())
        return self._gram[1]
