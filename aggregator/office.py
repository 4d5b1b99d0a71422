"""The back office of one web process: what people's words do to the calendar. Shows nothing and checks no rights.

`web` may neither fetch nor refresh; what a page sets going goes through here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from aggregator import previews
from aggregator.config import Config
from aggregator.decisions import Desk
from aggregator.kit import Kit
from aggregator.model import Role
from aggregator.report import Report
from aggregator.store import Store


class Configured(Protocol):
    """A program after an edit of the town; only its kit is looked at."""

    @property
    def kit(self) -> Kit:
        """What a refresh works with."""


class Office:
    """Owns the kit that pages work with; it is replaced whole when the town changes."""

    def __init__(self, store: Store, kit: Kit, configured: Callable[[Config], Configured]) -> None:
        self.store = store
        self.kit = kit
        self._configured = configured

    def reconfigure(self, town: Config) -> None:
        """The town was read again."""
        self.kit = self._configured(town).kit

    def desk(self, by: str) -> Desk:
        """Where decisions of staff are taken (`decisions`); `by` is who takes them, as the log names them."""
        return Desk(self.store, self.kit, by, self.kit.clock())

    async def preview(self, address: str, role: Role) -> Report:
        """What an address gives and what it would merge with; never raises but for cancellation."""
        return await previews.preview(self.kit, address, role)
