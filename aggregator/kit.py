"""What a refresh works with, and what holds for the catalogue while one change is made. Decides and stores nothing."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from aggregator.config import Config
from aggregator.fetch import Asks, Fetched
from aggregator.loom import Ground
from aggregator.match import Rules
from aggregator.memory import Memory
from aggregator.model import Context, Decision, Reading, Source, Window
from aggregator.sandbox import Sandbox
from aggregator.settings import Clock
from aggregator.store import Ledger, StoreView

BACK = timedelta(days=30)  # the window: what is over longer is not read
AHEAD_MONTHS = 18


class Turn(Protocol):
    """The place of one source in a round: decisions are taken in one order, whoever answers first."""

    async def come(self, reading: Reading | None = None) -> None:
        """Wait until all sources before this one have been decided; `reading` is what this one will bring."""


@dataclass(frozen=True)
class Kit:
    """What a refresh works with; made by the composition root, one for the process.

    `clock` is for leases, which run on while a round has its one `now`. `keeps`: the answers are kept for replays.
    """

    config: Config
    ledger: Ledger
    fetcher: Asks
    sandbox: Sandbox
    rules: Rules
    edition: str
    calendar: str
    holder: str
    clock: Clock
    keeps: bool = True
    deciding: threading.Lock = field(default_factory=threading.Lock)
    memory: Memory = field(default_factory=Memory)  # used while `deciding` is held

    @property
    def zone(self) -> ZoneInfo:
        """The calendar's zone."""
        return ZoneInfo(self.config.calendar.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One refresh of one source, and how it is to be done.

    `due`: only if the source is due still when its turn comes, since another process may have been there. `seen`: a
    release is of the held answer of that name, or of none.
    `hold`: the clock has jumped, so nothing is taken for absent and the window stays. `anew`: the town's file says
    something else of the source or its places than at the last visit.
    """

    source: Source
    now: datetime
    force: bool = False
    dry: bool = False
    released: bool = False
    seen: str = ""
    due: bool = False
    hold: bool = False
    anew: bool = False
    turn: Turn | None = None


def ground_of(kit: Kit, now: datetime, view: StoreView | None = None) -> Ground:
    """What holds for the whole catalogue at this moment, as `view` shows it; without one, as it is stored now."""
    stored = view or kit.ledger
    return Ground(
        calendar=kit.calendar,
        zone=kit.zone,
        sources=SourceBook({source.id: source for source in kit.config.sources}),
        rules=kit.rules,
        statistics=stored.statistics(),
        decisions=tuple(pairwise(stored.decisions())),
        now=now,
    )


class SourceBook(dict[str, Source]):
    """Sources by id; one that has left the file while its last listings go is told by its id alone."""

    def __missing__(self, id: str) -> Source:
        return Source(id=id, name=id)


def pairwise(decisions: Iterable[Decision]) -> Iterator[Decision]:
    """The decisions in force; one about two groups of listings (`value` long is the first) becomes one a pair."""
    for decision in decisions:
        if decision.undone is not None:
            continue
        if decision.kind not in ("same", "different"):
            yield decision
            continue
        ones = int(decision.value or 1)
        for a in decision.listings[:ones]:
            for b in decision.listings[ones:]:
                yield replace(decision, listings=(a, b), value=None)


def window_of(now: datetime, zone: ZoneInfo) -> Window:
    """The local days of which listings are kept: 30 days back, 18 months ahead."""
    today = now.astimezone(zone).date()
    months = today.year * 12 + today.month - 1 + AHEAD_MONTHS
    last = min(today.day, 28)
    return Window(today - BACK, today.replace(year=months // 12, month=months % 12 + 1, day=last))


def context_of(kit: Kit, source: Source, now: datetime, answer: Fetched | None) -> Context:
    """What a reader may know besides the bytes. `now` is the local day's beginning, so that equal bytes read alike."""
    return Context(
        source=source,
        url=answer.url if answer else source.url or "",
        content_type=answer.content_type if answer else "",
        zone=source.zone or kit.config.calendar.timezone,
        language=kit.config.calendar.language,
        window=window_of(now, kit.zone),
        now=now,
    )
