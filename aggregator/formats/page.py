"""A page without events that a machine can read: what it links to, and what its prose may announce, for staff.

Prose of a page is never an event: nobody says when the page was written. A page of news gives nothing at all.
"""

from __future__ import annotations

import json
import re
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from aggregator import swedish
from aggregator.errors import ReadError
from aggregator.formats.foreign import name_foreign
from aggregator.formats.format import Format, Found, Item, Piece, Split
from aggregator.formats.linked import linked_of
from aggregator.formats.markup import attribute, base_of, document, looks_like_page
from aggregator.formats.pieces import hashed
from aggregator.model import Context, Coverage, Draft, Linked, Problem
from aggregator.problems import SENTENCES
from aggregator.text import clean_text

_NEWS = ("article:published_time", "article:modified_time")
_BOILERPLATE = (
    "script, style, noscript, template, nav, footer, header nav, aside, form, .comments, #comments, .menu, .cookie"
)
_LEAD = 600  # characters after the heading in which an announcement tells its time
_INLINE = re.compile(r"</?(?:a|abbr|b|dt|em|i|small|span|strong|td|th|time|u)\b[^<>]*>")
_LINE_END = re.compile(r"</(?:article|dd|section)\b[^<>]*>")
# The heading of a page that lists events: its dates are not those of one.
_LIST = re.compile(
    r"(?:\w{0,20}kalend(?:er|ern|arium|ariet)|evenemang(?:en|skalender)?|program(?:met)?|på\sgång|aktiviteter|vad\shänder"
    r"|events?|what.s\son|calendar)(?:\W+(?:\w+\W+){0,3}\w*)?$",
    re.I,
)
_EMPTY = re.compile(r"\s+")


def detect(head: bytes, content_type: str) -> bool:
    """An honest page (no login, no wall) that links to a calendar or feed, or whose heading tells a time."""
    if not looks_like_page(head, content_type) or name_foreign(head, content_type).code != "html-page":
        return False
    page = document(head, content_type)
    return bool(linked_of(page, "https://page.invalid/")) or bool(_announced(page))


def split(body: bytes, context: Context) -> Split:
    """The links of the page, and one piece if it announces something. Raises `ReadError` for walls and other pages."""
    foreign = name_foreign(body, context.content_type)
    page = document(body, context.content_type)
    base = base_of(page, context.url)
    linked = tuple(link for link in linked_of(page, base) if link.url != context.url)
    told = _announced(page)
    told = told if told and _times(told, context) else None
    if foreign.code != "html-page" or not (linked or told):
        raise foreign if foreign.code != "html-page" else ReadError(SENTENCES["html-page"][1], code="html-page")
    name = page.css_first("title")
    raw = (
        json.dumps({"title": told[0], "text": told[1], "url": _canonical(page) or context.url}).encode()
        if told
        else b""
    )
    return Split(
        pieces=(Piece(key=hashed(context.url), raw=raw, mark=raw),) if told else (),
        problems=(_choice(linked),) if linked else (),
        name=name.text(strip=True) or None if name is not None else None,
        linked=linked,
    )


def read(raw: bytes, context: Context) -> Found:
    """The announcement as a suggestion, if it tells a time to come."""
    told = json.loads(raw)
    times = _times((told["title"], told["text"]), context)
    title = swedish.without_times(told["title"]) or told["title"]
    if not times:
        return Found(items=(Item(problems=(Problem("no-event-date", title),)),))
    drafts = tuple(
        Draft(
            uid=hashed(told["url"]),
            title=title,
            start=time.when.start,
            end=time.when.end,
            stated_start=time.when.start.isoformat(),
            description=told["text"],
            url=told["url"],
            certain=False,
        )
        for time in times[:5]
    )
    return Found(items=(Item(drafts=drafts, problems=(Problem("date-unsure", title, "page"),)),))


def _times(told: tuple[str, str], context: Context) -> list[swedish.Told]:
    """Hours to come that heading and lead tell; days counted from an unknown day of writing are none."""
    zone = ZoneInfo(context.zone)
    today = context.now.astimezone(zone).date()
    found = swedish.read_when("\n".join(told), today=today, zone=zone)
    return [time for time in found if not (time.when.all_day or time.relative) and time.when.last_day(zone) >= today]


def _choice(linked: tuple[Linked, ...]) -> Problem:
    """What was found instead of events, so that the choice is told."""
    return Problem("page-links", detail=linked[0].url, refused=False)


def _announced(page: LexborHTMLParser) -> tuple[str, str] | None:
    """Heading and lead of a page that may announce one event: it has one main heading and is no dated article."""
    heads = page.css("main h1, article h1, h1")
    if len({node.text(strip=True) for node in heads}) != 1 or _is_article(page):
        return None
    title = clean_text(heads[0].text(separator=" "))
    body = page.css_first("main") or page.css_first("article") or page.body
    if body is None or not title or _LIST.match(title):
        return None
    copy = LexborHTMLParser(body.html or "")
    for node in copy.css(_BOILERPLATE):
        node.decompose()
    markup = _EMPTY.sub(" ", (copy.body.html if copy.body else "") or "")
    text = clean_text(_LINE_END.sub("<br>", _INLINE.sub(" ", markup)), lines=True)
    at = text.find(title)
    lead = text[at + len(title) if at >= 0 else 0 :][:_LEAD].strip()
    return (title, lead) if re.search(r"\d", title + lead) else None


def _is_article(page: LexborHTMLParser) -> bool:
    named = {attribute(node, "property") or attribute(node, "name") for node in page.css("meta")}
    return bool(named & set(_NEWS)) or bool(page.css_first('meta[property="og:type"][content="article" i]'))


def _canonical(page: LexborHTMLParser) -> str | None:
    node = page.css_first('link[rel="canonical"][href^="http"]')
    return attribute(node, "href") if node is not None else None


FORMAT = Format(name="page", version=1, coverage=Coverage.LATEST, detect=detect, split=split, read=read)
