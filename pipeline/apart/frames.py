"""Messages between a process and one that it has started: a length, a header of JSON, and bytes; no pickle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

MOST_HEADER = 1 << 16
"""Bytes of a header."""
LENGTH = 4
"""Bytes of a header's length."""


class BrokenFrame(Exception):
    """Signal that the other side has ended, or sends something else than messages."""


def write_frame(stream: IO[bytes], header: Mapping[str, Any], *bodies: bytes) -> None:
    """Write a message.

    Parameters
    ----------
    stream : binary file
        To write to.
    header : mapping
        What can be JSON.
    *bodies : bytes
        What belongs to it.

    Raises
    ------
    BrokenFrame
        If nobody reads it.
    """
    content = json.dumps({**header, "sizes": [len(body) for body in bodies]}).encode()
    try:
        for part in (len(content).to_bytes(LENGTH, "big"), content, *bodies):
            stream.write(part)
        stream.flush()
    except (OSError, ValueError) as problem:
        raise BrokenFrame("A message must have a reader. Got none.") from problem


def read_frame(stream: IO[bytes], most: int) -> tuple[dict[str, Any], list[bytes]]:
    """Read a message, and no more than it may have.

    Parameters
    ----------
    stream : binary file
        To read from.
    most : int
        Bytes that its bodies may have together.

    Raises
    ------
    BrokenFrame
        If it ends early, or is no such message.
    """
    length = int.from_bytes(_exactly(stream, LENGTH), "big")
    if length > MOST_HEADER:
        raise BrokenFrame(f"A header must have at most {MOST_HEADER} bytes. Got {length}.")
    try:
        header = json.loads(_exactly(stream, length))
        sizes = header["sizes"]
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise BrokenFrame("A header must be a JSON object with sizes. Got another.") from problem
    if not isinstance(sizes, list) or not all(type(size) is int and size >= 0 for size in sizes):
        raise BrokenFrame("The sizes of a message must be numbers from 0. Got others.")
    if sum(sizes) > most:
        raise BrokenFrame(f"A message must have at most {most} bytes. Got {sum(sizes)}.")
    return header, [_exactly(stream, size) for size in sizes]


def _exactly(stream: IO[bytes], size: int) -> bytes:
    try:
        content = stream.read(size)
    except (OSError, ValueError) as problem:
        raise BrokenFrame("A message must be readable. Got an error.") from problem
    if len(content) != size:
        raise BrokenFrame(f"A message must have {size} bytes more. Got {len(content)}.")
    return content
