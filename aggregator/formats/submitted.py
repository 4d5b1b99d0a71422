"""Single events that people handed in on our own pages: the approved ones of one source, as the store writes them.

The answer is our own, so what it leaves out was taken back: `Reading.stated`. No address is ever read so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import escape
from typing import TypeVar
from zoneinfo import ZoneInfo

from aggregator import codec, swedish
from aggregator.errors import ReadError
from aggregator.formats.format import Format, Found, Item, Piece, Split
from aggregator.formats.records import MOST
from aggregator.formats.schemafacts import amounts_of
from aggregator.model import SUBMITTED, Context, Coverage, Draft, Location, OfferedEvent, Price, Status, When
from aggregator.problems import SENTENCES
from aggregator.text import fold

Moment = TypeVar("Moment", datetime | date, datetime | date | None)
_ONLINE = frozenset({"online", "digitalt", "på nätet", "på webben", "webben", "zoom", "teams"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handed:
    """One event of an answer."""

    id: str
    event: OfferedEvent


def written(events: Mapping[str, OfferedEvent]) -> bytes:
    """The answer that tells some events, by id; what was written to staff is not in it."""
    told = [_Handed(id=id, event=replace(event, note="")) for id, event in sorted(events.items())]
    return codec.dumps_many(_Handed, tuple(told)).encode()


def detect(_head: bytes, _content_type: str) -> bool:
    """Never by itself: what lies at a stranger's address was handed in by nobody."""
    return False


def split(body: bytes, _context: Context) -> Split:
    """One piece an event. Raises `ReadError` for anything that `written` did not write."""
    try:
        told = [(str(entry["id"]), entry) for entry in json.loads(body)]
    except (ValueError, TypeError, KeyError) as error:
        raise ReadError(SENTENCES["json-unknown"][1], code="json-unknown") from error
    if len(told) > MOST:
        raise ReadError(SENTENCES["too-many"][1].replace("{detail}", str(MOST)), code="too-many")
    raws = [(id, json.dumps(entry, sort_keys=True).encode()) for id, entry in told]
    return Split(pieces=tuple(Piece(key=id, raw=raw, mark=raw) for id, raw in raws), stated=True)


def read(raw: bytes, context: Context) -> Found:
    """All dates of one event; of several each is one of a series. The words are plain, so nothing in them is markup."""
    handed = codec.loads(_Handed, raw)
    event = handed.event
    dates = {when.start: when for when in (*event.cancelled, *event.dates)}
    whole = Draft(
        uid=handed.id,
        series=handed.id if len(dates) > 1 else None,
        title=_plain(event.title),
        location=_location(event),
        organizer=_plain(event.organizer),
        description=_plain(event.description),
        url=event.url or None,
        categories=event.categories,
        audience=event.audience or None,
        age=event.age or None,
        price=_price(event.price),
    )
    ordered = sorted(dates.values(), key=lambda when: when.start.isoformat())
    return Found(items=tuple(Item(drafts=(_dated(whole, when, event, ZoneInfo(context.zone)),)) for when in ordered))


def _dated(whole: Draft, when: When, event: OfferedEvent, zone: ZoneInfo) -> Draft:
    off = any(when.start == gone.start for gone in event.cancelled)
    stated, status = when.start.isoformat(), Status.CANCELLED if off else Status.SCHEDULED
    return replace(whole, start=_wall(when.start, zone), end=_wall(when.end, zone), stated_start=stated, status=status)


def _wall(moment: Moment, zone: ZoneInfo) -> Moment:
    """An instant as the clock on the wall, which may be one that no such night has (C25): that is judged later."""
    return moment.astimezone(zone).replace(tzinfo=None) if isinstance(moment, datetime) else moment


def _location(event: OfferedEvent) -> Location | None:
    if fold(event.place) in _ONLINE:
        return Location(online="")
    name, address = _plain(event.place), _plain(event.address)
    return Location(name=name, address=address) if name or address else None


def _plain(text: str) -> str | None:
    return escape(text, quote=False) or None


def _price(told: str) -> Price | None:
    """ "120 kr", "80–120", "fri entré"; what is neither an amount nor free says nothing."""
    amounts = amounts_of(told)
    if (swedish.read_price(told) or Price()).free or (amounts and max(amounts) == 0):
        return Price(free=True)
    return Price(free=False, low=min(amounts), high=max(amounts), currency="SEK") if amounts else None


FORMAT = Format(name=SUBMITTED, version=1, coverage=Coverage.COMPLETE, detect=detect, split=split, read=read)
