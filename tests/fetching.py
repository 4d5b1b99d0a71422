"""What tests of fetching share: a fetcher for loopback servers, a recording network, and the error of a fetch."""

# ruff: noqa: ASYNC109 - the `timeout` arguments are httpcore's interface

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import httpcore
import pytest

from aggregator.address import Policy
from aggregator.errors import FetchError
from aggregator.fetch import Fetched, Fetcher, Limits
from tests.loopback import Loopback

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
QUICK = Limits(total=5.0, connect=1.0)


def fetcher(*sites: Loopback | str, limits: Limits = QUICK, **more: Any) -> Fetcher:
    """A fetcher that may ask these servers (or `host:port`), and else only the public internet."""
    allow = frozenset(site if isinstance(site, str) else site.authority for site in sites)
    return Fetcher(agent="Test/1", now=lambda: NOW, policy=Policy(allow=allow), limits=limits, **more)


async def fetched(asker: Fetcher, url: str, **how: Any) -> Fetched:
    """The answer, which must be one."""
    answer = await asker.fetch(url, **how)
    assert isinstance(answer, Fetched)
    return answer


async def refused(asker: Fetcher, url: str, **how: Any) -> FetchError:
    """The error that a fetch must end in; its sentence is one a person can read."""
    with pytest.raises(FetchError) as caught:
        await asker.fetch(url, **how)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert len(sentence) < 200
    assert caught.value.code
    return caught.value


class Names:
    """A name server: what each name leads to, and how often it was asked."""

    def __init__(self, **names: Sequence[str]) -> None:
        self.names = {name.replace("_", "."): found for name, found in names.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.names[host]


class Wire(httpcore.AsyncNetworkBackend):
    """A network that writes down where connections go, and leads them to one loopback server, or refuses them."""

    def __init__(self, site: Loopback | None = None, *, closed: Sequence[str] = ()) -> None:
        self.site = site
        self.closed = closed
        self.connected: list[str] = []
        self._real = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.connected.append(host)
        if self.site is None or host in self.closed:
            raise httpcore.ConnectError("refused")
        return await self._real.connect_tcp(self.site.host, self.site.port, timeout)
