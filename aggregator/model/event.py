"""An event as it is published: content, identity in time, where each fact comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from aggregator.model.picture import Picture
from aggregator.model.vocabulary import Layer, Status
from aggregator.model.when import When
from aggregator.model.where import Location, Price


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is published of an event: the result of a merge, a pure function of its listings and decisions."""

    title: str
    when: When
    status: Status = Status.SCHEDULED
    ongoing: bool = False
    hours: str | None = None  # "10.00–17.00" of a run
    location: Location | None = None
    organizer: str | None = None
    description: str | None = None
    html: str | None = None
    url: str | None = None
    ticket_url: str | None = None
    links: tuple[str, ...] = ()
    image: str | None = None
    categories: tuple[str, ...] = ()
    audience: str | None = None
    age: tuple[int, int | None] | None = None
    price: Price | None = None
    doors: datetime | None = None
    previous_start: datetime | date | None = None
    language: str | None = None
    accessible: bool | None = None
    layer: Layer = Layer.LEISURE
    sources: tuple[str, ...] = ()  # ids of the sources that tell it, sorted
    attribution: tuple[str, ...] = ()  # "name (licence)" where a licence asks for it


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which listing a field of an event comes from, and by which rule."""

    field: str
    listing: int
    source: str
    rule: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that another source tells and that lost."""

    field: str
    source: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What we publish of one happening. `id` is for life; `version` is the catalogue version of its last change.

    `created`, `changed` and `told` are instants: first told, last changed, and last told as news (a date
    that only the moving window brought is no news). `sequence` grows when time, place or status changes.
    """

    id: str
    content: Content
    version: int
    created: datetime
    changed: datetime
    told: datetime
    sequence: int = 0
    founder: int = 0  # the listing that it was first told by
    series: str | None = None
    moved_from: When | None = None  # the old time, told for 30 days after `moved_at`
    moved_at: datetime | None = None
    withdrawn: datetime | None = None
    reason: str | None = None  # why it was withdrawn
    provenance: tuple[Provenance, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    picture: Picture | None = None  # as it is served; never stored with the event, since it comes and goes by itself
