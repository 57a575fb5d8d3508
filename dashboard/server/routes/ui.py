"""The components' modules and style sheets."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from dashboard.server import ui_bundle
from dashboard.server.routes.compression import Compressor
from dashboard.server.routes.responses import headers, is_known, refusal

_NAME = re.compile(r"[a-z_]{1,31}/[a-z][a-z0-9_]{0,31}\.(?:js|css)")


def ui_endpoint(compressor: Compressor) -> Callable[[Request], Response]:
    """Make the endpoint of the UI as it was when the process started, so that a page never mixes two versions."""

    def endpoint(request: Request) -> Response:
        version, name = request.path_params["version"], request.path_params["name"]
        files = ui_bundle.contents()
        if version != ui_bundle.version() or not _NAME.fullmatch(name) or name not in files:
            return refusal(404, "The dashboard was updated. Reload the page.")
        tag = f'W/"{version}"'
        if is_known(request, tag):
            return Response(status_code=304, headers=headers(tag, public=True))
        media_type = "text/css" if name.endswith(".css") else "text/javascript"
        return compressor.answer(request, files[name], media_type, headers(tag, public=True))

    return endpoint
