"""The keys of the filter as a table for people: what each takes and what it means. Pure.

Made from what `openapi` tells programs, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.web.filters import KEYS
from aggregator.web.framing import THEMES
from aggregator.web.openapi import SCHEMAS
from aggregator.web.schemas import Schema
from aggregator.web.words import say

_IDS = ("category", "audience", "place", "organizer", "source", "series")
_KINDS = {"from": "date", "to": "date", "q": "words", "not": "words", "near": "point"}


@dataclass(frozen=True, slots=True)
class Row:
    """One key."""

    key: str
    values: str
    told: str


def rows(language: str, *, embedded: bool) -> Iterator[Row]:
    """The table; for an embed with what its code takes beside the filter."""
    if embedded:
        yield _row("src", say(language, "manual-src"), language)
        yield _row("theme", ", ".join(THEMES), language)
    for key in KEYS:
        yield _row(key, _values(key, language), language)


def _row(key: str, values: str, language: str) -> Row:
    return Row(key, values, say(language, f"manual-of-{key}"))


def _values(key: str, language: str) -> str:
    if key in _IDS:
        return say(language, "manual-id")
    if key in _KINDS:
        return say(language, f"manual-{_KINDS[key]}")
    schema: Schema = SCHEMAS[key][0]
    schema = schema.get("items", schema)
    if "enum" in schema:
        return ", ".join(schema["enum"])
    return say(language, "manual-whole", least=schema["minimum"], most=schema["maximum"])
