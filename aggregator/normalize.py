"""Drafts → listings: zones, days and hours, ends, keys, cleaning, the digest. It reads no format and no clock.

One verdict for each draft: a listing, or where the draft falls instead, and what is to be told about it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from hashlib import blake2b
from zoneinfo import ZoneInfo

from aggregator import contacts, prices, text
from aggregator.model import (
    Context,
    Draft,
    Geo,
    Key,
    Listing,
    Location,
    Price,
    Problem,
    Stated,
    Status,
    When,
)  # fmt: skip

UID_LENGTH = 255  # what databases and clients take; longer ones are hashed (A20)
YEARS = 10  # around now; dates outside are mistakes (C11)
LONG = timedelta(days=366)  # told
TOO_LONG = timedelta(days=5 * 366)  # refused (A11, A12)


class Fall(IntEnum):
    """Where a component falls; of several occurrences the smallest value speaks for the component."""

    INSIDE = 0
    BEYOND = 1
    PAST = 2
    REFUSED = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one draft. `listing` is set if and only if it falls inside the window."""

    fall: Fall
    listing: Listing | None = None
    problems: tuple[Problem, ...] = ()


def listings(drafts: Sequence[Draft], context: Context) -> tuple[Listing | Problem, ...]:
    """Drafts of one chunk as listings and problems; drafts outside the window give nothing."""
    verdicts = judge(drafts, context)
    found = [verdict.listing for verdict in verdicts if verdict.listing is not None]
    return (*found, *(problem for verdict in verdicts for problem in verdict.problems))


def judge(drafts: Sequence[Draft], context: Context) -> list[Verdict]:
    """One verdict for each draft, in order. All drafts of a UID are judged together, since they share its key."""
    keys = _keys(drafts, context)
    return [_judged(draft, key, context) for draft, key in zip(drafts, keys, strict=True)]


def _judged(draft: Draft, key: Key, context: Context) -> Verdict:
    title = text.clean_text(draft.title or "", limit=text.TITLE_BYTES)
    item = title or draft.uid or ""
    if draft.private:
        return _refused("private", item)
    if draft.start is None:
        return Verdict(Fall.REFUSED, problems=draft.notes or (Problem("no-start", item),))
    if not title:
        return _refused("no-title", item)
    try:
        when, notes = _when(draft, item, context)
    except _Refused as refused:
        return Verdict(Fall.REFUSED, problems=(refused.problem,))
    fall = _fall(when, context)
    if fall is not Fall.INSIDE:
        return Verdict(fall)
    listing, more = _listing(draft, key, title, when, context)
    return Verdict(fall, listing, (*draft.notes, *notes, *more))


class _Refused(Exception):
    def __init__(self, code: str, item: str, detail: str = "") -> None:
        self.problem = Problem(code, item, detail)


def _refused(code: str, item: str, detail: str = "") -> Verdict:
    return Verdict(Fall.REFUSED, problems=(Problem(code, item, detail),))


def _fall(when: When, context: Context) -> Fall:
    zone = ZoneInfo(context.zone)
    if when.last_day(zone) < context.window.first:
        return Fall.PAST
    return Fall.BEYOND if when.first_day(zone) > context.window.last else Fall.INSIDE


# --- time


def _when(draft: Draft, item: str, context: Context) -> tuple[When, list[Problem]]:
    zone = ZoneInfo(context.zone)
    notes: list[Problem] = []
    start = _aware(draft.start, zone)
    assert start is not None  # noqa: S101 - the caller looked
    end = _aware(draft.end, zone)
    _in_range(start, item, context)
    if end is not None and isinstance(start, datetime) != isinstance(end, datetime):
        notes.append(Problem("end-mixed", item, refused=False))
        end = None
    if end is not None:
        end = _last(start, end, draft.end_exclusive)
        if end is None and draft.end is not None and not _same(start, _aware(draft.end, zone)):
            notes.append(Problem("end-before-start", item, draft.end.isoformat(), refused=False))
    when = _whole_days(When(start, end), zone)
    _not_endless(when, item, zone, notes)
    return when, notes


