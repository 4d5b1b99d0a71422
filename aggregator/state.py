"""What is remembered of a source between two answers, as one frozen value. Decides nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from aggregator.model import Counts, Coverage, Problem

_NOTHING = Counts()


class Drop(StrEnum):
    """How much of a source is missing; the table of evidence asked for is in `absence.py`."""

    NONE = "none"
    FEW = "few"
    MANY = "many"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Absent:
    """A listing that a complete answer should have held and did not. `seen` is its last counted sighting."""

    listing: int
    since: datetime
    seen: datetime
    sightings: int = 1


@dataclass(frozen=True, slots=True)
class Held:
    """An answer of which nothing is published until staff release it. `snapshot` names its bytes.

    `kept` is who said that it shall stay held; another answer asks anew.
    """

    reason: str
    since: datetime
    snapshot: str
    detail: str = ""
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """All times of a source moved by so many minutes at once, at the answer of `since`."""

    minutes: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Relocation:
    """A permanent redirect that the source has answered with, and how often in a row."""

    url: str
    since: datetime
    sightings: int = 1


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a source told and staff are to decide: its date is a guess, or a policy asks. Nothing of it is published.

    `chunk` is the key of the piece that tells it. `start` is ISO text, "" if no time is told; `reason` and `detail`
    are those of a `Problem`.
    """

    chunk: str
    title: str
    start: str
    url: str
    place: str
    reason: str
    detail: str = ""

    @property
    def name(self) -> str:
        """What stays the same when it is told again: the piece that tells it, and its time."""
        return f"{self.chunk} {self.start}"


@dataclass(frozen=True, slots=True)
class Page:
    """An event page of a site map, as it was last read: its validators, and the keys of the chunks that it held."""

    url: str
    stamp: str = ""
    etag: str | None = None
    last_modified: str | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """All that outlives one refresh of a source. Instants are aware.

    `etag`, `last_modified` and `body` (SHA-256) belong to the last answer that was read well. `until` is the
    last local date that the answer spoke of (`Coverage.WINDOW`); `things` is how many things it held.
    """

    id: str
    settings: str = ""
    url: str | None = None
    format: str | None = None
    name: str | None = None
    maker: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body: str | None = None
    tried: datetime | None = None
    good: datetime | None = None
    due: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    error: str | None = None
    error_code: str | None = None
    paused: str | None = None
    removed: bool = False
    counts: Counts = _NOTHING
    problems: tuple[Problem, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()  # those of the newest answer first
    dismissed: tuple[str, ...] = ()  # names of suggestions that staff have dealt with
    damaged: bool = False
    coverage: Coverage = Coverage.LATEST
    things: int = 0
    pages: tuple[Page, ...] = ()
    paged: bool = False  # the answer went on over further pages, so an equal first page says nothing of the others
    answered: str | None = None  # the address, after redirects, that gave the validators
    until: date | None = None
    drop: Drop = Drop.NONE
    absent: tuple[Absent, ...] = ()
    held: Held | None = None
    relocation: Relocation | None = None
    gone: datetime | None = None
    missing_since: datetime | None = None
    churn: int = 0
    content_keyed: bool = False
    shifted: Shift | None = None
    wants: tuple[str, ...] = ()  # what its organizer could mend (`quality`)
    window: date | None = None
