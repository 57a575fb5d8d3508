"""The nearest images of one image, asked for a row at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from cache import Store
from dashboard.server.routes.addresses import NEIGHBOURS
from dashboard.server.routes.answers import Refused, admitted, check, guarded, headers, is_known

_ROW = re.compile(r"0|[1-9][0-9]{0,8}")


def neighbours_endpoint(store: Callable[[], Store]) -> Callable[[Request], Response]:
    """Make the endpoint: ``?row=17`` gives rows of the test split, nearest first, and their distances."""

    def endpoint(request: Request) -> Response:
        match = admitted(NEIGHBOURS, request)
        row = request.query_params.get("row", "")
        if not _ROW.fullmatch(row):
            raise Refused(400, f"row must be a whole number from 0. Got {row[:20]!r}.")
        tag = f'W/"{match["digest"]}.{row}"'
        if is_known(request, tag):
            return Response(status_code=304, headers=headers(tag))
        artefact = store().artefact("neighbours", match["neighbours"])
        check(match, artefact)
        indices, distances = artefact.array("indices"), artefact.array("distances")
        if int(row) >= len(indices):
            raise Refused(404, f"row must be below {len(indices)}. Got {row}.")
        answer = {"rows": indices[int(row)].tolist(), "distances": [float(d) for d in distances[int(row)]]}
        return Response(json.dumps(answer), media_type="application/json", headers=headers(tag))

    return guarded(endpoint)
