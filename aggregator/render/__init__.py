"""Events → text, by format. `FORMATS` is the list of what can be subscribed to.

Rendering is pure: an event and a `View` give one text, a `Feed` gives what stands around them. It knows no
filter, no store and no bytes; `catalogue` joins the texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aggregator.model import Event
from aggregator.render import ical, rss
from aggregator.render.view import Feed, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How one format writes a feed: `head`, each event by `item`, joined by `separator`, `tail`.

    `news` formats are read newest first and tell a series once by default; the others are in order of start.
    """

    extension: str
    content_type: str
    item: Callable[[Event, View], str]
    head: Callable[[Feed], str]
    tail: Callable[[Feed], str]
    separator: str = ""
    news: bool = False


FORMATS: Mapping[str, Format] = {
    "ics": Format(
        extension="ics", content_type="text/calendar; charset=utf-8", item=ical.item, head=ical.head, tail=ical.tail
    ),
    "rss": Format(
        extension="rss",
        content_type="application/rss+xml; charset=utf-8",
        item=rss.item,
        head=rss.head,
        tail=rss.tail,
        news=True,
    ),
}
