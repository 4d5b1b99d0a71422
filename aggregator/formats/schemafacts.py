"""Where, how much and whether at all: the place, the price and the status of a schema.org event. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from aggregator.formats.markup import absolute
from aggregator.model import Geo, Location, Price, Status

_STATUS = {
    "cancelled": Status.CANCELLED,
    "canceled": Status.CANCELLED,
    "inställt": Status.CANCELLED,
    "postponed": Status.POSTPONED,
    "rescheduled": Status.MOVED,
    "movedonline": Status.MOVED_ONLINE,
    "scheduled": Status.SCHEDULED,
    "confirmed": Status.SCHEDULED,
    "tentative": Status.TENTATIVE,
}
_FREE = {
    "free",
    "gratis",
    "fri entré",
    "fri entre",
    "kostnadsfritt",
    "kostnadsfri",
    "0 kr",
    "free entry",
    "free admission",
}
_AMOUNT = re.compile(r"\d{1,3}(?:[ \xa0]\d{3})+(?:[.,]\d{1,2})?|\d{1,7}(?:[.,]\d{1,2})?")
DEAREST = Decimal(100_000)  # above this a number in a price is a mistake


def status_of(node: Mapping[str, Any]) -> Status | None:
    """`eventStatus` by its last word; None where nothing known is told."""
    for stated in _listed(node.get("eventStatus")):
        word = str(_named(stated, "@id", "name") or "").rstrip("/").rsplit("/", 1)[-1].casefold()
        found = _STATUS.get(word.removeprefix("schema:").removeprefix("event").replace(" ", "").replace("_", ""))
        if found is not None:
            return found
    return None


def location_of(node: Mapping[str, Any], base: str) -> Location | None:
    """The place of the event; of a list the first real place, with the address of a virtual one beside it."""
    online = _online(node, base)
    places = [_place(entry) for entry in _listed(node.get("location")) if not _virtual(entry)]
    found = next((place for place in places if place is not None), None)
    if found is None:
        return Location(online=online) if online is not None else None
    if online is None:
        return found
    return Location(
        name=found.name, address=found.address, locality=found.locality, room=found.room, geo=found.geo, online=online
    )


def price_of(node: Mapping[str, Any]) -> Price | None:
    """The span of all offers; free only where somebody says so or every offer costs nothing."""
    amounts: list[Decimal] = []
    currency: str | None = None
    words: list[str] = []
    for offer in _offers(node):
        amounts += [value for name in ("price", "lowPrice", "highPrice") for value in amounts_of(offer.get(name))]
        currency = currency or _text(offer.get("priceCurrency"))
        words.append(str(offer.get("price") or "").strip().casefold())
    stated = node.get("isAccessibleForFree")
    free = _truth(stated)
    if free is None and (any(word in _FREE for word in words) or (amounts and max(amounts) == 0)):
        free = True
    if free is None and not amounts:
        return None
    low, high = (min(amounts), max(amounts)) if amounts and max(amounts) > 0 else (None, None)
    return Price(free=free if free is not None else False if low else None, low=low, high=high, currency=currency)


def amounts_of(value: object) -> list[Decimal]:
    """All amounts in a value: a number, "120,00", "120 kr", "100–200"."""
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int | float | Decimal):
        value = str(value)
    found = _AMOUNT.findall(value[:100]) if isinstance(value, str) else []
    amounts = []
    for word in found:
        try:
            amounts.append(Decimal(re.sub(r"[ \xa0]", "", word).replace(",", ".")))
        except InvalidOperation:
            continue
    return [amount for amount in amounts if amount <= DEAREST]


def ticket_of(node: Mapping[str, Any], base: str) -> str | None:
    """Where a ticket is bought: the address of the first offer that has one, unless it is the event's own page."""
    own = absolute(_text(node.get("url")), base)
    for offer in _offers(node):
        link = absolute(_text(offer.get("url")), base)
        if link and link not in {own, base}:
            return link
    return None


def geo_of(value: object) -> Geo | None:
    """GeoCoordinates, or an object that has the two numbers itself; anything out of range is judged later."""
    if not isinstance(value, Mapping):
        return None
    try:
        return Geo(_degrees(value.get("latitude")), _degrees(value.get("longitude")))
    except (TypeError, ValueError, OverflowError):
        return None


def _degrees(value: object) -> float:
    return float(value.replace(",", ".")) if isinstance(value, str) else float(value)  # type: ignore[arg-type]  # a TypeError is caught


def _place(value: object) -> Location | None:
    if isinstance(value, str):
        return Location(name=value) if value.strip() else None
    if not isinstance(value, Mapping):
        return None
    address, locality = _postal(value.get("address"))
    name = _text(value.get("name"))
    room, whole = None, _first_mapping(value.get("containedInPlace"))
    if whole is not None:
        room, name = name, _text(whole.get("name"))
        if address is None:
            address, locality = _postal(whole.get("address"))
    geo = geo_of(_first_mapping(value.get("geo"))) or geo_of(value)
    if not any((name, address, locality, geo)):
        return None
    return Location(name=name, address=address, locality=locality, room=room, geo=geo)


def _postal(value: object) -> tuple[str | None, str | None]:
    """Street with postal code, and town."""
    entry = value[0] if isinstance(value, list) and value else value
    if isinstance(entry, str):
        return entry.strip() or None, None
    if not isinstance(entry, Mapping):
        return None, None
    street, code, town = (_text(entry.get(name)) for name in ("streetAddress", "postalCode", "addressLocality"))
    if street and code and code not in street:
        street = f"{street}, {code} {town}" if town and town not in street else f"{street}, {code}"
    return street or _text(entry.get("name")), town


def _virtual(value: object) -> bool:
    return isinstance(value, Mapping) and "VirtualLocation" in str(value.get("@type"))


def _online(node: Mapping[str, Any], base: str) -> str | None:
    for entry in _listed(node.get("location")):
        if _virtual(entry):
            return absolute(_text(entry.get("url")), base) or ""
    mode = str(_text(node.get("eventAttendanceMode")) or "")
    return "" if mode.endswith(("OnlineEventAttendanceMode", "MixedEventAttendanceMode")) else None


def _offers(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    offers = [entry for entry in _listed(node.get("offers")) if isinstance(entry, Mapping)]
    return offers + [inner for entry in offers for inner in _listed(entry.get("offers")) if isinstance(inner, Mapping)]


def _truth(value: object) -> bool | None:
    word = str(_text(value) if not isinstance(value, bool) else value).rsplit("/", 1)[-1].casefold()
    return {
        "true": True,
        "1": True,
        "yes": True,
        "ja": True,
        "false": False,
        "no": False,
        "nej": False,
        "0": False,
    }.get(word)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _first_mapping(value: object) -> Mapping[str, Any] | None:
    return next((entry for entry in _listed(value) if isinstance(entry, Mapping)), None)


def _named(value: object, *names: str) -> object:
    if isinstance(value, Mapping):
        return next((value[name] for name in names if value.get(name)), None)
    return value


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return next((found for entry in value if (found := _text(entry))), None)
    if isinstance(value, Mapping):
        return next((found for name in ("@value", "name", "@id", "url") if (found := _text(value.get(name)))), None)
    if isinstance(value, bool) or value is None:
        return None
    return str(value).strip() or None
