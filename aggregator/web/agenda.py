"""How a list tells what a filter found: by day, what is over today folded away, what runs for long apart. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from aggregator.render import prose
from aggregator.selection import Filter, list_span, over
from aggregator.shelf import Entry
from aggregator.web import cards
from aggregator.web.site import Site
from aggregator.web.words import say

PAGE_SIZE = 60  # events of one page of the list


@dataclass(frozen=True, slots=True)
class Agenda:
    """One page of the list. `total` counts all that was found; `more` tells whether another page follows."""

    days: Sequence[cards.Day]
    runs: Sequence[cards.Card]
    total: int
    more: bool


def agenda(found: Sequence[Entry], wanted: Filter, now: datetime, number: int, site: Site, language: str) -> Agenda:
    """The page of that number of what `wanted` found at a local instant."""
    runs = [entry for entry in found if entry.ongoing] if wanted.ongoing == "yes" else []
    dated = [entry for entry in found if not entry.ongoing] if runs else found
    begins = list_span(wanted, now.date()).first
    past, coming = _parted(dated, now) if begins == now.toordinal() else ([], dated)
    shown = coming[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    days = cards.days(shown, site, language, date.fromordinal(begins) if begins else None)
    if past and number == 1:
        days = _folded(days, [cards.card(entry, site, language) for entry in past], now, language)
    told = [cards.card(entry, site, language) for entry in runs] if number == 1 else []
    return Agenda([_placed(day, now, language) for day in days], told, len(found), number * PAGE_SIZE < len(coming))


def still(found: Sequence[Entry], now: datetime) -> Sequence[Entry]:
    """What was found without what is over today: a short list has no room for it."""
    return _parted(found, now)[1]


def _parted(found: Sequence[Entry], now: datetime) -> tuple[Sequence[Entry], Sequence[Entry]]:
    """What is over, of today; and all else. What was found is in order of start, so only its beginning is looked at."""
    today = now.toordinal()
    near = next((n for n, entry in enumerate(found) if entry.first > today), len(found))
    past = [entry for entry in found[:near] if entry.last == today and over(entry, now)]
    ids = {entry.event.id for entry in past}
    return past, [entry for entry in found[:near] if entry.event.id not in ids] + list(found[near:])


def _folded(days: list[cards.Day], past: Sequence[cards.Card], now: datetime, language: str) -> list[cards.Day]:
    """The days with what is over put under today, which is there even if nothing more happens then."""
    if days and days[0].date == now.date():
        return [replace(days[0], over=past), *days[1:]]
    return [cards.Day(now.date(), prose.day(now.date(), language), (), over=past), *days]


def _placed(day: cards.Day, now: datetime, language: str) -> cards.Day:
    """The day, said to be today or tomorrow where it is."""
    word = {0: "today", 1: "tomorrow"}.get((day.date - now.date()).days)
    return replace(day, near=say(language, word)) if word else day
