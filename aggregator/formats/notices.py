"""The digital notice board (digital anslagstavla) as a feed or a page: meetings and windows of the civic layer.

A notice becomes an entry that links to it and never stands for it (kommunallagen 8 kap. 9–10 §§): a meeting that is
called becomes an event; the last day of a consultation or of an appeal becomes an all-day entry. Minutes of what was
held are no event. A notice about a person (name and number of a case) is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator import swedish
from aggregator.errors import ReadError
from aggregator.formats import rss
from aggregator.formats.format import Format, Found, Item, Piece, Split
from aggregator.formats.markup import absolute, attribute, base_of, document, looks_like_page
from aggregator.formats.pieces import hashed
from aggregator.formats.stamps import moment
from aggregator.model import Context, Coverage, Draft, Layer, Problem, When
from aggregator.problems import SENTENCES
from aggregator.text import clean_text

MOST = 1_000
_BOARD = re.compile(rb"anslagstavla|notice\s?board", re.I)
_MEETING = re.compile(
    r"\b(?:kallelse|kallas|sammanträde\w*|möte\w*|föredragningslista|dagordning)"
    r"|\bkungörelse om .{0,40}(?:sammanträde|möte)",
    re.I,
)
_MINUTES = re.compile(r"\b(?:protokoll\w*|justera\w*|beslut\w*|minutes)\b", re.I)
_CONSULTATION = re.compile(
    r"\b(?:samråd\w*|granskning\w*|utställ(?:ning|s) av|detaljplan\w*|översiktsplan\w*|yttra\w*|synpunkter)\b", re.I
)
_LAST_DAY = re.compile(
    r"(?:senast|till och med|t\.?\s?o\.?\s?m\.?|sista dag\w*(?:\s\w+){0,4}|överklaga\w*.{0,40}?senast|–|-)"
    r"\s*(?:den\s)?(?P<day>[^.;\n]{4,40})",
    re.I,
)
_APPEAL = re.compile(r"\b(?:överklag\w*)", re.I)
_PERSONAL = re.compile(
    r"\b(?:delgivning|personnummer|efterlyst|bouppteckning|konkurs\w*|stämning\w*|vigsel\w*|god man)\b", re.I
)


def detect(head: bytes, content_type: str) -> bool:
    """A feed that calls itself a notice board; a page is one only where the source says so."""
    return rss.detect(head, content_type) and bool(_BOARD.search(head[:4000]))


def split(body: bytes, context: Context) -> Split:
    """One piece per notice."""
    if rss.detect(body[:20_000].removeprefix(b"\xef\xbb\xbf"), context.content_type):
        return rss.split(body, context)
    if not looks_like_page(body, context.content_type):
        raise ReadError(SENTENCES["not-a-feed"][1], code="not-a-feed")
    entries = list(_rows(body, context))
    if not entries:
        raise ReadError(SENTENCES["no-events"][1], code="no-events")
    return Split(pieces=tuple(_piece(entry) for entry in entries[:MOST]))


def read(raw: bytes, context: Context) -> Found:
    """One notice: an entry, or why it is none."""
    return Found(items=(_item(json.loads(raw), context),))


def _rows(body: bytes, context: Context) -> Iterator[dict[str, Any]]:
    """Rows of a list or table that link to a notice and tell what it is."""
    page = document(body, context.content_type)
    base = base_of(page, context.url)
    seen: set[str] = set()
    for node in page.css("li, tr, article, dl"):
        links = node.css("a[href]")
        text = clean_text(node.text(separator=" ") or "")
        if not links or len(links) > 3 or not 10 <= len(text) <= 600 or not re.search(r"\d", text):
            continue
        url = absolute(attribute(links[0], "href"), base)
        if url and url not in seen and (_MEETING.search(text) or _CONSULTATION.search(text) or _APPEAL.search(text)):
            seen.add(url)
            yield {
                "id": None,
                "title": clean_text(links[0].text(separator=" ") or "") or text,
                "summary": text,
                "link": url,
                "content": None,
                "published": None,
            }


def _piece(entry: dict[str, Any]) -> Piece:
    raw = json.dumps(entry, ensure_ascii=True, sort_keys=True).encode("ascii")
    return Piece(key=hashed(str(entry["link"])), raw=raw, mark=raw)


def _item(told: dict[str, Any], context: Context) -> Item:
    title = clean_text(told["title"] or "")
    text = clean_text(f"{told['title'] or ''}\n{told['content'] or told['summary'] or ''}", lines=True)
    if _PERSONAL.search(text):
        return Item(problems=(Problem("notice-personal", hashed(text)),))
    found = _meeting(title, text, told, context) or _window(title, text, told, context)
    if found is None:
        code = "told-past" if _MINUTES.search(text) else "no-event-date"
        return Item(problems=(Problem(code, title),))
    return Item(drafts=(found,))


def _meeting(title: str, text: str, told: dict[str, Any], context: Context) -> Draft | None:
    """A meeting to come; minutes tell of one that was."""
    if not _MEETING.search(text) or _MINUTES.search(title):
        return None
    zone, today = ZoneInfo(context.zone), _day(told, context)
    times = [time for time in swedish.read_when(text, today=today, zone=zone) if time.sure and not time.weekly]
    times = [time for time in times if time.when.last_day(zone) >= today]
    if not times:
        return None
    best = next((time for time in times if not time.when.all_day), times[0])
    return _draft(swedish.without_times(title) or title, best.when, told, "möte")


def _window(title: str, text: str, told: dict[str, Any], context: Context) -> Draft | None:
    """The last day on which something can be said or appealed."""
    if not (_CONSULTATION.search(text) or _APPEAL.search(text)):
        return None
    zone, today = ZoneInfo(context.zone), _day(told, context)
    for found in _LAST_DAY.finditer(text):
        times = [time for time in swedish.read_when(f"den {found.group('day')}", today=today, zone=zone) if time.sure]
        if times and times[0].when.last_day(zone) >= today:
            kind = "överklagande" if _APPEAL.search(text) else "samråd"
            words = {"överklagande": "Sista dag att överklaga", "samråd": "Sista dag för synpunkter"}
            return _draft(f"{words[kind]}: {title}", When(times[0].when.last_day(zone)), told, kind)
    return None


def _draft(title: str, when: When, told: dict[str, Any], kind: str) -> Draft:
    return Draft(
        uid=told["id"] or told["link"],
        title=title,
        start=when.start,
        end=when.end,
        stated_start=when.start.isoformat(),
        url=told["link"],
        categories=(kind,),
    )


def _day(told: dict[str, Any], context: Context) -> date:
    stamp = moment(told["published"])
    day = stamp.date() if isinstance(stamp, datetime) else context.now.date()
    return min(day, context.now.date())


FORMAT = Format(
    name="notices", version=1, coverage=Coverage.LATEST, detect=detect, split=split, read=read, layer=Layer.CIVIC
)
