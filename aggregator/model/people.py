"""Those who write to us, those who decide, and what passes between them. Decides nothing: see `moderation`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from aggregator.model.source import Source
from aggregator.model.vocabulary import Role
from aggregator.model.when import When
from aggregator.model.where import Place


class SubmissionKind(StrEnum):
    """What was sent in: an address that announces events, a single event, or word of a mistake."""

    SOURCE = "source"
    EVENT = "event"
    REPORT = "report"


class Standing(StrEnum):
    """How far a submission has come; what leads from one to the next is in `moderation`."""

    UNCONFIRMED = "unconfirmed"  # the mail with the link has not been answered
    WAITING = "waiting"  # in the queue
    ASKED = "asked"  # staff asked back
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"  # a report that staff have dealt with


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who submits. `role` is what they say of themselves; `confirmed`: they have answered a mail."""

    id: str
    email: str = field(repr=False)
    name: str = field(repr=False)
    role: Role = Role.ORGANIZER
    language: str = "sv"
    created: datetime
    confirmed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedSource:
    """An address as an organizer pasted it, and what they say of it."""

    address: str
    name: str
    role: Role = Role.ORGANIZER
    organizer: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedEvent:
    """One event, or a small series of it, as it was filled in. Texts are plain, `place` is a name."""

    title: str
    dates: tuple[When, ...]
    place: str = ""
    address: str = ""
    organizer: str = ""
    description: str = ""
    url: str = ""
    price: str = ""
    age: str = ""
    audience: str = ""
    categories: tuple[str, ...] = ()
    cancelled: tuple[When, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What a reader says is wrong with an event."""

    event: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What was sent in and how far it has come. `person` is None where a report was left without an address.

    `version` grows with every change: who decides names the one that was shown (F25). `note` is what staff wrote
    to the person last; `source` the entry that it became.
    """

    id: str
    kind: SubmissionKind
    state: Standing
    person: str | None
    body: OfferedSource | OfferedEvent | Mistake
    note: str = ""
    version: int = 1
    created: datetime
    changed: datetime
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who may decide; `removed` ends all rights."""

    id: str
    email: str = field(repr=False)
    name: str = field(repr=False)
    language: str = "sv"
    added: datetime
    removed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A source beside those of `sources.yaml`, and whose it is."""

    source: Source
    person: str | None = None
    added: datetime
    removed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceEdit:
    """What staff say of a place; with `into` it is another name of that one."""

    place: Place
    into: str | None = None
    changed: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as it was written. `key` names its reason, so that one reason never makes two."""

    key: str
    kind: str
    recipient: str = field(repr=False)
    language: str
    subject: str
    plain: str = field(repr=False)
    html: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A line of the log: `by` is "staff:ID", "person:ID" or whoever used the command line."""

    id: int
    at: datetime
    by: str
    action: str
    subject: str
    detail: str = ""
