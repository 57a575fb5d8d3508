"""A web server on this machine that knows Range, and how to misbehave."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """What the server serves, how, and what it was asked.

    Attributes
    ----------
    content : bytes
        Of the one file, at any path.
    cut : int, optional
        Close each connection after so many bytes of body.
    ranges : bool
        Go on from the middle if asked to.
    status : int, optional
        Answer with this error.
    redirect : str, optional
        Send elsewhere.
    page : bool
        Say that it is HTML, and not how long it is.
    asked : list of str or None
        Range header of each request so far.
    """

    content: bytes
    cut: int | None = None
    ranges: bool = True
    status: int | None = None
    redirect: str | None = None
    page: bool = False
    asked: list[str | None] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve a site on a free port of 127.0.0.1; fills in ``site.url``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    site.url = f"http://127.0.0.1:{server.server_port}/file"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            site.asked.append(asked)
            if site.status or site.redirect:
                self.send_response(site.status or 302)
                self.send_header("Location", site.redirect or "")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1]) if asked and site.ranges else 0
            self.send_response(206 if start else 200)
            if start:
                size = len(site.content)
                self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
            body = site.content[start:]
            if site.page:
                self.send_header("Content-Type", "text/html; charset=utf-8")
            else:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: site.cut])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
