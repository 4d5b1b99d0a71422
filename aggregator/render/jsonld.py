"""Events as schema.org/Event in JSON-LD. Pure.

What is not known is left out. Days are dates, and `endDate` is the last day. The node is what event pages and the
open data carry; the API adds to it who told what.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aggregator.model import Content, Event, Location, Price, Status, When
from aggregator.render.view import Feed, View, address, clean, image, published

CONTEXT = "https://schema.org"
_STATUS = {
    Status.SCHEDULED: "EventScheduled",
    Status.CANCELLED: "EventCancelled",
    Status.MOVED: "EventRescheduled",
    Status.MOVED_ONLINE: "EventMovedOnline",
    Status.POSTPONED: "EventPostponed",
    Status.TENTATIVE: "EventScheduled",  # schema.org has no word for it
}
# The field of an event → the member of its node, where their names differ.
MEMBERS: Mapping[str, str] = {
    "title": "name",
    "when": "startDate",
    "start": "startDate",
    "end": "endDate",
    "status": "eventStatus",
    "price": "offers",
    "ticket_url": "offers",
    "categories": "keywords",
    "doors": "doorTime",
    "previous_start": "previousStartDate",
    "age": "typicalAgeRange",
    "language": "inLanguage",
    "accessible": "amenityFeature",  # of its place
    "html": "description",
}


def item(event: Event, view: View) -> str:
    """The node of one event as JSON text, a member of the graph."""
    return dumps(node(event, view))


def head(feed: Feed) -> str:
    """What stands before the nodes."""
    about = {"@type": "Dataset", "@id": feed.address, "name": clean(feed.name), "description": clean(feed.description)}
    if feed.changed is not None:
        about["dateModified"] = feed.changed.astimezone(feed.zone).isoformat(timespec="seconds")
    about |= {"inLanguage": feed.language, "url": feed.page}
    return f'{{"@context": "{CONTEXT}", "@graph": [\n{dumps(about)}'


def tail(_feed: Feed) -> str:
    """What stands after the nodes."""
    return "\n]}\n"


def node(event: Event, view: View) -> dict[str, Any]:
    """One event as a schema.org node without its context."""
    content = event.content
    when = published(content, view.zone)
    told: dict[str, Any] = {
        "@type": "Event",
        "@id": address(event, view),
        "identifier": event.id,
        "name": clean(content.title),
        "startDate": stamp(when.start, view),
        "endDate": _end(when, view),
        "eventStatus": f"{CONTEXT}/{_STATUS[content.status]}",
        "eventAttendanceMode": _attendance(content.location),
        "location": _where(content, view),
        "organizer": _named("Organization", content.organizer),
        "description": _clean(content.description),
        "keywords": [clean(name) for name in content.categories],
        "url": content.url,
        "image": image(event, view),
        "isAccessibleForFree": content.price.free if content.price else None,
        "offers": _offers(content),
        "doorTime": stamp(content.doors, view),
        "previousStartDate": stamp(content.previous_start or (event.moved_from and event.moved_from.start), view),
        "typicalAgeRange": _ages(content),
        "audience": content.audience and {"@type": "Audience", "audienceType": clean(content.audience)},
        "inLanguage": content.language,
        "superEvent": event.series and _series(event, view),
        "dateModified": event.changed.astimezone(view.zone).isoformat(timespec="seconds"),
    }
    return {name: value for name, value in told.items() if value not in (None, [], "")}


def place(where: Location | None, view: View) -> dict[str, Any] | None:
    """Where, as Place or VirtualLocation."""
    if where is None:
        return None
    if where.online and not (where.name or where.address):
        return {"@type": "VirtualLocation", "url": where.online}
    told = {
        "@type": "Place",
        "@id": f"{view.base}/?place={where.place}" if where.place else None,
        "name": _clean(", ".join([part for part in (where.room, where.name) if part])),
        "address": _clean(", ".join([part for part in (where.address, where.locality) if part])),
        "geo": where.geo and {"@type": "GeoCoordinates", "latitude": where.geo.lat, "longitude": where.geo.lon},
    }
    known = {name: value for name, value in told.items() if value}
    return known if len(known) > 1 else None


def stamp(value: Any, view: View) -> str | None:
    """A day as a date, an instant with the offset of the calendar's zone."""
    if isinstance(value, datetime):
        return value.astimezone(view.zone).isoformat(timespec="seconds")
    return None if value is None else str(value.isoformat())


def dumps(value: Any) -> str:
    """JSON that may stand inside HTML and in JavaScript: no `<`, no `&`, no line separators (A25)."""
    text = json.dumps(value, ensure_ascii=False, default=float)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _where(content: Content, view: View) -> dict[str, Any] | None:
    """The place with what is known of reaching it: schema.org has access as a feature of places, not of events."""
    told = place(content.location, view)
    if told is None or content.accessible is None or told["@type"] != "Place":
        return told
    feature = {"@type": "LocationFeatureSpecification", "name": "wheelchairAccessible", "value": content.accessible}
    return told | {"amenityFeature": [feature]}


def _end(when: When, view: View) -> str | None:
    return when.last_day(view.zone).isoformat() if when.all_day else stamp(when.end, view)


def _attendance(where: Location | None) -> str | None:
    if where is None or where.online is None:
        return None
    mode = "MixedEventAttendanceMode" if where.name or where.address else "OnlineEventAttendanceMode"
    return f"{CONTEXT}/{mode}"


def _offers(content: Content) -> list[dict[str, Any]]:
    cost = content.price or Price()
    if not content.ticket_url and cost.low is None and cost.high is None:
        return []
    low, high = cost.low if cost.low is not None else cost.high, cost.high
    offer: dict[str, Any] = {"@type": "Offer"}
    if low is not None and high is not None and high > low:
        offer = {"@type": "AggregateOffer", "lowPrice": f"{low:f}", "highPrice": f"{high:f}"}
    elif low is not None:
        offer["price"] = f"{low:f}"
    if low is not None:
        offer["priceCurrency"] = cost.currency or "SEK"
    return [offer | ({"url": content.ticket_url} if content.ticket_url else {})]


def _ages(content: Content) -> str | None:
    if content.age is None:
        return None
    low, high = content.age
    return f"{low}-" if high is None else f"{low}-{high}"


def _series(event: Event, view: View) -> dict[str, Any]:
    return {"@type": "EventSeries", "@id": f"{view.base}/serie/{event.series}", "name": clean(event.content.title)}


def _named(kind: str, name: str | None) -> dict[str, Any] | None:
    return {"@type": kind, "name": clean(name)} if name else None


def _clean(text: str | None) -> str | None:
    return clean(text) if text else None
