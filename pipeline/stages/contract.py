"""What every stage is: what it is computed from, what changes its result, and how it is computed and kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, ClassVar

from cache import Artefact, Draft, Store
from cache.keys import stage_key
from pipeline.compute.progress import Progress, silent, waiting_on

if TYPE_CHECKING:
    from pipeline.svm.gram import Gram

Keys = Mapping[str, str]
"""Key of a run's result by stage, as `cache.Run.stages` has them."""

Inputs = Mapping[str, Artefact]
"""What a stage is computed from, by stage."""

Compute = Callable[[Draft, Inputs, Progress], None]


@dataclass(frozen=True)
class Stage(ABC):
    """Compute one of the results that a run is made of, or that somebody asks for later.

    A frozen dataclass of parameters. It keeps no state: `find` and `ensure` keep its result in the store.

    Attributes
    ----------
    STAGE : str
        Its name in the store: "features".
    NAME : str
        What computes it: "hog".
    VERSION : int
        To be raised where the same parameters give another result than before.
    INPUTS : tuple of str
        The stages that it is computed from.
    TELLING : tuple of str or None
        Parameters that a run's own result must have in common with this one to be taken for it, whatever its others;
        None: it must be the very same.
    """

    STAGE: ClassVar[str]
    NAME: ClassVar[str]
    VERSION: ClassVar[int] = 1
    INPUTS: ClassVar[tuple[str, ...]] = ()
    TELLING: ClassVar[tuple[str, ...] | None] = None

    def prepare(  # noqa: B027  # most have nothing to fetch
        self, progress: Progress = silent, store: Store | None = None
    ) -> None:
        """Fetch what `identity` is made of; a run does, before it looks for the result.

        Parameters
        ----------
        progress : Progress, optional
            Told how far it is.
        store : Store, optional
            Where something may be noted for the next time.
        """

    def identity(self) -> dict[str, object]:
        """Give what changes the result, as JSON: all parameters that are given, unless a stage says otherwise."""
        given = {item.name: getattr(self, item.name) for item in fields(self)}
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
        return {name: value for name, value in plain.items() if value is not None}

    @abstractmethod
    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Compute the result.

        Parameters
        ----------
        draft : Draft
            Where to write its arrays, files and facts.
        inputs : mapping of str to Artefact
            Of each stage in ``INPUTS``.
        progress : Progress, optional
            Told how far it is; raises `Cancelled` to stop.
        """


class MachineStage(Stage):
    """Fit support vector machines: faster with the inner products of the training rows that another fit has kept.

    Attributes
    ----------
    gamma : float, "scale" or None
        Of the radial basis function kernel; linear without it.
    """

    gamma: float | str | None = None

    @abstractmethod
    def compute(
        self, draft: Draft, inputs: Inputs, progress: Progress = silent, *, gram: Gram | None = None
    ) -> None:
        """Compute the result; ``gram`` is of these very training rows and the same kind of kernel."""


def key_of(stage: Stage, keys: Keys) -> str:
    """Give the key of a stage's result, made from results with these keys."""
    return stage_key(stage.STAGE, stage.NAME, stage.VERSION, stage.identity(), _inputs(stage, keys))


def find(store: Store, stage: Stage, keys: Keys) -> Artefact | None:
    """Give a stage's result if it is there: a run's own where that is as good, or one made since.

    Parameters
    ----------
    store : Store
        Where to look.
    stage : Stage
        What is wanted.
    keys : mapping of str to str
        Of the run that it is wanted for.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If it cannot be read.
    """
    own = keys.get(stage.STAGE, "")
    if stage.TELLING is not None and store.has(stage.STAGE, own):
        found, identity = store.artefact(stage.STAGE, own), stage.identity()
        if all(found.manifest.identity.get(name) == identity.get(name) for name in stage.TELLING):
            return found
    key = key_of(stage, keys)
    return store.artefact(stage.STAGE, key) if store.has(stage.STAGE, key) else None


def ensure(
    store: Store, stage: Stage, keys: Keys, progress: Progress = silent, *, compute: Compute | None = None
) -> Artefact:
    """Give a stage's result, computing and keeping it if need be; nothing is computed twice.

    Where another process is computing it, that one is waited for.

    Parameters
    ----------
    store : Store
        Where to look, and where it is written.
    stage : Stage
        What is wanted.
    keys : mapping of str to str
        Of the run that it is wanted for.
    progress : Progress, optional
        Told how far it is; raises `Cancelled` to stop.
    compute : callable, optional
        Instead of the stage's own method: the same, with something that makes it faster.

    Raises
    ------
    Cancelled
        If ``progress`` raised it; nothing is written.
    LazybonesError
        If a result that it is computed from cannot be read, it cannot be computed, or not be written.
    """
    found = find(store, stage, keys)
    if found is not None:
        return found
    with store.locked(stage.STAGE, key_of(stage, keys), waiting_on(progress)):
        return find(store, stage, keys) or _computed(store, stage, keys, progress, compute or stage.compute)


def _computed(store: Store, stage: Stage, keys: Keys, progress: Progress, compute: Compute) -> Artefact:
    """Compute and keep a result whose other writers are kept away."""
    identity, made_of = stage.identity(), _inputs(stage, keys)
    inputs = {name: store.artefact(name, key) for name, key in made_of.items()}
    seed = identity.get("seed")
    with store.writing(
        stage.STAGE,
        plugin=stage.NAME,
        version=stage.VERSION,
        identity=identity,
        inputs=made_of,
        seed=seed if isinstance(seed, int) else None,
        held=True,
    ) as draft:
        compute(draft, inputs, progress)
    return store.artefact(stage.STAGE, draft.key)


def _inputs(stage: Stage, keys: Keys) -> dict[str, str]:
    return {name: keys.get(name, "") for name in stage.INPUTS}
