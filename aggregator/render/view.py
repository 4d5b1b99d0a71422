"""How an event is looked at when it is rendered: addresses, titles, what a feed is called. Pure.

Holds what every output format shares. It does not write any format and formats no dates (`prose` does).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from aggregator.model import Content, Event, Status, When
from aggregator.slugs import slug

_SLUG_LENGTH = 60  # keeps addresses copyable; the id alone names the event
_DIRT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_STATED = re.compile(
    r"^\W*(?:inst[äa]ll(?:t|d|da)|avlyst|cancell?ed|uppskjut(?:et|en)|postponed|prelimin[äa]r(?:t)?|tentative)\W+",
    re.IGNORECASE,
)
_PREFIX: Mapping[str, Mapping[Status, str]] = {
    "sv": {
        Status.CANCELLED: "INSTÄLLT: ",
        Status.POSTPONED: "UPPSKJUTET: ",
        Status.MOVED: "NY TID: ",
        Status.MOVED_ONLINE: "DIGITALT: ",
        Status.TENTATIVE: "PRELIMINÄRT: ",
    },
    "en": {
        Status.CANCELLED: "CANCELLED: ",
        Status.POSTPONED: "POSTPONED: ",
        Status.MOVED: "NEW TIME: ",
        Status.MOVED_ONLINE: "ONLINE: ",
        Status.TENTATIVE: "TENTATIVE: ",
    },
}


@dataclass(frozen=True, slots=True)
class View:
    """Everything but the event that a rendered text depends on.

    `base` is the public address of this service without a slash at its end; `zone` the calendar's;
    `language` is "sv" or "en"; `cancelled` is "marked" or "confirmed" (for clients that hide cancelled
    events); `names` gives each source's name by its id.
    """

    base: str
    zone: ZoneInfo
    language: str = "sv"
    cancelled: str = "marked"
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What stands around the events of one feed.

    `address` is the feed's own canonical address, `page` the list page with the same filter. `changed` is
    the newest change among what it holds or of what left it; None if nothing ever was. `refresh` is how
    often to ask again, in whole hours. `items` are JSON values or texts of events, set by the format.
    """

    name: str
    description: str
    address: str
    page: str
    language: str
    zone: ZoneInfo
    changed: datetime | None
    refresh: int = 1


def clean(text: str) -> str:
    """Text without what no output format can carry: control characters, line separators, surrogates (A17, A18)."""
    return _DIRT.sub("", text) if _DIRT.search(text) else text


def address(event: Event, view: View) -> str:
    """The address of the event's page."""
    twin = "" if view.language == "sv" else f"/{view.language}"
    tail = slug(event.content.title)[:_SLUG_LENGTH].strip("-") or "evenemang"
    return f"{view.base}{twin}/evenemang/{event.id}/{tail}"


def title(content: Content, language: str) -> str:
    """The title for people: what happened to the event stands first, once, however its source wrote it."""
    plain = clean(content.title)
    prefix = _PREFIX[language].get(content.status)
    return prefix + (_STATED.sub("", plain) or plain) if prefix else plain


def published(content: Content, zone: ZoneInfo) -> When:
    """The time as every format tells it: a run by its days; instants local, in whole seconds; an end after its start.

    Ends are compared as instants: two wall times of one zone would compare without their fold.
    """
    when = content.when
    if content.ongoing or not isinstance(when.start, datetime):
        first, last = when.first_day(zone), when.last_day(zone)
        return When(first, last if last > first else None)
    start = when.start.astimezone(zone).replace(microsecond=0)
    if not isinstance(when.end, datetime):
        return When(start)
    end = when.end.astimezone(zone).replace(microsecond=0)
    return When(start, end if end.timestamp() > start.timestamp() else None)


def image(event: Event, view: View) -> str | None:
    """The address of the picture at our host, if there is one; that of its source is told nowhere (A34)."""
    return view.base + event.picture.large if event.picture else None


def place_line(content: Content) -> str | None:
    """Where, on one line: room, name, street address, locality; nothing told twice."""
    where = content.location
    if where is None:
        return None
    told: list[str] = []
    for part in (where.room, where.name, where.address, where.locality):
        if part and not any(part.casefold() in earlier.casefold() for earlier in told):
            told.append(part)
    return clean(", ".join(told)) or None
