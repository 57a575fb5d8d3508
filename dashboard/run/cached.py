"""Runs, and every classifier that was fitted with their features: opened once for all sessions."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from cache import Store, StoreError
from cache.artefact import Artefact
from dashboard.run.data import RunData
from dashboard.run.fits import accuracy_path, live_fit
from dashboard.run.shared import shared
from dashboard.statistics.accuracy_path import AccuracyPath
from pipeline.api import Setting, paths_of, setting_of

NO_RUN = "(none)"


def open_run(store: Store, name: str) -> RunData:
    """Give a run's data, with the artefacts that it has opened before.

    Parameters
    ----------
    store : Store
        Where the run is.
    name : str
        Its name.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If there is no such run, or its file cannot be read.
    """
    return _run_data(store, name, store.run(name).content)


@shared(lambda store, name, run: (*store.roots, run), 12)
def _run_data(store: Store, name: str, run: str) -> RunData:
    """Keep a run's open artefacts; ``run``, its content, tells runs of one name apart."""
    return RunData(store, name)


def fits_of(data: RunData) -> list[Artefact]:
    """List a run's classifiers: its own path over C, those of other runs with its features, and live fits.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the run's own classifier cannot be read.
    """
    return list(_fits(data, there(data)))


def there(data: RunData) -> Hashable:
    """Give what tells which classifiers a run may be looked at with: those of all runs, and all there are."""
    return _named(data.store), tuple(_keys(data))


def _keys(data: RunData) -> list[str]:
    """List the keys of all classifiers in the store: those of runs, and live fits."""
    return [key for _, key in data.store.artefacts("classifier")]


def _named(store: Store) -> tuple[str, ...]:
    """List the keys of the classifiers that runs name, in the runs' order."""
    found = []
    for name in store.run_names():
        try:
            found.append(store.run(name).stages.get("classifier", NO_RUN))
        except StoreError:  # a damaged run is its own page's trouble
            found.append(NO_RUN)
    return tuple(found)


@shared(lambda data, there: (data.key, there), 50)
def _fits(data: RunData, there: Hashable) -> tuple[Artefact, ...]:
    paths = list(paths_of(data.store, data.run))
    known = {path.key for path in paths}
    return (*paths, *(fit for fit in live_fits_of(data) if fit.key not in known))


def live_fits_of(data: RunData) -> list[Artefact]:
    """List what was fitted live with a run's features."""
    own = data.artefact("classifier")
    found = (_live_fit_once(data.store, own, key) for key in _keys(data) if key != own.key)
    return [fit for fit in found if fit is not None]


@shared(lambda store, path, key: (path.folder, key), 2000)
def _live_fit_once(store: Store, path: Artefact, key: str) -> Artefact | None:
    return live_fit(store, key, path)


@shared(lambda fit: fit.key, 2000)
def _settings_in(fit: Artefact) -> tuple[Setting, ...]:
    return tuple(setting_of(fit, row) for row in range(len(fit.array("C"))))


def settings_of(data: RunData) -> list[Setting]:
    """List every setting that a run was fitted with: its own kind first, then others; ascending in C."""
    return list(_settings(data, there(data)))


@shared(lambda data, there: (data.key, there), 50)
def _settings(data: RunData, there: Hashable) -> tuple[Setting, ...]:
    found = {setting for fit in fits_of(data) for setting in _settings_in(fit)}
    own = data.settings.own.family

    def order(setting: Setting) -> tuple[bool, str, str, int, float]:
        size = setting.per_class or data.settings.largest_class
        return setting.family != own, str(setting.kernel), str(setting.gamma), -size, setting.C

    return tuple(sorted(found, key=order))


def family_of(data: RunData, setting: Setting) -> list[Artefact]:
    """List the classifiers that were fitted with the kernel and the training images of a setting, at any C."""
    return [fit for fit in fits_of(data) if _settings_in(fit)[0].family == setting.family]


def family_path(data: RunData, setting: Setting) -> AccuracyPath:
    """Give the accuracies at every C that was fitted with the kernel and the training images of a setting."""
    return _joined(data, setting, there(data))


@shared(lambda data, setting, there: (data.key, setting.family, there))
def _joined(data: RunData, setting: Setting, there: Hashable) -> AccuracyPath:
    path = AccuracyPath(np.empty(0), np.empty(0), np.empty(0), np.empty(0, np.bool_))
    own = data.artefact("classifier")
    for fit in family_of(data, setting):
        live = len(_settings_in(fit)) == 1 and fit.key != own.key
        path = path.joined(_accuracies(fit, data, live))
    return path


@shared(lambda fit, data, live: (fit.digest, live), 2000)
def _accuracies(fit: Artefact, data: RunData, live: bool) -> AccuracyPath:
    return accuracy_path(fit, data, live=live)
