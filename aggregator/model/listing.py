"""One occurrence as one source tells it: `Draft` (what a format read) → `Listing` (valid) → `StoredListing`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from aggregator.model.problem import Problem
from aggregator.model.vocabulary import Layer, Status
from aggregator.model.when import When
from aggregator.model.where import Location, Price


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a format read of one occurrence, before any judgement: everything may be missing or raw.

    Text may hold markup and entities. A naive `start` or `end` is a floating time, to be read in the
    source's zone. `end` of an all-day draft is *exclusive* where `end_exclusive` is set (RFC 5545), else the
    last day. `stated_start` is the source's own start as ISO text, before any reading of ours.
    """

    uid: str | None = None
    recurrence_id: str | None = None
    series: str | None = None  # key of the recurring parent within the source
    title: str | None = None
    start: datetime | date | None = None
    end: datetime | date | None = None
    end_exclusive: bool = False
    doors: datetime | None = None
    stated_start: str | None = None
    previous_start: datetime | date | None = None
    status: Status | None = None
    private: bool = False
    location: Location | None = None
    organizer: str | None = None
    description: str | None = None
    html: str | None = None
    url: str | None = None
    links: tuple[str, ...] = ()
    ticket_url: str | None = None
    image: str | None = None
    categories: tuple[str, ...] = ()
    audience: str | None = None
    age: str | None = None
    price: Price | None = None
    language: str | None = None
    accessible: bool | None = None
    certain: bool = True  # False: the date was guessed from prose; becomes a suggestion, never an event
    override: bool = False  # said of this one occurrence by a component of its own (RECURRENCE-ID)
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """The key that a listing has *now*; `recurrence` is set where one uid is used for several starts."""

    source: str
    uid: str
    recurrence: str | None = None

    def __str__(self) -> str:
        return "/".join(part for part in (self.source, self.uid, self.recurrence) if part is not None)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the source itself stated, before any reading of ours; told in the API."""

    uid: str | None
    url: str | None
    start: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What **one source** says of **one occurrence**: valid, cleaned once, hashed.

    All text is plain (no markup, no control characters) but `html`, which has passed `text.clean_html`.
    `digest` is the hash of what the public can see of it, with case, white space and entity noise folded.
    """

    key: Key
    title: str
    when: When
    stated: Stated
    digest: str
    status: Status = Status.SCHEDULED
    location: Location | None = None
    organizer: str | None = None
    description: str | None = None
    html: str | None = None
    url: str | None = None
    links: tuple[str, ...] = ()
    ticket_url: str | None = None
    image: str | None = None
    categories: tuple[str, ...] = ()
    audience: str | None = None
    age: tuple[int, int | None] | None = None
    price: Price | None = None
    doors: datetime | None = None
    previous_start: datetime | date | None = None
    language: str | None = None
    accessible: bool | None = None
    series: str | None = None
    override: bool = False
    layer: Layer = Layer.LEISURE


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredListing:
    """A listing with its identity, which outlives its key. `run` groups the dates of one run."""

    id: int
    listing: Listing
    chunk: str = ""  # key of the chunk that it was read from
    event: str | None = None
    run: str | None = None
    first_seen: datetime
    changed: datetime
    withdrawn: datetime | None = None
