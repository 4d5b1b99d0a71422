"""What becomes of a submission that is approved: which source it is, beside those that are there. It stores nothing.

An address becomes a source of its own. Single events go together into one source for each person and organizer, of
the format `submitted`, so that a merge knows who speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from aggregator.config import Config
from aggregator.model import SUBMITTED, Entry, OfferedEvent, OfferedSource, Role, Source, Submission
from aggregator.slugs import slug
from aggregator.town import free_id

UNNAMED = "Inlämnade evenemang"  # the source of events that name no organizer; a person's name is never public
_LONGEST = 48  # of an id made of a name: it stands in addresses


def entry_of(submission: Submission, town: Config, entries: Sequence[Entry], now: datetime) -> Entry:
    """The source that an approved submission is told by: the one that it was, or would change, else a new one."""
    body = submission.body
    if isinstance(body, OfferedSource):
        known = next((e for e in entries if e.source.id == submission.source), None)
        return _source(body, known, town, entries, submission.person, now)
    assert isinstance(body, OfferedEvent)  # noqa: S101 - the table lets nobody approve a report
    own = [e for e in entries if e.person == submission.person and e.source.format == SUBMITTED]
    same = (e for e in own if _key(e.source.organizer or "") == _key(body.organizer))
    return _revived(next(same, None)) or _shelf(body, town, entries, submission.person, now)


def _source(
    body: OfferedSource, known: Entry | None, town: Config, entries: Sequence[Entry], person: str | None, now: datetime
) -> Entry:
    entry = known or Entry(source=Source(id=_id(body.name, town, entries), name=body.name), added=now)
    source = replace(entry.source, name=body.name, url=body.address, role=body.role, organizer=body.organizer)
    return replace(entry, source=source, person=person, removed=None)


def _shelf(body: OfferedEvent, town: Config, entries: Sequence[Entry], person: str | None, now: datetime) -> Entry:
    name = body.organizer or UNNAMED
    source = Source(
        id=_id(name, town, entries),
        name=name,
        format=SUBMITTED,
        role=Role.ORGANIZER,
        organizer=body.organizer or None,
    )
    return Entry(source=source, person=person, added=now)


def _revived(entry: Entry | None) -> Entry | None:
    return replace(entry, removed=None) if entry else None


def _id(name: str, town: Config, entries: Sequence[Entry]) -> str:
    return free_id(slug(name)[:_LONGEST].strip("-") or "inlamnat", town, entries)


def _key(name: str) -> str:
    return " ".join(name.casefold().split())
