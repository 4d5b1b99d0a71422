"""Which web addresses this program may ask: spelling, scheme, port, host. Rules only: no network, no names looked up.

What a name resolves to is judged by `guard` at the moment of connecting. This module is for the form where an
address is submitted, and for each hop of a fetch before it starts.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import idna

from aggregator.errors import RefusedAddress

PORTS = {"http": 80, "https": 443}
LONGEST = 2048  # characters; longer addresses break proxies and logs, and no feed needs one

# Not only the private ranges of RFC 1918 but all of the IANA special-purpose registries (RFC 6890), and Azure's
# metadata address, which lies in a public range. Everything here is spelled out, since `is_global` differs
# between Python versions and lets multicast and translated addresses pass.
_NOT_PUBLIC_4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
        ),
    )
)
# Of IPv6 only global unicast is public at all (RFC 4291 2.4): this leaves out loopback, mapped, translated
# (64:ff9b::), unique local, link-local, site-local and multicast. Inside it: protocol assignments with Teredo,
# documentation, and 6to4, which carries an IPv4 address of the sender's choice.
_GLOBAL_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
# Names that by definition lead nowhere public: RFC 6761, 6762, 7686, 8375, and ICANN's "internal".
_NOT_PUBLIC_NAMES = ("localhost", "local", "internal", "home.arpa", "onion")

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
_HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?\Z")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator says. `allow`: `host:port` that may be private, compared with the address's own text.

    `deny`: hosts and addresses of our own (public name, database, mail) that nobody's feed may lead to.
    An entry of `allow` wins: it is the more exact word. Both are written in lower case.
    """

    allow: frozenset[str] = frozenset()
    deny: frozenset[str] = frozenset()


OPEN = Policy()  # all of the public internet, nothing else


@dataclass(frozen=True, slots=True)
class Address:
    """An address that has passed. `host` is lower-case ASCII, no brackets, no final dot; `exempt`: `allow` has it."""

    url: str
    scheme: str
    host: str
    port: int
    exempt: bool

    @property
    def turn(self) -> str:
        """The key under which requests wait for each other: the host, of an exempt address with its port."""
        return f"{self.host}:{self.port}" if self.exempt else self.host


def check_address(url: str, policy: Policy = OPEN) -> Address:
    """Read an address as RFC 3986 has it, or raise `RefusedAddress` with a sentence and a code.

    Refused: other schemes than http and https, user names and passwords, control characters, spaces and
    backslashes (readers disagree about them), ports other than 80 and 443, and hosts that are not public by their
    spelling alone, in every notation that a resolver takes for an IPv4 address (`127.1`, `0x7f.1`, `2130706433`).
    """
    if len(url) > LONGEST or _FORBIDDEN.search(url):
        raise _refused(url, "address", "The address is too long, or holds a space, a backslash or a control character.")
    parts = _split(url)
    if "@" in parts.netloc:
        raise _refused(url, "address", "An address with a user name or password in it is not asked.")
    host, port = _host(url, parts), _port(url, parts)
    exempt = _own_text(parts, port) in policy.allow
    if not exempt:
        _judge(url, host, port, policy)
    authority = _text(host, None if port == PORTS[parts.scheme] else port)
    rest = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(f"{parts.scheme}://{authority}{rest}", parts.scheme, host, port, exempt)


def is_public(address: IPAddress) -> bool:
    """Whether a host of the public internet can have this address."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    return address in _GLOBAL_UNICAST_6 and not any(address in network for network in _NOT_PUBLIC_6)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise _refused(url, "address", "The address is not written as web addresses are.") from error
    if parts.scheme not in PORTS:
        raise _refused(url, "scheme", "Only addresses that begin with http:// or https:// are asked.")
    return parts


def _host(url: str, parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host if "%" not in host else ""))
        except ValueError as error:
            raise _refused(url, "address", f"“{host}” is no address of a host.") from error
    try:
        ascii_host = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
        if "xn--" in ascii_host:
            idna.decode(ascii_host)  # a label that decodes to nothing valid is read differently by different programs
    except idna.IDNAError as error:
        raise _refused(url, "address", f"“{host}” is no name of a host.") from error
    if not _HOST_NAME.match(ascii_host) or len(ascii_host) > 253:
        raise _refused(url, "address", f"“{host}” is no name of a host.")
    return ascii_host.removesuffix(".")


def _port(url: str, parts: SplitResult) -> int:
    try:
        return PORTS[parts.scheme] if parts.port is None else parts.port
    except ValueError as error:
        raise _refused(url, "address", "The port in the address is no number of a port.") from error


def _text(host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None else f"{shown}:{port}"


def _own_text(parts: SplitResult, port: int) -> str:
    """`host:port` exactly as the address has it, for a list that was written by hand."""
    authority = parts.netloc.lower()
    return authority if parts.port is not None else f"{authority.rstrip(':')}:{port}"


def _judge(url: str, host: str, port: int, policy: Policy) -> None:
    if host in policy.deny:
        raise _refused(url, "own-address", f"“{host}” is this service itself or one of its own servers.")
    literal = _literal(host)
    private = not is_public(literal) if literal else host.endswith(tuple(f".{n}" for n in _NOT_PUBLIC_NAMES))
    if private or host in _NOT_PUBLIC_NAMES:
        raise _refused(url, "private-address", f"“{host}” is no address of the public internet.")
    if port not in PORTS.values():
        raise _refused(url, "port", f"Only the ports 80 and 443 are asked, not {port}.")


def _literal(host: str) -> IPAddress | None:
    """The address that a host is a spelling of, in all notations of inet_aton(3); None for a name."""
    if ":" in host:
        return ipaddress.IPv6Address(host)
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _refused(url: str, code: str, sentence: str) -> RefusedAddress:
    return RefusedAddress(sentence, url=url[:LONGEST], code=code)
