"""Which network a request comes from, to bound what one network may do. It is kept nowhere but as a keyed hash.

The peer of the connection counts. Only where the peer is a proxy that the operator named (`EVENEMANG_PROXIES`) is its
word in X-Forwarded-For believed, read from the right, since the left of that line is whatever the client wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import Request

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_PREFIX = 64  # of IPv6: what one household or one machine gets
_HOPS = 16  # entries of a forwarded line that are looked at


def network_of(request: Request) -> str:
    """The client's IPv4 address, or the first 64 bits of its IPv6 address; empty where there is none."""
    peer = _address(request.client.host) if request.client else None
    proxies: Sequence[Network] = request.app.state.settings.proxies
    if peer is not None and _inside(peer, proxies):
        peer = _behind(request.headers.getlist("x-forwarded-for"), proxies) or peer
    return "" if peer is None else _network(peer)


def _behind(lines: Sequence[str], proxies: Sequence[Network]) -> Address | None:
    """The right-most address that is no proxy of ours."""
    for word in ",".join(lines).rsplit(",", _HOPS)[::-1][:_HOPS]:
        found = _address(word.strip())
        if found is None:
            return None
        if not _inside(found, proxies):
            return found
    return None


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text.partition("%")[0].strip("[]"))
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _inside(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _network(address: Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, _PREFIX), strict=False))
