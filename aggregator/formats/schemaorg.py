"""schema.org/Event as plain dictionaries → drafts. JSON-LD and microdata both end here. No parsing of pages.

Vocabulary: https://schema.org/Event and its subtypes, with what producers really put in the members: a string for
an object, an object for a list, prose for an enumeration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from aggregator import swedish
from aggregator.formats import schedules
from aggregator.formats.format import Item
from aggregator.formats.markup import absolute
from aggregator.formats.schemafacts import location_of, price_of, status_of, ticket_of
from aggregator.formats.stamps import LONGEST, clock, moment, whole_days
from aggregator.model import Context, Draft, Problem

Node: TypeAlias = Mapping[str, Any]  # Any: JSON as strangers write it

EVENTS = frozenset(
    (
        "Event",
        "BusinessEvent",
        "ChildrensEvent",
        "ComedyEvent",
        "ConferenceEvent",
        "CourseInstance",
        "DanceEvent",
        "EducationEvent",
        "EventSeries",
        "ExhibitionEvent",
        "Festival",
        "FoodEvent",
        "Hackathon",
        "LiteraryEvent",
        "MusicEvent",
        "PerformingArtsEvent",
        "SaleEvent",
        "ScreeningEvent",
        "SocialEvent",
        "SportsEvent",
        "TheaterEvent",
        "VisualArtsEvent",
    )
)
SERIES = "EventSeries"
_YEAR = re.compile(r"(?=.*[a-zåäö]{3}).*\b20\d\d\b", re.I | re.S)  # with a month in letters: digits alone are mistyped
_ESCAPED_BREAK = re.compile(
    r"(?:(?<=>)|(?<=&gt;))\\n|\\n(?=<|&lt;|\s*\Z)"
)  # The Events Calendar escapes line breaks twice
DEEPEST = 40  # levels of nesting that a page's graph may have
PREFIXES = ("https://schema.org/", "http://schema.org/", "https://www.schema.org/", "http://www.schema.org/", "schema:")


def types(node: Node) -> tuple[str, ...]:
    """The bare type names of a node; it may have several."""
    return tuple(bare(str(name)) for name in listed(node.get("@type")) if name)


def bare(name: str) -> str:
    """A term without the vocabulary's address."""
    for prefix in PREFIXES:
        if name.startswith(prefix):
            return name[len(prefix) :]
    return name


def is_event(node: Node) -> bool:
    """Whether the node is an event or a series of them."""
    return not EVENTS.isdisjoint(types(node))


