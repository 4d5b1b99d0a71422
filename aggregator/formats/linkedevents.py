"""LinkedEvents, the API of Helsinki and others (https://api.hel.fi/linkedevents/v1/event/), page by page.

Texts are objects by language; the calendar's own language counts first. A series (`super_event_type`) is not an
event: its dates are listed themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from aggregator.formats.format import Item
from aggregator.formats.records import Record, inner, json_format, text
from aggregator.formats.schemafacts import amounts_of, status_of
from aggregator.formats.stamps import moment, whole_days
from aggregator.model import Context, Draft, Geo, Location, Price, Problem, Status
from aggregator.normalize import Fall

_LANGUAGES = ("sv", "en", "fi")


def _records(value: Any) -> list[Any] | None:
    if isinstance(value, Mapping) and isinstance(value.get("data"), list):
        return value["data"]  # type: ignore[no-any-return]  # checked to be a list
    return [value] if isinstance(value, Mapping) and "start_time" in value else None


def _key(record: Record) -> str:
    return str(record.get("id") or record.get("@id"))


def _next(value: Any, _context: Context) -> str | None:
    return text(inner(value, "meta").get("next")) if isinstance(value, Mapping) else None


def _said(value: object, context: Context) -> str | None:
    """The text in the calendar's language, else in the first that there is."""
    if not isinstance(value, Mapping):
        return text(value)
    order = (context.language, *_LANGUAGES, *value)
    return next((found for name in order if (found := text(value.get(name)))), None)


def _read(record: Record, context: Context) -> Item:
    title = _said(record.get("name"), context)
    if record.get("super_event_type") in ("recurring", "umbrella") and record.get("sub_events"):
        return Item(fall=Fall.REFUSED, problems=(Problem("series-only", title or "", refused=True),))
    stated = text(record.get("start_time"))
    start, end = _time(record, "start"), _time(record, "end")
    if start is None:
        return Item(problems=(Problem("bad-start" if stated else "no-start", title or "", stated or ""),))
    begin, last = whole_days(start, _like(start, end))
    draft = Draft(
        uid=_key(record),
        series=text(inner(record, "super_event").get("@id")),
        title=title,
        start=begin,
        end=last,
        stated_start=stated,
        status=Status.CANCELLED if record.get("deleted") else status_of({"eventStatus": record.get("event_status")}),
        private=record.get("publication_status") == "draft",
        location=_location(record, context),
        organizer=_said(record.get("provider"), context) or text(record.get("publisher_name")),
        description=_description(record, context),
        url=_said(record.get("info_url"), context),
        ticket_url=_said(inner(record, "offers").get("info_url"), context),
        image=text(inner(record, "images").get("url")),
        categories=_keywords(record, context),
        age=_ages(record),
        price=_price(record, context),
        language=context.language
        if isinstance(record.get("name"), Mapping) and record["name"].get(context.language)
        else None,
    )
    return Item(drafts=(draft,))


def _description(record: Record, context: Context) -> str | None:
    """The long text before the short one, but the calendar's language before another."""
    told = [record.get("description"), record.get("short_description")]
    own = [text(entry.get(context.language)) for entry in told if isinstance(entry, Mapping)]
    return next((entry for entry in (*own, *(_said(entry, context) for entry in told)) if entry), None)


def _time(record: Record, which: str) -> datetime | date | None:
    found = moment(record.get(f"{which}_time"))
    whole = record.get(f"has_{which}_time") is False
    return found.date() if whole and isinstance(found, datetime) else found


def _like(start: datetime | date, end: datetime | date | None) -> datetime | date | None:
    if isinstance(end, datetime) and not isinstance(start, datetime):
        return end.date()
    return None if isinstance(start, datetime) and not isinstance(end, datetime) else end


def _location(record: Record, context: Context) -> Location | None:
    place = inner(record, "location")
    point = inner(place, "position").get("coordinates")
    pair = point if isinstance(point, list) and len(point) == 2 else None
    name, address, town = (_said(place.get(part), context) for part in ("name", "street_address", "address_locality"))
    room = _said(record.get("location_extra_info"), context)
    if not any((name, address, town)):
        return None
    geo = Geo(pair[1], pair[0]) if pair and all(isinstance(part, float | int) for part in pair) else None
    return Location(name=name, address=address, locality=town, room=room, geo=geo)


def _keywords(record: Record, context: Context) -> tuple[str, ...]:
    entries = record.get("keywords")
    named = (
        [_said(entry.get("name"), context) for entry in entries if isinstance(entry, Mapping)]
        if isinstance(entries, list)
        else []
    )
    return tuple(dict.fromkeys(name for name in named if name))


def _ages(record: Record) -> str | None:
    low, high = text(record.get("audience_min_age")), text(record.get("audience_max_age"))
    return "-".join(part for part in (low or ("0" if high else None), high) if part) or None


def _price(record: Record, context: Context) -> Price | None:
    offer = inner(record, "offers")
    if offer.get("is_free"):
        return Price(free=True)
    amounts = amounts_of(_said(offer.get("price"), context))
    return Price(free=False, low=min(amounts), high=max(amounts)) if amounts and max(amounts) > 0 else None


FORMAT = json_format(
    "linkedevents",
    (b'"start_time"', b'"event_status"'),
    records=_records,
    key=_key,
    read=_read,
    next_url=_next,
    volatile=frozenset(("last_modified_time", "created_time", "date_published")),
)
