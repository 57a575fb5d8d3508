"""The whole map as one large picture, in the sizes that the map's page offers."""

from __future__ import annotations

import io

from starlette.exceptions import HTTPException

from cache import Store
from dashboard.jobs import display
from dashboard.server.routes.addresses import Match
from dashboard.server.routes.responses import Body, opened
from pipeline.api import Poster, thumbnails_of

QUALITY = 90
BYTES_A_PIXEL = 5
"""Of memory: four while it is drawn, and the file."""


def poster(store: Store, match: Match) -> Body:
    """Draw a poster, as soon as there is memory for it."""
    projection, dataset = opened(store, match)
    if dataset.manifest.dims["n_test"] == 0:
        raise HTTPException(404, "A poster must have at least one image. Got none.")
    form = Poster(match["layout"], int(match["size"]))
    display.wait_for_room(BYTES_A_PIXEL * form.size**2)
    file = io.BytesIO()
    picture = form.draw(thumbnails_of(dataset, "test"), projection.array("test"))
    picture.save(file, "JPEG", quality=QUALITY, subsampling=0)
    return file.getvalue(), "image/jpeg"
