"""A record and the `map:` of its source → a draft. What a rule may say is in `mapping`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator import swedish
from aggregator.formats.format import Item
from aggregator.formats.mapping import FIELDS, Record, Rule, text_of, told
from aggregator.formats.markup import absolute
from aggregator.formats.records import number
from aggregator.formats.schemafacts import amounts_of
from aggregator.formats.stamps import clock, moment, whole_days
from aggregator.model import Context, Draft, Geo, Location, Price, Problem, Status


def item(record: Record, rules: Mapping[str, Rule], base: str, context: Context) -> Item:
    """One record, read by the rules of its source."""
    said = {name: told(record, rule) for name, rule in rules.items() if name in FIELDS}
    title, stated = text_of(said.get("title")), text_of(said.get("start"))
    start = _moment(said.get("start"), rules.get("start"), context)
    if start is None:
        return Item(problems=(Problem("bad-start" if stated else "no-start", title or "", (stated or "")[:80]),))
    end = _end(said.get("end"), rules.get("end"), start, context) or _told_end(stated, start, context)
    begin, last = whole_days(start, end)
    draft = Draft(
        uid=text_of(said.get("id")),
        title=title,
        start=begin,
        end=last,
        doors=_doors(said.get("doors"), start),
        stated_start=stated,
        status=_status(text_of(said.get("status"))),
        location=_location(said),
        organizer=text_of(said.get("organizer")),
        description=text_of(said.get("description")),
        url=absolute(text_of(said.get("url")), base),
        ticket_url=absolute(text_of(said.get("ticket_url")), base),
        image=absolute(text_of(said.get("image")), base),
        categories=_texts(said.get("category")),
        audience=", ".join(_texts(said.get("audience"))) or None,
        age=text_of(said.get("age")),
        price=_price(said),
        language=text_of(said.get("language")),
    )
    return Item(drafts=(draft,))


def _moment(value: Any, rule: Rule, context: Context) -> datetime | date | None:
    form = rule.get("format") if isinstance(rule, Mapping) else None
    if form in ("epoch", "epoch-ms"):
        return _epoch(value, 1000 if form == "epoch-ms" else 1)
    stated = text_of(value)
    if stated is None:
        return None
    if form:
        return _formatted(stated, str(form))
    found = moment(stated)
    if found is not None:
        return found
    times = swedish.read_when(stated[:100], today=context.now.date(), zone=ZoneInfo(context.zone))
    return times[0].when.start if len(times) == 1 and times[0].sure and not times[0].relative else None


def _epoch(value: Any, unit: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(value) / unit, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _formatted(stated: str, form: str) -> datetime | date | None:
    """By strptime; a form without hours gives a day."""
    try:
        found = datetime.strptime(stated, form)  # noqa: DTZ007 - floating times are read in the source's zone later
    except ValueError:
        return None
    return found if any(code in form for code in ("%H", "%I", "%X", "%c")) else found.date()


def _end(value: Any, rule: Rule, start: datetime | date, context: Context) -> datetime | date | None:
    """The end; a time of day alone is that of the first day."""
    hour = clock(text_of(value))
    if hour is not None and isinstance(start, datetime):
        return datetime.combine(start.date(), hour, start.tzinfo)
    found = _moment(value, rule, context)
    if isinstance(found, datetime) and not isinstance(start, datetime):
        return found.date()
    if isinstance(start, datetime) and found is not None and not isinstance(found, datetime):
        return None
    return found


def _told_end(stated: str | None, start: datetime | date, context: Context) -> datetime | date | None:
    """The end in a start that is prose: "lördag 2 maj kl. 10–14"."""
    if stated is None or moment(stated) is not None:
        return None
    times = swedish.read_when(stated[:100], today=context.now.date(), zone=ZoneInfo(context.zone))
    return times[0].when.end if len(times) == 1 and times[0].when.start == start else None


def _doors(value: Any, start: datetime | date) -> datetime | None:
    hour = clock(text_of(value))
    if hour is not None and isinstance(start, datetime):
        return datetime.combine(start.date(), hour, start.tzinfo)
    found = moment(value)
    return found if isinstance(found, datetime) else None


def _status(word: str | None) -> Status | None:
    if word is None:
        return None
    return Status(word.casefold()) if word.casefold() in list(Status) else swedish.read_status(word)


def _location(said: Mapping[str, Any]) -> Location | None:
    name, address, town, room = (text_of(said.get(part)) for part in ("place", "address", "locality", "room"))
    lat, lon = number(said.get("lat")), number(said.get("lon"))
    geo = Geo(lat, lon) if lat is not None and lon is not None else None
    online = text_of(said.get("online"))
    if not any((name, address, town, room, geo, online)):
        return None
    return Location(name=name, address=address, locality=town, room=room, geo=geo, online=online)


def _price(said: Mapping[str, Any]) -> Price | None:
    word = text_of(said.get("price"))
    free = str(said.get("free")).casefold() in ("true", "1", "ja", "yes", "gratis")
    amounts = amounts_of(said.get("price"))
    if free or (word is not None and (swedish.read_price(word) or Price()).free) or (amounts and max(amounts) == 0):
        return Price(free=True)
    return Price(free=False, low=min(amounts), high=max(amounts), currency="SEK") if amounts else None


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else str(value).split(",") if isinstance(value, str) else [value]
    return tuple(dict.fromkeys(found for entry in values if (found := text_of(entry))))
