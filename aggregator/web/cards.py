"""An event as a page shows it: every word and address ready, so that templates hold no logic. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from aggregator.model import Content, Status
from aggregator.render import prose
from aggregator.render.view import address, clean, place_line, published, title
from aggregator.shelf import Entry
from aggregator.web import tongue
from aggregator.web.site import Site, twin
from aggregator.web.words import say

_SUMMARY = 180  # characters of a description in a list
_TIED = "\u00a0"
_BADGED = (Status.CANCELLED, Status.POSTPONED, Status.MOVED, Status.MOVED_ONLINE, Status.TENTATIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One event in a list. `iso` is its start for `<time datetime>`; `state` is "" for an event as planned.

    `lang` is the language of title and summary, `place_lang` that of the place, each category its own; "" where it is
    the page's.
    """

    id: str
    url: str
    title: str
    state: str
    state_label: str
    clock: str
    when: str
    iso: str
    place: str
    place_url: str
    price: str
    summary: str
    categories: tuple[tuple[str, str], ...]
    series: str
    lang: str = ""
    place_lang: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """The events of one local date under its heading; `near` is "today" or "tomorrow" in words, or "".

    `over` are those of today that have ended.
    """

    date: date
    heading: str
    cards: Sequence[Card]
    near: str = ""
    over: Sequence[Card] = ()


def card(entry: Entry, site: Site, language: str, on: date | None = None) -> Card:
    """The event of an entry as a list shows it.

    `on` is the day under which it stands, or today: what had begun by then lasts "till" its last day, what is to come
    tells both, and a year that is not its year is said.
    """
    content, view = entry.event.content, site.view(language)
    when = published(content, site.zone)
    where = content.location
    line = place_line(content)
    place = prose.location_or_online(content, line, language) or ""
    badged = content.status in _BADGED
    return Card(
        id=entry.event.id,
        url=address(entry.event, view).removeprefix(site.base),
        title=bare_title(content, language),
        state=content.status.value if badged else "",
        state_label=say(language, f"badge-{content.status.value}") if badged else "",
        clock=_clock(content, site.zone, language, on),
        when=prose.span_line(entry.event, view, year=on is not None and _other_year(content, site.zone, on)),
        iso=when.start.isoformat(timespec="minutes") if isinstance(when.start, datetime) else when.start.isoformat(),
        place=place,
        place_url=f"{twin('/', language)}?place={where.place}" if where and where.place else "",
        price=prose.price(content, language) or "",
        summary=_short(content.description or ""),
        categories=tuple(_word(name, site, language) for name in content.categories),
        series=entry.event.series or "",
        lang=tongue.of_event(content, site, language),
        place_lang=tongue.of_town(site, language) if line else "",
    )


def _word(name: str, site: Site, language: str) -> tuple[str, str]:
    return clean(site.word(name, language)), tongue.of_word(name, site, language)


def days(entries: Iterable[Entry], site: Site, language: str, first: date | None) -> list[Day]:
    """Entries in order of start, under the date on which they are met: their first day, never before `first`."""
    floor = first.toordinal() if first else 0

    def met(entry: Entry) -> int:
        return max(entry.first, floor)

    found = []
    for ordinal, group in groupby(sorted(entries, key=met), key=met):
        day = date.fromordinal(ordinal)
        told = heading(day, language, year=first is not None and day.year != first.year)
        found.append(Day(day, told, [card(entry, site, language, day) for entry in group]))
    return found


def heading(day: date, language: str, *, year: bool = False) -> str:
    """A day as the heading of its events, to be broken after the weekday and nowhere else."""
    weekday, _, rest = prose.day(day, language, year=year).partition(" ")
    return f"{weekday} {rest.replace(' ', _TIED)}"


def bare_title(content: Content, language: str) -> str:
    """The title without what happened to the event, which pages show beside it."""
    told = title(content, language)
    return told.partition(": ")[2] if content.status in _BADGED and ": " in told else clean(content.title)


def _clock(content: Content, zone: ZoneInfo, language: str, on: date | None) -> str:
    """The hours alone; for days and runs, which days."""
    when = published(content, zone)
    if not isinstance(when.start, datetime):
        last = when.last_day(zone)
        return _span(when.start, last, language, on) if last > when.start else say(language, "all-day")
    start = prose.clock(when.start, language)
    if isinstance(when.end, datetime) and when.end.date() == when.start.date():
        return f"{start}–{prose.clock(when.end, language)}"
    return start


def _other_year(content: Content, zone: ZoneInfo, on: date) -> bool:
    """Whether a date of the event lies in another year than that day; then its years are said."""
    return any(day.year != on.year for day in (content.when.first_day(zone), content.when.last_day(zone)))


def _span(first: date, last: date, language: str, on: date | None) -> str:
    """Days of which one is the last: "sista dagen", "till 17 januari", or both ends of what is to come."""
    if on is not None and first < on:
        if last == on:
            return say(language, "last-day")
        year = f" {last.year}" if last.year != on.year else ""
        return say(language, "until", day=f"{last.day} {prose.MONTHS[language][last.month - 1]}{year}")
    return prose.short_span(first, last, language, year=on is not None and {first.year, last.year} != {on.year})


def _short(text: str) -> str:
    """The beginning of a text, cut between words."""
    plain = " ".join(clean(text).split())
    if len(plain) <= _SUMMARY:
        return plain
    return plain[:_SUMMARY].rsplit(" ", 1)[0].rstrip(",.;:–- ") + " …"