def events(value: object, depth: int = 0, parent: Node | None = None) -> Iterator[dict[str, Any]]:
    """All event nodes of a graph, in order; a part of an event carries the whole as `superEvent`."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for entry in value:
            yield from events(entry, depth + 1, parent)
    elif isinstance(value, dict):
        yield from _events_of(value, depth, parent)


def _events_of(node: dict[str, Any], depth: int, parent: Node | None) -> Iterator[dict[str, Any]]:
    own = is_event(node)
    parts = [node.get(name) for name in ("subEvent", "subEvents", "hasPart") if node.get(name)] if own else []
    if own and (node.get("startDate") or node.get("eventSchedule") or not parts):
        yield _inherited(node, parent)
    if own:
        yield from events(parts, depth + 1, node)
        return
    for name, inner in node.items():
        if name != "superEvent" and isinstance(inner, dict | list):
            yield from events(inner, depth + 1, parent)


def _inherited(node: dict[str, Any], parent: Node | None) -> dict[str, Any]:
    if parent is None:
        return node
    kept = {name: parent[name] for name in ("location", "organizer", "image", "inLanguage", "name") if parent.get(name)}
    whole = {name: parent[name] for name in ("@type", "@id", "identifier", "name", "url") if parent.get(name)}
    return {**kept, "superEvent": whole, **node}


def read(node: Node, base: str, context: Context) -> tuple[Item, bool]:
    """One event node, read, and whether its schedule goes on beyond the window."""
    node = {**node, **{name: _in_language(node[name], context) for name in ("name", "description") if name in node}}
    title = text(node.get("name")) or text(node.get("headline")) or text(node.get("summary"))
    label = title or text(node.get("identifier")) or ""
    if node.get("eventSchedule"):
        spans, problems, moving = schedules.occurrences(node, context)
        drafts = tuple(_draft(node, base, title, span[0], span[1], span[0].isoformat()) for span in spans)
        whole = _series(node) or identifier(node) or text(node.get("url")) or title
        drafts = tuple(replace(draft, series=whole) for draft in drafts)
        if drafts or moving:
            return Item(drafts=drafts, problems=tuple(problems)), moving
    start = _start(node) or _in_words(node.get("startDate"), context)
    if start is None:
        stated = node.get("startDate")
        code = "no-start" if stated in (None, "", []) else "bad-start"
        return Item(problems=(Problem(code, label, str(stated)[:80] if stated else ""),)), False
    end = _end(node, start)
    stated_start = str(_first(node.get("startDate")))
    begin, finish = whole_days(start, end)
    return Item(drafts=(_draft(node, base, title, begin, finish, stated_start),)), False


def _start(node: Node) -> datetime | date | None:
    start = moment(_first(node.get("startDate")))
    hour = clock(node.get("startTime"))
    return datetime.combine(start, hour) if hour and start and not isinstance(start, datetime) else start


def _in_words(value: object, context: Context) -> datetime | date | None:
    """A start in prose, if it tells its year and one time for certain: "18 april 2026 kl. 18", never "04/05/2026"."""
    told = _first(value)
    if not isinstance(told, str) or len(told) > LONGEST or not _YEAR.match(told) or "/" in told:
        return None
    zone = ZoneInfo(context.zone)
    times = swedish.read_when(told, today=context.now.astimezone(zone).date(), zone=zone)
    fits = len(times) == 1 and times[0].sure and times[0].weekly is None and times[0].daily is None
    return times[0].when.start if fits else None


def _end(node: Node, start: datetime | date) -> datetime | date | None:
    end = moment(_first(node.get("endDate")))
    hour = clock(node.get("endTime"))
    if isinstance(start, datetime) and hour and not isinstance(end, datetime):
        return datetime.combine(end or start.date(), hour, start.tzinfo)
    if not isinstance(start, datetime) and isinstance(end, datetime):
        return end.date()
    if isinstance(start, datetime) and end is not None and not isinstance(end, datetime):
        return None if end == start.date() else datetime.combine(end, time(23, 59), start.tzinfo)
    return end


def _draft(
    node: Node, base: str, title: str | None, start: datetime | date, end: datetime | date | None, stated: str
) -> Draft:
    description = text(node.get("description")) or text(node.get("abstract"))
    if description and ("<" in description or "&lt;" in description):
        description = _ESCAPED_BREAK.sub("\n", description)
    return Draft(
        uid=identifier(node),
        series=_series(node),
        title=title,
        start=start,
        end=end,
        doors=_doors(node, start),
        stated_start=stated,
        previous_start=moment(_first(node.get("previousStartDate"))),
        status=status_of(node),
        location=location_of(node, base),
        organizer=_name(node.get("organizer")) or _name(node.get("organiser")),
        description=description,
        html=description if description and "<" in description else None,
        url=_address(node, base),
        links=tuple(link for entry in listed(node.get("sameAs")) if (link := absolute(text(entry), base))),
        ticket_url=ticket_of(node, base),
        image=absolute(_image(node.get("image")), base),
        categories=_categories(node),
        audience=_audience(node),
        age=text(node.get("typicalAgeRange")),
        price=price_of(node),
        language=_language(node),
        accessible=_accessible(node),
    )


def identifier(node: Node) -> str | None:
    """What the source states as the identity: `identifier`, else a real `@id`."""
    stated = _first(node.get("identifier"))
    if isinstance(stated, Mapping):
        stated = stated.get("value") or stated.get("@id")
    if stated is not None and not isinstance(stated, bool | Mapping | list) and str(stated).strip():
        return str(stated)
    own = node.get("@id")
    return own if isinstance(own, str) and own.strip() and not own.startswith("_:") else None


def text(value: object) -> str | None:
    """The text of a value however it is wrapped: a string, a number, a list, {"@value": …}, {"name": …}."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, list):
        return next((found for entry in value if (found := text(entry))), None)
    if isinstance(value, Mapping):
        return next(
            (found for name in ("@value", "value", "name", "@id", "url") if (found := text(value.get(name)))), None
        )
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _in_language(value: object, context: Context) -> object:
    """Of a text told in several languages (`@language`) that of the calendar."""
    told = [entry for entry in listed(value) if isinstance(entry, Mapping) and isinstance(entry.get("@language"), str)]
    return next((entry for entry in told if entry["@language"][:2].casefold() == context.language), value)


