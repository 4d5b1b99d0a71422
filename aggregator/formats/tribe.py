"""The Events Calendar for WordPress: its REST answer (/wp-json/tribe/events/v1/events), page by page.

Times are the event's own wall time with a zone beside them. Reads lists and single events.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.formats.format import Item
from aggregator.formats.records import Record, inner, json_format, number, text, words
from aggregator.formats.schemafacts import amounts_of
from aggregator.formats.stamps import moment, whole_days
from aggregator.model import Context, Draft, Geo, Location, Price, Problem, Status
from aggregator.zones import resolve

_STATUS = {"canceled": Status.CANCELLED, "cancelled": Status.CANCELLED, "postponed": Status.POSTPONED}


def _records(value: Any) -> list[Any] | None:
    if isinstance(value, Mapping) and isinstance(value.get("events"), list):
        return value["events"]  # type: ignore[no-any-return]  # checked to be a list
    return [value] if isinstance(value, Mapping) and "utc_start_date" in value else None


def _key(record: Record) -> str:
    return str(record.get("global_id") or record.get("id") or record.get("url"))


def _next(value: Any, _context: Context) -> str | None:
    return text(value.get("next_rest_url")) if isinstance(value, Mapping) else None


def _read(record: Record, context: Context) -> Item:
    title = text(record.get("title"))
    stated = text(record.get("start_date"))
    start = _local(stated, record, context)
    if start is None:
        return Item(problems=(Problem("bad-start" if stated else "no-start", title or "", stated or ""),))
    end = _local(text(record.get("end_date")), record, context)
    if record.get("all_day"):
        begin, last = start.date(), end.date() if end else None
    else:
        begin, last = whole_days(start, end)
    description = text(record.get("description")) or text(record.get("excerpt"))
    draft = Draft(
        uid=text(record.get("global_id")) or text(record.get("id")),
        title=title,
        start=begin,
        end=last,
        stated_start=stated,
        status=_STATUS.get((text(record.get("event_status")) or text(record.get("status")) or "").casefold()),
        private=bool(record.get("hide_from_listings")) or text(record.get("status")) in ("private", "draft"),
        location=_location(record),
        organizer=text(inner(record, "organizer").get("organizer")),
        description=description,
        url=text(record.get("url")),
        links=tuple(link for link in (text(record.get("website")),) if link),
        image=text(inner(record, "image").get("url")),
        categories=words(record.get("categories"), "name") + words(record.get("tags"), "name"),
        price=_price(record),
    )
    return Item(drafts=(draft,))


def _local(stated: str | None, record: Record, context: Context) -> datetime | None:
    """The stated wall time in the zone that stands beside it; "UTC+1" and the like are no zones of a place."""
    found = moment(stated)
    if not isinstance(found, datetime):
        return None
    name = text(record.get("timezone")) or ""
    zone = (resolve(name) if "/" in name else None) or ZoneInfo(context.zone)
    return found.replace(tzinfo=zone) if found.tzinfo is None else found


def _location(record: Record) -> Location | None:
    venue = inner(record, "venue")
    name, address, town = (text(venue.get(part)) for part in ("venue", "address", "city"))
    lat, lon = number(venue.get("geo_lat")), number(venue.get("geo_lng"))
    code = text(venue.get("zip"))
    street = ", ".join(part for part in (address, code) if part) or None
    if not any((name, street, town)):
        return None
    geo = Geo(lat, lon) if lat is not None and lon is not None else None
    return Location(name=name, address=street, locality=town, geo=geo)


def _price(record: Record) -> Price | None:
    details = inner(record, "cost_details")
    values = details.get("values")
    amounts = [amount for value in values if value for amount in amounts_of(value)] if isinstance(values, list) else []
    amounts = amounts or amounts_of(record.get("cost"))
    word = (text(record.get("cost")) or "").casefold()
    if word in ("free", "gratis", "fri entré") or (amounts and max(amounts) == Decimal(0)):
        return Price(free=True)
    if not amounts:
        return None
    currency = text(details.get("currency_code")) or ("SEK" if text(details.get("currency_symbol")) == "kr" else None)
    return Price(free=False, low=min(amounts), high=max(amounts), currency=currency)


FORMAT = json_format(
    "tribe",
    (b'"start_date"', b'"utc_start_date"'),
    records=_records,
    key=_key,
    read=_read,
    next_url=_next,
    volatile=frozenset(("modified_utc", "date_utc", "author", "json_ld")),
)
