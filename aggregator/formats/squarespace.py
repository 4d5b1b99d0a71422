"""The events of a Squarespace page, as its address with `?format=json` gives them: upcoming and past items.

Times are milliseconds since 1970; they are told on the clock of the site (`website.timeZone`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aggregator import zones
from aggregator.formats.format import Item
from aggregator.formats.markup import absolute
from aggregator.formats.records import Record, inner, json_format, number, text, words
from aggregator.model import Context, Draft, Geo, Location, Problem

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FAR = 10**14  # milliseconds; later than the year 5000 is a mistake


def _records(value: Any) -> list[Any] | None:
    told = [value.get(name) for name in ("upcoming", "past", "items")] if isinstance(value, Mapping) else []
    lists = [entry for entry in told if isinstance(entry, list)]
    if not lists:
        return None
    zone = text(inner(value, "website").get("timeZone"))
    records = [record for entries in lists for record in entries]
    return [{**record, "siteZone": zone} for record in records if isinstance(record, Mapping)]


def _key(record: Record) -> str:
    return str(record.get("id") or record.get("fullUrl"))


def _read(record: Record, context: Context) -> Item:
    title = text(record.get("title"))
    zone = zones.resolve(text(record.get("siteZone")) or context.zone) or ZoneInfo(context.zone)
    start = _moment(record.get("startDate"), zone)
    if start is None:
        return Item(problems=(Problem("no-start", title or "", ""),))
    draft = Draft(
        uid=_key(record),
        title=title,
        start=start,
        end=_moment(record.get("endDate"), zone),
        stated_start=start.isoformat(),
        location=_location(inner(record, "location")),
        description=text(record.get("body")) or text(record.get("excerpt")),
        html=text(record.get("body")) or text(record.get("excerpt")),
        url=absolute(text(record.get("fullUrl")), context.url),
        image=text(record.get("assetUrl")),
        categories=words(record.get("categories")) + words(record.get("tags")),
    )
    return Item(drafts=(draft,))


def _moment(value: object, zone: ZoneInfo) -> datetime | None:
    told = number(value) if not isinstance(value, int) else float(value)
    if told is None or isinstance(value, bool) or not 0 < told < _FAR:
        return None
    return (_EPOCH + timedelta(seconds=told // 1000)).astimezone(zone)


def _location(place: Record) -> Location | None:
    name = text(place.get("addressTitle"))
    street = ", ".join(part for part in (text(place.get(f"addressLine{n}")) for n in (1, 2)) if part) or None
    if not (name or street):
        return None  # the position alone is the map's default
    lat, lon = (number(place.get(part)) for part in ("mapLat", "mapLng"))
    return Location(name=name, address=street, geo=Geo(lat, lon) if lat is not None and lon is not None else None)


FORMAT = json_format(
    "squarespace",
    (b'"startDate"', b'"fullUrl"', b'"website"'),
    records=_records,
    key=_key,
    read=_read,
    volatile=frozenset(("updatedOn", "likeCount", "commentCount", "publicCommentCount", "structuredContent")),
)
