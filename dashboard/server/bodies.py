"""What a browser sends along with a request: whose it is, and no more of it than may be."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

PATIENCE = 30.0
"""Seconds that a browser may take to send what it has to say."""


def check_origin(request: Request, what: str, media_type: str) -> None:
    """Refuse what another site has the browser send.

    Parameters
    ----------
    request : Request
        What was asked.
    what : str
        What is sent, as a sentence begins: "A judgement".
    media_type : str
        What it must be called: one that other sites cannot send unasked.

    Raises
    ------
    HTTPException
        403 if it comes from another origin; 415 if it is of another type.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = (
        site in ("same-origin", "none")
        if site
        else not origin or urlsplit(origin).netloc == request.headers.get("host")
    )
    if not own:
        raise HTTPException(403, f"{what} must come from the dashboard's own page. Got another site's.")
    if request.headers.get("content-type", "").partition(";")[0].strip() != media_type:
        raise HTTPException(415, f"{what} must be sent as {media_type}. Got another type.")


async def read_body(request: Request, what: str, most: int, size: str, patience: float = PATIENCE) -> bytes:
    """Read a body, and no more than is needed to see that it is too long.

    Parameters
    ----------
    request : Request
        What was asked.
    what : str
        What is sent, as a sentence begins.
    most : int
        Bytes that it may have.
    size : str
        What is said of how large it must be: "at most 4 MB".
    patience : float
        Seconds in which it must come.

    Raises
    ------
    HTTPException
        413 if it is too long, 408 if it takes too long.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(patience):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise HTTPException(413, f"{what} must have {size}. Got more.")
    except TimeoutError:
        raise HTTPException(
            408, f"{what} must come within {patience:.0f} s. Got a part. Try: again."
        ) from None
    return bytes(body)
