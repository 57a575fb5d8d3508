"""The classifier that the one in use is compared with, as the URL says: another C, or another run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from cache.errors import LazybonesError, StoreError
from dashboard.page.context import ViewContext
from dashboard.page.view_state import Versus
from dashboard.run.cached import open_run
from dashboard.run.data import RunData
from dashboard.run.features import extractor_of, model_of
from dashboard.run.predictions import Predictions
from dashboard.statistics.flips import Flips
from dashboard.wording.setting import setting_name
from pipeline.api import CORRECTED, Asked, Setting, another_run, by_path

_FILES = (
    "test_images.npy",
    "test_labels.npy",
    "test_ids.npy",
    "test_rows.npy",
    "test_folds.npy",
    "files.json",
)


@dataclass(frozen=True)
class Side:
    """Hold one of two classifiers: its run, and what it says of the test images."""

    data: RunData
    predictions: Predictions

    @classmethod
    def of(cls, context: ViewContext) -> Side:
        """Give the classifier in use."""
        return cls(context.data, context.predictions)

    @property
    def key(self) -> tuple[str, int]:
        """What tells its classifier from all others."""
        return self.predictions.key

    def name(self, other: Side) -> str:
        """Name it as briefly as tells it from the other."""
        setting = setting_name(self.predictions.setting, other.predictions.setting)
        return setting if self.data.run.name == other.data.run.name else f"{self.data.run.name}, {setting}"

    def is_same(self, other: Side) -> bool:
        """Tell whether both are one classifier."""
        return self.key == other.key

    def since(self, before: Side) -> Flips:
        """Compare its answers with those of the one before."""
        return Flips(self.data.test_labels, before.predictions.predicted, self.predictions.predicted)


def with_penalty(data: RunData, setting: Setting) -> Asked:
    """Ask for a setting of a run with its penalty said, even if that is the run's own."""
    return replace(data.settings.relative(setting), C=setting.C)


def versus_of(data: RunData, setting: Setting, seen_from: str = "") -> Versus:
    """Ask to compare with a classifier; its run is named where it is not the one that the URL is about."""
    return Versus(None if data.run.name == seen_from else data.run.name, with_penalty(data, setting))


def baseline(context: ViewContext) -> tuple[Side, str]:
    """Give the classifier to compare with.

    Parameters
    ----------
    context : ViewContext
        Its view may name anything.

    Returns
    -------
    side : Side
        What the URL asks for; if that cannot be had, the run's own C.
    refusal : str
        Why it cannot be had; empty if it can.
    """
    try:
        return _compared(context, context.view.versus), ""
    except LazybonesError as error:
        return Side(context.data, context.data.own_predictions), error.message


def opponent(context: ViewContext, others: list[Side]) -> tuple[Side, str]:
    """Give B and, if what the URL asks for cannot be had, why.

    Where the URL does not say, B is one of the other runs that can be had, if there is one; else the run's own C.
    """
    versus = context.view.versus
    named = next((side.data for side in others if side.data.run.name == versus.run), None)
    found = None if named is None else named.look_up(versus.asked)[1]
    if named is not None and found is not None:
        return Side(named, found), ""
    side, refusal = baseline(context)
    return (others[0], "") if context.view.versus == Versus() and others else (side, refusal)


def _compared(context: ViewContext, versus: Versus) -> Side:
    data = open_run(context.store, versus.run) if versus.run else context.data
    if not same_test_images(data, context.data):
        raise LazybonesError(
            f"A run to compare with must be tested on the images of {context.run.name}. "
            f"Got {data.run.name}, which was tested on others, or with other folds."
        )
    setting, found = data.look_up(versus.asked)
    if found is None:
        raise LazybonesError(
            f"A classifier to compare with must be fitted. Got {setting_name(setting)}, which {data.run.name} has not."
        )
    return Side(data, found)


def rivals(context: ViewContext) -> list[Side]:
    """List the other runs that were tested on the same images, each at its own C."""
    return _others(context, same_test_images)


def relatives(context: ViewContext) -> list[Side]:
    """List runs with corrected labels of this one, or the one that it corrects, tested on other labels, as `rivals`."""

    def related(data: RunData, own: RunData) -> bool:
        return not same_test_images(data, own) and (is_corrected_of(data, own) or is_corrected_of(own, data))

    return _others(context, related)


def is_corrected_of(after: RunData, before: RunData) -> bool:
    """Tell whether a run's data set is another's with corrected labels.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the data set cannot be read.
    """
    made = after.artefact("dataset").manifest
    return made.plugin == CORRECTED and made.identity.get("dataset") == before.run.stages.get("dataset")


def _others(context: ViewContext, chosen: Callable[[RunData, RunData], bool]) -> list[Side]:
    found = []
    for name in context.store.run_names():
        if name == context.run.name:
            continue
        with suppress(StoreError):  # a damaged run is its own page's trouble
            data = open_run(context.store, name)
            if data.run.finished and chosen(data, context.data):
                found.append(Side(data, data.own_predictions))
    return found


def run_labels(runs: Sequence[RunData]) -> dict[str, str]:
    """Name runs by what tells them apart: by the model behind their features, and where several have it by name first.

    Parameters
    ----------
    runs : sequence of RunData
        Runs of the same images.
    """
    models = {data.run.name: model_of(data) for data in runs}
    labels = {}
    for name, model in models.items():
        alike = [other for other, its in models.items() if its == model]
        shortest = min(map(len, alike))
        differ = (i for i in range(shortest) if len({other[i] for other in alike}) > 1)
        same = next(differ, shortest)
        start = name.rfind("-", 0, same) + 1
        labels[name] = model if len(alike) == 1 else f"{name[start:]} · {model}"
    return labels


def same_test_images(data: RunData, other: RunData) -> bool:
    """Tell whether two runs were tested on the same images, in the same order, of the same classes, in the same folds.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If a data set cannot be read.
    """
    return test_split(data) == test_split(other)


def test_split(data: RunData) -> tuple[str, ...]:
    """Give what makes two test splits one: the digests of images, labels, ids and folds, and the classes' names.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the data set cannot be read.
    """
    files = data.artefact("dataset").manifest.files
    return (*(str(files.get(name, {}).get("sha256")) for name in _FILES), *data.class_names)


def suggested_run(data: RunData) -> str:
    """Give a command that makes another run of the same images; empty where nobody knows how this one was made."""
    extractor = "pixels" if extractor_of(data) == "hog" else "hog"
    return by_path(another_run(data.run.command, {"--extractor": extractor})) if data.run.command else ""