def listed(value: object) -> list[Any]:
    """A value as a list: itself if it is one, empty for nothing."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _first(value: object) -> object:
    """The one value of a list of one; a longer list is no single value."""
    found = value[0] if isinstance(value, list) and len(value) == 1 else value
    return found.get("@value") if isinstance(found, Mapping) and "@value" in found else found


def _name(value: object) -> str | None:
    """The name of an organisation; of several, the first that has one. A person's name is not kept (G04)."""
    for entry in listed(value):
        if isinstance(entry, Mapping) and "Person" in types(entry):
            continue
        named = text(entry.get("name")) or text(entry.get("legalName")) if isinstance(entry, Mapping) else text(entry)
        if named and not named.startswith(("http://", "https://")):
            return named
    return None


def _address(node: Node, base: str) -> str | None:
    stated = text(node.get("url")) or text(node.get("mainEntityOfPage"))
    own = node.get("@id")
    if stated is None and isinstance(own, str) and own.startswith(("http://", "https://")):
        stated = own
    return absolute(stated, base)


def _series(node: Node) -> str | None:
    whole = _first(node.get("superEvent"))
    if isinstance(whole, str):
        return whole or None
    if not isinstance(whole, Mapping):
        return None
    return identifier(whole) or text(whole.get("url")) or text(whole.get("name"))


def _doors(node: Node, start: datetime | date) -> datetime | None:
    stated = _first(node.get("doorTime"))
    told = moment(stated)
    if isinstance(told, datetime):
        return told
    hour = clock(stated)
    return datetime.combine(start.date(), hour, start.tzinfo) if hour and isinstance(start, datetime) else None


def _image(value: object) -> str | None:
    for entry in listed(value):
        found = (
            text(entry.get("url") or entry.get("contentUrl") or entry.get("@id"))
            if isinstance(entry, Mapping)
            else text(entry)
        )
        if found:
            return found
    return None


def _categories(node: Node) -> tuple[str, ...]:
    words: list[str] = []
    for name in ("keywords", "eventType", "genre", "category", "about"):
        for entry in listed(node.get(name)):
            words += [part.strip() for part in (text(entry) or "").split(",")]
    kinds = [kind for kind in types(node) if kind in EVENTS and kind not in {"Event", SERIES}]
    return tuple(dict.fromkeys(word for word in (*words, *kinds) if word and not word.startswith("http")))


def _audience(node: Node) -> str | None:
    for entry in listed(node.get("audience")):
        told = text(entry.get("audienceType")) or text(entry.get("name")) if isinstance(entry, Mapping) else text(entry)
        if told:
            return told
    return None


def _language(node: Node) -> str | None:
    value = _first(node.get("inLanguage"))
    if isinstance(value, Mapping):
        return text(value.get("alternateName")) or text(value.get("name"))
    return text(value)


def _accessible(node: Node) -> bool | None:
    for place in (node, *(entry for entry in listed(node.get("location")) if isinstance(entry, Mapping))):
        for feature in listed(place.get("amenityFeature")) + listed(place.get("accessibilityFeature")):
            name = str(text(feature) or "").casefold()
            if any(word in name for word in ("wheelchair", "rullstol", "accessible", "tillgänglig")):
                value = feature.get("value", True) if isinstance(feature, Mapping) else True
                return str(value).casefold() not in {"false", "0", "no", "nej"}
    return None
