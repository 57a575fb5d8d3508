"""The whole map as one large picture, in the sizes that the map's page offers."""

from __future__ import annotations

import io
from collections.abc import Callable
from threading import BoundedSemaphore

from cache import Store
from cache.artefact import Artefact
from dashboard.jobs import display
from dashboard.server.routes.addresses import Match
from dashboard.server.routes.answers import Body, Refused, check
from dashboard.server.routes.single_flight import Once
from pipeline.api import Poster

QUALITY = 90
BYTES_A_PIXEL = 5
"""Of memory: four while it is drawn, and the file."""


def poster_files(once: Once) -> Callable[[Store, Match], Body]:
    """Give what draws a poster: one at a time, since a large one takes a lot of memory, and once however many ask."""
    drawing = BoundedSemaphore(1)

    def poster(store: Store, match: Match) -> Body:
        projection = store.artefact("projection", match["projection"])
        dataset = store.artefact("dataset", match["dataset"])
        check(match, projection, dataset)
        if len(dataset.array("test_images")) == 0:
            raise Refused(404, "A poster needs at least one image. Got none.")
        form = Poster(match["layout"], int(match["size"]))
        name = f"{projection.key}.{dataset.key}.{form.layout}.{form.size}.{match['digest']}"

        def draw() -> bytes:
            with drawing:
                display.wait_for_room(BYTES_A_PIXEL * form.size**2)
                return _drawn(form, dataset, projection)

        return once.get(name, draw), "image/jpeg"

    return poster


def _drawn(form: Poster, dataset: Artefact, projection: Artefact) -> bytes:
    picture = form.draw(dataset.array("test_images"), projection.array("test"))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=QUALITY, subsampling=0)
    return file.getvalue()
