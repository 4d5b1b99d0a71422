"""schema.org events as RDFa (RDFa Lite 1.1, https://www.w3.org/TR/rdfa-lite/) → the same nodes that JSON-LD gives.

Of full RDFa only what pages of Drupal and others use: `vocab`, `prefix` by its usual name, `typeof`, `property`,
`resource`, `content`. A property of another vocabulary is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.formats import microdata, schemaorg
from aggregator.formats.format import Format, Split
from aggregator.formats.marked import split_of
from aggregator.formats.markup import absolute, attribute, base_of, document, looks_like_page
from aggregator.model import Context, Coverage

DEEPEST = 8  # things inside things: an offer of an event at a place has three


def detect(head: bytes, content_type: str) -> bool:
    """A page with a thing of an event type."""
    if b"typeof" not in head or not looks_like_page(head, content_type):
        return False
    return any(True for _ in _events(document(head, content_type), ""))


def split(body: bytes, context: Context) -> Split:
    """One piece per identity. Raises `ReadError` if the page holds no event in RDFa."""
    page = document(body, context.content_type)
    base = base_of(page, context.url)
    return split_of(list(_events(page, base)), page, base)


def _events(page: LexborHTMLParser, base: str) -> Iterator[dict[str, Any]]:
    for root in page.css("[typeof]"):
        kinds = {schemaorg.bare(name) for name in attribute(root, "typeof").split()}
        if not kinds.isdisjoint(schemaorg.EVENTS) and not _part(root) and _is_ours(root):
            yield from schemaorg.events(_thing(root, base))


def _part(root: LexborNode) -> bool:
    """Whether the thing is a property of another event, which brings it along."""
    return bool(attribute(root, "property")) and _above(root, "typeof") is not None


def _is_ours(root: LexborNode) -> bool:
    """Whether the type's terms are schema.org's: by their own name, or by the vocabulary that holds here."""
    if any(schemaorg.bare(name) != name for name in attribute(root, "typeof").split()):
        return True
    holder = root if attribute(root, "vocab") else _above(root, "vocab")
    return holder is not None and attribute(holder, "vocab").rstrip("/").endswith("schema.org")


def _above(element: LexborNode, name: str) -> LexborNode | None:
    above = element.parent
    while above is not None:
        if above.attributes.get(name):
            return above
        above = above.parent
    return None


def _thing(root: LexborNode, base: str, depth: int = 0) -> dict[str, Any]:
    """One thing with its properties."""
    node: dict[str, Any] = {"@type": [schemaorg.bare(name) for name in attribute(root, "typeof").split()]}
    named = attribute(root, "resource") or attribute(root, "about")
    if own := absolute(named, base) if named else None:
        node["@id"] = own
    for element in _properties(root):
        names = [schemaorg.bare(name) for name in attribute(element, "property").split()]
        names = [name for name in names if ":" not in name]  # of other vocabularies: "dc:title"
        inner = bool(attribute(element, "typeof")) and depth < DEEPEST
        value = _thing(element, base, depth + 1) if inner else microdata.value_of(element, base, names)
        for name in names:
            microdata.add(node, name, value)
    return node


def _properties(root: LexborNode) -> Iterator[LexborNode]:
    """Elements with a property of this thing, in order; those of inner things belong to these."""
    stack = list(reversed(list(microdata.children(root))))
    for _ in range(microdata.MOST):
        if not stack:
            return
        element = stack.pop()
        if attribute(element, "property"):
            yield element
        if not attribute(element, "typeof"):
            stack.extend(reversed(list(microdata.children(element))))


FORMAT = Format(name="rdfa", version=1, coverage=Coverage.LATEST, detect=detect, split=split, read=microdata.read)
