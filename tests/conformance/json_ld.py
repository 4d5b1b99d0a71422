"""JSON-LD 1.1 and schema.org/Event: a graph of events, each member where schema.org has it, with a value of its range.

Held looser than the vocabulary in one place: `dateModified` of an event is this calendar's own promise (schema.org has
it for works only). What a search engine recommends beside name, start and place is not asked for: what is not known is
left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from tests.conformance import json_text, xml_tree
from tests.conformance.report import Violation

RULES: Mapping[str, str] = {
    "json": json_text.RULE,
    "context": "JSON-LD 1.1 3.1: the context is schema.org's",
    "graph": "JSON-LD 1.1 4.9: @graph is a list of nodes",
    "html": "HTML 4.12.1.3: a script's text holds no <!-- and no </script, so the same text may stand in a page",
    "type": "schema.org: every node has a type, and only these are written",
    "id": "JSON-LD 1.1 3.3: @id is an absolute IRI; no two events have the same",
    "member": "schema.org: a member belongs to its type",
    "event-required": "schema.org/Event as search engines ask: @id, name, startDate",
    "date": "schema.org/Date, DateTime: ISO 8601; a time has its offset",
    "end": "schema.org/endDate: of the kind of the start and not before it",
    "text": "schema.org/Text: a text that is not empty",
    "url": "schema.org/URL: an absolute address",
    "yes-or-no": "schema.org/Boolean: true or false, or left out",
    "status": "schema.org/EventStatusType: one of its members",
    "attendance": "schema.org/EventAttendanceModeEnumeration: one of its members",
    "previous": "schema.org/previousStartDate: goes with a status that is not EventScheduled",
    "place": "schema.org/Place: a name or an address; VirtualLocation: an address",
    "geo": "schema.org/GeoCoordinates: WGS 84 degrees, as numbers",
    "price": "schema.org/price: digits with a dot; with its currency by ISO 4217; lowPrice below highPrice",
    "ages": "schema.org/typicalAgeRange: 7-9 or 11-",
    "language": "schema.org/inLanguage: an RFC 5646 tag",
    "range": "schema.org: a value is of a type that the member takes",
}
_S = "https://schema.org/"
_THING = {"@type", "@id", "name", "description", "identifier", "image", "url"}
_MEMBERS: Mapping[str, set[str]] = {
    "Dataset": _THING | {"dateModified", "inLanguage", "keywords", "license"},
    "Event": _THING
    | {"startDate", "endDate", "doorTime", "previousStartDate", "eventStatus", "eventAttendanceMode", "location"}
    | {"organizer", "performer", "offers", "isAccessibleForFree", "typicalAgeRange", "audience", "inLanguage"}
    | {"keywords", "superEvent", "subEvent", "dateModified"},
    "EventSeries": _THING,
    "Place": _THING | {"address", "geo", "amenityFeature"},
    "VirtualLocation": _THING,
    "GeoCoordinates": {"@type", "latitude", "longitude"},
    "Organization": _THING,
    "Offer": _THING | {"price", "priceCurrency", "availability", "validFrom"},
    "AggregateOffer": _THING | {"lowPrice", "highPrice", "priceCurrency"},
    "Audience": _THING | {"audienceType"},
    "LocationFeatureSpecification": _THING | {"value"},
}
_NODES: Mapping[str, set[str]] = {
    "location": {"Place", "VirtualLocation"},
    "organizer": {"Organization"},
    "geo": {"GeoCoordinates"},
    "offers": {"Offer", "AggregateOffer"},
    "audience": {"Audience"},
    "superEvent": {"EventSeries"},
    "amenityFeature": {"LocationFeatureSpecification"},
}
_STATUS = {f"{_S}Event{name}" for name in ("Scheduled", "Cancelled", "MovedOnline", "Postponed", "Rescheduled")}
_MODES = {f"{_S}{name}EventAttendanceMode" for name in ("Online", "Offline", "Mixed")}


def check(body: bytes) -> list[Violation]:
    """What a graph breaks, in its order."""
    told, found = json_text.parse(body)
    if told is None:
        return found
    if re.search(rb"<!--|</script|<script", body, re.IGNORECASE):
        found.append(Violation("html", "a tag"))
    if told.get("@context") not in ("https://schema.org", "https://schema.org/"):
        found.append(Violation("context", str(told.get("@context"))))
    nodes = told.get("@graph")
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
        return [*found, Violation("graph", type(nodes).__name__)]
    counted = Counter(node.get("@id") for node in nodes)
    found += [Violation("id", f"{id} {times} times") for id, times in counted.items() if times > 1]
    for node in nodes:
        found += _node(node, f"{node.get('@type')} {node.get('@id')}")
        if node.get("@type") == "Event":
            found += _event(node, f"event {node.get('@id')}")
    return found


def _node(node: dict[str, Any], where: str) -> Iterator[Violation]:
    kind = node.get("@type")
    if not isinstance(kind, str) or kind not in _MEMBERS:
        yield Violation("type", f"{kind} of {where}")
        return
    for name, value in node.items():
        if name not in _MEMBERS[kind]:
            yield Violation("member", f"{name} of {where}")
        elif name in _NODES:
            yield from _within(name, value, where)
        elif name in _CHECKS and not _CHECKS[name][1](value):
            yield Violation(_CHECKS[name][0], f"{name} of {where}: {value!r}")
    if kind in _WHOLE and not _WHOLE[kind][1](node):
        yield Violation(_WHOLE[kind][0], where)


def _within(name: str, value: Any, where: str) -> Iterator[Violation]:
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict) or one.get("@type") not in _NODES[name]:
            yield Violation("range", f"{name} of {where}")
        else:
            yield from _node(one, f"{name} of {where}")


def _event(node: dict[str, Any], where: str) -> Iterator[Violation]:
    yield from (Violation("event-required", f"{n} of {where}") for n in ("@id", "name", "startDate") if not node.get(n))
    start, end = _moment(node.get("startDate")), _moment(node.get("endDate"))
    if start is not None and end is not None and not _ordered(start, end):
        yield Violation("end", f"{where}: {start} to {end}")
    if "previousStartDate" in node and node.get("eventStatus") == f"{_S}EventScheduled":
        yield Violation("previous", where)


def _moment(value: Any) -> datetime | date | None:
    """A day or an instant; None for anything else, a time without an offset too."""
    text = str(value)
    try:
        if "T" in text:
            return datetime.fromisoformat(text) if re.search(r"(?:Z|[+-]\d\d:\d\d)$", text) else None
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _ordered(start: datetime | date, end: datetime | date) -> bool:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return end > start
    return not isinstance(start, datetime) and not isinstance(end, datetime) and end >= start


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_text(one) for one in value)


def _price(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d+(?:\.\d+)?", value) is not None


def _degrees(most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most


def _offer(node: dict[str, Any]) -> bool:
    prices = [float(node[name]) for name in ("price", "lowPrice", "highPrice") if _price(node.get(name))]
    return ("priceCurrency" in node) == bool(prices) and prices == sorted(prices)


def _placed(node: dict[str, Any]) -> bool:
    return bool(node.keys() & {"name", "address", "geo"})


_CHECKS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(["name", "description", "identifier", "audienceType", "address"], ("text", _text)),
    **dict.fromkeys(
        ["startDate", "endDate", "doorTime", "previousStartDate", "dateModified"],
        ("date", lambda value: _moment(value) is not None),
    ),
    **dict.fromkeys(["url", "image"], ("url", lambda value: isinstance(value, str) and xml_tree.is_uri(value))),
    **dict.fromkeys(["isAccessibleForFree", "value"], ("yes-or-no", lambda value: isinstance(value, bool))),
    **dict.fromkeys(["price", "lowPrice", "highPrice"], ("price", _price)),
    "@id": ("id", lambda value: isinstance(value, str) and xml_tree.is_uri(value)),
    "keywords": ("text", _texts),
    "eventStatus": ("status", lambda value: value in _STATUS),
    "eventAttendanceMode": ("attendance", lambda value: value in _MODES),
    "latitude": ("geo", _degrees(90)),
    "longitude": ("geo", _degrees(180)),
    "priceCurrency": ("price", lambda value: isinstance(value, str) and re.fullmatch("[A-Z]{3}", value) is not None),
    "typicalAgeRange": ("ages", lambda value: isinstance(value, str) and bool(re.fullmatch(r"\d+-\d*", value))),
    "inLanguage": ("language", lambda value: isinstance(value, str) and xml_tree.is_language(value)),
}
_WHOLE: Mapping[str, tuple[str, Callable[[dict[str, Any]], bool]]] = {
    "Place": ("place", _placed),
    "VirtualLocation": ("place", lambda node: "url" in node),
    "GeoCoordinates": ("geo", lambda node: {"latitude", "longitude"} <= node.keys()),
    "Offer": ("price", _offer),
    "AggregateOffer": ("price", _offer),
}
