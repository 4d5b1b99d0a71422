"""What the checkers of RSS and Atom share: the tree, dates, addresses, and the event's time in the modules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

from tests.conformance import markup
from tests.conformance.report import Violation

ATOM = "{http://www.w3.org/2005/Atom}"
EV = "{http://purl.org/rss/1.0/modules/event/}"
XCAL = "{urn:ietf:params:xml:ns:xcal}"
GEORSS = "{http://www.georss.org/georss}"
MEDIA = "{http://search.yahoo.com/mrss/}"
_EV_NAMES = {"startdate", "enddate", "location", "organizer", "type"}
_XCAL_NAMES = {"dtstart", "dtend", "location"}
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_POINT = re.compile(r"(-?\d{1,2}(?:\.\d+)?) (-?\d{1,3}(?:\.\d+)?)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

EVENT_RULES: Mapping[str, str] = {
    "xml": "XML 1.0 2.1, 4.3.3: well-formed, and in the encoding that it declares, UTF-8",
    "ev-start": "RSS 1.0 event module: ev:startdate is a W3C-DTF date or date and time; every item tells it once",
    "ev-end": "RSS 1.0 event module: ev:enddate is of the kind of the start, once at most, and not before it",
    "ev-names": "RSS 1.0 event module: startdate, enddate, location, organizer, type, once each",
    "xcal": "xCal in RSS: dtstart, dtend and location say what the event module says",
    "georss": "GeoRSS Simple: a point is latitude and longitude in WGS 84",
    "html": "RSS 2.0 description, RFC 4287 3.1.1.2: escaped HTML that may stand in a page; addresses are absolute",
    "language": "RFC 5646: a language tag",
}


def parse(body: bytes) -> tuple[Any, list[Violation]]:
    """The root element, or None with the reason."""
    declared = re.match(rb"""<\?xml version=["']1\.[01]["'] encoding=["']utf-8["']""", body, re.IGNORECASE)
    try:
        body.decode()
        root = ElementTree.fromstring(body)  # noqa: S314 - our own text, not a stranger's
    except (ElementTree.ParseError, UnicodeDecodeError) as error:
        return None, [Violation("xml", str(error))]
    return root, [] if declared else [Violation("xml", f"begins {body[:40]!r}")]


def times_and_place(item: Any, where: str) -> Iterator[Violation]:
    """The event's time and place as the modules tell them."""
    starts, ends = ([found.text or "" for found in item.findall(EV + name)] for name in ("startdate", "enddate"))
    start, end = _moment(starts[0] if starts else ""), _moment(ends[0] if ends else "")
    if len(starts) != 1 or start is None:
        yield Violation("ev-start", f"{where}: {starts}")
    if len(ends) > 1 or (ends and (end is None or not _ordered(start, end))):
        yield Violation("ev-end", f"{where}: {starts} to {ends}")
    yield from _names(item, where)
    yield from _twins(item, where)
    for point in item.findall(GEORSS + "point"):
        found = _POINT.fullmatch(point.text or "")
        if not found or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
            yield Violation("georss", f"{where}: {point.text}")


def html(text: str | None, where: str) -> Iterator[Violation]:
    """What is wrong with a text that is HTML."""
    yield from (Violation("html", f"{where}: {fault}") for fault in markup.faults(text or ""))


def is_uri(text: str | None) -> bool:
    """Whether a text is an absolute URI of RFC 3986 (brackets by use)."""
    return _URI.fullmatch(text or "") is not None


def is_instant(text: str | None) -> bool:
    """Whether a text is an RFC 3339 date and time."""
    return isinstance(_moment(text or ""), datetime)


def is_language(text: str | None) -> bool:
    """Whether a text has the form of a language tag."""
    return _LANGUAGE.fullmatch(text or "") is not None


def repeated(element: Any, namespace: str, many: Collection[str]) -> list[str]:
    """Names of children of a namespace ("" for none) that stand there more than once and may not."""
    counted = Counter(str(child.tag) for child in element)
    names = {tag.removeprefix(namespace): times for tag, times in counted.items() if tag.startswith(namespace)}
    return [name for name, times in names.items() if times > 1 and name not in many and "{" not in name]


def _names(item: Any, where: str) -> Iterator[Violation]:
    for child in item:
        if child.tag.startswith(EV) and child.tag.removeprefix(EV) not in _EV_NAMES:
            yield Violation("ev-names", f"{where}: {child.tag}")
    yield from (
        Violation("ev-names", f"{where}: {name} twice") for name in repeated(item, EV, ("startdate", "enddate"))
    )


def _twins(item: Any, where: str) -> Iterator[Violation]:
    """Only where xCal is used at all; each of its members has its twin in the event module."""
    pairs = {"dtstart": "startdate", "dtend": "enddate", "location": "location"}
    if item.find(XCAL + "dtstart") is None:
        return
    for child in item:
        if child.tag.startswith(XCAL) and child.tag.removeprefix(XCAL) not in _XCAL_NAMES:
            yield Violation("xcal", f"{where}: {child.tag}")
    for own, twin in pairs.items():
        if item.findtext(XCAL + own) != item.findtext(EV + twin):
            yield Violation("xcal", f"{where}: {own}")


def _moment(text: str) -> datetime | date | None:
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text)
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _ordered(start: datetime | date | None, end: datetime | date | None) -> bool:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return end > start
    plain = not isinstance(start, datetime) and not isinstance(end, datetime)
    return start is not None and end is not None and plain and end >= start
