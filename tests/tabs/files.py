"""What a tab fetches over HTTP: six connections, and everything kept, as browsers do."""

from __future__ import annotations

import asyncio
import gzip
import posixpath
import re
import time
from collections.abc import Iterable
from typing import Self
from urllib.parse import urlsplit

CONNECTIONS = 6
"""That a browser opens to a server."""
IDLE = 3.0
"""Seconds after which a connection is not used again: the server may be closing it."""
PIECE = 2**18

_SOURCES = re.compile(rb'(?:src|href)="(?:\./)?([^":]+\.(?:js|css|svg|png|ico))"')
_MODULES = re.compile(rb'data-modules="([^"]*)"')
_IMPORT = re.compile(rb'(?:\bfrom |\bimport )"(\.{1,2}/[\w./-]+\.js)"')

_imports: dict[str, tuple[str, ...]] = {}
"""What each module imports, read once for all tabs."""


class Files:
    """Fetch a server's files for one browser.

    Parameters
    ----------
    address : str
        Of the server; ends in a slash.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        parts = urlsplit(address)
        self.host, self.port, self.root = str(parts.hostname), parts.port or 80, parts.path
        self.kept: set[str] = set()
        self.bytes = self.requests = 0
        self.failed: list[str] = []
        self._free: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._turns = asyncio.Semaphore(CONNECTIONS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for _, _, writer in self._free:
            writer.close()

    async def page(self, name: str = "") -> None:
        """Fetch a page of HTML, and the scripts and styles that it names."""
        _, body = await self.get(name, accept="text/html")
        named = [found.decode() for found in _SOURCES.findall(body)]
        named += [name for listed in _MODULES.findall(body) for name in listed.decode().split()]
        await self.fetch(named)

    async def fetch(self, names: Iterable[str]) -> None:
        """Fetch files that are not kept yet, and what modules among them import."""
        new = set(names) - self.kept
        self.kept |= new
        await asyncio.gather(*(self._keep(name) for name in sorted(new)))

    async def _keep(self, name: str) -> None:
        status, body = await self.get(name)
        if status != 200:
            self.failed.append(f"{status} {name}")
        elif name.startswith("lazybones/ui/"):
            await self.fetch(_imported(name, body))

    async def get(self, name: str, accept: str = "*/*") -> tuple[int, bytes]:
        """Fetch something, whether or not it is kept; give its status and its body, packed files unpacked."""
        async with self._turns:
            self.requests += 1
            asked = (
                f"GET {self.root}{name} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nAccept: {accept}\r\n"
                "Accept-Encoding: gzip\r\n\r\n"
            ).encode()
            reader, writer = await self._connection()
            writer.write(asked)
            status, headers, body = await _answer(reader)
            self.bytes += len(body)
            self._free.append((time.monotonic(), reader, writer))
        wanted = accept == "text/html" or (name.startswith("lazybones/ui/") and name not in _imports)
        packed = b"content-encoding: gzip" in headers
        return status, gzip.decompress(body) if packed and wanted else body

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._free:
            since, reader, writer = self._free.pop()
            if time.monotonic() - since < IDLE and not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self.host, self.port, limit=PIECE)


def _imported(name: str, body: bytes) -> tuple[str, ...]:
    if name not in _imports:
        folder = posixpath.dirname(name)
        found = (posixpath.join(folder, one.decode()) for one in _IMPORT.findall(body))
        _imports[name] = tuple(posixpath.normpath(path) for path in found)
    return _imports[name]


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    """Read an answer: its status, its headers in small letters, and its body."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    if status in (204, 304):
        return status, head, b""
    if b"transfer-encoding: chunked" in head:
        return status, head, await _chunks(reader)
    length = re.search(rb"content-length: (\d+)", head)
    return status, head, await reader.readexactly(int(length[1])) if length else b""


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readline()
    return b"".join(parts)
