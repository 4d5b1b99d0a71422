"""Microformats: h-event and classic hCalendar (vevent), through mf2py. Other vocabularies of the page are not read.

http://microformats.org/wiki/h-event and /hcalendar. An all-day `dtend` of classic hCalendar is exclusive, as in
iCalendar; of h-event it is the last day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import mf2py  # type: ignore[import-untyped]  # it ships no types

from aggregator import swedish
from aggregator.formats.format import Format, Found, Item, Split
from aggregator.formats.marked import split_of
from aggregator.formats.markup import LARGEST, absolute, base_of, bounded, decode, document, looks_like_page
from aggregator.formats.stamps import length, moment, whole_days
from aggregator.model import Context, Coverage, Draft, Geo, Location, Problem, Status

_MARK = re.compile(rb"""class\s*=\s*["']?[^"'>]{0,200}\b(?:h-event|vevent)\b""", re.I)
_STATUS = {"cancelled": Status.CANCELLED, "canceled": Status.CANCELLED, "tentative": Status.TENTATIVE}
DEEPEST = 12

Properties = Mapping[str, list[Any]]


def detect(head: bytes, content_type: str) -> bool:
    """A page with an element of one of the two classes."""
    return bool(_MARK.search(head)) and looks_like_page(head, content_type)


def split(body: bytes, context: Context) -> Split:
    """One piece per identity. Raises `ReadError` if the page holds no event in microformats."""
    page = document(body, context.content_type)
    base = base_of(page, context.url)
    nodes = list(nodes_of(bounded(decode(body[:LARGEST], context.content_type)), base))
    return split_of(nodes, page, base)


def read(raw: bytes, context: Context) -> Found:
    """The events of one piece."""
    told = json.loads(raw)
    return Found(items=tuple(item(node, told["base"], context) for node in told["nodes"]))


def nodes_of(markup: str, base: str) -> Iterator[dict[str, Any]]:
    """The events of a page or a fragment, flat, with the members that `pieces` groups by."""
    if not _MARK.search(markup.encode("utf-8", "replace")):
        return
    classic = not re.search(r"""class\s*=\s*["']?[^"'>]{0,200}\bh-event\b""", markup, re.I)
    parsed = mf2py.parse(doc=markup, url=base)
    for found in _walk(parsed.get("items", []), 0):
        yield {**_plain(found), "classic": classic}


def _walk(items: list[Any], depth: int) -> Iterator[Mapping[str, Any]]:
    for entry in items if depth < DEEPEST else []:
        if not isinstance(entry, Mapping):
            continue
        if "h-event" in entry.get("type", []):
            yield entry
        yield from _walk(entry.get("children", []), depth + 1)
        for values in entry.get("properties", {}).values():
            yield from _walk(values, depth + 1)


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    properties: Properties = entry.get("properties", {})
    url, uid = _text(properties.get("url")), _text(properties.get("uid"))
    return {
        "identifier": uid if uid != url else None,
        "url": url,
        "name": _text(properties.get("name")) or _text(properties.get("summary")),
        "startDate": _text(properties.get("start")),
        "properties": properties,
    }


def item(node: Mapping[str, Any], base: str, context: Context) -> Item:
    """One event, read."""
    told: Properties = node["properties"]
    title = node["name"]
    stated = node["startDate"]
    start = _moment(stated, context)
    if start is None:
        problem = Problem("bad-start", title or "", stated[:80]) if stated else Problem("no-start", title or "")
        return Item(problems=(problem,))
    end = _end(told, start, context)
    begin, finish = whole_days(start, end)
    exclusive = bool(node["classic"]) and not isinstance(start, datetime)
    description = _text(told.get("description")) or _text(told.get("content"))
    status = (_text(told.get("status")) or "").casefold()
    draft = Draft(
        uid=node["identifier"],
        title=title,
        start=begin,
        end=finish,
        end_exclusive=exclusive,
        stated_start=stated,
        status=_STATUS.get(status),
        location=_location(told),
        organizer=_text(told.get("organizer")),
        description=description or _text(told.get("summary")),
        html=_html(told),
        url=absolute(node["url"], base),
        image=absolute(_text(told.get("photo")), base),
        categories=tuple(text for entry in told.get("category", []) if (text := _text([entry]))),
    )
    return Item(drafts=(draft,))


def _moment(stated: str | None, context: Context) -> datetime | date | None:
    """A machine's stamp, else a time in words that leaves no doubt."""
    if not stated:
        return None
    found = moment(stated) or moment(stated.replace(" ", "T", 1))
    if found is not None:
        return found
    told = swedish.read_when(stated[:100], today=context.now.date(), zone=ZoneInfo(context.zone))
    return told[0].when.start if len(told) == 1 and told[0].sure and not told[0].relative else None


def _end(told: Properties, start: datetime | date, context: Context) -> datetime | date | None:
    end = _moment(_text(told.get("end")), context)
    if end is None:
        lasting = length(_text(told.get("duration")))
        return start + lasting if lasting else None
    if isinstance(end, datetime) and not isinstance(start, datetime):
        return end.date()
    if isinstance(start, datetime) and isinstance(end, datetime) and (start.tzinfo is None) != (end.tzinfo is None):
        return end.replace(tzinfo=start.tzinfo)  # only one of the two was given its offset
    return end


def _location(told: Properties) -> Location | None:
    """A card or an address with parts, else the words; coordinates of the event count where the place has none."""
    place = next(iter(told.get("location", []) or told.get("adr", [])), None)
    geo = _geo(told.get("geo"))
    if not isinstance(place, Mapping):
        name = _text([place]) if place is not None else None
        return Location(name=name, geo=geo) if name or geo else None
    inner: Properties = place.get("properties", {})
    address: Properties = inner
    adr = next((entry for entry in inner.get("adr", []) if isinstance(entry, Mapping)), None)
    if adr is not None:
        address = adr.get("properties", {})
    street = ", ".join(part for name in ("street-address", "postal-code") if (part := _text(address.get(name)))) or (
        _text(inner.get("adr")) if adr is None else None
    )
    name = _text(inner.get("name")) or (str(place.get("value")) if place.get("value") else None)
    locality = _text(address.get("locality"))
    return Location(name=name, address=street, locality=locality, geo=_geo(inner.get("geo")) or _numbers(inner) or geo)


def _geo(values: list[Any] | None) -> Geo | None:
    for value in values or []:
        if isinstance(value, Mapping):
            return _numbers(value.get("properties", {}))
        pair = re.fullmatch(r"\s*(?:geo:)?(-?\d{1,3}(?:\.\d+)?)\s*[;, ]\s*(-?\d{1,3}(?:\.\d+)?)\s*", str(value))
        if pair:
            return Geo(float(pair.group(1)), float(pair.group(2)))
    return None


def _numbers(told: Properties) -> Geo | None:
    try:
        return Geo(float(_text(told.get("latitude")) or ""), float(_text(told.get("longitude")) or ""))
    except ValueError:
        return None


def _html(told: Properties) -> str | None:
    for entry in (*told.get("description", []), *told.get("content", [])):
        if isinstance(entry, Mapping) and entry.get("html"):
            return str(entry["html"])
    return None


def _text(values: list[Any] | None) -> str | None:
    """The first value as text: a string, embedded markup, or an inner item by its name."""
    for value in values or []:
        if isinstance(value, Mapping):
            inner = value.get("properties", {}).get("name")
            value = (_text(inner) if inner else None) or value.get("value") or value.get("alt")
        if value is not None and str(value).strip():
            return str(value).strip()
    return None


FORMAT = Format(name="hevent", version=1, coverage=Coverage.LATEST, detect=detect, split=split, read=read)
