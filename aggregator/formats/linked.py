"""What a page links to: calendars, feeds and APIs of the same events, richest first. It fetches none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from aggregator.formats.markup import absolute, attribute
from aggregator.model import Linked
from aggregator.pasting import calendar_of

MOST = 8  # candidates that are told; a page with more lists its posts' feeds
RICHNESS = ("ical", "xcal", "tribe", "axiell", "squarespace", "jsonld", "rss")

_TYPES = {
    "text/calendar": "ical",
    "application/calendar+xml": "xcal",
    "application/rss+xml": "rss",
    "application/atom+xml": "rss",
    "application/rdf+xml": "rss",
}
_CALENDAR = re.compile(
    r"\.ics(?:$|[?#])|[?&]feed=(?:my-calendar-ics|mc-ics)|/feeds?/my-calendar-ics|[?&](?:ical=1|outlook-ical=1|mec-ical-feed=1|format=ical|ics=1)(?:&|$)|/ical(?:endar)?/?$|/ics/?$",
    re.I,
)
_ONE_EVENT = re.compile(r"(?:event|evenemang)/[^/?#]+/(?:\?|ical|.*\.ics)|[?&](?:event_?id|eid|id)=|/event\.ics", re.I)
_COMMENTS = re.compile(r"/comments/feed|/kommentarer|comments\.(?:rss|xml|atom)", re.I)
_TRIBE = re.compile(r"tribe-events|/plugins/the-events-calendar/|tribe_events", re.I)
_AXIELL = re.compile(r"api\.axiell\.com/event/api/customers/([0-9a-f]{24})\b")
_SQUARESPACE = re.compile(r"Static\.SQUARESPACE_CONTEXT")
_SQUARE_EVENTS = re.compile(r"sqs-events-collection|eventlist-|\"typeName\"\s*:\s*\"events\"")
_TEAMUP = re.compile(r"https://(?:www\.)?teamup\.com/(ks[0-9a-z]{6,20})(?:[/?#]|\Z)")
_MEC = re.compile(r"modern-events-calendar|mec-events|\bmec-wrap\b", re.I)


def linked_of(page: LexborHTMLParser, base: str) -> tuple[Linked, ...]:
    """Calendars and feeds of the page, each once, richest first; in the page's order where equally rich."""
    found: dict[str, Linked] = {}
    for link in (*_heads(page, base), *_anchors(page, base), *_framed(page, base), *_known_systems(page, base)):
        found.setdefault(link.url, link)
    ordered = sorted(found.values(), key=lambda link: RICHNESS.index(link.format))
    return tuple(ordered[:MOST])


def _heads(page: LexborHTMLParser, base: str) -> Iterator[Linked]:
    for node in page.css('link[rel~="alternate" i][href]'):
        kind = attribute(node, "type").partition(";")[0].strip().lower()
        url = _address(attribute(node, "href"), base)
        if url and kind in _TYPES and not _COMMENTS.search(url):
            yield Linked(_TYPES[kind], url, f"rel=alternate {kind}")


def _anchors(page: LexborHTMLParser, base: str) -> Iterator[Linked]:
    """Links that a person would follow to subscribe; a calendar of just one event is none."""
    for node in page.css("a[href]"):
        href = attribute(node, "href").strip()
        url = _address(href, base)
        if not url or _ONE_EVENT.search(url):
            continue
        shared = calendar_of(url)
        if shared != url:
            yield Linked("ical", shared, "share link of a calendar")
        elif href.lower().startswith(("webcal:", "webcals:")):
            yield Linked("ical", url, "webcal link")
        elif _CALENDAR.search(url):
            yield Linked("ical", url, "link to a calendar file")
        elif attribute(node, "type").lower() in _TYPES:
            yield Linked(_TYPES[attribute(node, "type").lower()], url, "link with a feed's type")


def _framed(page: LexborHTMLParser, base: str) -> Iterator[Linked]:
    """Calendars that the page shows in a frame: Google's, Outlook's, Teamup's."""
    for node in page.css("iframe[src], iframe[data-src]"):
        url = _address(attribute(node, "src") or attribute(node, "data-src"), base)
        if not url:
            continue
        shared, teamup = calendar_of(url), _TEAMUP.match(url)
        if teamup:
            yield Linked("ical", f"https://ics.teamup.com/feed/{teamup[1]}/0.ics", "calendar in a frame")
        elif shared != url:
            yield Linked("ical", shared, "calendar in a frame")


def _known_systems(page: LexborHTMLParser, base: str) -> Iterator[Linked]:
    """Addresses that a known system answers at, when the page shows the system's marks."""
    markup = page.html or ""
    parts = urlsplit(base)
    root = f"{parts.scheme}://{parts.netloc}"
    if not parts.scheme.startswith("http"):
        return
    if _TRIBE.search(markup):
        yield Linked("tribe", _tribe_api(page, root), "The Events Calendar")
    if _MEC.search(markup):
        yield Linked("ical", f"{root}/?mec-ical-feed=1", "Modern Events Calendar")
    if "/plugins/my-calendar/" in markup:
        yield Linked("ical", f"{root}/?feed=my-calendar-ics", "My Calendar")
    if library := _AXIELL.search(markup):
        query = "search?queryString=*&size=100"
        yield Linked("axiell", f"https://api.axiell.com/event/api/customers/{library[1]}/{query}", "Axiell Arena")
    if _SQUARESPACE.search(markup) and _SQUARE_EVENTS.search(markup):
        yield Linked("squarespace", urlunsplit((*parts[:3], "format=json", "")), "Squarespace")


def _tribe_api(page: LexborHTMLParser, root: str) -> str:
    stated = page.css_first('link[rel="https://theeventscalendar.com/"][href]')
    href = attribute(stated, "href") if stated is not None else ""
    if not href:
        api = page.css_first('link[rel="https://api.w.org/"][href]')
        href = (
            attribute(api, "href").rstrip("/") + "/tribe/events/v1"
            if api is not None
            else f"{root}/wp-json/tribe/events/v1"
        )
    href = href.rstrip("/")
    return href if href.endswith("/events") else f"{href}/events"


def _address(href: str, base: str) -> str | None:
    """The absolute address; webcal means the page's own scheme at its own host, https elsewhere."""
    told = re.match(r"webcals?://([^/?#]*)", href, re.I)
    own = told is not None and told.group(1).casefold() == urlsplit(base).netloc.casefold()
    scheme = urlsplit(base).scheme if own else "https"
    url = absolute(re.sub(r"^webcals?:(?=//)", f"{scheme}:", href, flags=re.I), base)
    return url if url and url.startswith(("http://", "https://")) else None
