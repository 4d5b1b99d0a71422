"""The back office of one web process: what people's words do to the calendar. Shows nothing and checks no rights.

`web` may neither fetch nor refresh; what a page sets going goes through here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from aggregator import doubts, erasure, previews, rounds, word
from aggregator.config import Config
from aggregator.decisions import Desk
from aggregator.doubts import Doubt
from aggregator.erasure import Erased
from aggregator.explain import Explanation, explain
from aggregator.fetch import Asks
from aggregator.formats import FORMATS
from aggregator.kit import Kit
from aggregator.model import Role, Source
from aggregator.ration import Rationed
from aggregator.report import Report, Result
from aggregator.samples import Samples
from aggregator.store import Store
from aggregator.store.engine import BUSY, waiting

PATIENCE = 10  # seconds that a visit waits for another process that is at the source


class Configured(Protocol):
    """A program after an edit of the town; only its kit is looked at."""

    @property
    def kit(self) -> Kit:
        """What a refresh works with."""


class Office:
    """Owns the kit that pages work with; it is replaced whole when the town changes.

    `samples` are the looks that strangers take at an address; `strangers` is what asks for them. Without it nothing
    is asked, and they see nothing. `reread` gives the town as it is now.
    """

    def __init__(
        self,
        store: Store,
        kit: Kit,
        configured: Callable[[Config], Configured],
        strangers: Asks | None = None,
        reread: Callable[[], Config] | None = None,
    ) -> None:
        self.store = store
        self.kit = kit
        self.samples = Samples(lambda: self.kit, store, strangers or Rationed(kit.fetcher, 0))
        self._configured = configured
        self._reread = reread

    def export(self, email: str) -> dict[str, object]:
        """Everything that is kept of whoever has an address, as JSON values, and nothing of others (G03)."""
        return self.store.personal.export(email, self.kit.clock())

    def erase(self, email: str, *, keep_events: bool = False) -> Erased:
        """Erase whoever has an address, everywhere and for good (G01); takes a while, so in a thread.

        With `keep_events` what they had published stays, without them. Raises UsageError for the address of staff.
        """
        return erasure.erase(self.kit, self.store, email, keep_events=keep_events)

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats that a source may be said to have."""
        return ("auto", *FORMATS)

    def reconfigure(self, town: Config) -> None:
        """The town was read again."""
        self.kit = self._configured(town).kit

    async def bring(self, source: str) -> None:
        """Let what was just approved, changed or taken back of a source be seen now, and not at its next visit.

        It may take as long as the source takes to answer, so it is called after a page has been sent.
        """
        if self._reread is not None:
            self.reconfigure(await asyncio.to_thread(self._reread))
        await asyncio.to_thread(rounds.settle, self.kit, self.kit.clock())
        found = self.kit.config.source(source)
        if found is None or not found.enabled:
            return
        for _ in range(PATIENCE):
            if (await self.visit(found)).result is not Result.BUSY:
                return
            await asyncio.sleep(1.0)

    def desk(self, by: str, since: int | None = None) -> Desk:
        """Where decisions of staff are taken (`decisions`); `by` is who takes them, as the log names them."""
        return Desk(self.store, self.kit, by, self.kit.clock(), since)

    def doubts(self) -> list[Doubt]:
        """The possible duplicates, the likeliest first."""
        return doubts.waiting(self.store, self.kit.clock())

    def doubt(self, a: int, b: int) -> Doubt | None:
        """One of them, or what has become of it; None where nothing is kept of it any more."""
        return doubts.one(self.store, a, b)

    def explain(self, asked: str) -> Explanation:
        """All that is known about an id, an address or words of a title."""
        return explain(self.store, self.kit, asked, self.kit.clock())

    async def foreseen(self, source: Source) -> Report:
        """What releasing the answer that is held would change; nothing is stored."""
        return await word.foreseen(self.kit, source, self.kit.clock())

    async def release(self, source: Source) -> Report:
        """Believe the newest answer of a source. Raises UsageError where nothing of it is held."""
        return await word.release(self.kit, source, self.kit.clock())

    def keep(self, source: str, by: str) -> None:
        """Leave what is held as it is, until the source answers something else. Raises UsageError and LeaseLost."""
        word.keep(self.kit, source, by, self.kit.clock())

    async def visit(self, source: Source) -> Report:
        """Ask a source now; never raises but for cancellation. What it gave may wait for others to be written."""
        with waiting(BUSY):
            return await word.visit(self.kit, source, self.kit.clock())

    def pause(self, source: str, why: str) -> None:
        """Visit a source no more until it is resumed. Raises LeaseLost while it is being refreshed."""
        word.pause(self.kit, source, why, self.kit.clock())

    def resume(self, source: str) -> None:
        """Visit a source again. Raises LeaseLost while it is being refreshed."""
        word.resume(self.kit, source, self.kit.clock())

    def dismiss(self, source: str, name: str) -> bool:
        """Take a suggestion off the list for good; False where it is gone. Raises LeaseLost as `pause`."""
        return word.dismiss(self.kit, source, name, self.kit.clock())

    def recall(self, source: str, name: str) -> None:
        """Let a dismissed suggestion come again. Raises LeaseLost as `pause`."""
        word.recall(self.kit, source, name, self.kit.clock())

    async def preview(self, address: str, role: Role) -> Report:
        """What an address gives and what it would merge with; never raises but for cancellation."""
        return await previews.preview(self.kit, address, role)
