"""Event nodes (plain dictionaries) → pieces of an answer: one per stated identity, self-contained, in one order.

The mark leaves out what changes from fetch to fetch without a meaning: keys in another order, stamps, tokens.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Any

from aggregator.formats.format import Piece
from aggregator.formats.schemaorg import identifier, text
from aggregator.text import canonical_url

# What is about persons to contact is dropped before anything is kept (A36, G04).
PERSONAL = frozenset(
    ("email", "phone", "telephone", "faxNumber", "contactPoint", "contactPoints", "application_contacts", "contact")
) | frozenset(("attendee", "attendees", "performer", "performers", "author", "creator"))
VOLATILE = frozenset(
    {"dateModified", "datePublished", "dateCreated", "@context", "modified", "updated", "modified_utc"}
)
Node = Mapping[str, Any]


def grouped(
    nodes: Iterable[Node], base: str, key: Callable[[Node], str] | None = None, volatile: frozenset[str] = VOLATILE
) -> tuple[Piece, ...]:
    """Nodes of one identity are one piece, since only together they say what the identity means (C07)."""
    groups: dict[str, list[Node]] = {}
    for node in nodes:
        groups.setdefault((key or identity)(node), []).append(_impersonal(node, 0))
    return tuple(
        Piece(key=name, raw=_raw({"base": base, "nodes": members}), mark=_mark(base, members, volatile))
        for name, members in groups.items()
    )


def _impersonal(value: Any, depth: int) -> Any:
    """The value without members about persons; nested deeper than anything means, it is nothing."""
    if isinstance(value, Mapping):
        kept = (name for name in value if name not in PERSONAL)
        return {name: _impersonal(value[name], depth + 1) for name in kept} if depth < 40 else None
    if isinstance(value, list):
        return [_impersonal(entry, depth + 1) for entry in value] if depth < 40 else None
    return value


def identity(node: Node) -> str:
    """The stated identity, else the address, else a hash of title and start."""
    address = text(node.get("url"))
    stated = identifier(node) or (canonical_url(address) if address else None)
    if stated:
        return stated if len(stated) <= 255 else hashed(stated)
    return hashed(f"{text(node.get('name'))}|{node.get('startDate')}")


def hashed(value: str) -> str:
    """A short name for a long one."""
    return blake2b(value.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _raw(value: object) -> bytes:
    """JSON that survives lone surrogates (A18): they are written as escapes and read back as they were."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _mark(base: str, members: list[Node], volatile: frozenset[str]) -> bytes:
    kept = [{name: value for name, value in node.items() if name not in volatile} for node in members]
    ordered = sorted(json.dumps(node, ensure_ascii=True, sort_keys=True) for node in kept)
    return "\n".join((base, *ordered)).encode("ascii", "backslashreplace")
