"""RSS 0.9x, 1.0, 2.0 and Atom, through feedparser. Which time an item tells is `feedtimes`' business.

feedparser gets bytes in memory, never a name of anything. A feed that is cut gives its closed items only.
"""

from __future__ import annotations

import json
import re
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any

import feedparser

from aggregator.errors import ReadError
from aggregator.formats import feedtimes
from aggregator.formats.decoding import decode
from aggregator.formats.format import Format, Found, Piece, Split
from aggregator.formats.markup import absolute
from aggregator.formats.pieces import hashed
from aggregator.model import Context, Coverage, Problem
from aggregator.problems import SENTENCES
from aggregator.text import canonical_url

MOST = 5_000  # items of one feed; a longer one is an archive
_ROOT = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>|<\?xml-stylesheet[^>]*\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>|\s+)*<(?:\w+:)?(rss|feed|RDF)\b",
    re.S | re.I,
)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_CLOSED = re.compile(r"</(?:\w+:)?(?:rss|feed|RDF)\s*>\s*(?:<!--.*?-->\s*)*\Z", re.S | re.I)
_ITEM_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.I)
# feedparser drops the text of an element that has attributes unless it knows it.
_ATTRIBUTES = re.compile(r"<((?:x-trumba|calendarEvent|ev|xCal|xcal|event):\w+)\s[^<>]*?(/?)>")
# Its rule for mail addresses in authors is not linear (A28), and we want no person's name anyway.
_AUTHORS = re.compile(
    r"<((?:dc:|itunes:|a10:)?(?:author|creator|contributor|managingEditor|webMaster|owner))\b[^>]*>.*?</\1\s*>", re.S
)
_SAFE = frozenset(("CharacterEncodingOverride", "NonXMLContentType"))


def detect(head: bytes, content_type: str) -> bool:  # noqa: ARG001 - the header lies too often to be asked
    """By its root element; an HTML page is no feed, whatever its header says."""
    return _ROOT.match(head[:20_000]) is not None


def split(body: bytes, context: Context) -> Split:
    """One piece per item. Raises `ReadError` for what is no feed and for more than `MOST` items."""
    if not detect(body[:20_000].removeprefix(b"\xef\xbb\xbf"), context.content_type):
        raise ReadError(SENTENCES["not-a-feed"][1], code="not-a-feed")
    text = decode(body, context.content_type).text
    cut = _CLOSED.search(text[-2_000:]) is None
    feed = feedparser.parse(BytesIO(_prepared(text, cut).encode("utf-8", "replace")))
    if len(feed.entries) > MOST:
        raise ReadError(SENTENCES["too-many"][1].replace("{detail}", str(MOST)), code="too-many")
    broken = bool(feed.bozo) and type(feed.get("bozo_exception")).__name__ not in _SAFE
    if not feed.version and not feed.entries:
        raise ReadError(SENTENCES["not-a-feed"][1], code="not-a-feed")
    base = absolute(feed.feed.get("link"), context.url) or context.url
    pieces = [_piece(entry, base, feed.feed.get("language")) for entry in feed.entries]
    problem = "cut" if cut else str(feed.get("bozo_exception"))[:80]
    return Split(
        pieces=tuple(pieces),
        problems=(Problem("feed-damaged", detail=problem, refused=False),) if cut or broken else (),
        damaged=cut or broken,
        cut=cut,
        name=feed.feed.get("title") or None,
        next_url=_next(feed.feed, context.url),
    )


def read(raw: bytes, context: Context) -> Found:
    """The item of one piece: events, suggestions, or why it is neither."""
    return Found(items=(feedtimes.item(json.loads(raw), context),))


def _prepared(text: str, cut: bool) -> str:
    """The text for feedparser: without a declaration that no longer holds, and without what was not closed."""
    text = _AUTHORS.sub("", _DECLARATION.sub("", text).lstrip("\ufeff \t\r\n"))
    if cut:
        ends = [found.end() for found in _ITEM_END.finditer(text)]
        text = text[: ends[-1]] if ends else re.split(r"<(?:\w+:)?(?:item|entry)\b", text, maxsplit=1)[0]
        text += "</feed>" if re.search(r"<(?:\w+:)?feed\b", text[:4000], re.I) else "</channel></rss>"
    return _ATTRIBUTES.sub(r"<\1\2>", text)


def _piece(entry: Any, base: str, language: str | None) -> Piece:
    kept = _kept(entry, base, language)
    key = kept["id"] or (canonical_url(kept["link"]) if kept["link"] else "") or hashed(str(kept["title"]))
    raw = json.dumps(kept, ensure_ascii=True, sort_keys=True)
    mark = json.dumps(
        {name: value for name, value in kept.items() if name != "base"}, ensure_ascii=True, sort_keys=True
    )
    return Piece(key=key if len(key) <= 255 else hashed(key), raw=raw.encode("ascii"), mark=mark.encode("ascii"))


def _kept(entry: Any, base: str, language: str | None) -> dict[str, Any]:
    """What an item says, as plain JSON; authors are left out."""
    content = " ".join(part.get("value", "") for part in entry.get("content", ()))
    extra = {name: value for name, value in entry.items() if feedtimes.is_event_member(name)}
    return {
        "base": base,
        "id": entry.get("id") or None,
        "title": entry.get("title") or None,
        "link": absolute(entry.get("link"), base),
        "summary": entry.get("summary") or None,
        "content": content or None,
        "published": _stamp(entry),
        "language": (entry.get("language") or language or "")[:2].lower() or None,
        "tags": [
            tag.get("label") or tag.get("term") for tag in entry.get("tags", ()) if tag.get("term") or tag.get("label")
        ],
        "image": _image(entry, base),
        "extra": _plain(extra),
    }


def _plain(value: Any) -> Any:
    """feedparser's own kinds of dict and struct_time as plain JSON."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _stamp(entry: Any) -> str | None:
    """When the item was told, as ISO text; never the time of the event."""
    for name in ("published", "updated", "created"):
        stated = entry.get(name)
        parsed = entry.get(f"{name}_parsed")
        try:
            if stated and parsed:
                return parsedate_to_datetime(stated).isoformat()
        except (ValueError, TypeError, IndexError):
            pass
        if parsed:
            return "{:04d}-{:02d}-{:02d}T{:02d}:{:02d}:{:02d}+00:00".format(*parsed[:6])
    return None


def _image(entry: Any, base: str) -> str | None:
    candidates = [*entry.get("media_content", ()), *entry.get("media_thumbnail", ())]
    for media in candidates:
        if (
            media.get("url")
            and media.get("medium", "image") == "image"
            and not str(media.get("type", "image")).startswith(("audio", "video"))
        ):
            return absolute(media["url"], base)
    for link in entry.get("links", ()):
        if link.get("rel") == "enclosure" and str(link.get("type", "")).startswith("image/"):
            return absolute(link.get("href"), base)
    return None


def _next(feed: Any, url: str) -> str | None:
    """The next page of a paged feed (RFC 5005 section 3)."""
    return next((absolute(link.get("href"), url) for link in feed.get("links", ()) if link.get("rel") == "next"), None)


FORMAT = Format(name="rss", version=1, coverage=Coverage.LATEST, detect=detect, split=split, read=read)
