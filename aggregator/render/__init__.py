"""Events → text, by format. `FORMATS` is the list of what can be subscribed to.

Rendering is pure: an event and a `View` give one text, a `Feed` gives what stands around them. It knows no
filter, no store and no bytes; `catalogue` joins the texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aggregator.model import Event
from aggregator.render import atom, ical, jsonfeed, jsonld, rss, table
from aggregator.render.view import Feed, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How one format writes a feed: `head`, each event by `item`, joined by `separator`, `tail`.

    `news` formats are read newest first and tell a series once by default; the others are in order of start.
    `leading`: the head is itself a member, so that the first event is separated from it.
    """

    extension: str
    content_type: str
    item: Callable[[Event, View], str]
    head: Callable[[Feed], str]
    tail: Callable[[Feed], str]
    separator: str = ""
    news: bool = False
    leading: bool = False


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
    "atom": Format(
        extension="atom",
        content_type="application/atom+xml; charset=utf-8",
        item=atom.item,
        head=atom.head,
        tail=atom.tail,
        news=True,
    ),
    "json": Format(
        extension="json",
        content_type="application/feed+json; charset=utf-8",
        item=jsonfeed.item,
        head=jsonfeed.head,
        tail=jsonfeed.tail,
        separator=",\n",
        news=True,
    ),
    "jsonld": Format(
        extension="jsonld",
        content_type="application/ld+json; charset=utf-8",
        item=jsonld.item,
        head=jsonld.head,
        tail=jsonld.tail,
        separator=",\n",
        leading=True,
    ),
    "csv": Format(
        extension="csv",
        content_type="text/csv; charset=utf-8; header=present",
        item=table.item,
        head=table.head,
        tail=table.tail,
    ),
}


def joined(form: Format, feed: Feed, texts: list[str]) -> str:
    """A whole feed from the texts of its events."""
    between = form.separator if form.leading and texts else ""
    return "".join([form.head(feed), between, form.separator.join(texts), form.tail(feed)])
