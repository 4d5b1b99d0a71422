"""schema.org events as JSON-LD: in the scripts of a page, or a file of JSON-LD. Reads no other markup of the page.

JSON-LD 1.1 as producers use it: one node or many, `@graph`, lists of types, nodes that point at each other by `@id`.
Contexts are not resolved: a term means what schema.org says.
"""

from __future__ import annotations

import json
import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from aggregator.errors import ReadError
from aggregator.formats import loosejson, schemaorg
from aggregator.formats.format import Format, Found, Split
from aggregator.formats.linked import linked_of
from aggregator.formats.markup import base_of, decode, document, looks_like_page
from aggregator.formats.pieces import grouped
from aggregator.model import Context, Coverage, Problem
from aggregator.problems import SENTENCES

_PREFIXED = re.compile(r'"(?:schema:|https?://schema\.org/)\w+"\s*:')
SCRIPT = 'script[type*="ld+json" i]'


def detect(head: bytes, content_type: str) -> bool:
    """A page that holds a JSON-LD event, or JSON that says it is schema.org's."""
    if looks_like_page(head, content_type):
        return b"ld+json" in head and bool(_events_in(_blocks(document(head, content_type)))[0])
    return head[:1] in b"{[" and b"schema.org" in head and b'"@type"' in head


def split(body: bytes, context: Context) -> Split:
    """One piece per identity. Raises `ReadError` if the answer holds no event in JSON-LD."""
    text = decode(body, context.content_type)
    page = document(body, context.content_type) if _is_page(text) else None
    nodes, problems = _events_in(_blocks(page) if page is not None else [text])
    if not nodes:
        raise ReadError(SENTENCES["no-events"][1], code="no-events")
    base = base_of(page, context.url) if page is not None else context.url
    name = page.css_first("title") if page is not None else None
    return Split(
        pieces=grouped(nodes, base),
        problems=tuple(problems),
        damaged=bool(problems),
        name=name.text(strip=True) or None if name is not None else None,
        linked=linked_of(page, base) if page is not None else (),
    )


def read(raw: bytes, context: Context) -> Found:
    """The events of one piece."""
    told = json.loads(raw)
    read_nodes = [schemaorg.read(node, told["base"], context) for node in told["nodes"]]
    return Found(items=tuple(item for item, _ in read_nodes), moving=any(moving for _, moving in read_nodes))


def _is_page(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "[")


def _events_in(blocks: list[str]) -> tuple[list[dict[str, Any]], list[Problem]]:
    """All event nodes, with references resolved, and a problem for each block that can't be read."""
    values: list[Any] = []
    problems: list[Problem] = []
    for number, block in enumerate(blocks, start=1):
        try:
            loaded = loosejson.load(block)
            values += _unprefixed(loaded) if _PREFIXED.search(block) else loaded
        except (ValueError, RecursionError) as error:
            if "event" in block[:200_000].casefold():
                problems.append(Problem("bad-json", detail=f"{number}: {str(error)[:80]}"))
    known = _ids(values)
    return [_resolved(node, known) for node in schemaorg.events(values)], problems


def _unprefixed(value: Any, depth: int = 0) -> Any:
    """Terms that are written with their vocabulary, "schema:name", as terms."""
    if depth > schemaorg.DEEPEST:
        return value
    if isinstance(value, dict):
        return {schemaorg.bare(key): _unprefixed(inner, depth + 1) for key, inner in value.items()}
    return [_unprefixed(entry, depth + 1) for entry in value] if isinstance(value, list) else value


def _blocks(page: LexborHTMLParser) -> list[str]:
    return [block for node in page.css(SCRIPT) if (block := node.text()) and block.strip()]


def _ids(values: list[Any]) -> dict[str, dict[str, Any]]:
    """Nodes that others may point at, by `@id`."""
    known: dict[str, dict[str, Any]] = {}
    queue: list[tuple[Any, int]] = [(values, 0)]
    while queue:
        value, depth = queue.pop()
        if depth > schemaorg.DEEPEST:
            continue
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and len(value) > 1:
            known.setdefault(value["@id"], value)
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        queue += [(entry, depth + 1) for entry in inner if isinstance(entry, dict | list)]
    return known


def _resolved(node: dict[str, Any], known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The node with its place, organizer and series in full where it only points at them."""
    full = dict(node)
    for name in ("location", "organizer", "superEvent", "image"):
        value = full.get(name)
        if isinstance(value, dict) and set(value) == {"@id"} and value["@id"] in known:
            target = known[value["@id"]]
            full[name] = {key: target[key] for key in target if key not in {"subEvent", "event", "events"}}
    return full


FORMAT = Format(name="jsonld", version=1, coverage=Coverage.LATEST, detect=detect, split=split, read=read)
