"""A site map (https://www.sitemaps.org/protocol.html) or a page of links → the event pages to look at. It fetches none.

Only addresses of the same host that look like an event's own page count, newest first, at most `MOST`; an index
names its maps. robots.txt, spacing and what is unchanged are the business of whoever fetches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from aggregator.errors import ReadError
from aggregator.formats.decoding import decode
from aggregator.formats.format import Format, Found, Split
from aggregator.formats.markup import absolute, attribute, base_of, document, looks_like_page
from aggregator.model import Context, Coverage, Problem
from aggregator.problems import SENTENCES
from aggregator.text import canonical_url, clean_text

MOST = 200  # pages of one source; a municipality's calendar holds fewer coming events
_ROOT = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>|<\?xml-stylesheet[^>]*\?>|<!--.*?-->|\s+)*<(?:\w+:)?(urlset|sitemapindex)\b", re.S
)
_ENTRY = re.compile(r"<(?:\w+:)?(?:url|sitemap)\s*>(.*?)</(?:\w+:)?(?:url|sitemap)\s*>", re.S)
_LOC = re.compile(r"<(?:\w+:)?loc\s*>\s*(?:<!\[CDATA\[)?\s*([^<\]]{1,2048}?)\s*(?:\]\]>)?\s*</(?:\w+:)?loc\s*>")
_LASTMOD = re.compile(r"<(?:\w+:)?lastmod\s*>\s*([0-9T:+.Z-]{4,40})\s*<")
_EVENT = re.compile(
    r"(?:^|[/_-])(?:events?|evenemang|evenemangskalender|kalender(?:n|ium)?|calendar|program(?:met)?|aktivitet(?:er)?|konserter?|forestallning(?:ar)?)(?:[/_-]|$)",
    re.I,
)
_NOT = re.compile(
    r"/(?:category|kategori|tag|tagg|page|sida|author|feed|archive|arkiv)(?:/|$)|\.(?:jpe?g|png|pdf|ics|xml|rss|docx?|zip)$",
    re.I,
)


def detect(head: bytes, _content_type: str) -> bool:
    """By its root element; a page of links is one only where the source says so."""
    return _ROOT.match(head[:5000]) is not None


def split(body: bytes, context: Context) -> Split:
    """The addresses to look at. Raises `ReadError` if there are none."""
    text = decode(body, context.content_type).text
    if detect(body[:5000].removeprefix(b"\xef\xbb\xbf"), context.content_type):
        found = list(_mapped(text, context.url))
    elif looks_like_page(body, context.content_type):
        found = [(url, "") for url in _linked(body, context)]
    else:
        raise ReadError(SENTENCES["not-a-feed"][1], code="not-a-feed")
    newest = sorted(dict(found).items(), key=lambda entry: entry[1], reverse=True)
    if not newest:
        raise ReadError(SENTENCES["no-event-pages"][1], code="no-event-pages")
    more = len(newest) - MOST
    problems = (Problem("too-many-pages", detail=str(len(newest)), refused=False),) if more > 0 else ()
    stamps = {url: changed for url, changed in newest[:MOST] if changed}
    return Split(follow=tuple(url for url, _ in newest[:MOST]), stamps=stamps, problems=problems)


def read(_raw: bytes, _context: Context) -> Found:
    """A map has no pieces."""
    return Found()


def _mapped(text: str, url: str) -> Iterator[tuple[str, str]]:
    """Addresses with the day of their last change; maps of an index if their name tells of events, else all."""
    entries = [
        (found.group(1), entry.group(1)) for entry in _ENTRY.finditer(text) if (found := _LOC.search(entry.group(1)))
    ]
    told = [(clean_text(loc), inner) for loc, inner in entries if _same_site(loc, url)]
    index = "<sitemapindex" in text[:5000]
    wanted = [pair for pair in told if (_EVENT.search(pair[0]) if index else _is_event(pair[0]))]
    for loc, inner in wanted or (told[:10] if index else []):
        changed = _LASTMOD.search(inner)
        yield loc, changed.group(1) if changed else ""


def _linked(body: bytes, context: Context) -> Iterator[str]:
    """Links of a list page that lead to one event each."""
    page = document(body, context.content_type)
    base = base_of(page, context.url)
    here = canonical_url(context.url)
    folder = urlsplit(context.url).path.rstrip("/") + "/"
    for node in page.css("main a[href], article a[href], body a[href]"):
        url = (absolute(attribute(node, "href"), base) or "").partition("#")[0]
        below = urlsplit(url).path.startswith(folder) and len(folder) > 1
        if (
            url
            and canonical_url(url) != here
            and _same_site(url, context.url)
            and (below or _is_event(url))
            and not _NOT.search(url)
        ):
            yield url


def _is_event(url: str) -> bool:
    """Whether the path names events and goes on: "/evenemang/varkonsert", not "/evenemang"."""
    path = urlsplit(url).path.rstrip("/")
    found = _EVENT.search(path)
    return bool(found and (path[found.end() :] or urlsplit(url).query) and not _NOT.search(path))


def _same_site(url: str, own: str) -> bool:
    return urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname == urlsplit(own).hostname


FORMAT = Format(name="sitemap", version=1, coverage=Coverage.LATEST, detect=detect, split=split, read=read)
