"""`/staff`: what waits, the longest waiting first, and where to begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from aggregator.health import health
from aggregator.model import SubmissionKind
from aggregator.state import SourceState
from aggregator.store.review import Heap
from aggregator.web.respond import in_thread
from aggregator.web.staff.clerk import Clerk, work
from aggregator.web.staff.holds import is_held
from aggregator.web.staff.suggestions import waiting

_PAGES = {
    "offers": "/staff/ko",
    "reports": "/staff/rapporter",
    "holds": "/staff/karantan",
    "pairs": "/staff/dubbletter",
    "suggestions": "/staff/forslag",
    "failing": "/staff/kallor",
    "letters": "/staff/utkorg",
}


@dataclass(frozen=True, slots=True)
class Pile:
    """How much of something waits, and since when the oldest of it does, where that is known."""

    name: str
    count: int
    since: datetime | None = None


async def show(clerk: Clerk) -> Response:
    """The piles."""
    piles = await _piles(clerk)
    rows = [
        {
            "name": pile.name,
            "url": clerk.url(_PAGES[pile.name]),
            "count": pile.count,
            "label": clerk.t(f"pile-{pile.name}"),
            "since": clerk.moment(pile.since),
        }
        for pile in piles
    ]
    first = next((row for row in rows if row["count"]), None)
    return clerk.page("start.html", {"rows": rows, "first": first})


async def _piles(clerk: Clerk) -> list[Pile]:
    """What waits longest comes first, then what has no date, then what is empty."""
    heaps: Mapping[str, Heap] = await in_thread(clerk.store.review.heaps)
    states: Sequence[SourceState] = await in_thread(clerk.store.sources)
    offers = [heaps[kind] for kind in (SubmissionKind.SOURCE, SubmissionKind.EVENT) if kind in heaps]
    found = [
        Pile("offers", sum(h.count for h in offers), min((h.since for h in offers), default=None)),
        _pile("reports", heaps.get(SubmissionKind.REPORT)),
        _holds(states, clerk),
        Pile("pairs", len(await in_thread(clerk.office.doubts))),
        Pile("suggestions", len(await waiting(clerk))),
        _failing(states, clerk),
        _pile("letters", await in_thread(clerk.store.review.unsent)),
    ]
    return sorted(found, key=lambda p: (not p.count, p.since is None, p.since.timestamp() if p.since else 0.0))


def _pile(name: str, heap: Heap | None) -> Pile:
    return Pile(name, heap.count, heap.since) if heap else Pile(name, 0)


def _holds(states: Sequence[SourceState], clerk: Clerk) -> Pile:
    held = [s for s in states if is_held(s) and s.id in clerk.site.sources]
    since = [s.held.since if s.held else min(a.since for a in s.absent) for s in held]
    return Pile("holds", len(held), min(since, default=None))


def _failing(states: Sequence[SourceState], clerk: Clerk) -> Pile:
    known = {state.id: state for state in states}
    bad = [
        known[source.id]
        for source in clerk.site.sources.values()
        if source.id in known and health(source, known[source.id], clerk.now).word in ("failing", "late")
    ]
    return Pile("failing", len(bad), min((s.failing_since for s in bad if s.failing_since), default=None))


ROUTES = work("/staff", show)
