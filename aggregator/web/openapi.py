"""The API and the feeds described in OpenAPI 3.1, made from the program's own tables so that both say the same.

The values of answers are in `schemas`. It answers nothing."""

from __future__ import annotations

from aggregator.model import UID_PATTERN
from aggregator.render import FORMATS
from aggregator.web.choosing import KEYS
from aggregator.web.schemas import TEXT, Schema, components, one_of, ref, whole
from aggregator.web.site import Site

_DATE = {"type": "string", "format": "date", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}
_BLANK, _SIGN = r"[\t-\r ]", r"[^\t-\r ]"  # not \s: no two languages mean the same by it
_WORDS = f"^{_BLANK}*{_SIGN}+({_BLANK}+{_SIGN}+){{0,9}}{_BLANK}*$"
_TEXT = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": _WORDS}
_LAT = r"-?([0-8]?[0-9](\.[0-9]{1,8})?|90)"
_LON = r"-?((1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]{1,8})?|180)"
_KM = r"([1-9][0-9]?(\.[0-9]{1,8})?|100)"
_ID = {"type": "string", "pattern": "^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$"}

CURSOR = rf"(-?[0-9]{{1,11}}(?:\.[0-9]{{1,9}})?)_({UID_PATTERN})"  # start in seconds and id of a page's last event


def _many(items: Schema) -> Schema:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": 50}


SCHEMAS: dict[str, tuple[Schema, str]] = {
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
    "free": (one_of("1"), "Free admission"),
    "accessible": (one_of("1"), "Wheelchair accessible"),
    "time": (_many(one_of("morning", "day", "evening", "weekend")), "Time of the day, or weekend"),
    "layer": (one_of("leisure", "civic", "all"), "Default: leisure"),
    "ongoing": (one_of("yes", "no", "only"), "Runs such as exhibitions"),
    "dates": (one_of("next", "all"), "A series by its next date, or all dates"),
    "status": (_many(one_of("scheduled", "cancelled", "moved", "postponed", "tentative")), "State"),
    "cancelled": (one_of("marked", "confirmed", "omit"), "How cancelled events are told"),
    "near": (_many({"type": "string", "pattern": f"^{_LAT},{_LON},{_KM}$"}), "latitude,longitude,kilometres"),
    "limit": ({"type": "integer", "minimum": 1, "maximum": 500}, "At most so many"),
    "lang": (one_of("sv", "en"), "Language"),
}


_ICS = FORMATS["ics"].content_type
_CHANGES = {"rss": FORMATS["rss"].content_type, "json": FORMATS["json"].content_type}
_OBJECT: Schema = {"type": "object"}


def document(site: Site) -> Schema:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": site.name,
            "version": "1",
            "description": "Events of one municipality, each told once. Open to every origin, without a key.",
        },
        "servers": [{"url": site.base}],
        "tags": [{"name": "api", "description": "JSON for programs"}, {"name": "feeds", "description": "Whole feeds"}],
        "paths": {path: {"get": operation} for path, operation in _paths().items()},
        "components": {"schemas": components()},
    }


def _paths() -> dict[str, Schema]:
    feeds = {f"/events.{extension}": _feed(extension) for extension in FORMATS}
    changes = {f"/changes.{extension}": _changes(extension) for extension in _CHANGES}
    return {
        "/api/v1/events": _list(),
        "/api/v1/events/{id}": _single(),
        "/api/v1/sources": _plain("Sources and how they are doing", "sources", "Source"),
        "/api/v1/places": _plain("The place registry", "places", "Place"),
        "/api/v1/choices": _choices(),
        "/openapi.json": _self(),
        **feeds,
        **changes,
        "/evenemang/{id}.ics": _calendar("event", f"^{UID_PATTERN}$", withdrawn=True),
        "/serie/{id}.ics": _calendar("series", str(_ID["pattern"]), withdrawn=False),
    }


def _list() -> Schema:
    place = {"type": "string", "pattern": f"^{CURSOR}$"}
    cursor = {"name": "cursor", "in": "query", "schema": place, "description": "From `next` of a list"}
    page = whole({"events": {"type": "array", "items": ref("Event")}, "next": {"type": ["string", "null"]}})
    link = {"operationId": "event", "parameters": {"id": "$response.body#/events/0/identifier"}}
    found = {**_json("A page of events", page), "links": {"first": link}}
    return _operation(
        "api",
        "events",
        "Events of a filter, in order of start, then id",
        [*map(_parameter, SCHEMAS), cursor],
        {"200": found, "400": _failure("Wrong query"), "414": _failure("The query is too long")},
    )


