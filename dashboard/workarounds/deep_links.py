"""Links to a page open without a detour: the browser is told where Streamlit's server and the map's modules are.

Needed for Streamlit 1.67. Opened at ``/errors``, its client first looks for the server below that address: without the
script in ``dashboard/ui/page/deep_links.js`` every shared link begins with two failed requests and a later start. It
may go when ``tests/browser/pages/test_pages.py``, which fails on any error in the console, passes without it; the
map's modules then come one level of imports after the other (``docs/decisions/0006-deep-links.md``).
"""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.server import ui_bundle
from dashboard.workarounds import history

SCRIPT = Path(__file__).parents[1] / "ui" / "page" / "deep_links.js"
VIEWS = Path(__file__).parents[1] / "views"
HEAD = b"<head>"
ENTRIES = (
    "map/entry.js",
    *(f"widgets/{name}.js" for name in ("choices", "class_table", "gallery", "history_table")),
)
"""The components whose modules browsers fetch early, the most wanted first."""


def page_names() -> list[str]:
    """List the pages' names, without importing them."""
    names = (module.name for module in pkgutil.iter_modules([str(VIEWS)]))
    return sorted(name for name in names if not name.startswith("_"))


def script_tag(pages: Sequence[str]) -> bytes:
    """Give the HTML elements that hold the script, and those that mind the browser's history."""
    modules = dict.fromkeys(module for entry in ENTRIES for module in ui_bundle.modules(entry))
    addresses = " ".join(f"lazybones/ui/{ui_bundle.version()}/{module}" for module in modules)
    data = f'data-pages="{" ".join(pages)}" data-modules="{addresses}"'
    own, *others = (path.read_text(encoding="utf-8") for path in (SCRIPT, *history.SCRIPTS))
    return f"<script {data}>{own}</script><script>{''.join(others)}</script>".encode()


class DeepLinks:
    """Put the script at the top of every HTML page the server sends.

    Parameters
    ----------
    app : ASGI application
        What serves the pages.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.tag = script_tag(page_names())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        await self.app(_unconditional(scope), receive, _Inserting(send, self.tag))


def _unconditional(scope: Scope) -> Scope:
    """Ask for the whole page, uncompressed: it is about to be changed, and is small."""
    dropped = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
    return {**scope, "headers": [item for item in scope["headers"] if item[0] not in dropped]}


class _Inserting:
    """Send a response on; a page of HTML is collected first, and gets the script."""

    def __init__(self, send: Send, tag: bytes) -> None:
        self.send = send
        self.tag = tag
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self.start = message
        elif message["type"] == "http.response.body" and self.start is not None:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self.start)
        else:
            await self.send(message)

    async def _finish(self, start: Message) -> None:
        body = self.body.replace(HEAD, HEAD + self.tag, 1)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-length"] = str(len(body))
        del headers["etag"]
        del headers["last-modified"]
        await self.send({**start, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": body})


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return start["status"] == 200 and headers.get("content-type", "").startswith("text/html")
