"""Download large files so that an interruption costs nothing and a wrong byte is noticed.

In pooch's spirit: what must be done is one pure function, doing it another; the bytes go to a ``.part``
file beside the target and move into place once their checksum is right. Unlike pooch, it resumes: see
``docs/decisions/0003-downloads.md``.
"""

from __future__ import annotations

import http.client
import os
import shlex
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from cache.commands import Again, Command, own_folder
from cache.disk import write_errors
from cache.locks import locked
from pipeline.compute.progress import Progress, silent, waiting_on
from pipeline.errors import DownloadError
from pipeline.inputs.files import file_digest

OFFLINE = "LAZYBONES_OFFLINE"
"""Names a process that downloads nothing: one that answers strangers."""
ATTEMPTS = 5
CHUNK = 1 << 20
TIMEOUT = 30  # seconds without a byte

OWN_DOWNLOADS = Command(f"export LAZYBONES_DOWNLOADS={shlex.quote(str(own_folder('lazybones-downloads')))}")

Action = Literal["use", "verify", "resume", "download"]


@dataclass(frozen=True)
class Remote:
    """Describe a file that somebody publishes.

    Attributes
    ----------
    url : str
        Where it is: http or https.
    name : str
        What to call it here.
    size : int
        Its length in bytes.
    digest : str
        Its checksum, in hexadecimal.
    algorithm : str
        Of the checksum: ``"sha256"``, or ``"md5"`` where the publisher gives no other.
    option : str
        The command-line option that takes a copy of the file instead, for error messages.
    """

    url: str
    name: str
    size: int
    digest: str
    algorithm: str
    option: str

    @property
    def by_hand(self) -> str:
        """Say how to have the file without downloading it here, where the network gives something else."""
        return (
            f"open {self.url} in a browser, then type the same command with {self.option} and the saved file"
        )


def downloads_folder() -> Path:
    """Give the folder of downloaded files: ``$LAZYBONES_DOWNLOADS``, else ``~/.cache/lazybones``."""
    chosen = os.environ.get("LAZYBONES_DOWNLOADS")
    if chosen:
        return Path(chosen)
    try:
        return Path.home() / ".cache" / "lazybones"
    except RuntimeError as problem:
        raise DownloadError(
            "Without a home directory, LAZYBONES_DOWNLOADS must be the folder of downloads. Got none.",
            remedy=OWN_DOWNLOADS,
        ) from problem


def choose_action(size: int, target_size: int | None, part_size: int | None) -> Action:
    """Decide what must be done to have a file.

    Parameters
    ----------
    size : int
        The published file's length in bytes.
    target_size, part_size : int or None
        Length of what is at the target and in its ``.part`` file; None if there is no such file.

    Returns
    -------
    str
        ``"use"`` the target, ``"verify"`` a complete part, ``"resume"`` a part, or ``"download"``.
    """
    if target_size == size:
        return "use"
    if part_size is None or part_size == 0 or part_size > size:
        return "download"
    return "verify" if part_size == size else "resume"


def fetch(remote: Remote, folder: Path, progress: Progress = silent) -> Path:
    """Give the path of a published file, downloading what is missing of it.

    Parameters
    ----------
    remote : Remote
        The file.
    folder : Path
        Where it is kept; made if absent.
    progress : Progress, optional
        Told the bytes done. It may raise `Cancelled`: the part stays, and the next call resumes.

    Returns
    -------
    Path
        The complete file, its checksum verified.

    Raises
    ------
    DownloadError
        If the network fails repeatedly (the part stays), if the file is not the published one, or if nothing is to be
        downloaded here.
    StoreError
        If the folder cannot be written.
    """
    target, part = folder / remote.name, folder / f"{remote.name}.part"
    with write_errors(folder, OWN_DOWNLOADS), locked(folder / f"{remote.name}.lock", waiting_on(progress)):
        action = choose_action(remote.size, _size(target), _size(part))
        if action == "use":
            _verify(target, remote)
            return target
        if action != "verify":
            _check_online(remote)
        if action == "download":
            part.unlink(missing_ok=True)
        if action != "verify":
            _receive_stubbornly(remote, part, progress)
        _verify(part, remote)
        part.replace(target)
    return target


