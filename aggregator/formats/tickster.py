"""Tickster's event data: the API's answer (items, skipped, totalItems) and the file of coming events. Times are UTC.

Version 1.0 names them `startUtc` and `infoUrl`, 0.4 `start` and `infoUri`; both may leave the offset out. A collection
or production has no time of its own; its events are told themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from aggregator.formats.format import Item
from aggregator.formats.records import Record, inner, json_format, number, text, with_query, words
from aggregator.formats.schemafacts import amounts_of
from aggregator.formats.stamps import moment, whole_days
from aggregator.model import Context, Draft, Geo, Location, Price, Problem, Status
from aggregator.normalize import Fall

_STATUS = (("cancel", Status.CANCELLED), ("postpone", Status.POSTPONED))
_HIDDEN = ("draft", "hidden", "unpublished")


def _records(value: Any) -> list[Any] | None:
    if isinstance(value, list):
        return value
    if not isinstance(value, Mapping):
        return None
    found = next((value[name] for name in ("items", "events", "hits") if isinstance(value.get(name), list)), None)
    if found is not None:
        venues = {v.get("id"): v for v in value.get("venues") or () if isinstance(v, Mapping)}
        return [_placed(record, venues) for record in found]
    parts = value.get("childEvents")
    if isinstance(parts, list) and parts:  # a production: its shows, with what only it tells
        return [{**_shared(value), **part} for part in parts if isinstance(part, Mapping)]
    return [value] if "startUtc" in value or "start" in value else None


def _placed(record: Any, venues: Mapping[Any, Any]) -> Any:
    """The record with its venue, which the file of all events tells apart."""
    found = venues.get(record.get("venueId")) if isinstance(record, Mapping) else None
    return {**record, "venue": found} if found is not None and not record.get("venue") else record


def _shared(production: Record) -> dict[str, Any]:
    names = ("name", "venue", "organizer", "description", "imageUrl", "infoUri", "infoUrl", "tags", "ageLimit")
    return {name: production[name] for name in names if name in production}


def _key(record: Record) -> str:
    return str(record.get("id") or record.get("infoUrl") or record.get("infoUri"))


def _next(value: Any, context: Context) -> str | None:
    """The next items by `skip`, as long as `totalItems` says that there are more."""
    if not isinstance(value, Mapping) or not isinstance(value.get("totalItems"), int):
        return None
    done = int(number(value.get("skipped")) or 0) + len(_records(value) or ())
    return (
        with_query(context.url, (("skip", str(done)),)) if value.get("items") and done < value["totalItems"] else None
    )


def _read(record: Record, _context: Context) -> Item:
    title = text(record.get("name"))
    kind = text(record.get("eventHierarchyType")) or text(record.get("hierarchyType"))
    if kind not in (None, "event", "production-child"):
        return Item(fall=Fall.REFUSED, problems=(Problem("series-only", title or ""),))
    state = (text(record.get("state")) or text(record.get("eventState")) or "").casefold()
    if state in _HIDDEN:
        return Item(fall=Fall.REFUSED, problems=(Problem("not-published", title or "", state),))
    stated = text(record.get("startUtc")) or text(record.get("start"))
    start = _utc(stated)
    if start is None:
        return Item(problems=(Problem("bad-start" if stated else "no-start", title or "", stated or ""),))
    doors = _utc(record.get("doorsOpenUtc") or record.get("doorsOpen"))
    begin, last = whole_days(start, _utc(record.get("endUtc") or record.get("end")))
    told = record.get("description")
    draft = Draft(
        uid=_key(record),
        series=text(record.get("parentEventId")),
        title=title,
        start=begin,
        end=last,
        doors=doors if isinstance(doors, datetime) and doors != start else None,
        stated_start=stated,
        status=next((status for word, status in _STATUS if word in state), None),
        location=_location(inner(record, "venue")),
        organizer=text(inner(record, "organizer").get("name")),
        description=text(told)
        or text(inner(record, "description").get("html"))
        or text(inner(record, "description").get("markdown")),
        url=text(record.get("infoUrl")) or text(record.get("infoUri")),
        ticket_url=text(record.get("shopUrl")) or text(record.get("shopUri")),
        image=text(record.get("imageUrl")),
        categories=words(record.get("tags"), "name"),
        age=text(record.get("ageLimit")),
        price=_price(record),
    )
    return Item(drafts=(draft,))


def _utc(value: object) -> datetime | date | None:
    """A time, in UTC where it leaves its offset out."""
    told = moment(value)
    return told.replace(tzinfo=UTC) if isinstance(told, datetime) and told.tzinfo is None else told


def _location(venue: Record) -> Location | None:
    name, town = text(venue.get("name")), text(venue.get("city"))
    street = ", ".join(part for part in (text(venue.get("address")), text(venue.get("zipCode"))) if part) or None
    lat, lon = (number(inner(venue, "geo").get(part)) for part in ("latitude", "longitude"))
    if not any((name, street, town)):
        return None
    return Location(
        name=name, address=street, locality=town, geo=Geo(lat, lon) if lat is not None and lon is not None else None
    )


def _price(record: Record) -> Price | None:
    offers = list(_offers(record))
    amounts = [amount for offer in offers for amount in amounts_of(offer.get("amount"))]
    if not amounts:
        return None
    currency = next((found for offer in offers if (found := text(offer.get("currency")))), None)
    free = max(amounts) == Decimal(0)
    return Price(free=free, low=None if free else min(amounts), high=None if free else max(amounts), currency=currency)


def _offers(record: Record) -> Iterator[Record]:
    """The prices of tickets and their variants; a programme or a drink is no ticket."""
    for product in record.get("products") or ():
        if not isinstance(product, Mapping) or text(product.get("productType")) not in (None, "ticket"):
            continue
        variants = [entry for entry in product.get("variants") or () if isinstance(entry, Mapping)]
        for entry in (product, *variants):
            if inner(entry, "price"):
                yield inner(entry, "price")


FORMAT = json_format(
    "tickster",
    (b'"startUtc"', b'"infoUrl"'),
    records=_records,
    key=_key,
    read=_read,
    next_url=_next,
    volatile=frozenset(("lastUpdatedUtc", "lastUpdated", "stockLevel")),
    other=(b'"start"', b'"infoUri"'),
)
