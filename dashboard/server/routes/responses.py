"""How the map's files are answered: cached for ever, compressed once, and refused in a short sentence."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from cache import Store
from cache.artefact import Artefact
from cache.commands import command
from cache.errors import ArtefactMissing, LazybonesError
from dashboard.jobs.job import QueueFull
from dashboard.jobs.permission import Refused
from dashboard.server.columns import digest
from dashboard.server.routes.addresses import ROOT, STAGES, Kind, Match
from dashboard.server.routes.compression import Compressor
from dashboard.server.routes.threads import in_thread
from dashboard.server.tickets import PARAMETER, PERIOD, admits, sign_in_configured

Body = tuple[bytes, str]
"""Content and media type."""

FileBody = Callable[[Store, Match], Body]
"""Gives the body of the file at an address; raises what `cache.Artefact` raises."""

Maker = Callable[[Request, Match], Awaitable[Body]]
"""Gives the body of the file that a request asks for."""

Endpoint = Callable[[Request, Match], Awaitable[Response]]
"""Answers a request for an address; what takes a while must be done on another thread."""


EXPECTED = (HTTPException, LazybonesError, ValueError, OSError)
"""What an endpoint may raise."""


AGAIN = 10
"""Seconds after which it makes sense to ask again for what could not be had now."""


def at_once(body: FileBody, store: Callable[[], Store]) -> Maker:
    """Make files that are quickly made, for each request anew."""

    async def made(_: Request, match: Match) -> Body:
        return await in_thread(lambda: body(store(), match))

    return made


def file_endpoint(made: Maker, compressor: Compressor) -> Endpoint:
    """Make the endpoint of one kind of file, whose content follows from its address alone.

    Parameters
    ----------
    made : callable
        Gives content and media type.
    compressor : Compressor
        Keeps compressed contents.
    """

    async def endpoint(request: Request, match: Match) -> Response:
        tag = f'W/"{match["digest"]}"'
        if is_known(request, tag):
            return Response(status_code=304, headers=headers(tag))
        return await in_thread(compressor.answer, request, *await made(request, match), headers(tag))

    return endpoint


def guarded(kind: Kind, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """Answer requests for one kind of file only, and what goes wrong with a short sentence.

    Parameters
    ----------
    kind : Kind
        The kind's addresses.
    endpoint : callable
        Answers a request for an address; it may raise what is in ``EXPECTED``.
    """

    async def safe(request: Request) -> Response:
        try:
            return await endpoint(request, admitted(kind, request))
        except EXPECTED as error:
            return apology(request, error)

    return safe


def apology(request: Request, error: Exception) -> Response:
    """Say what went wrong, in a short sentence that names the remedy, and no path of the server."""
    if isinstance(error, HTTPException):
        return refusal(error.status_code, error.detail, AGAIN if error.status_code == 503 else 0)
    if isinstance(error, Refused):
        return refusal(429 if error.again else 403, error.message, error.again)
    if isinstance(error, QueueFull):
        return refusal(503, error.message, AGAIN)
    if isinstance(error, ArtefactMissing):
        return refusal(404, "The cache has no such file. Reload the page.")
    logging.getLogger(__name__).warning("Could not serve %s: %s", request.url.path, error)
    return refusal(500, f"A file of the cache is damaged. Run: {command('verify')}")


def admitted(kind: Kind, request: Request) -> Match:
    """Read the address that a request asks for.

    Raises
    ------
    HTTPException
        404 if there is no such address, 403 if its ticket is missing or bad.
    """
    name = request.path_params["name"]
    match = kind.match(name)
    if match is None:
        raise HTTPException(404, "The address must be that of a file. Got another. Try: reload the page.")
    if not admits(f"{ROOT}/{kind.name}/{name}", request.query_params.get(PARAMETER)):
        raise HTTPException(
            403,
            "You must be signed in. Got no valid ticket. Try: sign in, then reload the page.",
        )
    return match


def opened(store: Store, match: Match) -> list[Artefact]:
    """Open the artefacts that an address names, in its order.

    Raises
    ------
    ArtefactMissing
        If one is not there, or the address's digest is not that of their present content.
    """
    artefacts = [store.artefact(STAGES[part], key) for part, key in match.items() if part in STAGES]
    if match["digest"] != digest(*(artefact.digest for artefact in artefacts)):
        raise ArtefactMissing("The digest must be the artefact's. Got another one.")
    return artefacts


def is_known(request: Request, tag: str) -> bool:
    """Tell whether the browser has the content already."""
    return tag in request.headers.get("if-none-match", "").split(", ")


def headers(tag: str, *, public: bool = False) -> dict[str, str]:
    """Give the headers of a file: for ever where the page is public, else for as long as a ticket.

    Parameters
    ----------
    tag : str
        A weak validator: the same content may come compressed or not.
    public : bool
        Whether the file is open to all even where sign-in is configured.
    """
    open_to_all = public or not sign_in_configured()
    return {
        "Cache-Control": "public, max-age=31536000, immutable"
        if open_to_all
        else f"private, max-age={PERIOD}",
        "ETag": tag,
    }


def refusal(status: int, text: str, again: float = 0.0) -> Response:
    """Answer with a short sentence that nobody keeps, and after how many seconds to ask again, if there is a time."""
    later = {"Retry-After": str(math.ceil(again))} if again else {}
    return PlainTextResponse(text, status, headers={"Cache-Control": "no-store"} | later)
