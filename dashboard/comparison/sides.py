"""The classifier that the one in use is compared with, as the URL says: another C, or another run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from cache.errors import LazybonesError
from dashboard.page.context import ViewContext
from dashboard.run.data import RunData
from dashboard.run.opened import open_run
from dashboard.run.predictions import Predictions
from dashboard.statistics.flips import Flips
from dashboard.wording.settings import setting_name
from pipeline.api import Asked, Setting

_FILES = ("test_images.npy", "test_labels.npy", "test_ids.npy")


@dataclass(frozen=True)
class Side:
    """Hold one of two classifiers: its run, and what it says of the test images."""

    data: RunData
    said: Predictions

    def name(self, other: Side) -> str:
        """Name it as briefly as tells it from the other."""
        setting = setting_name(self.said.setting, other.said.setting)
        return setting if self.data.run.name == other.data.run.name else f"{self.data.run.name}, {setting}"

    def is_same(self, other: Side) -> bool:
        """Tell whether both are one classifier."""
        return self.said.artefact.key == other.said.artefact.key and self.said.row == other.said.row

    def since(self, before: Side) -> Flips:
        """Compare its answers with those of the one before."""
        return Flips(self.data.test_labels, before.said.predicted, self.said.predicted)


def in_use(context: ViewContext) -> Side:
    """Give the classifier in use."""
    return Side(context.data, context.predictions)


def against(data: RunData, setting: Setting) -> dict[str, Any]:
    """Give what a URL says to compare with a classifier, whichever run it is about: attributes of `ViewState`."""
    said = {f"versus_{name}": value for name, value in asdict(data.settings.relative(setting)).items()}
    return {"versus": data.run.name, **said, "versus_C": setting.C}


NOT_SAID = dict.fromkeys(("versus", "versus_C", "versus_kernel", "versus_gamma", "versus_per_class"))
"""What a URL says that compares with the run's own classifier."""


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
    own = context.data.predictions() or context.predictions
    view = context.view
    try:
        data = open_run(context.store, view.versus) if view.versus else context.data
        if not same_test_images(data, context.data):
            text = f"{data.run.name} was tested on other images than {context.run.name}"
            return Side(context.data, own), f"{text}, so the two cannot be compared."
        setting = None if view.versus_asked == Asked() else data.settings.resolve(view.versus_asked)
        said = data.predictions(setting)
    except LazybonesError as error:
        return Side(context.data, own), error.message
    if said is None:
        words = setting_name(setting or data.own)
        return Side(context.data, own), f"{data.run.name} has no classifier fitted with {words}."
    return Side(data, said), ""


def same_test_images(data: RunData, other: RunData) -> bool:
    """Tell whether two runs were tested on the same images, in the same order, of the same classes.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If a data set cannot be read.
    """
    return test_split(data) == test_split(other)


def test_split(data: RunData) -> tuple[str, ...]:
    """Give what makes two test splits one: the digests of the images, labels and ids, and the classes' names.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the data set cannot be read.
    """
    files = data.artefact("dataset").manifest.files
    return (*(str(files.get(name, {}).get("sha256")) for name in _FILES), *data.class_names)
