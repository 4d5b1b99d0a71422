"""The tables of those who write to us and those who decide: as little as possible of a person, and for how long.

What a row may be kept for is in `retention`. Secrets that a link or a cookie carries are stored as their hash.
"""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from aggregator.tables.columns import blob, instant, number, serial, text


class PersonRow(SQLModel, table=True):
    """Who submits: an organizer, or a resident who told of a mistake and wants an answer."""

    __tablename__ = "person"
    id: str = text(key=True)
    email: str = text(unique=True)
    name: str = text()
    role: str = text()
    language: str = text()
    created: datetime = instant()
    confirmed: datetime | None = instant(null=True)


class ConsentRow(SQLModel, table=True):
    """What a person agreed to: which text, in which version, when, and when it was taken back."""

    __tablename__ = "consent"
    id: int | None = serial()
    person: str = text(index=True)
    what: str = text()
    version: str = text()
    given: datetime = instant()
    withdrawn: datetime | None = instant(null=True)


class TokenRow(SQLModel, table=True):
    """A link that was mailed or printed: the hash of its secret, good once and for a while."""

    __tablename__ = "token"
    hash: str = text(key=True)
    purpose: str = text()
    subject: str = text(index=True)
    created: datetime = instant()
    expires: datetime = instant(index=True)
    used: datetime | None = instant(null=True)


class SessionRow(SQLModel, table=True):
    """A browser that is logged in: `kind` is "staff" or "person", `subject` who it is."""

    __tablename__ = "session"
    hash: str = text(key=True)
    kind: str = text()
    subject: str = text(index=True)
    created: datetime = instant()
    seen: datetime = instant()
    expires: datetime = instant(index=True)
    revoked: datetime | None = instant(null=True)


class StaffRow(SQLModel, table=True):
    """Who may decide. `password` is an argon2 hash; `removed` ends all rights and keeps the log readable."""

    __tablename__ = "staff"
    id: str = text(key=True)
    email: str = text(unique=True)
    name: str = text()
    language: str = text()
    password: str | None = text(null=True)
    added: datetime = instant()
    removed: datetime | None = instant(null=True)


class SubmissionRow(SQLModel, table=True):
    """What a person sent in: `kind` source, event or report. `body` is what it says, as JSON of its kind.

    `version` grows with every change, so that who decides decides on what was shown (F25). `source` is the id of
    the entry that it became.
    """

    __tablename__ = "submission"
    id: str = text(key=True)
    kind: str = text()
    state: str = text(index=True)
    person: str | None = text(index=True, null=True)
    body: str = text()
    note: str = text()
    version: int = number()
    created: datetime = instant(index=True)
    changed: datetime = instant()
    source: str | None = text(index=True, null=True)


class EntryRow(SQLModel, table=True):
    """A source that was approved or entered by staff, beside those of `sources.yaml`."""

    __tablename__ = "entry"
    id: str = text(key=True)
    body: str = text()
    person: str | None = text(index=True, null=True)
    added: datetime = instant()
    removed: datetime | None = instant(null=True)


class PlaceRow(SQLModel, table=True):
    """What staff say of a place: one of their own, another reading of one of the file, or `into` which it merged."""

    __tablename__ = "place"
    id: str = text(key=True)
    body: str = text()
    into: str | None = text(null=True)
    changed: datetime = instant()
    by: str = text()


class LetterRow(SQLModel, table=True):
    """A mail on its way: written in the transaction that is its reason, handed over later (D02).

    `key` names the reason, so that one reason never makes two mails. The text is dropped once it has been sent.
    """

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("key"),)
    id: int | None = serial()
    key: str = text()
    kind: str = text()
    recipient: str = text(index=True)
    language: str = text()
    subject: str = text()
    plain: str = text()
    html: str = text()
    created: datetime = instant(index=True)
    due: datetime | None = instant(index=True, null=True)
    tries: int = Field(default=0)
    sent: datetime | None = instant(null=True)
    error: str = text()


class AuditRow(SQLModel, table=True):
    """Who did what, to what, when; `by` is "staff:ID", "person:ID" or the command line's user."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_subject", "subject"),)
    id: int | None = serial()
    at: datetime = instant(index=True)
    by: str = text(index=True)
    action: str = text()
    subject: str = text()
    detail: str = text()


class SuppressedRow(SQLModel, table=True):
    """What was erased and must not come back: a keyed hash of an address or of a name of so many words."""

    __tablename__ = "suppressed"
    hash: str = text(key=True)
    kind: str = text()
    since: datetime = instant()


class TallyRow(SQLModel, table=True):
    """Tries by one network address, recipient or host within a time, to bound them; `key` is a keyed hash (G06)."""

    __tablename__ = "tally"
    __table_args__ = (Index("tally_key", "key", "at"),)
    id: int | None = serial()
    key: str = text()
    at: datetime = instant(index=True)


class SaltRow(SQLModel, table=True):
    """The key of a day's hashes in `tally`; with it gone, nobody can tell any more whose they were."""

    __tablename__ = "salt"
    day: date = Field(primary_key=True)
    key: bytes = blob()


class SwitchRow(SQLModel, table=True):
    """What staff turned on (`state` 1) or off (0), and who did it last."""

    __tablename__ = "switch"
    name: str = text(key=True)
    state: int = number()
    changed: datetime = instant()
    by: str = text()


class TownRow(SQLModel, table=True):
    """The one row that says how often staff changed the town; who runs compares it."""

    __tablename__ = "town"
    id: int = Field(primary_key=True)
    revision: int = number()
