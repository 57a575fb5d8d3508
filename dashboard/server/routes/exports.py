"""Tables and archives of chosen images: a browser posts a bit a row, and gets a file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore

import numpy as np
from numpy.typing import NDArray
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from cache import Store
from dashboard.server.bodies import read_body
from dashboard.server.export_content import Export
from dashboard.server.routes.addresses import Match
from dashboard.server.routes.files import row_of_C
from dashboard.server.routes.responses import EXPECTED, Endpoint, opened
from dashboard.server.routes.threads import in_thread
from dashboard.wording.numbers import fixed, images, thousands

MOST_IMAGES = 50_000
MOST_BYTES = 1_000_000_000
"""Of uncompressed pixels in one archive."""

AT_ONCE = 2

_LOG = logging.getLogger(__name__)
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "zip": "application/zip"}


def export_endpoint(store: Callable[[], Store]) -> Endpoint:
    """Make the endpoint: the body is a bit a row, lowest bit first; the answer is written while it is sent."""
    slots = BoundedSemaphore(AT_ONCE)

    async def endpoint(request: Request, match: Match) -> Response:
        export = await in_thread(_export, store, match)
        size = -(-export.n // 8)
        rows = chosen_rows(await read_body(request, "The choice of rows", size, f"{size} bytes"), export.n)
        if match["ending"] == "zip":
            _check_size(export, len(rows))
        if not slots.acquire(blocking=False):
            raise HTTPException(
                503, f"Exports must be at most {AT_ONCE} at once. Got one more. Try: wait a minute."
            )
        try:
            pieces = export.table(rows) if match["ending"] == "csv" else export.archive(rows)
            return _Releasing(await in_thread(next, pieces), pieces, match["ending"], slots)
        except BaseException:
            slots.release()
            raise

    return endpoint


def chosen_rows(bits: bytes, n: int) -> NDArray[np.intp]:
    """Read a choice of rows.

    Parameters
    ----------
    bits : bytes
        A bit a row, lowest bit first, (n + 7) // 8 bytes.
    n : int
        Number of rows.

    Raises
    ------
    HTTPException
        If the length is another one, or a bit stands for no row.
    """
    size = -(-n // 8)
    if len(bits) != size:
        raise HTTPException(
            400,
            f"The choice of rows must have {size} bytes, a bit for each of {images(n)}. Got {len(bits)}.",
        )
    rows = np.flatnonzero(np.unpackbits(np.frombuffer(bits, dtype=np.uint8), bitorder="little"))
    if len(rows) and rows[-1] >= n:
        raise HTTPException(400, f"A row must be below {n}. Got {rows[-1]}.")
    return rows


def _export(store: Callable[[], Store], match: Match) -> Export:
    cache = store()
    first, projection = opened(cache, match)
    if "classifier" in match:
        dataset = cache.artefact("dataset", first.manifest.inputs["dataset"])
        export = Export(dataset, projection, first, row_of_C(first, match))
    else:
        export = Export(first, projection)
    lengths = {export.n, len(projection.rows("test"))}
    if export.classifier is not None:
        lengths.add(export.classifier.rows("margin").shape[1])
    if len(lengths) > 1:
        raise HTTPException(404, "All parts of an address must be of one run. Got two. Try: reload the page.")
    return export


def _check_size(export: Export, images: int) -> None:
    if images > MOST_IMAGES:
        raise HTTPException(
            413,
            f"An archive must have at most {thousands(MOST_IMAGES)} images. Got {thousands(images)}. Try: fewer.",
        )
    size = images * export.image_bytes
    if size > MOST_BYTES:
        raise HTTPException(
            413,
            f"An archive must have at most 1 GB of pixels. Got {fixed(size / 1e9, 1)} GB. Try: select fewer images.",
        )


class _BrokenOff(Exception):
    """End an answer that has begun: what is still to come cannot be read."""


def _until_damage(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    try:
        yield from pieces
    except EXPECTED as error:
        raise _BrokenOff from error


class _Releasing(StreamingResponse):
    """Send a file while it is written, and give the slot back however that ends.

    What cannot be read from the start on is told before (`export_endpoint`). Where that is met only on the way, the
    answer breaks off: the server closes the connection in the middle of it, so that nobody takes it for a whole file.
    """

    def __init__(self, first: bytes, pieces: Iterator[bytes], ending: str, slots: BoundedSemaphore) -> None:
        fields = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="images.{ending}"',
        }
        super().__init__(_until_damage(first, pieces), media_type=MEDIA_TYPES[ending], headers=fields)
        self.slots = slots

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except _BrokenOff as broken:
            _LOG.warning("An export broke off: %s", broken.__cause__)
        finally:
            self.slots.release()
