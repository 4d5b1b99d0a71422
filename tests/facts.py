"""Values for tests of the rules, written in one line each. Times are local to Stockholm; the day is in 2027."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.merge import Merged
from aggregator.model import (
    Chunk,
    Content,
    Counts,
    Coverage,
    Event,
    Key,
    Listing,
    Location,
    Problem,
    Reading,
    Source,
    Stated,
    StoredListing,
    When,
)
from aggregator.plan import Plan, Question, decide
from aggregator.state import SourceState

ZONE = ZoneInfo("Europe/Stockholm")
NOW = datetime(2027, 3, 1, 11, 0, tzinfo=UTC)
SOURCE = Source(id="klubben", name="Klubben", url="https://klubben.example/kalender.ics")


def at(day: int, hour: float = 18, month: int = 3) -> datetime:
    """A local time; days beyond the month's end run on."""
    return datetime(2027, month, 1, tzinfo=ZONE) + timedelta(days=day - 1, hours=hour)


def listing(
    title: str = "Konsert",
    start: datetime | date | None = None,
    *,
    uid: str = "a",
    slot: str | None = None,
    place: str | None = None,
    source: str = "klubben",
    **rest: Any,
) -> Listing:
    """What a source says of one date; its digest follows what it says."""
    when = When(at(10) if start is None else start)
    told = Listing(
        key=Key(source, uid, slot),
        title=title,
        when=when,
        stated=Stated(uid, rest.get("url"), when.start.isoformat()),
        digest="",
        location=Location(name=place) if place else None,
        **rest,
    )
    return replace(told, digest=repr((title, when, place, told.description, told.status, told.url)))


def stored(id: int, told: Listing | None = None, *, chunk: str | None = None, **rest: Any) -> StoredListing:
    """A listing with its identity; its chunk is named by its UID unless said."""
    told = told or listing(uid=f"u{id}")
    first = rest.pop("first_seen", NOW - timedelta(days=9))
    key = told.key.uid if chunk is None else chunk
    return StoredListing(id=id, listing=told, chunk=key, first_seen=first, changed=first, **rest)


def chunk(*told: Listing, key: str | None = None, refused: int = 0, problems: Sequence[str] = ()) -> Chunk:
    """A piece of an answer that was read; `problems` are codes of refusals."""
    return Chunk(
        key=told[0].key.uid if key is None else key,
        hash="new",
        listings=told,
        counts=Counts(inside=1 if told else 0, refused=refused),
        problems=tuple(Problem(code) for code in problems),
    )


def same(key: str) -> Chunk:
    """A piece of an answer that came unchanged."""
    return Chunk(key=key, hash="old")


def reading(*chunks: Chunk, damaged: bool = False, coverage: Coverage = Coverage.WINDOW) -> Reading:
    """An answer."""
    return Reading(format="ical", coverage=coverage, chunks=chunks, damaged=damaged)


def question(kept: Sequence[StoredListing], answer: Reading, **rest: Any) -> Question:
    """What is asked when `answer` meets what is kept; every chunk of what is kept is known with one component."""
    known = {s.chunk: Chunk(key=s.chunk, hash="old", counts=Counts(inside=1)) for s in kept}
    state = rest.pop("state", None) or SourceState(id="klubben", good=NOW - timedelta(hours=1), things=len(kept))
    given: dict[str, Any] = {"source": SOURCE, "known": known, "now": NOW, "zone": ZONE} | rest
    return Question(state=state, stored=kept, reading=answer, **given)


def decided(kept: Sequence[StoredListing], *chunks: Chunk, damaged: bool = False, **rest: Any) -> Plan:
    """The plan for an answer of these chunks."""
    return decide(question(kept, reading(*chunks, damaged=damaged), **rest))


def event(id: str = "E1", content: Content | None = None, **rest: Any) -> Event:
    """A published event, told nine days ago."""
    told = NOW - timedelta(days=9)
    given: dict[str, Any] = {"version": 1, "created": told, "changed": told, "told": told, "founder": 1} | rest
    return Event(id=id, content=content or merged().content, **given)


def merged(title: str = "Konsert", start: datetime | date | None = None, **rest: Any) -> Merged:
    """What a merge gave."""
    return Merged(Content(title=title, when=When(at(10) if start is None else start), **rest), (), ())
