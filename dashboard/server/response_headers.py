"""What every answer tells the browser: whose scripts to run, who may frame it, and to guess and to tell nothing.

A page may run the server's own scripts, and those written into it, which are named by their digests. Everything else
that is served is a file, and a browser that opens it as a page runs nothing of it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cache.commands import Command
from cache.errors import LazybonesError

VARIABLE = "LAZYBONES_FRAMED_BY"
"""Names the sites whose pages may show the dashboard in a frame."""
NOBODY_ELSE = "'self'"
POLICY = "content-security-policy"
FILE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",  # the browser's own, around an image or a text
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""Of a file that somebody opens as a page."""
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
)

_SITES = re.compile(r"\*|(?:https?://)?(?:\*\.)?[\w.-]+(?::(?:\d+|\*))?", re.ASCII)
_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def framed_by() -> str:
    """Give the sites whose pages may show the dashboard in a frame, as a browser wants them.

    Raises
    ------
    LazybonesError
        If the environment names something else.
    """
    said = os.environ.get(VARIABLE, "").split()
    wrong = next((site for site in said if not _SITES.fullmatch(site)), None)
    if wrong is not None:
        raise LazybonesError(
            f"{VARIABLE} must be addresses of sites, with spaces between them, or *. Got {wrong!r}.",
            remedy=Command(f'export {VARIABLE}="https://example.org"'),
        )
    return " ".join([NOBODY_ELSE, *said])


def page_policy(page: bytes, frames: str) -> str:
    """Say what a page of HTML may load and run.

    Parameters
    ----------
    page : bytes
        As it is sent: of the scripts written into it these very ones may run.
    frames : str
        Who may show it in a frame, as `framed_by` gives it.
    """
    digests = (base64.b64encode(hashlib.sha256(script).digest()) for script in _INLINE.findall(page))
    inline = " ".join(f"'sha256-{digest.decode()}'" for digest in digests)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: {inline}".rstrip(),  # blob: is how the framework runs a component's script
            "style-src 'self' 'unsafe-inline'",  # React and Plotly write styles while they draw
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {frames}",
        )
    )


class ResponseHeaders:
    """Give every answer the headers, and the policy of a file where it has none of its own.

    Parameters
    ----------
    app : ASGI application
        What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault(POLICY, FILE_POLICY)
                message = {**message, "headers": headers.raw}
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
