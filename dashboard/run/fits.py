"""The classifiers a run can be looked at with: its path over C, and what was fitted live."""

from __future__ import annotations

import logging
from contextlib import suppress

import numpy as np

from cache import Store, StoreError
from cache.artefact import Artefact
from cache.removal import remove
from dashboard.run.data import RunData
from dashboard.run.predictions import train_accuracies
from dashboard.statistics.accuracy_path import AccuracyPath
from pipeline.api import InvalidParameter, fit_key, setting_of

MOST_LIVE = 50
"""Live fits of one run to keep; each takes about 0.4 MB for ten classes and 2,048 features."""

_LOG = logging.getLogger(__name__)


def accuracy_path(artefact: Artefact, data: RunData, *, live: bool = False) -> AccuracyPath:
    """Count how often each classifier of an artefact is right.

    Parameters
    ----------
    artefact : Artefact
        Of the stage ``classifier``.
    data : RunData
        Gives the true labels.
    live : bool
        Whether it is a live fit.

    Raises
    ------
    ArtefactCorrupt
        If a file is not what it must be.
    """
    C = artefact.array("C")
    test = np.array([np.mean(one == data.test_labels) for one in artefact.rows("predicted_label")])
    return AccuracyPath(C, test, train_accuracies(artefact, data.train_labels), np.full(len(C), live))


def live_fit(store: Store, key: str, path: Artefact) -> Artefact | None:
    """Open a classifier if it was fitted live for a run: at another C, with another kernel, or on fewer images.

    Parameters
    ----------
    store : Store
        Where it is.
    key : str
        Its key.
    path : Artefact
        The run's own classifier.

    Returns
    -------
    Artefact or None
        None for classifiers of other runs, and damaged ones: one point of a curve may be missing, as the log says.
    """
    try:
        found = store.artefact("classifier", key)
    except StoreError as error:
        _LOG.warning("A live fit cannot be read: %s", error)
        return None
    alike = found.manifest.inputs == path.manifest.inputs and len(found.array("C")) == 1
    return found if alike and key != path.key and _is_current(found, path) else None


def _is_current(found: Artefact, path: Artefact) -> bool:
    """Tell whether a fit of its setting would have its key: older versions of a plug-in have others."""
    with suppress(InvalidParameter):  # of a plug-in that is not here
        return found.key == fit_key(path, setting_of(found))
    return False


def forget_oldest(store: Store, path: Artefact, keep: int = MOST_LIVE) -> None:
    """Remove a run's oldest live fits: visitors may fit as often as they like, but the disk has an end.

    Parameters
    ----------
    store : Store
        What is not in its first root is left alone.
    path : Artefact
        The run's own classifier.
    keep : int
        Live fits to keep.
    """
    needed = {store.run(name).stages.get("classifier") for name in store.run_names()}
    keys = (key for _, key in store.artefacts("classifier") if key not in needed)
    found = [fit for key in keys if (fit := live_fit(store, key, path)) is not None]
    found.sort(key=lambda fit: fit.manifest.created, reverse=True)
    remove(store, [fit.folder for fit in found[keep:]])
