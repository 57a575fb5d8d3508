"""The size of a WebP file's picture, from its first bytes: what a page would decode, before anything does."""

from __future__ import annotations

HEAD = 30
"""Bytes that tell it."""


def webp_size(head: bytes) -> tuple[int, int] | None:
    """Give the width and height of a picture in pixels; None where this is no WebP file.

    Parameters
    ----------
    head : bytes
        The first `HEAD` bytes of the file, or more.

    References
    ----------
    RFC 9649, "WebP Image Format"; RFC 6386, section 9.1.
    """
    if len(head) < HEAD or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    kind, body = head[12:16], head[20:HEAD]
    if kind == b"VP8X":  # with transparency, or more
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L" and body[0] == 0x2F:  # lossless: 14 bits each
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":  # lossy: 14 bits each, and 2 of scale
        width, height = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        return width, height
    return None
