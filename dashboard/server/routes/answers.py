"""How the map's files are answered: cached for ever, compressed once, and refused in a short sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from cache import Store
from cache.artefact import Artefact
from cache.errors import ArtefactMissing, LazybonesError
from dashboard.server.columns import digest
from dashboard.server.routes.addresses import ROOT, Kind, Match
from dashboard.server.routes.compression import Compressor
from dashboard.server.tickets import PARAMETER, PERIOD, admits, sign_in_configured

Body = tuple[bytes, str]
"""Content and media type."""


class Refused(Exception):
    """Raise to answer with a status and a short sentence."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


EXPECTED = (Refused, LazybonesError, ValueError, OSError)
"""What an endpoint may raise."""


def file_endpoint(
    kind: Kind,
    body: Callable[[Store, Match], Body],
    store: Callable[[], Store],
    compressor: Compressor,
) -> Callable[[Request], Response]:
    """Make the endpoint of one kind of file, whose content follows from its address alone.

    Parameters
    ----------
    kind : Kind
        The kind's addresses.
    body : callable
        Gives content and media type of an address; raises what `cache.Artefact` raises.
    store : callable
        Gives the store.
    compressor : Compressor
        Keeps compressed contents.
    """

    def endpoint(request: Request) -> Response:
        match = admitted(kind, request)
        tag = f'W/"{match["digest"]}"'
        if is_known(request, tag):
            return Response(status_code=304, headers=headers(tag))
        content, media_type = body(store(), match)
        return compressor.answer(request, content, media_type, headers(tag))

    return guarded(endpoint)


def guarded(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Turn what an endpoint raises into a short answer that names the remedy, and no path of the server."""

    def safe(request: Request) -> Response:
        try:
            return endpoint(request)
        except EXPECTED as error:
            return apology(request, error)

    return safe


def apology(request: Request, error: Exception) -> Response:
    """Say what went wrong, in a short sentence without a path of the server."""
    if isinstance(error, Refused):
        return refusal(error.status, error.words)
    if isinstance(error, ArtefactMissing):
        return refusal(404, "The cache has no such file. Reload the page.")
    logging.getLogger(__name__).warning("Could not serve %s: %s", request.url.path, error)
    return refusal(500, "A file of the cache is damaged. Run: python -m pipeline verify")


def admitted(kind: Kind, request: Request) -> Match:
    """Read the address that a request asks for.

    Raises
    ------
    Refused
        404 if there is no such address, 403 if its ticket is missing or bad.
    """
    name = request.path_params["name"]
    match = kind.match(name)
    if match is None:
        raise Refused(404, "There is no such file.")
    if not admits(f"{ROOT}/{kind.name}/{name}", request.query_params.get(PARAMETER)):
        raise Refused(403, "Sign in, then reload the page.")
    return match


def check(match: Match, *artefacts: Artefact) -> None:
    """Check that an address is that of the artefacts' present content.

    Raises
    ------
    ArtefactMissing
        If its digest is another one.
    """
    if match["digest"] != digest(*(artefact.digest for artefact in artefacts)):
        raise ArtefactMissing("The digest must be the artefact's. Got another one.")


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
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def refusal(status: int, text: str) -> Response:
    """Answer with a short sentence that nobody keeps."""
    return PlainTextResponse(text, status, headers={"Cache-Control": "no-store"})
