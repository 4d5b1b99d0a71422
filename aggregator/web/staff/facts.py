"""What a listing or an event says, as lines of text that staff compare. It judges nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.lookalike import host_of, likeness, shown
from aggregator.model import Content, Listing, Location, OfferedEvent, Status, StoredListing
from aggregator.render import prose
from aggregator.web.staff.clerk import Clerk

FIELDS = (
    *("title", "when", "location", "status", "organizer", "price", "age", "audience", "categories", "doors"),
    *("url", "ticket_url", "image", "description"),
)  # in the order in which people ask
_LONGEST = 600  # letters of a description that are shown


@dataclass(frozen=True, slots=True)
class Row:
    """One field of two sides. `differs`: both tell it, and not alike."""

    field: str
    label: str
    cells: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Link:
    """An address with its whole host in sight, and what makes it doubtful (F26)."""

    url: str
    host: str
    warning: str


def texts(told: Listing | Content, clerk: Clerk) -> dict[str, str]:
    """Field → text; what is not told is left out."""
    zone, language = clerk.site.zone, clerk.language
    found = {
        "title": told.title,
        "when": prose.time_line(told.when, zone, language, year=True),
        "location": place(told.location, language),
        "status": "" if told.status is Status.SCHEDULED else clerk.t(f"badge-{told.status.value}"),
        "organizer": told.organizer,
        "price": prose.price(Content(title="", when=told.when, price=told.price), language),
        "age": age(told.age),
        "audience": told.audience,
        "categories": ", ".join(told.categories),
        "doors": prose.clock(told.doors.astimezone(zone), language) if isinstance(told.doors, datetime) else "",
        "url": told.url,
        "ticket_url": told.ticket_url,
        "image": told.image,
        "description": _short(told.description or ""),
    }
    return {name: text for name, text in found.items() if text}


def compared(sides: Sequence[Listing | Content], clerk: Clerk) -> list[Row]:
    """The fields that any of the sides tells, beside each other."""
    told = [texts(side, clerk) for side in sides]
    rows = []
    for name in FIELDS:
        cells = tuple(side.get(name, "") for side in told)
        if any(cells):
            differs = len({" ".join(cell.casefold().split()) for cell in cells if cell}) > 1
            rows.append(Row(name, clerk.t(f"field-{name}"), cells, differs))
    return rows


def place(where: Location | None, language: str) -> str:
    """A location on one line."""
    if where is None:
        return ""
    told = dict.fromkeys(part for part in (where.name, where.room, where.address, where.locality) if part)
    if not told and where.online is not None:
        return "på nätet" if language == "sv" else "online"
    return ", ".join(told)


def age(told: tuple[int, int | None] | None) -> str:
    """An age range as it is typed: 6-9, 13+, 7."""
    if told is None:
        return ""
    low, high = told
    return f"{low}+" if high is None else str(low) if high == low else f"{low}-{high}"


def link(url: str, clerk: Clerk, known: Mapping[str, str] | None = None) -> Link:
    """An address as it is shown to who decides."""
    host = host_of(url)
    hosts = known if known is not None else hosts_of(clerk)
    found = likeness(host, hosts)
    warning = clerk.t(f"host-{found.why}", of=found.of) if found else ""
    return Link(url, shown(host), warning)


def hosts_of(clerk: Clerk) -> dict[str, str]:
    """The hosts that are known here, each with who it is: our own, and those of the sources of the file."""
    told = {host_of(source.url): source.name for source in clerk.site.sources.values() if source.url}
    return {**told, host_of(clerk.site.base): clerk.site.name}


def offered(event: OfferedEvent, clerk: Clerk) -> dict[str, str]:
    """What an organizer filled in, field → text."""
    dates = [prose.time_line(when, clerk.site.zone, clerk.language, year=True) for when in event.dates]
    found = {
        "title": event.title,
        "when": "\n".join(dates),
        "location": ", ".join(part for part in (event.place, event.address) if part),
        "organizer": event.organizer,
        "price": event.price,
        "age": event.age,
        "audience": event.audience,
        "categories": ", ".join(event.categories),
        "url": event.url,
        "description": event.description,
    }
    return {name: text for name, text in found.items() if text}


def told_by(stored: StoredListing, clerk: Clerk) -> str:
    """The name of a listing's source."""
    source = stored.listing.key.source
    return clerk.site.names.get(source, source)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"
