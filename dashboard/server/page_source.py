"""What every page of HTML gets on its way to the browser: scripts at its top, and the style sheet at its end.

So the first thing that is painted has its final place and colours, and no session's script sends a style sheet.
At the end, because Streamlit adds its own styles to the head while it runs: of two rules alike the later one wins.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache, partial
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.server.response_headers import POLICY

HEAD, END = b"<head>", b"</body>"
MISSING = "missing"
"""Query parameter of the first page that names the page which somebody asked for and there is not."""
FORMS = 8
"""Forms of the page that are kept: one for each depth of an address."""
LONGEST = 100
"""Letters of it that are kept."""


class PageSource:
    """Put something at the top and at the end of every HTML page the server sends.

    Parameters
    ----------
    app : ASGI application
        What serves the pages.
    top : callable
        Gives what comes first in the head, from how many folders the page's address is below the server's.
    end : bytes
        What comes last in the body.
    pages : collection of str
        The names of pages; whoever asks for another is sent to the first page, which says so.
    start : str
        The name of the first page, whose address has none: whoever types it is sent there.
    base : str
        The folder that the server is in, as its configuration has it.
    policy : callable
        Gives the content security policy of a page as it is sent.
    """

    def __init__(
        self,
        app: ASGIApp,
        top: Callable[[int], bytes],
        end: bytes,
        pages: Collection[str],
        *,
        start: str = "",
        base: str = "",
        policy: Callable[[bytes], str],
    ) -> None:
        self.app, self.policy = app, policy
        self.top, self.end, self.pages, self.start = top, end, pages, start
        self.base = f"/{base.strip('/')}".rstrip("/")
        self._finished = lru_cache(maxsize=FORMS)(self._written)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        path = str(scope["path"]).removeprefix(self.base)
        names = [name for name in path.split("/") if name]
        is_start = names == [self.start]
        if is_start or len(names) > 1 or (names and names[0] not in self.pages):
            root = "../" * (path.count("/") - 1) or "./"
            missing = "" if is_start else f"{MISSING}={quote('/'.join(names)[:LONGEST], safe='')}"
            query = "&".join(filter(None, (missing, bytes(scope["query_string"]).decode("latin-1"))))
            await self.app(scope, receive, _Sending(send, f"{root}?{query}" if query else root))
        else:
            finish = partial(self._finished, self.top(len(names)))
            await self.app(_unconditional(scope), receive, _Inserting(send, finish))

    def _written(self, top: bytes, body: bytes) -> tuple[bytes, str]:
        """Give a page as it is sent, and its policy."""
        body = body.replace(HEAD, HEAD + top, 1)
        before, found, after = body.rpartition(END)
        body = before + self.end + found + after if found else body
        return body, self.policy(body)


def _unconditional(scope: Scope) -> Scope:
    """Ask for the whole page, uncompressed: it is about to be changed, and is small."""
    dropped = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
    return {**scope, "headers": [item for item in scope["headers"] if item[0] not in dropped]}


class _Sending:
    """Send whoever would get a page of HTML to another address; everything else passes."""

    def __init__(self, send: Send, address: str) -> None:
        self.send = send
        self.address = address
        self.sent = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self.sent = True
            headers = [(b"location", self.address.encode("latin-1", "replace")), (b"content-length", b"0")]
            await self.send({"type": "http.response.start", "status": 307, "headers": headers})
            await self.send({"type": "http.response.body", "body": b""})
        elif not self.sent:
            await self.send(message)


class _Inserting:
    """Send a response on; a page of HTML is collected first, and gets what belongs to it."""

    def __init__(self, send: Send, finish: Callable[[bytes], tuple[bytes, str]]) -> None:
        self.send, self.finish = send, finish
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
        body, policy = self.finish(self.body)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-length"] = str(len(body))
        headers[POLICY] = policy
        del headers["etag"]
        del headers["last-modified"]
        await self.send({**start, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": body})


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return start["status"] == 200 and headers.get("content-type", "").startswith("text/html")
