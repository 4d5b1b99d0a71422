"""The values of the API as JSON Schema, member by member, for `/openapi.json`. Held to the answers by schemathesis."""

from __future__ import annotations

from typing import Any

from aggregator.model import UID_PATTERN, Layer, Role
from aggregator.render.jsonld import CONTEXT

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
_UID: Schema = {"type": "string", "pattern": f"^{UID_PATTERN}$"}
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}"
_MOMENT: Schema = {"type": "string", "pattern": f"^{_DATE}{_TIME}$", "description": "RFC 3339, with its offset"}
_START: Schema = {"type": "string", "pattern": f"^{_DATE}({_TIME})?$", "description": "An instant, or a day"}
_MAYBE_MOMENT: Schema = {**_MOMENT, "type": ["string", "null"]}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_STATES = ("fine", "degraded", "waiting", "quarantined", "failing", "late", "paused", "new", "disabled")


def one_of(*values: str) -> Schema:
    """One of some texts."""
    return {"type": "string", "enum": list(values)}


def ref(name: str) -> Schema:
    """What `components` describes by a name."""
    return {"$ref": f"#/components/schemas/{name}"}


def whole(required: dict[str, Any], optional: dict[str, Any] | None = None) -> Schema:
    """An object of exactly these members."""
    told = {"type": "object", "required": list(required), "additionalProperties": False}
    return {**told, "properties": {**required, **(optional or {})}}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _node(kind: str, required: dict[str, Any], optional: dict[str, Any] | None = None) -> Schema:
    return whole({"@type": {"const": kind}, **required}, optional)


def _event() -> Schema:
    plain = ("Scheduled", "Cancelled", "Rescheduled", "MovedOnline", "Postponed")
    modes = ("MixedEventAttendanceMode", "OnlineEventAttendanceMode")
    required: Schema = {
        "@type": {"const": "Event"},
        "@id": TEXT,
        "identifier": _UID,
        "name": TEXT,
        "startDate": _START,
        "eventStatus": one_of(*(f"{CONTEXT}/Event{state}" for state in plain)),
        "dateModified": _MOMENT,
        "layer": one_of(*(layer.value for layer in Layer)),
        "ongoing": {"type": "boolean", "description": "A run such as an exhibition"},
        "listings": _list(ref("Listing")),
        "provenance": {"type": "object", "additionalProperties": TEXT, "description": "Member → source"},
        "conflicts": _list(whole({"field": TEXT, "source": TEXT, "value": TEXT})),
    }
    optional: Schema = {
        "@context": {"const": CONTEXT, "description": "Where one event is the whole answer"},
        "endDate": {**_START, "description": "An instant, or the last day"},
        "eventAttendanceMode": one_of(*(f"{CONTEXT}/{mode}" for mode in modes)),
        "location": {"oneOf": [ref("Location"), _node("VirtualLocation", {"url": TEXT})]},
        "organizer": _node("Organization", {"name": TEXT}),
        "description": TEXT,
        "keywords": _list(TEXT),
        "url": TEXT,
        "image": TEXT,
        "isAccessibleForFree": {"type": "boolean"},
        "offers": _list(ref("Offer")),
        "doorTime": _MOMENT,
        "previousStartDate": _START,
        "typicalAgeRange": {"type": "string", "pattern": "^[0-9]+-[0-9]*$"},
        "audience": _node("Audience", {"audienceType": TEXT}),
        "inLanguage": TEXT,
        "superEvent": _node("EventSeries", {"@id": TEXT, "name": TEXT}),
        "hours": {**TEXT, "description": "Of a run: its hours each day"},
        "tentative": {"const": True, "description": "A state that schema.org has no word for"},
    }
    return whole(required, optional)


def _location() -> Schema:
    feature = _node("LocationFeatureSpecification", {"name": TEXT, "value": {"type": "boolean"}})
    geo = _node("GeoCoordinates", {"latitude": {"type": "number"}, "longitude": {"type": "number"}})
    return _node(
        "Place", {}, {"@id": TEXT, "name": TEXT, "address": TEXT, "geo": geo, "amenityFeature": _list(feature)}
    )


def _offer() -> Schema:
    amount = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"}
    prices = {"price": amount, "lowPrice": amount, "highPrice": amount, "priceCurrency": TEXT}
    return whole({"@type": one_of("Offer", "AggregateOffer")}, {**prices, "url": TEXT})


def _listing() -> Schema:
    return whole(
        {
            "source": TEXT,
            "uid": {**_MAYBE_TEXT, "description": "As the source states it"},
            "recurrenceId": _MAYBE_TEXT,
            "url": _MAYBE_TEXT,
            "startDate": {**TEXT, "description": "As the source states it, before any reading"},
            "firstSeen": _MOMENT,
            "lastSeen": _MOMENT,
        }
    )


def _source() -> Schema:
    required: Schema = {
        "id": TEXT,
        "name": TEXT,
        "url": _MAYBE_TEXT,
        "role": one_of(*(role.value for role in Role)),
        "layer": one_of(*(layer.value for layer in Layer)),
        "enabled": {"type": "boolean"},
        "licence": _MAYBE_TEXT,
        "format": _MAYBE_TEXT,
        "state": one_of(*_STATES),
        "headline": {**TEXT, "description": "The state in a few words, with its date"},
    }
    optional: Schema = {
        "message": {**_MAYBE_TEXT, "description": "What is wrong, in a sentence"},
        "effect": {**_MAYBE_TEXT, "description": "What that means for who uses the calendar, in a sentence"},
        "hints": _list(whole({"code": TEXT, "text": {**TEXT, "description": "What its organizer could mend"}})),
        "lastAttempt": _MAYBE_MOMENT,
        "lastSuccess": _MAYBE_MOMENT,
        "nextDue": _MAYBE_MOMENT,
        "failures": {**_COUNT, "description": "In a row"},
        "components": whole(dict.fromkeys(("inside", "past", "beyond", "refused"), _COUNT)),
        "problems": _list(whole({"code": TEXT, "item": _MAYBE_TEXT, "text": TEXT, "refused": {"type": "boolean"}})),
    }
    return whole(required, optional)


def _place() -> Schema:
    geo = whole({"latitude": {"type": "number"}, "longitude": {"type": "number"}})
    return whole({"id": TEXT, "name": TEXT}, {"address": TEXT, "locality": TEXT, "aliases": _list(TEXT), "geo": geo})


def components() -> dict[str, Schema]:
    """Every named schema."""
    return {
        "Event": _event(),
        "Location": _location(),
        "Offer": _offer(),
        "Listing": _listing(),
        "Source": _source(),
        "Place": _place(),
        "Choice": whole({"id": TEXT, "name": TEXT, "count": {**_COUNT, "description": "Events that come"}}),
        "Error": whole({"error": {**TEXT, "description": "What is wrong, in one sentence that names it"}}),
    }
