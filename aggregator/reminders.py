"""Which organizers are asked whether all is right still: once a term, for what was there before it began. Pure.

A term is a half year as schools and clubs count: from January, and from August.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aggregator.model import Entry

AUTUMN = 8  # the month in which the second term begins
SETTLED = timedelta(days=14)  # after a term's first day: by then its calendar has been made


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its name, as keys of letters have it, and its first day."""

    name: str
    first: date


def term_of(day: date) -> Term:
    """The term that a day belongs to."""
    second = day.month >= AUTUMN
    return Term(f"{day.year}-{1 + second}", date(day.year, AUTUMN if second else 1, 1))


def due(
    entries: Iterable[Entry], settled: Mapping[str, datetime], now: datetime, zone: ZoneInfo
) -> list[tuple[Entry, Term]]:
    """The sources to ask about now. `settled` maps a source to when all was last said to be right, or was asked."""
    today = now.astimezone(zone).date()
    term = term_of(today)
    if today < term.first + SETTLED:
        return []
    begun = datetime(term.first.year, term.first.month, term.first.day, tzinfo=zone)
    asked = (entry for entry in entries if entry.removed is None and entry.person is not None and entry.added < begun)
    return [(entry, term) for entry in asked if settled.get(entry.source.id, entry.added) < begun]
