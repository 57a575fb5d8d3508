"""What is asked for a row at a time: the nearest images of one image, and what the table says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cache import Store
from cache.artefact import Artefact
from dashboard.run.table import said_of
from dashboard.server.routes.addresses import Match
from dashboard.server.routes.responses import Endpoint, headers, is_known, opened
from dashboard.server.routes.threads import in_thread

_ROW = re.compile(r"0|[1-9][0-9]{0,8}")

Answer = Callable[[Artefact, int], Any]
"""Gives what is known of a test image, as JSON."""


def row_endpoint(store: Callable[[], Store], size: Callable[[Artefact], int], answer: Answer) -> Endpoint:
    """Make an endpoint that is asked with ``?row=17``.

    Parameters
    ----------
    store : callable
        Gives the store.
    size : callable
        Counts the rows of an artefact.
    answer : callable
        Gives the answer.
    """

    def found(match: Match, row: int) -> Any:
        (artefact,) = opened(store(), match)
        if row >= size(artefact):
            raise HTTPException(404, f"row must be below {size(artefact)}. Got {row}.")
        return answer(artefact, row)

    async def endpoint(request: Request, match: Match) -> Response:
        row = asked_row(request)
        tag = f'W/"{match["digest"]}.{row}"'
        if is_known(request, tag):
            return Response(status_code=304, headers=headers(tag))
        content = json.dumps(await in_thread(found, match, row))
        return Response(content, media_type="application/json", headers=headers(tag))

    return endpoint


def asked_row(request: Request) -> int:
    """Read ``?row=17``.

    Raises
    ------
    HTTPException
        400 if it is no whole number from 0.
    """
    row = request.query_params.get("row", "")
    if not _ROW.fullmatch(row):
        raise HTTPException(400, f"row must be a whole number from 0. Got {row[:20]!r}.")
    return int(row)


def neighbours_endpoint(store: Callable[[], Store]) -> Endpoint:
    """Make the endpoint of the nearest images: rows of the test split, nearest first, and their distances."""

    def nearest(artefact: Artefact, row: int) -> dict[str, list[float]]:
        arrays = {"rows": "indices", "distances": "distances"}
        return {name: artefact.rows(array)[row].tolist() for name, array in arrays.items()}

    return row_endpoint(store, lambda artefact: len(artefact.rows("indices")), nearest)


def table_row_endpoint(store: Callable[[], Store]) -> Endpoint:
    """Make the endpoint of what the table says of an image: a text a column."""
    return row_endpoint(
        store,
        lambda dataset: dataset.manifest.dims["n_test"],
        lambda dataset, row: [words for _, words in said_of(dataset, row)],
    )
