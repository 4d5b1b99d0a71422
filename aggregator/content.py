"""What a listing says besides its time: every field cleaned once, and the digest of what the public can see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo

from aggregator import contacts, prices, text
from aggregator.model import (
    Context,
    Draft,
    Geo,
    Key,
    Layer,
    Listing,
    Location,
    Price,
    Problem,
    Stated,
    Status,
    When,
)  # fmt: skip
from aggregator.timing import aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a draft says besides when it is, cleaned; the dates of a series share one."""

    title: str
    status: Status
    location: Location | None
    organizer: str | None
    description: str | None
    html: str | None
    url: str | None
    links: tuple[str, ...]
    ticket_url: str | None
    image: str | None
    categories: tuple[str, ...]
    audience: str | None
    age: tuple[int, int | None] | None
    price: Price | None
    doors: datetime | None
    previous_start: datetime | date | None
    language: str | None
    accessible: bool | None
    layer: Layer
    notes: tuple[Problem, ...]


def said(draft: Draft, title: str, context: Context) -> Said:
    """The draft's fields, cleaned once. `title` is plain text already."""
    source = context.source
    notes = [Problem("title-markup", title, refused=False)] if text.is_markup(draft.title or "") else []
    description, html, price = _prose(draft.description, draft.html)
    title, status = _status(title, draft.status)
    return Said(
        title=title,
        status=status,
        location=_location(draft.location, title, context, notes),
        organizer=_plain(draft.organizer) or source.organizer,
        description=description,
        html=html,
        url=text.clean_url(draft.url),
        links=_links(draft),
        ticket_url=text.clean_url(draft.ticket_url),
        image=text.clean_url(draft.image) if source.images or source.licence else None,
        categories=_categories(draft, context),
        audience=_plain(draft.audience),
        age=_age(draft.age),
        price=draft.price or price,
        doors=_doors(draft, context),
        previous_start=aware(draft.previous_start, ZoneInfo(context.zone)),
        language=_plain(draft.language),
        accessible=draft.accessible,
        layer=source.layer,
        notes=tuple(notes),
    )


def listing(draft: Draft, key: Key, when: When, words: Said, mark: str) -> Listing:
    """One occurrence; `mark` is the digest of `words`."""
    return Listing(
        key=key,
        title=words.title,
        when=when,
        stated=_stated(draft),
        digest=hashed(mark, repr((_instant(when.start), _instant(when.end)))),
        status=words.status,
        location=words.location,
        organizer=words.organizer,
        description=words.description,
        html=words.html,
        url=words.url,
        links=words.links,
        ticket_url=words.ticket_url,
        image=words.image,
        categories=words.categories,
        audience=words.audience,
        age=words.age,
        price=words.price,
        doors=words.doors,
        previous_start=words.previous_start,
        language=words.language,
        accessible=words.accessible,
        series=draft.series,
        override=draft.override,
        layer=words.layer,
    )


def stated_start(draft: Draft) -> str:
    """The start as the source stated it, as ISO text; "" if there is none."""
    return draft.stated_start or (draft.start.isoformat() if draft.start is not None else "")


def _stated(draft: Draft) -> Stated:
    """What the source itself told, as far as a database can hold it."""
    uid, url = (text.verbatim(value)[: text.URL_LENGTH] if value else None for value in (draft.uid, draft.url))
    return Stated(uid or None, url or None, stated_start(draft))


def _plain(value: str | None) -> str | None:
    return text.clean_text(value, limit=text.TITLE_BYTES) or None if value else None


@lru_cache(maxsize=64)  # the dates of a series share their prose
def _prose(description: str | None, markup: str | None) -> tuple[str | None, str | None, Price | None]:
    """Plain description, clean HTML, price; HTML that tells of private contacts is left out rather than patched."""
    told = description or markup or ""
    full = text.clean_text(told, lines=True)
    plain = contacts.without_contacts(full)
    source = markup or (told if "<" in told and text.is_markup(told) else None)
    html = text.clean_html(source) if source is not None and plain == full else None
    return plain or None, html or None, prices.find(plain)


_CANCELLED = re.compile(
    r"\W*(?:inställ[td]\b|ställs in\b|avlyst\b|cancell?ed(?=\s*[:!–)\]-]))[\s:!.,–)\]-]*", re.IGNORECASE
)
_POSTPONED = re.compile(
    r"\W*(?:uppskjut(?:et|en)|framflytta[td]|postponed)(?=\s*[:!–)\]-])[\s:!.,–)\]-]*", re.IGNORECASE
)


