"""What the map of a run shows, at the classifier in use."""

from __future__ import annotations

from dashboard.components.embedding_map import MapData
from dashboard.maps.files import map_files
from dashboard.maps.flips import map_flips
from dashboard.maps.in_use import title
from dashboard.page.context import ViewContext
from dashboard.run.data import colours_of
from dashboard.server.columns import margin_range
from dashboard.wording.numbers import images


def map_data(context: ViewContext, *, linked: bool = True) -> MapData:
    """Describe the map of a run.

    Parameters
    ----------
    context : ViewContext
        The run, with the map in use, and the classifier in use.
    linked : bool
        Whether that is the map that the address is about.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the run has no projection, or it cannot be read.
    """
    data, said = context.data, context.said
    return MapData(
        run=context.run.name,
        n=data.n_test,
        class_names=data.class_names,
        colours=colours_of(data),
        label=f"Map of {images(data.n_test)}, laid out by {title(data.artefact('projection'))}",
        files=map_files(context),
        margin_range=(0.0, 0.0) if said is None else margin_range(said.margin, said.runner_up_margin),
        flips=map_flips(context),
        linked=linked,
        chosen=context.view.rows,
    )
