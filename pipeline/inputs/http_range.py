"""Receive the rest of a file over HTTP."""

from __future__ import annotations

import http.client
import urllib.request
from pathlib import Path
from typing import IO

from pipeline.compute.progress import Progress
from pipeline.errors import DownloadError

CHUNK = 1 << 20
TIMEOUT = 30  # seconds without a byte


def receive(url: str, size: int, part: Path, progress: Progress) -> None:
    """Append to a part file what it lacks, until it is complete or the connection ends.

    Parameters
    ----------
    url : str
        http or https.
    size : int
        Length of the whole file in bytes.
    part : Path
        What has been received so far; begun anew if the server cannot go on from there.
    progress : Progress
        Told the bytes done.

    Raises
    ------
    DownloadError
        If the server has a file of another length.
    OSError, http.client.HTTPException
        If the network fails.
    """
    start = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={start}-"} if start else {}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the opener knows http(s) only
    with _opener().open(request, timeout=TIMEOUT) as response:
        if response.status != http.client.PARTIAL_CONTENT:
            start = 0
        _check_length(response, start, size, url)
        with part.open("ab") as file:
            file.truncate(start)
            _copy(response, file, start, size, progress)


def _copy(
    response: http.client.HTTPResponse, file: IO[bytes], done: int, size: int, progress: Progress
) -> None:
    """Write a response's body to a file, up to ``size`` bytes in all."""
    progress(done, size, "bytes")
    while done < size and (chunk := response.read1(min(CHUNK, size - done))):
        file.write(chunk)
        done += len(chunk)
        progress(done, size, "bytes")


def _check_length(response: http.client.HTTPResponse, start: int, size: int, url: str) -> None:
    """Check that a response goes on from ``start`` and ends at ``size``, as far as it says."""
    if response.status == http.client.PARTIAL_CONTENT:
        said = response.headers.get("Content-Range", "")
        expected = f"bytes {start}-{size - 1}/{size}"
    else:
        said = response.headers.get("Content-Length", str(size))
        expected = str(size)
    if said != expected:
        raise DownloadError(f"{url} must send {expected}. Got {said!r}: it is not the published file.")


def _opener() -> urllib.request.OpenerDirector:
    """Give an opener for http and https only: no redirection leads to ``file:`` or ``ftp:``."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
        urllib.request.UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener
