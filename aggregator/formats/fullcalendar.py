"""A list of events as the calendar script FullCalendar reads it: `title` and `start` of each, and nothing is guessed.

https://fullcalendar.io/docs/event-object: `end` of a whole day is exclusive; `daysOfWeek` repeats and is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aggregator.formats.format import Item
from aggregator.formats.markup import absolute
from aggregator.formats.records import Record, inner, json_format, text
from aggregator.formats.stamps import moment
from aggregator.model import Context, Draft, Location, Problem

_REPEATS = ("daysOfWeek", "rrule", "dow")


def _records(value: Any) -> list[Any] | None:
    """The list, if each of its entries is an event of this kind."""
    found = value.get("events", value.get("data")) if isinstance(value, Mapping) else value
    if not isinstance(found, list) or not found:
        return None
    return found if all(map(_fits, found)) else None


def _fits(entry: object) -> bool:
    if not isinstance(entry, Mapping) or not text(entry.get("title")):
        return False
    return moment(entry.get("start")) is not None or any(entry.get(name) for name in _REPEATS)


def _key(record: Record) -> str:
    return str(record.get("id") or record.get("url") or f"{record.get('title')} {record.get('start')}")


def _read(record: Record, context: Context) -> Item:
    title = text(record.get("title"))
    if any(record.get(name) for name in _REPEATS):
        return Item(problems=(Problem("bad-rule", title or "", "daysOfWeek"),))
    stated = text(record.get("start"))
    start, end = moment(stated), moment(record.get("end"))
    if start is None:
        return Item(problems=(Problem("bad-start", title or "", stated or ""),))
    if record.get("allDay") is True and isinstance(start, datetime):
        start = start.date()
    whole = not isinstance(start, datetime)
    if whole and isinstance(end, datetime):
        end = end.date()
    told = inner(record, "extendedProps")
    place = text(record.get("location")) or text(told.get("location"))
    draft = Draft(
        uid=text(record.get("id")),
        title=title,
        start=start,
        end=end,
        end_exclusive=whole,
        stated_start=stated,
        location=Location(name=place) if place else None,
        description=text(record.get("description")) or text(told.get("description")),
        url=absolute(text(record.get("url")), context.url),
    )
    return Item(drafts=(draft,))


FORMAT = json_format("fullcalendar", (b'"title"', b'"start"'), records=_records, key=_key, read=_read)
