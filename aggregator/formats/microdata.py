"""schema.org events as HTML microdata (HTML, section 5) → the same nodes that JSON-LD gives. JSON-LD is `jsonld`'s."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.formats import schemaorg
from aggregator.formats.format import Format, Found, Split
from aggregator.formats.marked import split_of
from aggregator.formats.markup import absolute, attribute, base_of, document, looks_like_page
from aggregator.model import Context, Coverage

_LINKS = {"a": "href", "link": "href", "area": "href", "img": "src", "audio": "src", "video": "src", "source": "src",
          "iframe": "src", "embed": "src", "track": "src", "object": "data"}  # fmt: skip
_TEXTS = frozenset(("name", "summary", "description", "headline"))
_OLD = {"summary": "name", "eventType": "keywords", "photo": "image"}  # data-vocabulary.org, which came before
Told = tuple[str, object]  # a property and its value
MOST = 20_000  # elements of one item that are looked at


def detect(head: bytes, content_type: str) -> bool:
    """A page with an item of an event type."""
    if b"itemscope" not in head or not looks_like_page(head, content_type):
        return False
    return any(True for _ in _events(document(head, content_type), ""))


def split(body: bytes, context: Context) -> Split:
    """One piece per identity. Raises `ReadError` if the page holds no event in microdata."""
    page = document(body, context.content_type)
    base = base_of(page, context.url)
    return split_of(list(_events(page, base)), page, base)


def read(raw: bytes, context: Context) -> Found:
    """The events of one piece."""
    told = json.loads(raw)
    found = [schemaorg.read(node, told["base"], context) for node in told["nodes"]]
    return Found(items=tuple(item for item, _ in found), moving=any(moving for _, moving in found))


def _events(page: LexborHTMLParser, base: str) -> Iterator[dict[str, Any]]:
    for root in page.css("[itemscope]"):
        if not _inside_item(root):
            for row in _rows(list(_told(root, page, base, 0))):
                yield from schemaorg.events(_node(root, row))


def _rows(told: list[Told]) -> list[list[Told]]:
    """The properties of an item, taken apart where it holds a list: some systems put a whole calendar into one item,
    each event with the same properties in the same order. What is not that regular stays one item."""
    names = [name for name, _ in told]
    count = names.count("startDate")
    size, rest = divmod(len(names), count) if count > 1 else (0, 1)
    if rest or "name" not in names[:size] or names != names[:size] * count:
        return [told]
    return [told[at : at + size] for at in range(0, len(told), size)]


def _inside_item(element: LexborNode) -> bool:
    """Whether an item stands around this one; a property of no item is an item of its own."""
    above = element.parent
    while above is not None:
        if "itemscope" in above.attributes:
            return True
        above = above.parent
    return False


def _node(root: LexborNode, told: Iterable[Told]) -> dict[str, Any]:
    """One item with its properties; a property that stands twice is a list."""
    node: dict[str, Any] = {"@type": [_bare(name) for name in attribute(root, "itemtype").split()]}
    if attribute(root, "itemid"):
        node["@id"] = attribute(root, "itemid")
    for name, value in told:
        add(node, name, value)
    return node


def _told(root: LexborNode, page: LexborHTMLParser, base: str, depth: int) -> Iterator[Told]:
    """Each property of an item with its value, in the order of the page."""
    for element in _properties(root, page):
        inner, names = "itemscope" in element.attributes, attribute(element, "itemprop").split()
        if inner and depth < 8:
            value: object = _node(element, _told(element, page, base, depth + 1))
        else:
            value = value_of(element, base, names)
        for name in names:
            yield _OLD.get(name, name) if _is_old(root) else _bare(name), value


def _is_old(root: LexborNode) -> bool:
    return "data-vocabulary.org" in attribute(root, "itemtype")


def _bare(name: str) -> str:
    return schemaorg.bare(name.replace("http://data-vocabulary.org/", "http://schema.org/"))


def _properties(root: LexborNode, page: LexborHTMLParser) -> Iterator[LexborNode]:
    """Elements with a property of this item, in order; those of inner items belong to these."""
    stack = list(reversed([*children(root), *_referred(root, page)]))
    for _ in range(MOST):
        if not stack:
            return
        element = stack.pop()
        if attribute(element, "itemprop"):
            yield element
        if "itemscope" not in element.attributes:
            stack.extend(reversed(list(children(element))))


def children(element: LexborNode) -> Iterator[LexborNode]:
    """The elements straight inside this one."""
    child = element.child
    while child is not None:
        if child.tag and not child.tag.startswith("-"):
            yield child
        child = child.next


def _referred(root: LexborNode, page: LexborHTMLParser) -> Iterator[LexborNode]:
    for name in attribute(root, "itemref").split()[:20]:
        found = page.css_first(f'[id="{name}"]') if name.replace("-", "").replace("_", "").isalnum() else None
        if found is not None:
            yield found


def value_of(element: LexborNode, base: str, names: list[str]) -> str:
    """The value of a property by its element (HTML 5.2.4); `content` counts on every element, as producers use it."""
    stated = element.attributes.get("content")
    if stated is not None:
        return stated.strip()
    tag = element.tag or ""
    if tag in _LINKS and not set(names) & _TEXTS:
        return absolute(attribute(element, _LINKS[tag]), base) or ""
    if tag == "time" and attribute(element, "datetime"):
        return attribute(element, "datetime").strip()
    if tag in ("data", "meter") and attribute(element, "value"):
        return attribute(element, "value")
    apart = " " if element.css_first("br, p, div, li, td, h1, h2, h3") is not None else ""  # lines, not one word
    return " ".join((element.text(separator=apart) or "").split())


def add(node: dict[str, Any], name: str, value: object) -> None:
    """Set a property; one that stands twice is a list."""
    if name not in node:
        node[name] = value
    elif isinstance(node[name], list):
        node[name].append(value)
    elif node[name] != value:  # the same thing told twice is told once
        node[name] = [node[name], value]


FORMAT = Format(name="microdata", version=1, coverage=Coverage.LATEST, detect=detect, split=split, read=read)