def _check_online(remote: Remote) -> None:
    """Refuse to download in a process that must not: ``LAZYBONES_OFFLINE``."""
    if os.environ.get(OFFLINE):
        raise DownloadError(
            f"{remote.name} must be downloaded before it is asked for here. Got no copy of it.",
            remedy="the command that made the run, again, on this machine",
        )


def _size(path: Path) -> int | None:
    """Give a file's length in bytes, or None if there is no such file."""
    return path.stat().st_size if path.is_file() else None


def _verify(path: Path, remote: Remote) -> None:
    """Check the content of a complete file; remove it if it is wrong, so that the next try starts afresh."""
    found = file_digest(path, remote.algorithm)
    if found == remote.digest:
        return
    path.unlink()
    raise DownloadError(
        f"{path} must have {remote.algorithm.upper()} {remote.digest}. Got {found}. It was removed. "
        f"If it is so again: {remote.by_hand}.",
        remedy=Again(),
    )


def _receive_stubbornly(remote: Remote, part: Path, progress: Progress) -> None:
    """Receive until the part is complete; give up after a few attempts in a row that bring nothing."""
    failures = 0
    while True:
        before = _size(part) or 0
        problem = _attempt(remote, part, progress)
        after = _size(part) or 0
        if after == remote.size:
            return
        failures = failures + 1 if after <= before else 0
        if failures == ATTEMPTS or isinstance(problem, urllib.error.HTTPError):
            raise DownloadError(
                f"{remote.url} must give {remote.size:,} bytes. Got {after:,}, then: {problem}. "
                f"The next attempt goes on from {part}. Without a network: {remote.by_hand}.",
                remedy=Again(),
            )


def _attempt(remote: Remote, part: Path, progress: Progress) -> Exception:
    """Append to a part file as much as one connection gives, and give the problem that ended it.

    The part is begun anew if the server cannot go on from there.

    Raises
    ------
    DownloadError
        If the server has a file of another length.
    """
    start = _size(part) or 0
    headers = {"Range": f"bytes={start}-"} if start else {}
    request = urllib.request.Request(remote.url, headers=headers)  # noqa: S310 - the opener knows http(s) only
    try:
        with _opener().open(request, timeout=TIMEOUT) as response:
            if response.status != http.client.PARTIAL_CONTENT:
                start = 0
            _check_length(response, start, remote)
            with part.open("ab") as file:
                file.truncate(start)
                _copy(response, file, start, remote.size, progress)
    except (OSError, http.client.HTTPException) as problem:
        return problem
    return ConnectionError("the connection closed")


def _copy(
    response: http.client.HTTPResponse, file: IO[bytes], done: int, size: int, progress: Progress
) -> None:
    """Write a response's body to a file, up to ``size`` bytes in all."""
    progress(done, size, "bytes")
    while done < size and (chunk := response.read1(min(CHUNK, size - done))):
        file.write(chunk)
        done += len(chunk)
        progress(done, size, "bytes")


def _check_length(response: http.client.HTTPResponse, start: int, remote: Remote) -> None:
    """Check that a response is no page, goes on from ``start``, and ends where the file does, as far as it says."""
    expected = str(remote.size)
    found = response.headers.get("Content-Length", expected)
    if response.status == http.client.PARTIAL_CONTENT:
        expected = f"bytes {start}-{remote.size - 1}/{remote.size}"
        found = response.headers.get("Content-Range", "")
    if response.headers.get_content_type() == "text/html":  # a network that wants a sign-in first
        found = "a page"
    if found != expected:
        raise DownloadError(
            f"{remote.url} must send {expected}. Got {found!r}: it is not the published file.",
            remedy=remote.by_hand,
        )


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
