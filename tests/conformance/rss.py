"""RSS by the specification of version 2.0 (RSS Advisory Board) and the board's profile, with the event module."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from tests.conformance import xml_tree
from tests.conformance.report import Violation
from tests.conformance.xml_tree import ATOM, MEDIA

RULES: Mapping[str, str] = {
    **xml_tree.EVENT_RULES,
    "root": "RSS 2.0: the root is rss, its version 2.0",
    "channel": "RSS 2.0: rss holds one channel and nothing else",
    "channel-required": "RSS 2.0, required channel elements: title, link, description",
    "item-required": "RSS 2.0: an item has a title or a description",
    "once": "RSS profile: an element MUST NOT be repeated, but for category and item",
    "known": "RSS 2.0, extending: an element that is not described here belongs to a namespace",
    "uri": "RSS profile: link, url and href are absolute URLs",
    "guid": "RSS 2.0: a guid identifies its item, so each has one and no two are equal; a permalink is an address",
    "date": "RSS 2.0: dates are those of RFC 822, with four digits of year; the weekday is that of the date",
    "built": "RSS 2.0: lastBuildDate is the last change; no item is newer (readers hide what comes from the future)",
    "ttl": "RSS 2.0: ttl is a number of minutes",
    "self": 'RSS profile: an atom:link with rel="self" names the feed\'s own address and type',
    "media": "Media RSS: a content has an address and a medium",
}
_CHANNEL = {
    *("title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate", "category"),
    *("lastBuildDate", "generator", "docs", "cloud", "ttl", "image", "rating", "textInput", "skipHours", "skipDays"),
    "item",
}
_ITEM = {*("title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate", "source")}
_DATE = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})")
_MANY = ("category", "item")


def check(body: bytes) -> list[Violation]:
    """What a feed breaks, in the order of the feed."""
    root, found = xml_tree.parse(body)
    if root is None:
        return found
    if root.tag != "rss" or root.get("version") != "2.0":
        found.append(Violation("root", f"{root.tag} {root.get('version')}"))
    if [child.tag for child in root] != ["channel"]:
        return [*found, Violation("channel", str([child.tag for child in root]))]
    return found + list(_channel(root.find("channel")))


def _channel(channel: Any) -> Iterator[Violation]:
    for name in ("title", "link", "description"):
        if not channel.findtext(name):
            yield Violation("channel-required", name)
    yield from _elements(channel, _CHANNEL, "channel")
    if not (channel.findtext("ttl") or "1").isdigit():
        yield Violation("ttl", channel.findtext("ttl"))
    if not xml_tree.is_language(channel.findtext("language") or "sv"):
        yield Violation("language", channel.findtext("language"))
    yield from _self(channel)
    items = channel.findall("item")
    counted = Counter(item.findtext("guid") for item in items)
    yield from (Violation("guid", f"{id} {times} times") for id, times in counted.items() if times > 1)
    built = _date(channel.findtext("lastBuildDate"))
    for item in items:
        yield from _item(item, built)


def _self(channel: Any) -> Iterator[Violation]:
    links = [link for link in channel.findall(ATOM + "link") if link.get("rel") == "self"]
    if len(links) != 1 or links[0].get("type") != "application/rss+xml":
        yield Violation("self", str([link.attrib for link in links]))
    yield from (Violation("uri", f"atom:link {link.get('href')}") for link in links if not _address(link.get("href")))


def _item(item: Any, built: datetime | None) -> Iterator[Violation]:
    where = f"item {item.findtext('guid')}"
    if not (item.findtext("title") or item.findtext("description")):
        yield Violation("item-required", where)
    yield from _elements(item, _ITEM, where)
    guid = item.find("guid")
    if guid is None or not guid.text or (guid.get("isPermaLink", "true") != "false" and not _address(guid.text)):
        yield Violation("guid", where)
    published = _date(item.findtext("pubDate"))
    if published is not None and (built is None or published > built):
        yield Violation("built", where)
    yield from xml_tree.html(item.findtext("description"), where)
    yield from xml_tree.times_and_place(item, where)
    for content in item.findall(MEDIA + "content"):
        if not _address(content.get("url")) or content.get("medium") not in ("image", "audio", "video", "document"):
            yield Violation("media", where)


def _elements(element: Any, known: set[str], where: str) -> Iterator[Violation]:
    """What holds for the elements of a channel and of an item alike."""
    yield from (Violation("once", f"{name} of {where}") for name in xml_tree.repeated(element, "", _MANY))
    for child in element:
        if not child.tag.startswith("{") and child.tag not in known:
            yield Violation("known", f"{child.tag} of {where}")
        if child.tag == "link" and not _address(child.text):
            yield Violation("uri", f"{child.text} of {where}")
        if child.tag in ("pubDate", "lastBuildDate") and _date(child.text) is None:
            yield Violation("date", f"{child.text} of {where}")


def _address(text: str | None) -> bool:
    return xml_tree.is_uri(text) and str(text).startswith(("http://", "https://"))


def _date(text: str | None) -> datetime | None:
    match = _DATE.fullmatch(text or "")
    if match is None:
        return None
    try:
        told = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return told.astimezone(UTC) if told.strftime("%a") == match[1] else None
