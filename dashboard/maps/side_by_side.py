"""Two maps beside each other: what A and B say of the same images, and which neighbours they have in common."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cache.artefact import Artefact
from dashboard.comparison.sides import Side
from dashboard.components.embedding_map import MapData
from dashboard.components.map_content import ExtraFile
from dashboard.components.side_by_side import PairData
from dashboard.maps.files import shown_files
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData, colours_of, has_neighbourhoods
from dashboard.run.shared import shared
from dashboard.server.columns import margin_range
from dashboard.server.routes.addresses import common_url
from dashboard.statistics.flips import BROKE, FIXED, RIGHT, WRONG
from dashboard.statistics.shared_neighbours import common_neighbours
from dashboard.wording.numbers import images
from dashboard.wording.setting import setting_name

COMMON = "common"
"""Colour of the two maps: by neighbours in common. It is in links."""

GROUPS = (RIGHT, FIXED, BROKE, WRONG)
"""Of two classifiers: what both have right, only A, only B, neither; in the order of ``ui/pair/outcome_groups.js``."""


def pair_data(view: ViewState, ours: Side, theirs: Side) -> PairData:
    """Describe the maps of A and B; both have the colours of A's run, as the page has.

    Parameters
    ----------
    view : ViewState
        The group and the true class that the page shows are shown alone on the maps, until their user chooses others.
    ours, theirs : Side
        A and B.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If one of the runs has no projection, or it cannot be read.
    """
    extra, colours = common_file(ours.data, theirs.data), colours_of(ours.data)
    return PairData(
        _half("A", ours, colours, extra),
        _half("B", theirs, colours, extra),
        (_name("A", ours, theirs), _name("B", theirs, ours)),
        group=GROUPS.index(view.group) if view.group in GROUPS else None,
        true=view.true_label,
    )


def _half(letter: str, side: Side, colours: list[str], extra: ExtraFile | None) -> MapData:
    data, said = side.data, side.predictions
    return MapData(
        run=data.run.name,
        n=data.n_test,
        class_names=data.class_names,
        colours=colours,
        label=f"Map {letter} of {images(data.n_test)}",
        files=replace(shown_files(data, said), extra=extra),
        margin_range=margin_range(said.margin, said.runner_up_margin),
    )


def _name(letter: str, side: Side, other: Side) -> str:
    return (
        f"{letter}: {side.data.run.name}, {setting_name(side.predictions.setting, other.predictions.setting)}"
    )


def common_file(ours: RunData, theirs: RunData) -> ExtraFile | None:
    """Name the file that says how many neighbours an image has in both spaces; None where there are no two."""
    if not have_two_spaces(ours, theirs):
        return None
    one, other = (data.artefact("neighbours") for data in (ours, theirs))
    counts = neighbours_in_common(one, other)
    url = common_url(one, other)
    most = int(counts.max(initial=1))
    words = ("none", "most of any image")
    return ExtraFile(COMMON, "Neighbours in common", url, 0, most, words, paint="common", above=1)


def have_two_spaces(ours: RunData, theirs: RunData) -> bool:
    """Tell whether two runs have neighbourhoods in different feature spaces."""
    same = ours.run.stages.get("features") == theirs.run.stages.get("features")
    return not same and has_neighbourhoods(ours) and has_neighbourhoods(theirs)


@shared(lambda one, other: (one.digest, other.digest), 20)
def neighbours_in_common(one: Artefact, other: Artefact) -> NDArray[np.intp]:
    """Count the neighbours that each image has in both spaces, intp (n_test,)."""
    return common_neighbours(one.rows("indices"), other.rows("indices"))