def _aware(value: datetime | date | None, zone: ZoneInfo) -> datetime | date | None:
    """A floating time is read in the source's zone; a time the clock skips is shifted forward (C25)."""
    if not isinstance(value, datetime) or value.tzinfo is not None:
        return value
    return value.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def _in_range(start: datetime | date, item: str, context: Context) -> None:
    if abs(start.year - context.now.year) > YEARS or start.year < 1000:
        raise _Refused("out-of-range", item, start.isoformat()[:10])


def _last(start: datetime | date, end: datetime | date, exclusive: bool) -> datetime | date | None:
    """The end as `When` has it; None where it says nothing: not after the start (C10)."""
    if isinstance(start, datetime):
        return end if isinstance(end, datetime) and end > start else None
    if exclusive:
        end -= timedelta(days=1)
    return end if end > start else None


def _same(start: datetime | date, end: datetime | date | None) -> bool:
    """An end equal to the start, or one day of all-day, is no mistake but a habit of producers."""
    if end is None or isinstance(start, datetime):
        return end == start
    return end - start <= timedelta(days=1) and end >= start


def _whole_days(when: When, zone: ZoneInfo) -> When:
    """Midnight to midnight, or to 23.59, on the local clock is a day and no hour.

    Only where the *stated span* covers whole days: producers without all-day events write it so, and nobody
    attends anything at these hours. A start at 00.00 alone stays a time; it may be New Year's.
    """
    if not isinstance(when.start, datetime) or not isinstance(when.end, datetime):
        return when
    start, end = when.start, when.end
    if str(start.tzinfo) == "UTC":
        start, end = start.astimezone(zone), end.astimezone(zone)
    if (start.hour, start.minute) != (0, 0) or end.date() < start.date():
        return when
    if (end.hour, end.minute) == (23, 59):
        last = end.date()
    elif (end.hour, end.minute) == (0, 0):
        last = end.date() - timedelta(days=1)
    else:
        return when
    return When(start.date(), last if last > start.date() else None)


def _not_endless(when: When, item: str, zone: ZoneInfo, notes: list[Problem]) -> None:
    length = when.last_day(zone) - when.first_day(zone)
    if length > TOO_LONG:
        raise _Refused("too-long", item, str(length.days))
    if length > LONG:
        notes.append(Problem("long", item, str(length.days), refused=False))


# --- keys


def _keys(drafts: Sequence[Draft], context: Context) -> list[Key]:
    """The key of each draft; see "Listing" in docs/design.md.

    The UID that is stated, else the event's address if it has one start only, else a hash of title, local date and
    place. Where one key would name several starts, the stated start is its recurrence.
    """
    starts: dict[str, set[str]] = defaultdict(set)
    for draft in drafts:
        if not draft.uid and draft.url:
            starts[text.canonical_url(draft.url)].add(stated_start(draft))
    uids = [_uid(draft, starts, context) for draft in drafts]
    shared = Counter(uids)
    keys = [_key(draft, uid, shared[uid] > 1, context) for draft, uid in zip(drafts, uids, strict=True)]
    times = Counter(keys)
    return [key if times[key] == 1 else _apart(key, draft) for key, draft in zip(keys, drafts, strict=True)]


def _apart(key: Key, draft: Draft) -> Key:
    """One UID, one start, several things: the title tells them apart (C07)."""
    return replace(key, recurrence=f"{key.recurrence}#{_hashed(text.fold(text.clean_text(draft.title or '')))[:8]}")


def _uid(draft: Draft, starts: dict[str, set[str]], context: Context) -> str:
    uid = " ".join(text.verbatim(draft.uid or "").split())
    address = text.canonical_url(draft.url) if draft.url else ""
    if not uid and len(starts.get(address, ())) == 1:
        uid = address
    if not uid:
        place = draft.location.name or draft.location.address or "" if draft.location else ""
        day = _day(draft.start, context)
        uid = "listing-" + _hashed(text.fold(text.clean_text(draft.title or "")), day, text.fold(place))
    return uid if len(uid) <= UID_LENGTH else "uid-" + _hashed(uid)


