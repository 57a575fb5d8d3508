"""The nearest images of one image, asked for a row at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cache import Store
from dashboard.server.routes.addresses import Match
from dashboard.server.routes.responses import Endpoint, headers, is_known, opened

_ROW = re.compile(r"0|[1-9][0-9]{0,8}")


def neighbours_endpoint(store: Callable[[], Store]) -> Endpoint:
    """Make the endpoint: ``?row=17`` gives rows of the test split, nearest first, and their distances."""

    async def endpoint(request: Request, match: Match) -> Response:
        row = request.query_params.get("row", "")
        if not _ROW.fullmatch(row):
            raise HTTPException(400, f"row must be a whole number from 0. Got {row[:20]!r}.")
        tag = f'W/"{match["digest"]}.{row}"'
        if is_known(request, tag):
            return Response(status_code=304, headers=headers(tag))
        found = await run_in_threadpool(_nearest, store, match, int(row))
        return Response(json.dumps(found), media_type="application/json", headers=headers(tag))

    return endpoint


def _nearest(store: Callable[[], Store], match: Match, row: int) -> dict[str, list[float]]:
    (artefact,) = opened(store(), match)
    indices, distances = artefact.array("indices"), artefact.array("distances")
    if row >= len(indices):
        raise HTTPException(404, f"row must be below {len(indices)}. Got {row}.")
    return {"rows": indices[row].tolist(), "distances": distances[row].tolist()}
