"""How a list tells what a filter found: by day, what is over today folded away, what runs for long apart. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import takewhile

from aggregator.found import Found
from aggregator.index import set_of
from aggregator.selection import Filter, list_span, once_a_series, over
from aggregator.shelf import Entry
from aggregator.web import cards
from aggregator.web.site import Site
from aggregator.web.words import say

PAGE_SIZE = 32  # events of one page of the list: unpacked and with its style it weighs less than 60 kB
_LOOKED = 200  # of what runs for long, looked at for which are dates of one series
RUNS = 20  # of what runs for long, told below its first page; the rest is a link


@dataclass(frozen=True, slots=True)
class Agenda:
    """One page of the list. `total` counts all that was found; `number` is the page's, the last one's where fewer
    are there; `more` tells whether another follows.

    `runs` is what runs for long and has begun, or touches the days that were asked for; `later` what of it begins
    later, each series by its next date. `more_runs` counts what is left out of both.
    """

    days: Sequence[cards.Day]
    runs: Sequence[cards.Card]
    later: Sequence[cards.Card]
    total: int
    number: int
    more: bool
    more_runs: int


def agenda(found: Found, wanted: Filter, now: datetime, number: int, site: Site, language: str) -> Agenda:
    """The page of that number of what `wanted` found at a local instant."""
    apart = wanted.ongoing == "yes"
    runs, dated = found.bearing("ongoing", True), found.bearing("ongoing", False) if apart else found
    begins = list_span(wanted, now.date()).first
    past = _over(dated, now) if begins == now.toordinal() else []
    coming = dated.without(_slots(past))
    number = max(1, min(number, -(-len(coming) // PAGE_SIZE)))
    shown = coming[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    days = cards.days(shown, site, language, date.fromordinal(begins) if begins else None)
    if past and number == 1:
        days = _folded(days, [cards.card(entry, site, language, now.date()) for entry in past], now, language)
    here, later = _begun(list(runs[:_LOOKED]), wanted, now.date()) if number == 1 and apart else ([], [])
    told = [cards.card(entry, site, language, now.date()) for entry in [*here, *later][:RUNS]]
    more = len(runs) - RUNS if len(here) + len(later) > RUNS else 0
    days = [_placed(day, now, language) for day in days]
    split = min(len(here), RUNS)
    return Agenda(days, told[:split], told[split:], len(found), number, number * PAGE_SIZE < len(coming), more)


def foremost(found: Found, wanted: Filter, now: datetime, most: int) -> tuple[list[Entry], list[Entry]]:
    """What a short list has room for: what has its day first, then what runs for long; nothing that is over today."""
    coming = still(found, now)
    if wanted.ongoing != "yes":
        return coming[:most], []
    dated = coming.bearing("ongoing", False)[:most]
    return dated, coming.bearing("ongoing", True)[: most - len(dated)]


def still(found: Found, now: datetime) -> Found:
    """What was found without what is over today: a short list has no room for it."""
    return found.without(_slots(_over(found, now)))


def _over(found: Found, now: datetime) -> list[Entry]:
    """What was found of today that is over; it stands at the beginning, so no more than that is looked at."""
    today = now.toordinal()
    begun = takewhile(lambda entry: entry.first <= today, found)
    return [entry for entry in begun if entry.last == today and over(entry, now)]


def _begun(runs: list[Entry], wanted: Filter, today: date) -> tuple[list[Entry], list[Entry]]:
    """What runs on the days that were asked for, today if none were; and what begins later."""
    last = list_span(wanted, today).last or today.toordinal()
    here = [entry for entry in runs if entry.first <= last]
    return here, once_a_series([entry for entry in runs if entry.first > last], today)


def _slots(entries: Sequence[Entry]) -> int:
    return set_of(sorted(entry.slot for entry in entries))


def _folded(days: list[cards.Day], past: Sequence[cards.Card], now: datetime, language: str) -> list[cards.Day]:
    """The days with what is over put under today, which is there even if nothing more happens then."""
    if days and days[0].date == now.date():
        return [replace(days[0], over=past), *days[1:]]
    return [cards.Day(now.date(), cards.heading(now.date(), language), (), over=past), *days]


def _placed(day: cards.Day, now: datetime, language: str) -> cards.Day:
    """The day, said to be today or tomorrow where it is."""
    word = {0: "today", 1: "tomorrow"}.get((day.date - now.date()).days)
    return replace(day, near=say(language, word)) if word else day
