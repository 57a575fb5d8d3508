"""Where a visitor's own pictures are asked of, with the map and the classifier in use."""

from __future__ import annotations

from cache import LazybonesError, StoreError
from dashboard.components.map_content import GuestFiles
from dashboard.jobs import display
from dashboard.page.context import ViewContext
from dashboard.run.places import told
from dashboard.server.routes import addresses
from pipeline.api import MOST_GUEST_BYTES, check_sees


def guest_files(context: ViewContext) -> GuestFiles:
    """Name the address, or say why no picture can be asked of this run.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the run has no map, or it cannot be read.
    """
    data, said = context.data, context.said
    dataset, projection = data.artefact("dataset"), data.artefact("projection")
    address = (
        addresses.GUEST_UNJUDGED.url(dataset, projection)
        if said is None
        else addresses.GUEST.url(said.artefact, said.row, projection)
    )
    return GuestFiles(
        url=address,
        session=display.visitor().session,
        images=addresses.IMAGE.url(dataset),
        most=MOST_GUEST_BYTES,
        refusal=_refusal(context),
    )


def _refusal(context: ViewContext) -> str:
    refused = display.refusal()
    if refused is not None:
        return refused.message
    try:
        check_sees(context.data.artefact("features"))
    except StoreError:
        raise
    except LazybonesError as error:
        return told(error.message)
    return ""
