"""Any JSON list of events, read by the `map:` of its source. Without a map nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aggregator.errors import ReadError
from aggregator.formats import mapped, mapping
from aggregator.formats.format import Format, Found, Split
from aggregator.formats.markup import absolute
from aggregator.formats.pieces import VOLATILE, grouped, hashed
from aggregator.formats.records import MOST, parsed, text
from aggregator.model import Context, Coverage
from aggregator.problems import SENTENCES


def detect(_head: bytes, _content_type: str) -> bool:
    """Never by itself: only a source with a `map:` is read so."""
    return False


def rules_of(context: Context) -> Mapping[str, Any]:
    """The map of the source. Raises `ReadError` if there is none, or a wrong one."""
    rules = json.loads(context.source.map) if context.source.map else None
    wrong = mapping.wrong_rules(rules)
    if wrong or rules is None:
        key, told = wrong[0] if wrong else ("", "is missing")
        raise ReadError(f"The map of the source is wrong: {key} {told}.", code="map-wrong")
    return rules  # type: ignore[no-any-return]  # `wrong_rules` checked that it is a mapping


def split(body: bytes, context: Context) -> Split:
    """One piece per identity that the map tells. Raises `ReadError` where the list is not where the map says."""
    rules = rules_of(context)
    value = parsed(body, context)
    found = mapping.at(value, str(rules.get("items", "")))
    if isinstance(found, Mapping) and found and all(isinstance(entry, Mapping) for entry in found.values()):
        found = list(found.values())
    if not isinstance(found, list):
        raise ReadError(f"There is no list at {rules.get('items', '')!r} in the answer.", code="map-items")
    records = [record for record in found if isinstance(record, Mapping)]
    if len(records) > MOST:
        raise ReadError(SENTENCES["too-many"][1].replace("{detail}", str(MOST)), code="too-many")
    return Split(
        pieces=grouped(records, context.url, lambda record: _short(mapping.identity(record, rules)), VOLATILE),
        refused=len(found) - len(records),
        next_url=absolute(text(mapping.told(value, rules["next"])), context.url) if "next" in rules else None,
    )


def read(raw: bytes, context: Context) -> Found:
    """The records of one piece."""
    rules, told = rules_of(context), json.loads(raw)
    return Found(items=tuple(mapped.item(record, rules, told["base"], context) for record in told["nodes"]))


def _short(key: str) -> str:
    return key if len(key) <= 255 else hashed(key)


FORMAT = Format(name="jsonmap", version=1, coverage=Coverage.WINDOW, detect=detect, split=split, read=read)