def _single() -> Schema:
    answers = {
        "200": _json("The event", ref("Event")),
        "301": {"description": "Merged into another event", "headers": _headers("Location")},
        "400": _failure("Wrong query"),
        "404": _failure("Never was"),
        "410": _failure("Withdrawn"),
    }
    return _operation("api", "event", "One event", [_id(f"^{UID_PATTERN}$"), _parameter("lang")], answers)


def _plain(summary: str, member: str, kind: str) -> Schema:
    told = whole({member: {"type": "array", "items": ref(kind)}})
    answers = {"200": _json(summary, told), "400": _failure("Wrong query")}
    return _operation("api", member, summary, [_parameter("lang")], answers)


def _choices() -> Schema:
    told = whole({key: {"type": "array", "items": ref("Choice")} for key in KEYS})
    answers = {"200": _json("The ids of each key", told), "400": _failure("Wrong query")}
    return _operation("api", "choices", "Every id that the filter takes, with its name", [_parameter("lang")], answers)


def _self() -> Schema:
    told = {"200": {"description": "OpenAPI 3.1", "content": {"application/json": {"schema": _OBJECT}}}}
    return {"operationId": "openapi", "summary": "This description", "tags": ["api"], "responses": told}


def _feed(extension: str) -> Schema:
    answers = {
        "200": _text("The feed", FORMATS[extension].content_type),
        "400": _sentence("Wrong query"),
        "414": _sentence("The query is too long"),
    }
    summary = f"The events of a filter as {extension}"
    return _operation("feeds", f"feed-{extension}", summary, [*map(_parameter, SCHEMAS)], answers)


def _changes(extension: str) -> Schema:
    answers = {"200": _text("The latest changes", _CHANGES[extension]), "400": _sentence("Wrong query")}
    summary = "What was added, moved, cancelled and withdrawn"
    return _operation("feeds", f"changes-{extension}", summary, [_parameter("lang")], answers)


def _calendar(what: str, id: str, *, withdrawn: bool) -> Schema:
    answers = {"200": _text("The calendar", _ICS), "400": _sentence("Wrong query"), "404": _sentence("Never was")}
    if withdrawn:
        answers |= {"301": {"description": "Merged into another event", "headers": _headers("Location")}}
        answers |= {"410": _sentence("Withdrawn")}
    return _operation("feeds", f"{what}-ics", f"One {what} as a calendar", [_id(id), _parameter("lang")], answers)


def _operation(tag: str, id: str, summary: str, parameters: list[Schema], answers: dict[str, Schema]) -> Schema:
    """One operation, with what every address may answer: unchanged, and the database away."""
    away = _failure("The calendar can't be read") if tag == "api" else _sentence("The calendar can't be read")
    answers["200"] |= {"headers": _headers("ETag", "Last-Modified", "Cache-Control")}
    every = {"304": {"description": "Unchanged", "headers": _headers("ETag")}}
    every["503"] = {**away, "headers": _headers("Retry-After")}
    return {
        "operationId": id,
        "summary": summary,
        "tags": [tag],
        "parameters": parameters,
        "responses": dict(sorted({**answers, **every}.items())),
    }


def _parameter(name: str) -> Schema:
    schema, text = SCHEMAS[name]
    return {"name": name, "in": "query", "schema": schema, "description": text, "style": "form", "explode": True}


def _id(pattern: str) -> Schema:
    return {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": pattern}}


def _headers(*names: str) -> Schema:
    return {name: {"required": True, "schema": TEXT} for name in names}


def _json(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _failure(description: str) -> Schema:
    return _json(description, ref("Error"))


def _text(description: str, content_type: str) -> Schema:
    plain = content_type.partition(";")[0]
    return {"description": description, "content": {plain: {"schema": _OBJECT if plain.endswith("json") else TEXT}}}


def _sentence(description: str) -> Schema:
    return {"description": description, "content": {"text/plain": {"schema": TEXT}}}