def _key(draft: Draft, uid: str, shared: bool, context: Context) -> Key:
    recurrence = draft.recurrence_id or (stated_start(draft) if shared else None)
    return Key(context.source.id, uid, recurrence)


def stated_start(draft: Draft) -> str:
    """The start as the source stated it, as ISO text; "" if there is none."""
    return draft.stated_start or (draft.start.isoformat() if draft.start is not None else "")


def _day(start: datetime | date | None, context: Context) -> str:
    if start is None:
        return ""
    return When(_aware(start, ZoneInfo(context.zone)) or start).first_day(ZoneInfo(context.zone)).isoformat()


def _hashed(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode(errors="replace"), digest_size=16).hexdigest()


# --- content


def _listing(draft: Draft, key: Key, title: str, when: When, context: Context) -> tuple[Listing, list[Problem]]:
    source = context.source
    notes: list[Problem] = []
    description, html = _prose(draft)
    title, status = _status(title, draft.status)
    listing = Listing(
        key=key,
        title=title,
        when=when,
        stated=_stated(draft),
        digest="",
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
        price=draft.price or prices.find(description or ""),
        doors=_doors(draft, context),
        previous_start=_aware(draft.previous_start, ZoneInfo(context.zone)),
        language=_plain(draft.language),
        accessible=draft.accessible,
        series=draft.series,
        override=draft.override,
        layer=source.layer,
    )
    return replace(listing, digest=digest(listing)), notes


def _stated(draft: Draft) -> Stated:
    """What the source itself told, as far as a database can hold it."""
    uid, url = (text.verbatim(value)[: text.URL_LENGTH] if value else None for value in (draft.uid, draft.url))
    return Stated(uid or None, url or None, stated_start(draft))


def _plain(value: str | None) -> str | None:
    return text.clean_text(value, limit=text.TITLE_BYTES) or None if value else None


def _prose(draft: Draft) -> tuple[str | None, str | None]:
    """Plain description and clean HTML; HTML that tells of private contacts is left out rather than patched."""
    told = draft.description or draft.html or ""
    full = text.clean_text(told, lines=True)
    plain = contacts.without_contacts(full)
    html = draft.html or (told if "<" in told and text.is_markup(told) else None)
    if html is None or plain != full:
        return plain or None, None
    return plain or None, text.clean_html(html) or None


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
    place = context.source.place
    found = told or Location()
    cleaned = replace(
        found,
        name=_plain(found.name),
        address=_plain(found.address),
        locality=_plain(found.locality),
        room=_plain(found.room),
        geo=_geo(found.geo, title, notes),
        online=(text.clean_url(found.online) or "") if found.online is not None else None,
    )
    if place == "online":
        cleaned = replace(cleaned, online=cleaned.online or "")
    elif place:
        cleaned = replace(cleaned, place=place)
    return None if cleaned == Location() else cleaned


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
    value = _aware(draft.doors, ZoneInfo(context.zone))
    return value if isinstance(value, datetime) else None


# --- digest


def digest(listing: Listing) -> str:
    """The hash of what the public can see, with case, white space and spelling of links folded away (C19, C20)."""
    place = listing.location or Location()
    seen = (
        text.fold(listing.title), _instant(listing.when.start), _instant(listing.when.end), listing.status.value,
        *(text.fold(part or "") for part in (place.name, place.address, place.locality, place.room, place.online)),
        place.place, place.geo and (round(place.geo.lat, 5), round(place.geo.lon, 5)),
        text.fold(listing.organizer or ""), text.fold(listing.description or ""),
        *(text.canonical_url(link) if link else "" for link in (listing.url, listing.ticket_url, listing.image)),
        sorted(map(text.canonical_url, listing.links)), sorted(map(text.fold, listing.categories)),
        listing.audience, listing.age, _money(listing.price), _instant(listing.doors),
        _instant(listing.previous_start), listing.language, listing.accessible, listing.layer.value,
    )  # fmt: skip
    return _hashed(repr(seen))


def _instant(value: datetime | date | None) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return None if value is None else value.isoformat()


def _money(price: Price | None) -> str | None:
    return None if price is None else f"{price.free} {price.low} {price.high} {price.currency}"
