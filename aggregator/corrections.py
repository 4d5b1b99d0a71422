"""Staff corrections as they are typed: which fields may be corrected, and how a value is read. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.model import Content, Layer, Location, Price, Status
from aggregator.places import Registry
from aggregator.text import clean_text, clean_url

_AGE = re.compile(r"(\d{1,2})(?:\s*[-–]\s*(\d{1,2})|\s*(\+|-|–)?)$")
Reader = Callable[[str, Registry, ZoneInfo], Any]  # Any: each field has a type of its own


def read(field: str, value: str, places: Registry, zone: ZoneInfo) -> Any:
    """The value of a corrected field. Raises ValueError with a sentence when field or value has no meaning."""
    reader = FIELDS.get(field)
    if reader is None:
        raise ValueError(f"{field} is no field that can be corrected; these can: {', '.join(sorted(FIELDS))}")
    return reader(value.strip(), places, zone)


def _text(value: str, *_: object) -> str | None:
    return clean_text(value) or None


def _prose(value: str, *_: object) -> str | None:
    return clean_text(value, lines=True) or None


def _required(value: str, *_: object) -> str:
    told = clean_text(value)
    if not told:
        raise ValueError("a title can't be empty")
    return told


def _address(value: str, *_: object) -> str | None:
    """An address that may stand behind a link: whoever typed it, no `javascript:` reaches a page (A24)."""
    told = clean_url(value) if value else None
    if value and told is None:
        raise ValueError(f"{value} is no address that begins with http:// or https://")
    return told


def _moment(value: str, _: Registry, zone: ZoneInfo) -> datetime | date:
    """A day (2027-01-16) or a time (2027-01-16T18:30), local where no offset stands."""
    try:
        if len(value) == 10:
            return date.fromisoformat(value)
        told = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value} is no day like 2027-01-16 and no time like 2027-01-16T18:30") from None
    return told if told.tzinfo else told.replace(tzinfo=zone)


def _status(value: str, *_: object) -> Status:
    try:
        return Status(value)
    except ValueError:
        raise ValueError(f"{value} is no status; these are: {', '.join(Status)}") from None


def _location(value: str, places: Registry, _: ZoneInfo) -> Location | None:
    """The id of a known place, or the name of any place."""
    if not value:
        return None
    place = places.place(value)
    if place is None:
        return Location(name=value)
    return Location(name=place.name, address=place.address, locality=place.locality, geo=place.geo, place=place.id)


def _price(value: str, *_: object) -> Price | None:
    if not value:
        return None
    try:
        amount = Decimal(value.replace(",", ".").removesuffix("kr").strip())
    except InvalidOperation:
        raise ValueError(f"{value} is no price; write 120, or 0 where it is free") from None
    return Price(free=amount == 0, low=amount, high=amount, currency="SEK")


def _age(value: str, *_: object) -> tuple[int, int | None] | None:
    found = _AGE.match(value)
    if value and not found:
        raise ValueError(f"{value} is no age; write 6-9, 13+ or 7")
    if not found:
        return None
    low = int(found[1])
    return low, int(found[2]) if found[2] else None if found[3] else low


def _words(value: str, *_: object) -> tuple[str, ...]:
    return tuple(sorted({word.strip() for word in value.split(",") if word.strip()}))


def _layer(value: str, *_: object) -> Layer:
    try:
        return Layer(value)
    except ValueError:
        raise ValueError(f"{value} is no layer; these are: {', '.join(Layer)}") from None


FIELDS: Mapping[str, Reader] = {
    "title": _required,
    "start": _moment,
    "end": _moment,
    "doors": _moment,
    "status": _status,
    "location": _location,
    "organizer": _text,
    "description": _prose,
    "url": _address,
    "ticket_url": _address,
    "image": _address,
    "hours": _text,
    "audience": _text,
    "language": _text,
    "categories": _words,
    "price": _price,
    "age": _age,
    "layer": _layer,
}


def written(field: str, content: Content, zone: ZoneInfo) -> str:
    """What is published of a field as it would be typed, to begin a correction with; empty where nothing is told."""
    when = content.when
    told: Mapping[str, Callable[[], str]] = {
        "start": lambda: _typed_moment(when.start, zone),
        "end": lambda: _typed_moment(when.end, zone),
        "doors": lambda: _typed_moment(content.doors, zone),
        "location": lambda: _typed_location(content.location),
        "categories": lambda: ", ".join(content.categories),
        "price": lambda: _typed_price(content.price),
        "age": lambda: _typed_age(content.age),
    }
    return told[field]() if field in told else str(getattr(content, field) or "")


def _typed_moment(value: datetime | date | None, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if value else ""


def _typed_location(where: Location | None) -> str:
    return (where.place or where.name or "") if where else ""


def _typed_price(price: Price | None) -> str:
    if price is None or price.low is None or price.low != price.high:
        return "0" if price is not None and price.free else ""
    return str(price.low)


def _typed_age(age: tuple[int, int | None] | None) -> str:
    if age is None:
        return ""
    low, high = age
    return f"{low}+" if high is None else f"{low}-{high}" if high != low else str(low)


def with_room(location: Location | None, room: str | None) -> Location | None:
    """The location with the room of the listings where it tells none itself."""
    return replace(location, room=room) if location and room and not location.room else location
