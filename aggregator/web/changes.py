"""`/changes.rss` and `/changes.json`: what was added, moved, cancelled, withdrawn, with the old value and the new.

What happened stands in the log of the store; here it is put into words. The first fill of a source is one line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.codec import read_moment
from aggregator.model import When
from aggregator.publish import Change, Kind
from aggregator.render import jsonfeed, prose, rss
from aggregator.render.atom import moment
from aggregator.render.jsonld import dumps
from aggregator.render.view import Feed, address, clean
from aggregator.shelf import Shelf
from aggregator.store.store import LoggedChange
from aggregator.web import answer, filters
from aggregator.web.respond import desk_of, ready
from aggregator.web.site import Site
from aggregator.web.words import say

_DAYS = 30  # of changes that are told
_MOST = 200
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[^/\[]*(?:\[[^\]]*\])?)?")
_TYPES = {"rss": "application/rss+xml; charset=utf-8", "json": "application/feed+json; charset=utf-8"}


async def feed(request: Request) -> Response:
    """`GET /changes.rss`, `/changes.json`; `lang` is the only key."""
    desk = desk_of(request)
    extension = request.url.path.rpartition(".")[2]
    language = filters.only_language(request.url.query, desk.site.language)
    since = datetime.combine(desk.today() - timedelta(days=_DAYS), time(), desk.site.zone)

    def build(shelf: Shelf) -> bytes:
        told = desk.store.changes(since, _MOST)
        around = _around(desk.site, extension, language, told)
        write = _rss if extension == "rss" else _json
        items = [write(line, desk.site, shelf, language) for line in told]
        if extension == "rss":
            return (rss.head(around) + "".join(items) + rss.tail(around)).encode()
        return (jsonfeed.head(around) + ",\n".join(items) + jsonfeed.tail(around)).encode()

    extra = [*answer.OPEN, answer.disposition(desk.site.name, extension)]
    key = ("changes", extension, language)
    kind = _TYPES[extension]
    return await ready(request, key, kind, build, cache=answer.POLLED, policy=answer.DATA_POLICY, extra=extra)


def headline(change: Change, language: str) -> str:
    """What happened, then to what: "Ny tid: Konsert"."""
    return f"{say(language, f'change-{change.kind.value}')}: {clean(change.title)}"


def sentence(change: Change, site: Site, language: str) -> str:
    """The old value and the new in words; empty where the headline says it all."""
    old, new = (_value(change.kind, value, site, language) for value in (change.old, change.new))
    if old and new:
        return say(language, "change-from-to", old=old, new=new)
    return old or new


def _value(kind: Kind, value: str, site: Site, language: str) -> str:
    """Times are told as people write them; places as they are; a state has said it in the headline."""
    if kind in (Kind.CANCELLED, Kind.RESTORED):
        return ""
    if kind is Kind.FILLED and value:
        return say(language, "total", count=value)
    if not value or kind is Kind.PLACE:
        return clean(value)
    try:
        return prose.time_line(_when(value), site.zone, language, year=True)
    except ValueError:
        return clean(value)


def _when(value: str) -> When:
    """The time as the log has it: one moment, or two with a slash between; zone names hold slashes too."""
    found = [read_moment(part) for part in _MOMENT.findall(value)]
    if not 1 <= len(found) <= 2:
        raise ValueError(value)
    return When(*found)


def _around(site: Site, extension: str, language: str, told: Sequence[LoggedChange]) -> Feed:
    tail = f"?lang={language}" if language != site.language else ""
    return Feed(
        name=say(language, "changes-title", name=site.name),
        description=say(language, "changes-description", days=_DAYS),
        address=f"{site.base}/changes.{extension}{tail}",
        page=site.link("/", language),
        language=language,
        zone=site.zone,
        changed=max((line.at for line in told), default=None),
    )


def _id(line: LoggedChange) -> str:
    return f"{line.version}-{line.change.event}-{line.change.kind.value}"


def _link(line: LoggedChange, site: Site, shelf: Shelf, language: str) -> str:
    if line.change.kind is Kind.FILLED:
        return site.link(f"/kallor/{line.change.event}", language)
    entry = shelf.by_id.get(line.change.event)
    if entry is None:
        return site.link("/", language)
    return address(entry.event, site.view(language))


def _rss(line: LoggedChange, site: Site, shelf: Shelf, language: str) -> str:
    told = sentence(line.change, site, language)
    return "\n".join(
        [
            "<item>",
            f"<title>{rss.xml(headline(line.change, language))}</title>",
            f"<link>{rss.xml(_link(line, site, shelf, language))}</link>",
            f'<guid isPermaLink="false">{rss.xml(_id(line))}</guid>',
            f"<pubDate>{rss.moment(line.at)}</pubDate>",
            f"<description>{escape(rss.paragraphs(told) if told else '')}</description>",
            "</item>\n",
        ]
    )


def _json(line: LoggedChange, site: Site, shelf: Shelf, language: str) -> str:
    change = line.change
    item: dict[str, Any] = {
        "id": _id(line),
        "url": _link(line, site, shelf, language),
        "title": headline(change, language),
        "content_text": sentence(change, site, language) or headline(change, language),
        "date_published": moment(line.at),
        "_change": {
            "event": change.event,
            "kind": change.kind.value,
            "old": change.old,
            "new": change.new,
            "version": line.version,
        },
    }
    return dumps(item)


ROUTES = [Route("/changes.rss", feed), Route("/changes.json", feed)]
