"""What the map's browser side is told of a run: its files, and every C that it can be seen at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cache.artefact import Artefact
from cache.errors import ArtefactCorrupt, ArtefactMissing
from dashboard.components.map_content import (
    ExtraFile,
    GridFile,
    MapFiles,
    PathPoint,
    PosterFile,
    Sheets,
    TableColumn,
    TableFiles,
)
from dashboard.maps.faithfulness import trust_of
from dashboard.page.context import ViewContext
from dashboard.page.view_state import FAITHFULNESS
from dashboard.run.cached import family_of
from dashboard.run.data import RunData, has_neighbourhoods, lacks
from dashboard.run.predictions import Predictions
from dashboard.run.shared import shared
from dashboard.run.table import table_of
from dashboard.run.whole import find_whole
from dashboard.server.columns import margin_range
from dashboard.server.routes import addresses
from dashboard.wording.numbers import thousands
from pipeline.api import FaithfulnessStage, grid_shape


def map_files(context: ViewContext) -> MapFiles:
    """Name the files that the browser fetches, with a ticket where sign-in is configured.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the run has no projection, or it cannot be read. Without thumbnails there is a map all the same.
    """
    data = context.data
    return replace(
        shown_files(data, context.said),
        exports={ending: _export(context, ending) for ending in addresses.EXPORT.endings},
        posters=_posters(data.artefact("projection"), data.artefact("dataset")) if data.n_test else (),
        extra=_extra(context),
        table=_table(data.artefact("dataset")),
        trust=trust_of(context),
    )


def _export(context: ViewContext, ending: str) -> str:
    """Name the table or the archive of some images, with what the classifier in use says of them."""
    data, said = context.data, context.said
    projection = data.artefact("projection")
    if said is None:
        return addresses.UNJUDGED.url(data.artefact("dataset"), projection, ending=ending)
    return addresses.EXPORT.url(said.artefact, said.row, projection, ending=ending)


def shown_files(data: RunData, said: Predictions | None) -> MapFiles:
    """Name the files that any map of a run needs: what is seen, and nothing to take away.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the run has no projection, or it cannot be read.
    """
    dataset, (sheets, lacking) = data.artefact("dataset"), sheets_of(data)
    return MapFiles(
        points=addresses.POINTS.url(data.artefact("projection"), dataset),
        columns=None if said is None else addresses.COLUMNS.url(said.artefact, said.row),
        ids=addresses.IDS.url(dataset),
        sheets=sheets,
        lacking=lacking,
        grid=_grid(data.artefact("projection")),
        neighbours={"url": addresses.NEIGHBOURS.url(data.artefact("neighbours"))}
        if data.has("neighbours")
        else None,
    )


def path_points(context: ViewContext) -> list[PathPoint]:
    """List every C whose columns the browser may ask for, with the kernel and the training images in use.

    Returns
    -------
    list of PathPoint
        Ascending in C; none without a classifier.
    """
    if context.said is None:
        return []
    labels = context.data.test_labels
    points: dict[float, PathPoint] = {}
    for artefact in family_of(context.data, context.setting):
        said = _said(artefact, labels)
        for row, (C, one) in enumerate(zip(artefact.array("C").tolist(), said, strict=True)):
            points.setdefault(C, PathPoint(C, addresses.COLUMNS.url(artefact, row), *one))
    return [points[C] for C in sorted(points)]


@shared(lambda classifier, labels: classifier.digest)
def _said(classifier: Artefact, labels: NDArray[np.int16]) -> Sequence[tuple[tuple[float, float], float]]:
    """Give the range of the margins, and the accuracy, at each C."""
    names = ("margin", "runner_up_margin", "predicted_label")
    arrays = [classifier.rows(name) for name in names]
    rows = ([array[row] for array in arrays] for row in range(len(arrays[0])))  # one C after the other
    return [
        (margin_range(margin, ahead), float(np.mean(predicted == labels)))
        for margin, ahead, predicted in rows
    ]


def _grid(projection: Artefact) -> GridFile:
    columns, rows = grid_shape(projection.array("test"))
    return GridFile(addresses.GRID.url(projection), columns, rows)


def _extra(context: ViewContext) -> ExtraFile | None:
    """Name how many neighbours the map keeps; None where that was not measured, or there are no neighbours."""
    data = context.data
    if not (has_neighbourhoods(data) and data.has("projection")):
        return None
    found = find_whole(context.store, FaithfulnessStage(), context.run.stages)
    k = int(found.manifest.facts["k"]) if found else 0
    if found is None or not k:
        return None
    url = addresses.FAITHFULNESS.url(found)
    return ExtraFile(FAITHFULNESS, "Faithfulness", url, low=0, high=k, words=("far away", "near"))


def _table(dataset: Artefact) -> TableFiles | None:
    """Name the files of the images' further columns; None where there are none."""
    columns = tuple(
        TableColumn(
            column.name,
            column.kind,
            "" if column.kind == "text" else addresses.VALUES.url(dataset, place),
            addresses.VALUES.url(dataset, place, ending="json")
            if column.kind in ("text", "category")
            else "",
        )
        for place, column in enumerate(table_of(dataset))
    )
    return TableFiles(columns, addresses.TABLE_ROW.url(dataset)) if columns else None


def _posters(projection: Artefact, dataset: Artefact) -> tuple[PosterFile, ...]:
    forms = ((layout, size) for layout in addresses.POSTER_LAYOUTS for size in addresses.POSTER_SIZES)
    names = {"scatter": "images at their places", "grid": "images on a grid"}
    return tuple(
        PosterFile(
            f"Poster, {names[layout]}, {thousands(size)} px",
            addresses.POSTER.url(projection, dataset, layout, size),
        )
        for layout, size in forms
    )


def sheets_of(data: RunData) -> tuple[Sheets | None, str]:
    """Say where the sheets of thumbnails are, and how they are divided; or why there are none, where a run has them."""
    if lacks(data, "thumbnails"):
        return None, ""
    try:
        made = data.artefact("thumbnails")
    except ArtefactMissing:
        return None, "The images of this run are gone from the cache. Its command makes them again."
    except ArtefactCorrupt:
        return None, (
            "The images of this run are damaged in the cache. The command clean --corrupt removes them; the run, "
            "made again, has them again."
        )
    facts = made.manifest.facts
    urls = tuple(addresses.THUMBNAILS.url(made, index) for index in range(facts["sheets"]))
    return Sheets(urls, cell=facts["cell"], columns=facts["columns"], perSheet=facts["per_sheet"]), ""
