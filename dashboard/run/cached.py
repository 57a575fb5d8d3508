"""Runs, and every classifier that was fitted with their features: opened once for all sessions."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cache import Store
from cache.artefact import Artefact
from dashboard.run.data import RunData
from dashboard.run.fits import accuracy_path, classifier_keys, live_fit
from dashboard.statistics.accuracy_path import AccuracyPath
from pipeline.api import Setting, paths_of, setting_of


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
    return _run_data(store, tuple(map(str, store.roots)), repr(store.run(name)), name)


@st.cache_resource(max_entries=12, show_spinner=False)
def _run_data(_store: Store, roots: tuple[str, ...], run: str, name: str) -> RunData:
    """Keep a run's open artefacts; ``roots`` and ``run`` (its content) tell runs of one name apart."""
    return RunData(_store, name)


def fits_of(data: RunData) -> list[Artefact]:
    """List a run's classifiers: its own path over C, those of other runs with its features, and live fits.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the run's own classifier cannot be read.
    """
    paths = list(paths_of(data.store, data.run))
    known = {path.key for path in paths}
    return [*paths, *(fit for fit in live_fits_of(data) if fit.key not in known)]


def live_fits_of(data: RunData) -> list[Artefact]:
    """List what was fitted live with a run's features."""
    own = data.artefact("classifier")
    found = (
        _live_fit_once(data.store, own, key, own.key) for key in classifier_keys(data.store) if key != own.key
    )
    return [fit for fit in found if fit is not None]


@st.cache_resource(max_entries=2000, show_spinner=False)
def _live_fit_once(_store: Store, _path: Artefact, key: str, path_key: str) -> Artefact | None:
    return live_fit(_store, key, _path)


@st.cache_resource(max_entries=2000, show_spinner=False)
def _settings_in(_fit: Artefact, key: str) -> tuple[Setting, ...]:
    return tuple(setting_of(_fit, row) for row in range(len(_fit.array("C"))))


def settings_of(data: RunData) -> list[Setting]:
    """List every setting that a run was fitted with: its own kind first, then others; ascending in C."""
    found = {setting for fit in fits_of(data) for setting in _settings_in(fit, fit.key)}
    own = data.settings.own.family

    def order(setting: Setting) -> tuple[bool, str, str, int, float]:
        size = setting.per_class or data.settings.largest_class
        return setting.family != own, str(setting.kernel), str(setting.gamma), -size, setting.C

    return sorted(found, key=order)


def family_of(data: RunData, setting: Setting) -> list[Artefact]:
    """List the classifiers that were fitted with the kernel and the training images of a setting, at any C."""
    return [fit for fit in fits_of(data) if _settings_in(fit, fit.key)[0].family == setting.family]


def family_path(data: RunData, setting: Setting) -> AccuracyPath:
    """Give the accuracies at every C that was fitted with the kernel and the training images of a setting."""
    path = AccuracyPath(np.empty(0), np.empty(0), np.empty(0), np.empty(0, np.bool_))
    own = data.artefact("classifier")
    for fit in family_of(data, setting):
        live = len(_settings_in(fit, fit.key)) == 1 and fit.key != own.key
        path = path.joined(_accuracies(fit, data, fit.key, fit.digest, live))
    return path


@st.cache_resource(max_entries=2000, show_spinner=False)
def _accuracies(_fit: Artefact, _data: RunData, key: str, digest: str, live: bool) -> AccuracyPath:
    return accuracy_path(_fit, _data, live=live)
