"""The whole map as one large picture, in the sizes that the map's page offers."""

from __future__ import annotations

import io

from starlette.exceptions import HTTPException

from cache import Store
from dashboard.jobs import display
from dashboard.jobs.job import QueueFull
from dashboard.server.routes.addresses import Match
from dashboard.server.routes.responses import Body, opened
from dashboard.wording.numbers import thousands
from pipeline.api import Poster, thumbnails_of

QUALITY = 90
BYTES_A_PIXEL = 5
"""Of memory: four while it is drawn, and the file."""
PATIENCE = 60.0
"""Seconds in which there must be room: others wait for theirs."""


def poster(store: Store, match: Match) -> Body:
    """Draw a poster, as soon as there is memory for it."""
    projection, dataset = opened(store, match)
    if dataset.manifest.dims["n_test"] == 0:
        raise HTTPException(404, "A poster must have at least one image. Got none.")
    form = Poster(match["layout"], int(match["size"]))
    size = BYTES_A_PIXEL * form.size**2
    if not display.wait_for_room(size, PATIENCE):
        raise QueueFull(
            f"Memory for a poster must be {thousands(size / 1e6)} MB. Got less while another computation is under way. "
            "Please ask again in a few minutes."
        )
    file = io.BytesIO()
    picture = form.draw(thumbnails_of(dataset, "test"), projection.array("test"))
    picture.save(file, "JPEG", quality=QUALITY, subsampling=0)
    return file.getvalue(), "image/jpeg"
