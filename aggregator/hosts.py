"""Taking turns at a host: one request at a time, with a pause between two. Knows no addresses and sends nothing.

The turns are those of this process and of one event loop; between processes, `reserve` keeps the host's next free
moment (in the database) and says how long to wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

MOST_HOSTS = 1000  # remembered before hosts that are free again are forgotten

Reserve = Callable[[str], float]


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0  # on the loop's own clock
    waiting: int = 0
    spacing: float = 0.0


class Turns:
    """Who may ask which host, and when. `reserve` is called in a thread, once before each request."""

    def __init__(self, spacing: float, reserve: Reserve | None = None) -> None:
        self._spacing = spacing
        self._reserve = reserve
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, key: str, *, spaced: bool = True) -> AsyncIterator[None]:
        """Wait until nobody else asks `key` and, if `spaced`, until the pause after the last request is over."""
        host = self._host(key)
        host.waiting += 1
        try:
            async with host.lock:
                if spaced:
                    await self._pause(key, host)
                try:
                    yield
                finally:
                    host.free_at = _now() + (max(self._spacing, host.spacing) if spaced else 0.0)
        finally:
            host.waiting -= 1

    def slow(self, key: str, spacing: float) -> None:
        """Keep at least `spacing` seconds between requests to a host that asks for it."""
        self._host(key).spacing = spacing

    async def _pause(self, key: str, host: _Host) -> None:
        booked = await asyncio.to_thread(self._reserve, key) if self._reserve else 0.0
        await asyncio.sleep(max(booked, host.free_at - _now(), 0.0))

    def _host(self, key: str) -> _Host:
        if key not in self._hosts and len(self._hosts) >= MOST_HOSTS:
            now = _now()
            self._hosts = {k: h for k, h in self._hosts.items() if h.waiting or h.free_at > now}
        return self._hosts.setdefault(key, _Host())


def _now() -> float:
    return asyncio.get_running_loop().time()
