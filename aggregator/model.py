"""The words of the program as frozen values: sources, drafts, listings, events. No I/O, no library types.

A thing has one name for each moment: `Draft` (what a format read, all optional) → `Listing` (valid, aware
times, hashed) → `StoredListing` (has an identity) → `Event` (what we publish). Instants are aware; a day is
a `date`, never a midnight.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

PRODID = "-//Evenemang//evenemang//SV"  # of every calendar we write (RFC 5545 3.7.3); a source with it is our own
UID_PATTERN = r"[0-9A-HJKMNP-TV-Z]{26}"  # an event's id, minted by us: Crockford's base 32, the whole text


class Role(StrEnum):
    """What a source is to the events it tells; the order is the precedence of a merge, highest first."""

    ORGANIZER = "organizer"
    VENUE = "venue"
    MUNICIPALITY = "municipality"
    TICKETS = "tickets"
    ASSOCIATION = "association"
    MEDIA = "media"


class Layer(StrEnum):
    """Leisure is what people do in their free time; civic is meetings, notices and deadlines."""

    LEISURE = "leisure"
    CIVIC = "civic"


class Status(StrEnum):
    """schema.org's EventStatusType and *tentative* (RFC 5545 3.8.1.11)."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    MOVED = "moved"  # EventRescheduled: another time
    MOVED_ONLINE = "moved-online"
    POSTPONED = "postponed"
    TENTATIVE = "tentative"


