"""A fetcher that asks a few times and no more: for looks that strangers have us take at an address (F20)."""

from __future__ import annotations

from datetime import timedelta

from aggregator.answers import Fetched, NotModified
from aggregator.errors import BadAnswer
from aggregator.fetch import FEEDS, Asks


class Rationed:
    """Passes on the first `most` questions; what goes on over further pages is then told as cut."""

    def __init__(self, fetcher: Asks, most: int) -> None:
        self._fetcher = fetcher
        self._left = most

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        validated: str | None = None,
        interval: timedelta = timedelta(0),
        limit: int | None = None,
        accept: str = FEEDS,
    ) -> Fetched | NotModified:
        """As `Fetcher.fetch`; raises BadAnswer once all questions have been asked."""
        self._take(url)
        return await self._fetcher.fetch(
            url,
            etag=etag,
            last_modified=last_modified,
            validated=validated,
            interval=interval,
            limit=limit,
            accept=accept,
        )

    async def allowed(self, url: str) -> bool:
        """As `Fetcher.allowed`, counted like any question."""
        self._take(url)
        return await self._fetcher.allowed(url)

    def _take(self, url: str) -> None:
        if self._left <= 0:
            raise BadAnswer("A look at an address asks a few pages only.", url=url, code="ration")
        self._left -= 1
