"""The whole map as one large picture, in the sizes that the map's page offers."""

from __future__ import annotations

import io
from collections.abc import Callable

from cache import Store
from dashboard.jobs import display
from dashboard.jobs.queue import JobQueue
from dashboard.server.routes.addresses import Match
from dashboard.server.routes.answers import Body, Refused, check
from dashboard.wording.numbers import thousands
from pipeline.api import Poster, Progress

QUALITY = 90
BYTES_A_PIXEL = 5
"""Of memory: four while it is drawn, and the file."""


def poster_files(drawing: JobQueue) -> Callable[[Store, Match], Body]:
    """Give what draws a poster: one at a time, since a large one takes a lot of memory, and once however many ask."""

    def poster(store: Store, match: Match) -> Body:
        projection = store.artefact("projection", match["projection"])
        dataset = store.artefact("dataset", match["dataset"])
        check(match, projection, dataset)
        if len(dataset.array("test_images")) == 0:
            raise Refused(404, "A poster needs at least one image. Got none.")
        form = Poster(match["layout"], int(match["size"]))

        def draw(progress: Progress) -> bytes:
            display.wait_for_room(BYTES_A_PIXEL * form.size**2)
            picture = form.draw(dataset.array("test_images"), projection.array("test"), progress)
            file = io.BytesIO()
            picture.save(file, "JPEG", quality=QUALITY, subsampling=0)
            return file.getvalue()

        key = (projection.key, dataset.key, form, match["digest"])
        return drawing.result(key, f"Poster of {thousands(form.size)} pixels", draw), "image/jpeg"

    return poster
