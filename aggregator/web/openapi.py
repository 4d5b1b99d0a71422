"""The API described in OpenAPI 3.1, made from the filter's own table so that both say the same. Answers nothing."""

from __future__ import annotations

from typing import Any

from aggregator.model import UID_PATTERN
from aggregator.web.site import Site

_DATE = {"type": "string", "format": "date", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}
_TEXT = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": r"^\s*\S+(\s+\S+){0,9}\s*$"}
_LAT = r"-?([0-8]?[0-9](\.[0-9]{1,8})?|90)"
_LON = r"-?((1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]{1,8})?|180)"
_KM = r"([1-9][0-9]?(\.[0-9]{1,8})?|100)"
_ID = {"type": "string", "pattern": "^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$"}

CURSOR = rf"(-?[0-9]{{1,11}}(?:\.[0-9]{{1,9}})?)_({UID_PATTERN})"  # start in seconds and id of a page's last event


def _many(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": 50}


def _one_of(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


SCHEMAS: dict[str, tuple[dict[str, Any], str]] = {
    "from": (_DATE, "First local day, 2000-01-01 … 2099-12-31"),
    "to": (_DATE, "Last local day, included"),
    "days": ({"type": "integer", "minimum": 1, "maximum": 550}, "Days from `from` or today"),
    "category": (_many(_ID), "Category; repeated: any of them"),
    "audience": (_many(_ID), "Audience"),
    "place": (_many(_ID), "Id of the place registry"),
    "organizer": (_many(_ID), "Organizer"),
    "source": (_many(_ID), "Source"),
    "series": (_many(_ID), "Series"),
    "q": (_many(_TEXT), "Words that must all be there"),
    "not": (_many(_TEXT), "Words that must not be there"),
    "age": (_many({"type": "integer", "minimum": 0, "maximum": 150}), "Whole years"),
    "free": (_one_of("1"), "Free admission"),
    "accessible": (_one_of("1"), "Wheelchair accessible"),
    "time": (_many(_one_of("morning", "day", "evening", "weekend")), "Time of the day, or weekend"),
    "layer": (_one_of("leisure", "civic", "all"), "Default: leisure"),
    "ongoing": (_one_of("yes", "no", "only"), "Runs such as exhibitions"),
    "dates": (_one_of("next", "all"), "A series by its next date, or all dates"),
    "status": (_many(_one_of("scheduled", "cancelled", "moved", "postponed", "tentative")), "State"),
    "cancelled": (_one_of("marked", "confirmed", "omit"), "How cancelled events are told"),
    "near": (_many({"type": "string", "pattern": f"^{_LAT},{_LON},{_KM}$"}), "latitude,longitude,kilometres"),
    "limit": ({"type": "integer", "minimum": 1, "maximum": 500}, "At most so many"),
    "lang": (_one_of("sv", "en"), "Language"),
}


def document(site: Site) -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": site.name, "version": "1", "description": "Events of one municipality, each told once."},
        "servers": [{"url": site.base}],
        "paths": {
            "/api/v1/events": {"get": _list()},
            "/api/v1/events/{id}": {"get": _single()},
            "/api/v1/sources": {"get": _plain("Sources and how they are doing", "sources")},
            "/api/v1/places": {"get": _plain("The place registry", "places")},
        },
        "components": {"schemas": {"Event": _event(), "Error": _error()}},
    }


def _list() -> dict[str, Any]:
    place = {"type": "string", "pattern": f"^{CURSOR}$"}
    cursor = {"name": "cursor", "in": "query", "schema": place, "description": "From `next` of a list"}
    schema = _object({"events": {"type": "array", "items": _ref("Event")}, "next": {"type": ["string", "null"]}})
    return {
        "operationId": "events",
        "summary": "Events of a filter, in order of start, then id",
        "parameters": [*[_parameter(name) for name in SCHEMAS], cursor],
        "responses": {"200": _json("A page of events", schema), "400": _failure("Wrong query"), **_always()},
    }


def _single() -> dict[str, Any]:
    id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": f"^{UID_PATTERN}$"}}
    return {
        "operationId": "event",
        "summary": "One event",
        "parameters": [id, _parameter("lang")],
        "responses": {
            "200": _json("The event", _ref("Event")),
            "301": {"description": "Merged into another event"},
            "400": _failure("Wrong query"),
            "404": _failure("Never was"),
            "410": _failure("Withdrawn"),
            **_always(),
        },
    }


def _plain(summary: str, member: str) -> dict[str, Any]:
    schema = _object({member: {"type": "array", "items": {"type": "object"}}})
    return {
        "operationId": member,
        "summary": summary,
        "parameters": [_parameter("lang")],
        "responses": {"200": _json(summary, schema), "400": _failure("Wrong query"), **_always()},
    }


def _parameter(name: str) -> dict[str, Any]:
    schema, text = SCHEMAS[name]
    return {"name": name, "in": "query", "schema": schema, "description": text, "style": "form", "explode": True}


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _failure(description: str) -> dict[str, Any]:
    return _json(description, _ref("Error"))


def _always() -> dict[str, Any]:
    return {
        "304": {"description": "Unchanged"},
        "414": {"description": "The address is too long", "content": {"text/plain": {"schema": {"type": "string"}}}},
        "503": _failure("The database is away"),
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(members: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(members), "properties": members}


def _error() -> dict[str, Any]:
    return _object({"error": {"type": "string"}})


def _event() -> dict[str, Any]:
    text = {"type": "string"}
    told = _object({"@type": {"const": "Event"}, "@id": text, "identifier": text, "name": text, "startDate": text})
    told["properties"] |= {
        "endDate": text,
        "eventStatus": text,
        "location": {"type": "object"},
        "organizer": {"type": "object"},
        "layer": _one_of("leisure", "civic"),
        "ongoing": {"type": "boolean"},
        "listings": {"type": "array", "items": {"type": "object"}},
        "provenance": {"type": "object"},
        "conflicts": {"type": "array", "items": {"type": "object"}},
    }
    return told
