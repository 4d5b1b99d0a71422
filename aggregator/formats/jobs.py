"""Vacancies → the last day to apply, as all-day entries of the civic layer: JobTech, schema.org JobPosting, RSS.

https://jobsearch.api.jobtechdev.se and https://schema.org/JobPosting. Persons to contact are never read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator import swedish
from aggregator.errors import ReadError
from aggregator.formats import loosejson, rss, schemaorg
from aggregator.formats.format import Format, Found, Item, Split
from aggregator.formats.jsonld import SCRIPT
from aggregator.formats.markup import absolute, document, looks_like_page
from aggregator.formats.pieces import grouped
from aggregator.formats.records import inner, parsed, text, with_query
from aggregator.formats.schemafacts import location_of
from aggregator.formats.stamps import moment
from aggregator.model import Context, Coverage, Draft, Layer, Location, Problem
from aggregator.problems import SENTENCES
from aggregator.text import clean_text

TITLE = "Sista dag att söka: {}"
_FEED = re.compile(rb"lediga (?:jobb|tj)|vacanc|jobb hos oss", re.I)
_DEADLINE = re.compile(
    r"(?:sista (?:ansöknings\w*|dag\w*(?: att (?:an)?söka)?)|ansök\w* senast|sök senast|apply (?:by|before)|deadline)"
    r"\W{0,4}(?:är\s)?(?:den\s)?([^.;\n]{4,40})",
    re.I,
)

Vacancy = Mapping[str, Any]


def detect(head: bytes, content_type: str) -> bool:
    """JobTech's hits, a page with a JobPosting and no event, or a feed that calls itself one of vacancies."""
    if head[:1] == b"{":
        return b'"application_deadline"' in head
    if rss.detect(head, content_type):
        return bool(_FEED.search(head[:3000]))
    return (
        b"JobPosting" in head
        and looks_like_page(head, content_type)
        and any(True for _ in _postings(head, content_type))
    )


def split(body: bytes, context: Context) -> Split:
    """One piece per vacancy."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return _jobtech(parsed(body, context), context)
    if rss.detect(start[:20_000], context.content_type):
        return rss.split(body, context)
    nodes = list(_postings(body, context.content_type))
    if not nodes:
        raise ReadError(SENTENCES["no-events"][1], code="no-events")
    return Split(pieces=grouped(nodes, context.url))


def read(raw: bytes, context: Context) -> Found:
    """The vacancies of one piece."""
    told = json.loads(raw)
    if "nodes" not in told:
        return Found(items=(_from_feed(told, context),))
    return Found(items=tuple(_from_node(node, told["base"], context) for node in told["nodes"]))


def _jobtech(value: Any, context: Context) -> Split:
    hits = value.get("hits") if isinstance(value, Mapping) else None
    if not isinstance(hits, list):
        raise ReadError(SENTENCES["json-unknown"][1], code="json-unknown")
    nodes = [hit for hit in hits if isinstance(hit, Mapping) and not hit.get("removed")]
    total = inner(value, "total").get("value")
    begun = int(next(iter(re.findall(r"[?&]offset=(\d{1,6})", context.url)), 0))
    more = isinstance(total, int) and begun + len(hits) < min(total, 2000) and hits  # the API's own limit of an offset
    return Split(
        pieces=grouped(nodes, context.url, lambda node: str(node.get("id") or node.get("webpage_url"))),
        next_url=with_query(context.url, (("offset", str(begun + len(hits))),)) if more else None,
    )


def _postings(body: bytes, content_type: str) -> Iterator[dict[str, Any]]:
    for node in document(body, content_type).css(SCRIPT):
        try:
            values = loosejson.load(node.text() or "")
        except (ValueError, RecursionError):
            continue
        yield from _walk(values, 0)


def _walk(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > schemaorg.DEEPEST:
        return
    if isinstance(value, dict) and "JobPosting" in schemaorg.types(value):
        yield {**value, "name": value.get("title") or value.get("name")}
    for entry in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(entry, dict | list):
            yield from _walk(entry, depth + 1)


def _from_node(node: Vacancy, base: str, context: Context) -> Item:
    title = text(node.get("headline")) or schemaorg.text(node.get("name")) or ""
    stated = text(node.get("application_deadline")) or text(node.get("validThrough"))
    last = _local_day(moment(stated), context)
    if last is None:
        return Item(problems=(Problem("no-deadline", title, stated or ""),))
    employer = inner(node, "employer")
    hiring = inner(node, "hiringOrganization")
    place = inner(node, "workplace_address")
    told = Location(
        name=text(employer.get("workplace")),
        address=text(place.get("street_address")),
        locality=text(place.get("municipality") or place.get("city")),
    )
    draft = Draft(
        uid=text(node.get("id")) or schemaorg.identifier(node),
        title=TITLE.format(title),
        start=last,
        stated_start=stated,
        location=told if told != Location() else location_of({"location": node.get("jobLocation")}, base),
        organizer=text(employer.get("name")) or text(hiring.get("name")),
        url=absolute(text(node.get("webpage_url")) or schemaorg.text(node.get("url")), base),
        categories=("lediga jobb",),
    )
    return Item(drafts=(draft,))


def _from_feed(told: Vacancy, context: Context) -> Item:
    """An item of a feed: the day behind "sista ansökningsdag" or the like."""
    title = clean_text(told["title"] or "")
    prose = clean_text(f"{told['title'] or ''}\n{told['content'] or told['summary'] or ''}", lines=True)
    zone = ZoneInfo(context.zone)
    published = moment(told["published"])
    today = min(published.date(), context.now.date()) if isinstance(published, datetime) else context.now.date()
    for found in _DEADLINE.finditer(prose):
        times = swedish.read_when(f"den {found.group(1)}", today=today, zone=zone)
        if times and times[0].sure and not times[0].relative:
            day = times[0].when.last_day(zone)
            draft = Draft(
                uid=told["id"],
                title=TITLE.format(title),
                start=day,
                stated_start=found.group(1).strip(),
                url=told["link"],
                categories=("lediga jobb",),
            )
            return Item(drafts=(draft,))
    return Item(problems=(Problem("no-deadline", title),))


def _local_day(value: datetime | date | None, context: Context) -> date | None:
    """The day of a deadline; 23.59 and the midnight after are the same last day in words."""
    if not isinstance(value, datetime):
        return value
    return value.astimezone(ZoneInfo(context.zone)).date() if value.tzinfo else value.date()


FORMAT = Format(
    name="jobs", version=1, coverage=Coverage.WINDOW, detect=detect, split=split, read=read, layer=Layer.CIVIC
)
