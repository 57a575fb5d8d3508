"""Pictures that visitors ask of: taken in one at a time, put into the queue, and told how far they are.

The body is one file; the answer a line of JSON for each look at the queue, and one at the end with what the run says.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from cache import LazybonesError, Store, StoreError
from cache.commands import Command
from dashboard.jobs import display
from dashboard.jobs.job import Job, JobState
from dashboard.jobs.permission import permission
from dashboard.jobs.visitor import Visitor, place_of
from dashboard.run.places import without_folders
from dashboard.server.bodies import check_origin, read_body
from dashboard.server.guests import Host, host_of
from dashboard.server.routes.addresses import Match
from dashboard.server.routes.files import row_of_C
from dashboard.server.routes.responses import Endpoint, opened
from dashboard.server.routes.threads import in_thread
from dashboard.wording.numbers import fixed
from pipeline.api import MOST_GUEST_BYTES, Progress

PATIENCE = 120.0
"""Seconds that a browser may take to send a file: a photograph from a phone is some megabytes."""
MOST_HELD = 3 * MOST_GUEST_BYTES
"""Bytes of files that are being sent or wait, of all visitors together."""
MOST_EACH = 2
"""Files of one address that are being sent or wait."""
LOOK = 0.5
"""Seconds between two lines."""
TYPE = "application/octet-stream"
LIMIT = f"at most {fixed(MOST_GUEST_BYTES / 1e6, 0)} MB"
_SESSION = re.compile(r"[0-9a-f]{0,32}")


class Desk:
    """Know how much of what visitors send is in memory, and take no more of it than may be."""

    def __init__(self) -> None:
        self.held = 0
        self.of: Counter[str] = Counter()

    @contextmanager
    def holding(self, size: int, address: str) -> Iterator[None]:
        """Keep room for a file while a block runs.

        Raises
        ------
        HTTPException
            503 if there is none now.
        """
        if self.held + size > MOST_HELD or self.of[address] >= MOST_EACH:
            raise HTTPException(
                503, "Pictures that wait must be few at one time. Got one more. Try: again in a few seconds."
            )
        self.held += size
        self.of[address] += 1
        try:
            yield
        finally:
            self.held -= size
            self.of[address] -= 1
            self.of += Counter()  # who has nothing here any more is forgotten


def guest_endpoint(store: Callable[[], Store]) -> Endpoint:
    """Make the endpoint of guests; ``?session=`` says which of a visitor's tabs asks."""
    desk = Desk()

    async def endpoint(request: Request, match: Match) -> Response:
        check_origin(request, "A picture", TYPE)
        size, visitor = _size(request), _visitor(request)
        permission().check(visitor)
        with ExitStack() as held:
            held.enter_context(desk.holding(size, visitor.address))
            host = await in_thread(_host, store(), match)
            content = await read_body(request, "A picture", size, LIMIT, PATIENCE)
            found: list[dict[str, Any]] = []
            key = ("guest", secrets.token_hex(8))
            job = display.queue().submit(key, f"A guest of {host.run}", _work(host, content, found), visitor)
            return _Releasing(_lines(job, visitor, found), held.pop_all())

    return endpoint


def _size(request: Request) -> int:
    """Give the length of the file that is announced.

    Raises
    ------
    HTTPException
        411 if none is, 413 if it is too long.
    """
    said = request.headers.get("content-length", "")
    if not said.isdecimal():
        raise HTTPException(411, "A picture must come with its length. Got none.")
    if int(said) > MOST_GUEST_BYTES:
        raise HTTPException(413, f"A picture must have {LIMIT}. Got {fixed(int(said) / 1e6, 0)} MB.")
    return int(said)


def _visitor(request: Request) -> Visitor:
    session = request.query_params.get("session", "")
    address = place_of(request.client.host if request.client is not None else None)
    return Visitor(session if _SESSION.fullmatch(session) else "", address)


def _host(store: Store, match: Match) -> Host:
    """Find the run that an address is about.

    Raises
    ------
    HTTPException
        422 if it can have no guests.
    """
    first, laid_out = opened(store, match)
    classifier = (first, row_of_C(first, match)) if "classifier" in match else None
    try:
        return host_of(store, laid_out, classifier)
    except StoreError:
        raise
    except LazybonesError as error:
        raise HTTPException(422, without_folders(error.message)) from error


def _work(host: Host, content: bytes, found: list[dict[str, Any]]) -> Callable[[Progress], None]:
    """Give what is to be done; the answer goes to who has asked, and is not kept with the job."""

    def work(progress: Progress) -> None:
        found.append(host.answer(content, progress))

    return work


async def _lines(job: Job, visitor: Visitor, found: list[dict[str, Any]]) -> AsyncGenerator[bytes]:
    """Say how far a guest is until it is answered; it is given up when nobody listens any more."""
    queue, ended = display.queue(), asyncio.ensure_future(job.ended())
    try:
        while not job.state.over:
            report = queue.report(job, visitor)
            state = {"ahead": report.ahead, "done": report.done, "total": report.total, "what": report.what}
            yield _line({"state": report.state.value, **state})
            await asyncio.wait([ended], timeout=LOOK)
        yield _line({"answer": found[0]} if found else {"error": _trouble(job)})
    finally:
        ended.cancel()
        if not job.state.over:
            queue.cancel(job, visitor)


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"


def _trouble(job: Job) -> str:
    """Say why there is no answer, with no path of the server."""
    error = job.error
    if job.state is JobState.CANCELLED:
        return "A picture must be waited for. Got a request to stop. Try: again."
    if isinstance(error, StoreError):
        return "What guests take must be whole in the cache. Got a damaged file. Try: reload the page."
    if not isinstance(error, LazybonesError):
        return "A picture must be one that can be asked of. Got an error, which the server's log has. Try: another."
    advice = "" if error.remedy is None or isinstance(error.remedy, Command) else f" Try: {error.remedy}."
    return without_folders(f"{error.message}{advice}")


class _Releasing(StreamingResponse):
    """Send lines while they come, and give back what is held however that ends."""

    def __init__(self, lines: AsyncGenerator[bytes], held: ExitStack) -> None:
        unbuffered = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would wait for the end
        super().__init__(lines, media_type="application/jsonl", headers=unbuffered)
        self.lines, self.held = lines, held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.held:
            try:
                await super().__call__(scope, receive, send)
            finally:
                await self.lines.aclose()
