"""Times and facts of an event as people write them, in Swedish and English. Pure; no markup.

"lördag 16 januari kl. 18.30–20.30" (Språkrådet, Svenska skrivregler); weekdays and months in lower case. It
reads nothing (`swedish` does that).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from aggregator.model import Content, Event, Status, When
from aggregator.render.view import View, clean

WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS: Mapping[str, tuple[str, ...]] = {
    "sv": (
        *("januari", "februari", "mars", "april", "maj", "juni"),
        *("juli", "augusti", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "sv": {
        "at": "kl. ",
        "cancelled": "Evenemanget är inställt.",
        "postponed": "Evenemanget är uppskjutet.",
        "tentative": "Uppgifterna är preliminära.",
        "moved-online": "Evenemanget hålls digitalt.",
        "moved": "Evenemanget har fått ny tid.",
        "was": "Tidigare tid: ",
        "hours": "Öppet ",
        "doors": "Insläpp ",
        "free": "Fri entré",
        "price": "Pris: ",
        "age": "Ålder: ",
        "years": " år",
        "from-age": "från ",
        "accessible": "Tillgängligt med rullstol",
        "organizer": "Arrangör: ",
        "tickets": "Biljetter: ",
        "more": "Mer information: ",
        "source": "Källa: ",
        "online": "På nätet",
    },
    "en": {
        "at": "",
        "cancelled": "The event is cancelled.",
        "postponed": "The event is postponed.",
        "tentative": "The details are tentative.",
        "moved-online": "The event is held online.",
        "moved": "The event has a new time.",
        "was": "Earlier time: ",
        "hours": "Open ",
        "doors": "Doors ",
        "free": "Free admission",
        "price": "Price: ",
        "age": "Age: ",
        "years": " years",
        "from-age": "from ",
        "accessible": "Wheelchair accessible",
        "organizer": "Organizer: ",
        "tickets": "Tickets: ",
        "more": "More information: ",
        "source": "Source: ",
        "online": "Online",
    },
}
_NEXT_MORNING = 6  # an evening that ends before this hour is still told as one evening


def day(value: date, language: str, *, year: bool = False) -> str:
    """ "lördag 16 januari", with its year where asked."""
    tail = f" {value.year}" if year else ""
    return f"{WEEKDAYS[language][value.weekday()]} {value.day} {MONTHS[language][value.month - 1]}{tail}"


def short_span(first: date, last: date, language: str, *, year: bool = False) -> str:
    """ "22–28 februari", "26 oktober–1 november"; with its year where asked, or both."""
    names = MONTHS[language]
    start = f"{first.day}"
    if (first.year, first.month) != (last.year, last.month):
        start += f" {names[first.month - 1]}"
    if year and first.year != last.year:
        start += f" {first.year}"
    return f"{start}–{last.day} {names[last.month - 1]}" + (f" {last.year}" if year else "")


def clock(value: datetime, language: str) -> str:
    """ "18.30" in Swedish, "18:30" in English; `value` is already local."""
    return f"{value.hour:02}{'.' if language == 'sv' else ':'}{value.minute:02}"


def moment(value: datetime, zone: ZoneInfo, language: str) -> str:
    """An instant in local time: "lördag 16 januari kl. 18.30"."""
    local = value.astimezone(zone)
    return f"{day(local.date(), language)} {_WORDS[language]['at']}{clock(local, language)}"


def time_line(when: When, zone: ZoneInfo, language: str, *, year: bool = False) -> str:
    """When, on one line, in local time."""
    if not isinstance(when.start, datetime):
        return _days(when.start, when.last_day(zone), language, year)
    at = "kl. " if language == "sv" else ""
    start = when.start.astimezone(zone)
    first = f"{day(start.date(), language, year=year)} {at}{clock(start, language)}"
    if not isinstance(when.end, datetime) or when.end <= when.start:
        return first
    end = when.end.astimezone(zone)
    if end.date() == start.date() or (
        end.date() == start.date() + timedelta(days=1) and end.hour < min(_NEXT_MORNING, start.hour)
    ):
        return f"{first}–{clock(end, language)}"
    return f"{first} – {day(end.date(), language, year=year)} {at}{clock(end, language)}"


def span_line(event: Event, view: View, *, year: bool = False) -> str:
    """When, for an event: a run tells its first and last day and its hours."""
    content = event.content
    if not content.ongoing:
        return time_line(content.when, view.zone, view.language, year=year)
    first, last = content.when.first_day(view.zone), content.when.last_day(view.zone)
    line = _days(first, last, view.language, year)
    return f"{line}, {clean(content.hours)}" if content.hours else line


def _days(first: date, last: date, language: str, year: bool) -> str:
    if last <= first:
        return day(first, language, year=year)
    both = year and first.year != last.year  # one year is told once, at the end
    return f"{day(first, language, year=both)} – {day(last, language, year=year)}"


def notices(event: Event, view: View) -> list[str]:
    """What happened to the event: its state, and its earlier time while that is told."""
    content, words = event.content, _WORDS[view.language]
    lines = [words[content.status.value]] if content.status is not Status.SCHEDULED else []
    if event.moved_from is not None:
        lines.append(words["was"] + time_line(event.moved_from, view.zone, view.language))
    return lines


def facts(event: Event, view: View) -> list[str]:
    """What a reader should know beside time, place and description, one a line."""
    content, words = event.content, _WORDS[view.language]
    lines = []
    if content.ongoing and content.hours:
        lines.append(words["hours"] + clean(content.hours))
    if content.doors is not None:
        lines.append(words["doors"] + words["at"] + clock(content.doors.astimezone(view.zone), view.language))
    lines += [line for line in (price(content, view.language), _age(content, view.language)) if line]
    if content.accessible:
        lines.append(words["accessible"])
    return lines


def price(content: Content, language: str) -> str | None:
    """ "Fri entré" or "Pris: 80–120 kr"; None where nobody said."""
    cost, words = content.price, _WORDS[language]
    if cost is None:
        return None
    if cost.free:
        return words["free"]
    amounts = dict.fromkeys(_amount(value, language) for value in (cost.low, cost.high) if value is not None)
    if not amounts:
        return None
    unit = "kr" if cost.currency in (None, "SEK") else str(cost.currency)
    return f"{words['price']}{'–'.join(amounts)} {unit}"


def _amount(value: Decimal, language: str) -> str:
    plain = f"{value:.2f}".removesuffix(".00")
    return plain.replace(".", ",") if language == "sv" else plain


def _age(content: Content, language: str) -> str | None:
    if content.age is None:
        return None
    words, (low, high) = _WORDS[language], content.age
    if high is None:
        return f"{words['age']}{words['from-age']}{low}{words['years']}"
    return f"{words['age']}{low}–{high}{words['years']}" if high > low else f"{words['age']}{low}{words['years']}"


def origins(event: Event, view: View) -> list[str]:
    """Who told it and where to read more: organizer, tickets, link, sources, attribution."""
    content, words = event.content, _WORDS[view.language]
    names = [clean(view.names.get(source, source)) for source in content.sources]
    pairs = (
        ("organizer", content.organizer),
        ("tickets", content.ticket_url if content.ticket_url != content.url else None),
        ("more", content.url),
        ("source", ", ".join(names)),
    )
    return [words[label] + clean(value) for label, value in pairs if value] + [clean(a) for a in content.attribution]


def location_or_online(content: Content, line: str | None, language: str) -> str | None:
    """The place's line, else "På nätet" for an event that is only online."""
    if line or content.location is None or content.location.online is None:
        return line
    return _WORDS[language]["online"]
