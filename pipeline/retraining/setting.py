"""Which classifier of a run is meant: its penalty, its kernel, and how many images it learns from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cache import Artefact, Run, Store
from cache.errors import StoreError
from pipeline.plugins.parameters import check_choice, reject
from pipeline.stages.contract import key_of
from pipeline.stages.kinds import Classifier
from pipeline.svm.kernels import SCALE
from pipeline.svm.penalty import round_C

PLUGINS = {"linear": "linear-svm", "rbf": "rbf-svm"}
"""The plug-in of each kernel."""

KERNELS = tuple(PLUGINS)


Gamma = float | Literal["scale"]
"""Width of the RBF kernel: a number, or the spread of the features."""

Family = tuple[str, Gamma | None, int | None]
"""Kernel, gamma and training images a class: a setting without its penalty."""


@dataclass(frozen=True)
class Asked:
    """Say what is asked for of a run's classifiers; None is the run's own, so ``Asked()`` asks for nothing.

    Attributes
    ----------
    C : float or None
        Penalty.
    kernel : str or None
        One of ``KERNELS``, or the name of another classifier plug-in that the run was made with.
    gamma : float, "scale" or None
        Of the RBF kernel; nothing to a kernel without it.
    per_class : int or None
        Training images a class, a random part; so many as the largest class has, or more, are all.
    """

    C: float | None = None
    kernel: str | None = None
    gamma: Gamma | None = None
    per_class: int | None = None


@dataclass(frozen=True)
class Setting:
    """Say in full which of a run's classifiers is meant.

    Attributes
    ----------
    C : float
        Penalty, as it is fitted.
    kernel : str
        One of ``KERNELS``, or the name of another classifier plug-in.
    gamma : float, "scale" or None
        Of the RBF kernel; None for a kernel without it.
    per_class : int or None
        Training images a class, a random part; None: all.
    """

    C: float
    kernel: str
    gamma: Gamma | None = None
    per_class: int | None = None

    @property
    def family(self) -> Family:
        """Everything but the penalty."""
        return self.kernel, self.gamma, self.per_class

    def at(self, C: float) -> Setting:
        """Give the same classifier at another penalty that is on a path, or rounded as a fit's is."""
        return replace(self, C=C)


@dataclass(frozen=True)
class RunSettings:
    """Translate between what is asked for of a run and the full setting.

    Attributes
    ----------
    path : Artefact
        The run's own classifier.
    own : Setting
        What the run was made with.
    largest_class : int
        Training images of the largest class.
    """

    path: Artefact
    own: Setting
    largest_class: int

    @classmethod
    def of(cls, run: Run, path: Artefact, dataset: Artefact) -> RunSettings:
        """Read them from a run's classifier and data set.

        Raises
        ------
        ArtefactCorrupt
            If the penalties or the training labels cannot be read.
        """
        largest = int(np.bincount(dataset.array("train_labels")).max(initial=0))
        return cls(path, setting_of(path).at(_fitted(path, run.C)), largest)

    def resolve(self, asked: Asked) -> Setting:
        """Say in full what is asked for: with all that is left out, and with the penalty as it is fitted.

        Raises
        ------
        InvalidParameter
            If it is not allowed.
        """
        kernel = self.own.kernel if asked.kernel is None else asked.kernel
        gamma = self._usual_gamma(kernel) if asked.gamma is None else asked.gamma
        per_class = self.own.per_class if asked.per_class is None else asked.per_class
        full = Setting(
            C=self.own.C if asked.C is None else asked.C,
            kernel=kernel,
            gamma=gamma if kernel == "rbf" else None,
            per_class=None if per_class is None or per_class >= self.largest_class else per_class,
        )
        return full.at(_fitted(self.path, machine_of(self.path, full).C))

    def relative(self, setting: Setting) -> Asked:
        """Say of a full setting what differs from the run's own: what `resolve` gives it back for."""
        own, per_class = self.own, setting.per_class or self.largest_class
        usual = self._usual_gamma(setting.kernel)
        return Asked(
            C=None if setting.C == own.C else setting.C,
            kernel=None if setting.kernel == own.kernel else setting.kernel,
            gamma=None if setting.gamma == usual else setting.gamma,
            per_class=None if setting.per_class == own.per_class else per_class,
        )

    def _usual_gamma(self, kernel: str) -> Gamma | None:
        return self.own.gamma if kernel == self.own.kernel else SCALE


def _fitted(path: Artefact, C: float) -> float:
    """Give a penalty as it is fitted: rounded, or the one on a path that it is but for rounding."""
    on_path = path.array("C")
    near = on_path[np.isclose(on_path, C, rtol=1e-9, atol=0)]
    return float(near[0]) if len(near) else round_C(C)


def run_settings(store: Store, run: Run) -> RunSettings:
    """Give the settings of a run in a store.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If its classifier or its data set cannot be read.
    """
    path = store.artefact("classifier", run.stages.get("classifier", ""))
    return RunSettings.of(run, path, store.artefact("dataset", path.manifest.inputs["dataset"]))


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
    return Setting(float(artefact.array("C")[row]), *_family_of(artefact))


def _family_of(artefact: Artefact) -> Family:
    manifest = artefact.manifest
    kernel = next((name for name, of in PLUGINS.items() if of == manifest.plugin), manifest.plugin)
    return kernel, manifest.identity.get("gamma"), manifest.identity.get("per_class")


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
    own = _family_of(path)[0] == setting.kernel
    if not own:
        check_choice("kernel", "the classifier", setting.kernel, KERNELS)
    name = path.manifest.plugin if own else PLUGINS[setting.kernel]
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
    if _family_of(path) != setting.family:
        return None
    rows = np.flatnonzero(path.array("C") == setting.C)
    return int(rows[0]) if len(rows) else None
