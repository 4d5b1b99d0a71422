"""Who is asked side by side, and who is decided first: slots of the network and places in a round.

Sources of one host stand behind each other before they take a slot, so that two hundred slow ones at one address
keep nobody else waiting (D18). Decisions fall in the order of the sources' ids however fast each answers.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aggregator.model import Reading, Source

AT_ONCE = 24  # sources asked side by side: 200 that each take all of their 30 s delay the others by minutes only


class Slots:
    """The slots of one event loop: one for each host, `at_once` in all."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._all = asyncio.Semaphore(at_once)
        self._hosts: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def slot(self, source: Source) -> AsyncIterator[None]:
        """Wait for the host's turn, then for a slot. A file of our own has no host."""
        async with AsyncExitStack() as held:
            host = urlsplit(source.url).hostname if source.url else None
            if host is not None:
                await held.enter_async_context(self._hosts.setdefault(host, asyncio.Lock()))
            await held.enter_async_context(self._all)
            yield


@dataclass
class Place:
    """A source's turn among those before it. `patience`: seconds that it waits for slow ones, None for ever."""

    before: Sequence[asyncio.Event]
    mine: asyncio.Event
    patience: float | None = None
    _held: AsyncExitStack = field(default_factory=AsyncExitStack)

    @asynccontextmanager
    async def taken(self, slot: AbstractAsyncContextManager[None]) -> AsyncIterator[None]:
        """Wait for a slot, to be left when the answer has been read; the turn passes on however the block ends."""
        try:
            await self._held.enter_async_context(slot)
            yield
        finally:
            self.mine.set()
            await self._held.aclose()

    async def leave(self) -> None:
        """Leave the slot to others: the answer has been read."""
        await self._held.aclose()

    async def come(self, reading: Reading | None = None) -> None:  # noqa: ARG002 - a turn may look at it, this one not
        """Leave the slot; wait until those before have been decided, or patience ends."""
        await self.leave()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                for event in self.before:
                    await event.wait()


def places(sources: Iterable[Source], patience: float | None = None) -> list[tuple[Source, Place]]:
    """The sources in the order in which they are decided, each with its turn."""
    ordered = sorted(sources, key=lambda source: source.id)
    events = [asyncio.Event() for _ in ordered]
    return [(source, Place(events[:at], events[at], patience)) for at, source in enumerate(ordered)]
