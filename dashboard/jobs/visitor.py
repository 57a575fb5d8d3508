"""Who asks for work: a session, and the address that it comes from."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

OF_ONE = 64
"""Bits of an IPv6 address that tell one connection from another: all addresses with the same are somebody's."""


class Visitor(NamedTuple):
    """Name who asks for work.

    Attributes
    ----------
    session : str
        A tab; whoever reloads it has another. Empty for who asks without one.
    address : str
        Where it comes from, as `place_of` gives it.
    """

    session: str
    address: str = ""


def place_of(address: str | None) -> str:
    """Give the part of an address that one visitor has: of IPv6 the network, of which each may use any address.

    Empty where that is this machine, or not known.

    Parameters
    ----------
    address : str or None
        As the server gives it: of the connection, or of what a trusted proxy says (``FORWARDED_ALLOW_IPS``).
    """
    try:
        known = ip_address(address or "")
    except ValueError:
        return ""
    if known.is_loopback:
        return ""
    return str(ip_network((known, OF_ONE), strict=False)) if isinstance(known, IPv6Address) else str(known)
