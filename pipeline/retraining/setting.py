"""Which classifier of a run is meant: its penalty, its kernel, and how many images it learns from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from cache import Artefact, Run, Store
from cache.errors import StoreError
from pipeline.plugins.parameters import check_choice, reject
from pipeline.stages.contract import key_of
from pipeline.stages.kinds import Classifier
from pipeline.svm.kernels import SCALE

PLUGINS = {"linear": "linear-svm", "rbf": "rbf-svm"}
"""The plug-in of each kernel."""

KERNELS = tuple(PLUGINS)


@dataclass(frozen=True)
class Setting:
    """Say which of a run's classifiers is meant.

    Attributes
    ----------
    C : float
        Penalty.
    kernel : str or None
        One of ``KERNELS``, or the name of another classifier plug-in that the run was made with; None: the run's own.
    gamma : float, "scale" or None
        Of the RBF kernel; None: the run's own, else "scale". Nothing to a kernel without it.
    per_class : int or None
        Training images a class, a random part; None: the run's own, which usually is all.
    """

    C: float
    kernel: str | None = None
    gamma: float | str | None = None
    per_class: int | None = None

    @property
    def family(self) -> tuple[str | None, float | str | None, int | None]:
        """Everything but the penalty."""
        return self.kernel, self.gamma, self.per_class

    def at(self, C: float) -> Setting:
        """Give the same classifier at another penalty."""
        return replace(self, C=C)

    def settled(self, own: Setting, most: int) -> Setting:
        """Say in full what is left out.

        Parameters
        ----------
        own : Setting
            Of the run's own classifier.
        most : int
            Training images of the largest class: so many, or more, are all.
        """
        kernel = own.kernel if self.kernel is None else self.kernel
        usual = own.gamma if kernel == own.kernel else SCALE
        gamma = usual if self.gamma is None else self.gamma
        per_class = own.per_class if self.per_class is None else self.per_class
        everything = isinstance(per_class, int) and per_class >= most
        return Setting(self.C, kernel, gamma if kernel == "rbf" else None, None if everything else per_class)


Asked = Setting | float
"""A setting; a number is that penalty, with all else the run's own."""


def setting_of(artefact: Artefact, row: int = 0) -> Setting:
    """Give the setting of a classifier in the store.

    Parameters
    ----------
    artefact : Artefact
        Of the stage ``classifier``.
    row : int
        Row of its arrays.

    Raises
    ------
    ArtefactCorrupt
        If its file of penalties cannot be read.
    """
    manifest = artefact.manifest
    kernel = next((name for name, of in PLUGINS.items() if of == manifest.plugin), manifest.plugin)
    gamma, per_class = (manifest.identity.get(name) for name in ("gamma", "per_class"))
    return Setting(float(artefact.array("C")[row]), kernel, gamma, per_class)


def settle(store: Store, path: Artefact, asked: Asked) -> Setting:
    """Say a setting in full, with the penalty as it is fitted.

    Parameters
    ----------
    store : Store
        Where the run is.
    path : Artefact
        The run's own classifier.
    asked : Setting or float
        What is asked for.

    Raises
    ------
    InvalidParameter
        If it is not allowed.
    StoreError
        If the data set is needed, to see how many images there are, and cannot be read.
    """
    setting = asked if isinstance(asked, Setting) else Setting(asked)
    own = setting_of(path)
    is_part = (setting.per_class, own.per_class) != (None, None)
    most = _most(store, path) if is_part else 0
    full = setting.settled(own, most)
    return full.at(machine_of(path, full).C)


def _most(store: Store, path: Artefact) -> int:
    labels = store.artefact("dataset", path.manifest.inputs["dataset"]).array("train_labels")
    return int(np.bincount(labels).max(initial=0))


def machine_of(path: Artefact, setting: Setting) -> Classifier:
    """Give the plug-in that fits a setting alone.

    Parameters
    ----------
    path : Artefact
        The run's own classifier, whose parameters count where the kernel is the same.
    setting : Setting
        In full.

    Raises
    ------
    InvalidParameter
        If the setting is not allowed.
    """
    own = setting_of(path).kernel == setting.kernel
    if not own:
        check_choice("kernel", "the classifier", setting.kernel, KERNELS)
    name = path.manifest.plugin if own else PLUGINS[str(setting.kernel)]
    known = {option.name for option in Classifier.find(name).options()}
    asked = {"gamma": setting.gamma, "per_class": setting.per_class}
    if strange := [option for option, value in asked.items() if value is not None and option not in known]:
        raise reject(strange[0], name, "left out, as it has none", asked[strange[0]])
    identity = path.manifest.identity if own else {}
    parameters = {option: value for option, value in {**identity, **asked}.items() if option in known}
    return Classifier.named(name, **{**parameters, "C": setting.C, "path": (setting.C,)})


def fit_key(path: Artefact, setting: Setting) -> str:
    """Give the key of the classifier that is fitted for a setting alone.

    Parameters and errors as `machine_of`.
    """
    return key_of(machine_of(path, setting), path.manifest.inputs)


def paths_of(store: Store, run: Run) -> Iterator[Artefact]:
    """Give the classifiers of a run and then of other runs with the same features, each with its path over C.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the run's own classifier cannot be read; those of others are left out.
    """
    own = store.artefact("classifier", run.stages.get("classifier", ""))
    yield own
    for name in store.run_names():
        with suppress(StoreError):  # a damaged run is its own page's trouble
            stages = store.run(name).stages
            if stages.get("classifier") in (None, own.key):
                continue
            other = store.artefact("classifier", stages["classifier"])
            if other.manifest.inputs == own.manifest.inputs:
                yield other


def row_of(path: Artefact, setting: Setting) -> int | None:
    """Give the row of a classifier's arrays that belongs to a setting said in full; None if it has none."""
    if setting_of(path).family != setting.family:
        return None
    rows = np.flatnonzero(path.array("C") == setting.C)
    return int(rows[0]) if len(rows) else None
