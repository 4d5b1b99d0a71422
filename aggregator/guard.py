"""Connecting to public hosts only: one lookup, every address judged, then a connection to the judged address.

A `Guard` is the network of exactly one hop of a fetch. It neither speaks HTTP nor reads addresses as text; that
is `fetch` and `address`. Between the judgement and the connection no name is resolved again, so a name server
that changes its answer gains nothing.
"""

# ruff: noqa: ASYNC109 - the `timeout` arguments are httpcore's interface

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpcore

from aggregator.address import IPAddress, Policy, is_public

MOST_ADDRESSES = 8  # a name with more has either a mistake or a plan
HEAD_BYTES = 256 * 1024  # what a server may send before its answer proper begins, interim answers included

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]


class Refusal(Exception):
    """The guard did not connect. `code` is that of the `RefusedAddress` it becomes."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


class TooMuch(Exception):
    """More bytes came than the hop allows."""


class NoName(Exception):
    """The name has no address, or the name servers did not say."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, by the system's resolver, in a thread that nobody waits for at the end.

    A lookup can't be interrupted. In a thread of the event loop's own pool, one that hangs would hold up the
    end of the program; a daemon thread does not.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Sequence[str]] = loop.create_future()

    def settle(found: Sequence[str] | None, error: OSError | UnicodeError | None) -> None:
        if future.cancelled():
            return
        if found is None:
            future.set_exception(NoName(str(error)))
        else:
            future.set_result(found)

    def look_up() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            _tell(loop, settle, None, error)
        else:
            _tell(loop, settle, [str(row[4][0]) for row in rows], None)

    threading.Thread(target=look_up, name=f"lookup {host}", daemon=True).start()
    return await future


def _tell(loop: asyncio.AbstractEventLoop, settle: Callable[..., None], *outcome: object) -> None:
    try:
        loop.call_soon_threadsafe(settle, *outcome)
    except RuntimeError:  # the loop was closed meanwhile: nobody waits for the answer
        return


def is_own(address: IPAddress) -> bool:
    """Whether this machine has the address itself: only then can a socket be bound to it. Sends nothing."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


class Guard(httpcore.AsyncNetworkBackend):
    """The network of one hop. `exempt` hosts (`FETCH_ALLOW`) may be private; their lookup and limits are the same.

    `grant` raises the number of bytes that may still be read, once the head of the answer is known.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        exempt: bool,
        look_up: Resolver = resolve,
        network: httpcore.AsyncNetworkBackend | None = None,
        own: Callable[[IPAddress], bool] = is_own,
    ) -> None:
        self._policy = policy
        self._exempt = exempt
        self._look_up = look_up
        self._network = network or httpcore.AnyIOBackend()
        self._own = own
        self._left = HEAD_BYTES

    def grant(self, size: int) -> None:
        """Allow `size` further bytes."""
        self._left += size

    def spend(self, size: int) -> None:
        """Count bytes that came; raises `TooMuch`."""
        self._left -= size
        if self._left < 0:
            raise TooMuch

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Look up once, judge all addresses, then connect to the first that answers within `timeout`.

        The lookup is bounded by the caller's own deadline.
        """
        literals = self._judged(await self._addresses(host, port))
        try:
            async with asyncio.timeout(timeout):
                return await self._first(literals, port, local_address, socket_options)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error

    async def _addresses(self, host: str, port: int) -> list[IPAddress]:
        try:
            return [ipaddress.ip_address(host)]
        except ValueError:
            found = dict.fromkeys(await self._look_up(host, port))
        try:
            return [ipaddress.ip_address(text) for text in found][:MOST_ADDRESSES]
        except ValueError as error:  # a scoped address: fe80::1%eth0
            raise Refusal("private-address", f"“{host}” leads to an address of a private network.") from error

    def _judged(self, addresses: list[IPAddress]) -> list[str]:
        if not addresses:
            raise NoName("no address")
        for address in addresses:
            if self._exempt:
                continue
            if not is_public(address):
                raise Refusal("private-address", "The name leads to an address of a private network.")
            if str(address) in self._policy.deny or self._own(address):
                raise Refusal("own-address", "The name leads to this service itself or one of its own servers.")
        return [str(address) for address in addresses]

    async def _first(
        self,
        literals: list[str],
        port: int,
        local_address: str | None,
        options: Iterable[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.AsyncNetworkStream:
        """Try in the resolver's order; a refused connection is told at once, so no race of families is needed."""
        for literal in literals[:-1]:
            try:
                async with asyncio.timeout(1.0):
                    return self._metered(await self._network.connect_tcp(literal, port, None, local_address, options))
            except (httpcore.ConnectError, TimeoutError):
                continue
        return self._metered(await self._network.connect_tcp(literals[-1], port, None, local_address, options))

    def _metered(self, stream: httpcore.AsyncNetworkStream) -> httpcore.AsyncNetworkStream:
        return _Metered(stream, self)


class _Metered(httpcore.AsyncNetworkStream):
    """A stream whose reading is counted by its guard."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, guard: Guard) -> None:
        self._stream = stream
        self._guard = guard

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = await self._stream.read(max_bytes, timeout)
        self._guard.spend(len(data))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _Metered(await self._stream.start_tls(ssl_context, server_hostname, timeout), self._guard)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
