"""Axiell Arena: the event search of Swedish libraries, followed through its hits.

Each library has its own: https://api.axiell.com/event/api/customers/ID/search?queryString=*. Times are UTC, told bare
or as {"value": …}. CANCELLED stays an event that is cancelled; a deleted one is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aggregator.formats.format import Item
from aggregator.formats.records import Record, inner, json_format, text, with_query, words
from aggregator.formats.stamps import moment, whole_days
from aggregator.model import Context, Draft, Location, Problem, Status
from aggregator.normalize import Fall

_STATUS = {"CANCELLED": Status.CANCELLED, "CANCELED": Status.CANCELLED, "PUBLISHED": Status.SCHEDULED}


def _records(value: Any) -> list[Any] | None:
    return value.get("hits") if isinstance(value, Mapping) and isinstance(value.get("hits"), list) else None


def _key(record: Record) -> str:
    return str(record.get("id") or inner(record, "event").get("id"))


def _next(value: Any, context: Context) -> str | None:
    """The next hits by `start` and `size`, as the search counts them."""
    shown = len(value.get("hits", ())) if isinstance(value, Mapping) else 0
    total = value.get("totalHits") if isinstance(value, Mapping) else None
    begun = (parse_qs(urlsplit(context.url).query).get("start") or ["0"])[0]
    if not shown or not isinstance(total, int) or not begun.isdigit() or int(begun) + shown >= total:
        return None
    return with_query(context.url, (("start", str(int(begun) + shown)),))


def _read(record: Record, _context: Context) -> Item:
    told = inner(record, "event") or record
    title = text(told.get("title"))
    state = (text(told.get("status")) or "PUBLISHED").upper()
    if told.get("deleted") or state not in _STATUS:
        return Item(
            fall=Fall.REFUSED,
            problems=(Problem("not-published", title or "", "deleted" if told.get("deleted") else state),),
        )
    stated = text(told.get("startDate")) or text(inner(told, "startDate").get("value"))
    start = moment(stated)
    if start is None:
        return Item(problems=(Problem("bad-start" if stated else "no-start", title or "", stated or ""),))
    begin, last = whole_days(start, moment(told.get("endDate") or None) or moment(inner(told, "endDate").get("value")))
    draft = Draft(
        uid=_key(record),
        title=title,
        start=begin,
        end=last,
        stated_start=stated,
        status=_STATUS[state],
        location=_location(told),
        description=text(told.get("description")) or text(told.get("preamble")),
        url=text(told.get("url")) or text(told.get("link")),
        ticket_url=text(told.get("bookingUrl")),
        image=_image(told),
        categories=words(told.get("categories"), "value", "name") + words(told.get("tags"), "value", "name"),
        audience=", ".join(words(told.get("targetAudiences"), "value", "name")) or None,
    )
    return Item(drafts=(draft,))


def _location(told: Record) -> Location | None:
    place = inner(told, "location")
    name = text(place.get("value")) or text(place.get("name")) or text(told.get("location"))
    room = text(inner(told, "room").get("value")) or text(told.get("room"))
    return Location(name=name, room=room) if name or room else None


def _image(told: Record) -> str | None:
    images = [entry for entry in told.get("images") or () if isinstance(entry, Mapping)]
    first = next((entry for entry in images if entry.get("primaryImage")), images[0] if images else {})
    return text(first.get("imageUrl"))


FORMAT = json_format(
    "axiell",
    (b'"hits"', b'"totalHits"', b'"startDate"'),
    records=_records,
    key=_key,
    read=_read,
    next_url=_next,
    volatile=frozenset(("score",)),
)