def _status(title: str, status: Status | None) -> tuple[str, Status]:
    """A status that leads the title is lifted out of it; we write it there ourselves."""
    for pattern, told in ((_CANCELLED, Status.CANCELLED), (_POSTPONED, Status.POSTPONED)):
        found = pattern.match(title)
        if found and title[found.end() :]:
            bare = title[found.end() :]
            return bare[0].upper() + bare[1:], told if status in (None, Status.SCHEDULED) else status
    return title, status or Status.SCHEDULED


def _location(told: Location | None, title: str, context: Context, notes: list[Problem]) -> Location | None:
    """The place as told, cleaned; a source with a fixed place, or always online, decides for its events."""
    fixed = context.source.place
    if told is None and not fixed:
        return None
    told = told or Location()
    online = None if told.online is None else text.clean_url(told.online) or ""
    found = Location(
        name=_plain(told.name),
        address=_plain(told.address),
        locality=_plain(told.locality),
        room=_plain(told.room),
        geo=_geo(told.geo, title, notes),
        online=online or "" if fixed == "online" else online,
        place=None if fixed == "online" else fixed,
    )
    return None if found == Location() else found


def _geo(geo: Geo | None, title: str, notes: list[Problem]) -> Geo | None:
    """Coordinates on this planet; 0,0 is how programs write "unknown", and Sweden mirrored is a mistake (A33)."""
    if geo is None or (geo.lat == 0 and geo.lon == 0):
        return None
    mirrored = _in_sweden(geo.lon, geo.lat) and not _in_sweden(geo.lat, geo.lon)
    if mirrored or not (-90 <= geo.lat <= 90 and -180 <= geo.lon <= 180):
        notes.append(Problem("geo-invalid", title, f"{geo.lat}, {geo.lon}", refused=False))
        return None
    return geo


def _in_sweden(lat: float, lon: float) -> bool:
    return 55 <= lat <= 69.5 and 10.5 <= lon <= 24.5


def _links(draft: Draft) -> tuple[str, ...]:
    known = {text.canonical_url(draft.url)} if draft.url else set()
    found: dict[str, str] = {}
    for link in draft.links:
        clean = text.clean_url(link)
        if clean is not None and text.canonical_url(clean) not in known:
            found.setdefault(text.canonical_url(clean), clean)
    return tuple(sorted(found.values()))[:20]


def _categories(draft: Draft, context: Context) -> tuple[str, ...]:
    """What the event says and what its source says of all its events, sorted, once each."""
    told = [name for name in map(_plain, draft.categories[:100]) if name]
    named = {text.fold(name): name for name in (*context.source.category, *told)}
    return tuple(sorted(named.values()))[:40]


def _age(told: str | None) -> tuple[int, int | None] | None:
    """ "6-9", "7+", "från 12 år" as lowest and highest age; None where nothing or nonsense is told."""
    numbers = [int(number) for number in re.findall(r"\d{1,3}", told or "")]
    if not numbers or max(numbers) > 120:
        return None
    if len(numbers) == 1:
        return numbers[0], None
    return (numbers[0], numbers[1]) if numbers[0] <= numbers[1] else None


def _doors(draft: Draft, context: Context) -> datetime | None:
    value = aware(draft.doors, ZoneInfo(context.zone))
    return value if isinstance(value, datetime) else None


def digest(words: Said) -> str:
    """The hash of what the public can see, with case, white space and spelling of links folded away (C19, C20)."""
    place = words.location or Location()
    seen = (
        text.fold(words.title), words.status.value,
        *(text.fold(part or "") for part in (place.name, place.address, place.locality, place.room, place.online)),
        place.place, place.geo and (round(place.geo.lat, 5), round(place.geo.lon, 5)),
        text.fold(words.organizer or ""), text.fold(words.description or ""),
        *(text.canonical_url(link) if link else "" for link in (words.url, words.ticket_url, words.image)),
        sorted(map(text.canonical_url, words.links)), sorted(map(text.fold, words.categories)),
        words.audience, words.age, _money(words.price), _instant(words.doors),
        _instant(words.previous_start), words.language, words.accessible, words.layer.value,
    )  # fmt: skip
    return hashed(repr(seen))


def _instant(value: datetime | date | None) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return None if value is None else value.isoformat()


def _money(price: Price | None) -> str | None:
    return None if price is None else f"{price.free} {price.low} {price.high} {price.currency}"


def hashed(*parts: str) -> str:
    """A short stable name for some text."""
    return blake2b("\x1f".join(parts).encode(errors="replace"), digest_size=16).hexdigest()
