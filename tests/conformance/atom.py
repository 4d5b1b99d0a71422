"""Atom by RFC 4287, with the event module."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.conformance import xml_tree
from tests.conformance.report import Violation
from tests.conformance.xml_tree import ATOM

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RULES: Mapping[str, str] = {
    **{name: text for name, text in xml_tree.EVENT_RULES.items() if name != "xcal"},
    "root": "RFC 4287 2, 4.1.1: the document element is atom:feed",
    "feed-required": "RFC 4287 4.1.1: exactly one id, title and updated",
    "feed-once": "RFC 4287 4.1.1: MUST NOT contain more than one generator, icon, logo, rights, subtitle",
    "author": "RFC 4287 4.1.1, 4.1.2, 3.2.1: the feed has an author, or each entry; a person has exactly one name",
    "entry-required": "RFC 4287 4.1.2: exactly one id, title and updated",
    "entry-once": "RFC 4287 4.1.2: MUST NOT contain more than one content, published, rights, source, summary",
    "known": "RFC 4287 4, 6.3: elements of the Atom namespace are those that it defines",
    "id": "RFC 4287 4.2.6: an IRI that is absolute, and never changes: not one of our addresses",
    "id-unique": "RFC 4287 4.1.1: entries with the same id MUST have different updated; conventions: no id twice",
    "link": "RFC 4287 4.2.7.1: a link MUST have an href that is an IRI",
    "alternate": "RFC 4287 4.1.1, 4.1.2: MUST NOT contain two alternate links of the same type and hreflang",
    "self": "RFC 4287 4.1.1: a feed SHOULD contain a link to itself",
    "entry-link": "RFC 4287 4.1.2: an entry without content MUST have an alternate link; ours always have one",
    "date": "RFC 4287 3.3: a date MUST be RFC 3339's date-time, T and Z in capitals",
    "newest": "RFC 4287 4.2.15: updated is the most recent change, so no entry is newer than its feed",
    "text-type": 'RFC 4287 3.1.1: type MUST be "text", "html" or "xhtml"; html and text MUST NOT hold elements',
    "category": "RFC 4287 4.2.2.1: a category MUST have a term",
}
_ONCE = ("id", "title", "updated")
_FEED = {"author", "category", "contributor", "generator", "icon", "id", "link", "logo", "rights", "subtitle", "title"}
_ENTRY = {*_ONCE, "author", "category", "content", "contributor", "link", "published", "rights", "source", "summary"}
_MANY = ("author", "category", "contributor", "link", "entry", *_ONCE)


def check(body: bytes) -> list[Violation]:
    """What a feed breaks, in the order of the feed."""
    root, found = xml_tree.parse(body)
    if root is None:
        return found
    if root.tag != ATOM + "feed":
        return [*found, Violation("root", root.tag)]
    if not xml_tree.is_language(root.get(XML_LANG, "sv")):
        found.append(Violation("language", root.get(XML_LANG)))
    found += _feed(root)
    for entry in root.findall(ATOM + "entry"):
        found += _entry(entry, root.findtext(ATOM + "updated") or "")
    return found


def _feed(root: Any) -> Iterator[Violation]:
    yield from (Violation("feed-required", name) for name in _ONCE if len(root.findall(ATOM + name)) != 1)
    yield from (Violation("feed-once", name) for name in xml_tree.repeated(root, ATOM, _MANY))
    entries = root.findall(ATOM + "entry")
    if root.find(ATOM + "author") is None and not all(e.find(ATOM + "author") is not None for e in entries):
        yield Violation("author", "the feed has none")
    if not any(link.get("rel") == "self" for link in root.findall(ATOM + "link")):
        yield Violation("self", "there is none")
    counted = Counter(entry.findtext(ATOM + "id") for entry in entries)
    yield from (Violation("id-unique", f"{id} {times} times") for id, times in counted.items() if times > 1)
    yield from _elements(root, _FEED | {"updated", "entry"}, "feed")


def _entry(entry: Any, newest: str) -> Iterator[Violation]:
    where = f"entry {entry.findtext(ATOM + 'id')}"
    yield from (Violation("entry-required", f"{n} of {where}") for n in _ONCE if len(entry.findall(ATOM + n)) != 1)
    yield from (Violation("entry-once", f"{name} of {where}") for name in xml_tree.repeated(entry, ATOM, _MANY))
    if not any(link.get("rel", "alternate") == "alternate" for link in entry.findall(ATOM + "link")):
        yield Violation("entry-link", where)
    if "://" in (entry.findtext(ATOM + "id") or ""):
        yield Violation("id", where)
    if (entry.findtext(ATOM + "updated") or "") > newest:
        yield Violation("newest", where)
    yield from _elements(entry, _ENTRY, where)
    content = entry.find(ATOM + "content")
    if content is not None and content.get("type") == "html":
        yield from xml_tree.html(content.text, where)
    yield from xml_tree.times_and_place(entry, where)


def _elements(element: Any, known: set[str], where: str) -> Iterator[Violation]:
    """What holds for the elements of a feed and of an entry alike."""
    alternates: Counter[tuple[str | None, str | None]] = Counter()
    for child in element:
        name = child.tag.removeprefix(ATOM)
        if child.tag.startswith(ATOM) and name not in known:
            yield Violation("known", f"{name} of {where}")
        if name == "link" and child.get("rel", "alternate") == "alternate":
            alternates[child.get("type"), child.get("hreflang")] += 1
        rule = _CHECKS.get(name) if child.tag.startswith(ATOM) else None
        if rule is not None and not rule[1](child):
            yield Violation(rule[0], f"{name} of {where}")
    yield from (Violation("alternate", where) for times in alternates.values() if times > 1)


def _is_text(element: Any) -> bool:
    kind = element.get("type", "text")
    return kind == "xhtml" or (kind in ("text", "html") and len(element) == 0)


_CHECKS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "id": ("id", lambda one: xml_tree.is_uri(one.text)),
    "link": ("link", lambda one: xml_tree.is_uri(one.get("href"))),
    "updated": ("date", lambda one: xml_tree.is_instant(one.text)),
    "published": ("date", lambda one: xml_tree.is_instant(one.text)),
    "category": ("category", lambda one: bool(one.get("term"))),
    "author": ("author", lambda one: len(one.findall(ATOM + "name")) == 1 and bool(one.findtext(ATOM + "name"))),
    **dict.fromkeys(["title", "subtitle", "rights", "summary", "content"], ("text-type", _is_text)),
}