class Coverage(StrEnum):
    """What an absence from an answer means; see docs/design.md, "Absence is weak evidence"."""

    AUTO = "auto"
    COMPLETE = "complete"
    WINDOW = "window"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class When:
    """The time of one occurrence.

    Timed: `start` and `end` are aware, in the zone that the source means. All-day: both are dates, and
    `end` is the *last* day (None: one day). `end` is None also where a timed end is not known.
    """

    start: datetime | date
    end: datetime | date | None = None

    def __post_init__(self) -> None:
        for value in (self.start, self.end):
            if isinstance(value, datetime) and value.tzinfo is None:
                raise ValueError("a naive time has no place in a When")
        if self.end is not None and isinstance(self.start, datetime) != isinstance(self.end, datetime):
            raise ValueError("start and end are both days or both instants")

    @property
    def all_day(self) -> bool:
        """Whether days are meant, not hours."""
        return not isinstance(self.start, datetime)

    def first_day(self, zone: ZoneInfo) -> date:
        """The local date on which it begins."""
        return self.start.astimezone(zone).date() if isinstance(self.start, datetime) else self.start

    def last_day(self, zone: ZoneInfo) -> date:
        """The local date on which it ends; an end at midnight belongs to the day before."""
        if self.end is None:
            return self.first_day(zone)
        if not isinstance(self.end, datetime):
            return self.end
        moment = self.end.astimezone(zone)
        if isinstance(self.start, datetime) and moment > self.start:
            moment -= timedelta(microseconds=1)
        return max(moment.date(), self.first_day(zone))

    def begins(self, zone: ZoneInfo) -> datetime:
        """The instant at which it begins; a day begins at local midnight of `zone`."""
        if isinstance(self.start, datetime):
            return self.start
        return datetime(self.start.year, self.start.month, self.start.day, tzinfo=zone)

    def over(self, zone: ZoneInfo) -> datetime:
        """The instant after which it is past: its end, else its start, for days the midnight after the last."""
        if isinstance(self.start, datetime):
            return self.end if isinstance(self.end, datetime) else self.start
        after = self.last_day(zone) + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Geo:
    """WGS 84 decimal degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where, as told: each part as plain text or None. `place` is the id in the place registry once resolved."""

    name: str | None = None
    address: str | None = None
    locality: str | None = None
    room: str | None = None
    geo: Geo | None = None
    online: str | None = None  # address of an online event, or "" when online without one
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What it costs. `free` is None where nobody said; `low` and `high` are in `currency`."""

    free: bool | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the place registry. `aliases` are further names; an alias may name several places."""

    id: str
    name: str
    address: str | None = None
    locality: str | None = None
    aliases: tuple[str, ...] = ()
    geo: Geo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An address that announces events, as `sources.yaml` says. Exactly one of `url` and `path` is set."""

    id: str
    name: str
    url: str | None = None
    path: str | None = None  # relative to the folder of sources.yaml
    format: str = "auto"
    role: Role = Role.MEDIA
    interval: timedelta = timedelta(hours=1)
    coverage: Coverage = Coverage.AUTO
    category: tuple[str, ...] = ()
    layer: Layer = Layer.LEISURE
    enabled: bool = True
    zone: str | None = None
    place: str | None = None  # a fixed place: id of the registry, or "online"
    organizer: str | None = None
    licence: str | None = None
    images: bool = False
    trusted: bool = False
    was: str | None = None
    policy: tuple[str, ...] = ()
    map: str | None = None  # the mapping of jsonmap and csv, as canonical JSON text


@dataclass(frozen=True, slots=True)
class Window:
    """The local days, both included, of which listings are kept."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a reader may know besides the bytes. `zone` is the zone of times that state none."""

    source: Source
    url: str
    content_type: str
    zone: str
    language: str
    window: Window
    now: datetime


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


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read or was refused. `code` is a key of `problems.SENTENCES`, which has the words.

    `refused` tells whether the item was dropped (True) or kept with a note (False).
    """

    code: str
    item: str = ""  # title or UID of the item, "" for the whole answer
    detail: str = ""
    refused: bool = True


@dataclass(frozen=True, slots=True)
class Counts:
    """How the components of an answer fell; their sum is the number of components it holds."""

    inside: int = 0
    past: int = 0
    beyond: int = 0
    refused: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.inside + other.inside, self.past + other.past, self.beyond + other.beyond, self.refused + other.refused
        )

    @property
    def read(self) -> int:
        """All components."""
        return self.inside + self.past + self.beyond + self.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """All components of one UID (or one item), read. `listings` is None where `hash` was already known.

    `raw` is kept where the moving window can bring further dates: a rule, or a start beyond the window.
    """

    key: str
    hash: str
    listings: tuple[Listing, ...] | None = None
    problems: tuple[Problem, ...] = ()
    counts: Counts = Counts()
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """A calendar, feed or API that a page links to. `why` tells in English how it was found ("rel=alternate")."""

    format: str
    url: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One answer, read. `damaged` answers add and change but never remove."""

    format: str
    coverage: Coverage  # what `auto` means for this format
    chunks: tuple[Chunk, ...] = ()
    problems: tuple[Problem, ...] = ()
    damaged: bool = False
    name: str | None = None
    suggestions: tuple[Draft, ...] = ()
    next_url: str | None = None  # a further page of the same answer
    follow: tuple[str, ...] = ()  # addresses that this answer lists instead of holding events
    linked: tuple[Linked, ...] = ()  # other addresses of the same events, richest first; richer ones are to be tried
    counts: Counts = Counts()  # of components that belong to no chunk (not closed, no times to be read)


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


@dataclass(frozen=True, slots=True)
class Reason:
    """One named part of a pair's score, in log-odds (natural logarithm)."""

    name: str
    weight: float
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How alike two listings are. `veto` names what forbids a merge; `pinned` that staff decided."""

    score: float
    reasons: tuple[Reason, ...] = ()
    veto: str | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What staff decided, pinned on listing identities so that it outlives every refetch.

    kind: "same" and "different" (`listings` has one of each side), "hide" (the event of `listings[0]`),
    "correct" (`field`, `value`), "choose" (`field`, `value` is the source to take it from).
    """

    id: int
    kind: str
    listings: tuple[int, ...]
    field: str | None = None
    value: str | None = None
    made: datetime
    by: str = ""
    undone: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One raw answer, immutable, named by the SHA-256 of its bytes."""

    hash: str
    body: bytes = field(repr=False)
    content_type: str = ""
    url: str = ""
