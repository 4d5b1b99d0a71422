"""The `map:` of a source: which member of a record is the title, the start, the place. For JSON and tables alike.

A rule is a path ("place.name", "dates[0].start", "tags[].name"), a template with paths ("{date} {time}"), or an
object: `path` or `template` or a constant `value`, with `format` (strptime, "epoch" or "epoch-ms") and `table`
(their word: ours). It evaluates nothing, and makes no event: that is done in `mapped`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]  # Any: a record as its source writes it
Rule = Any  # a str or an object, as YAML gives it; `wrong_rules` says what is allowed

FIELDS = frozenset(
    ("id", "title", "start", "end", "doors", "status", "place", "address", "locality", "room", "lat", "lon", "online")
) | frozenset(
    (
        "organizer",
        "description",
        "url",
        "ticket_url",
        "image",
        "category",
        "audience",
        "age",
        "price",
        "free",
        "language",
    )
)
SHAPE = frozenset(("items", "next"))
_PARTS = frozenset(("path", "template", "value", "format", "table"))
_STEP = re.compile(r"([^.\[\]]+)|\[(\d{0,6})\]")
_HOLE = re.compile(r"\{([^{}]+)\}")
_PATH = re.compile(r"[^.\[\]{}]*(?:\[\d{0,6}\])*(?:\.[^.\[\]{}]+(?:\[\d{0,6}\])*)*\Z")


def wrong_rules(rules: object) -> list[tuple[str, str]]:
    """What is wrong with a mapping: the key and a sentence each; [] if nothing is."""
    if not isinstance(rules, Mapping):
        return [("", "must be a mapping of fields to paths")]
    wrong = [
        (str(name), "is no field; known are " + ", ".join(sorted(FIELDS | SHAPE)))
        for name in rules
        if name not in FIELDS | SHAPE
    ]
    wrong += [(name, "is missing") for name in ("title", "start") if name not in rules]
    wrong += [(str(name), told) for name, rule in rules.items() if name in FIELDS | SHAPE and (told := _wrong(rule))]
    return wrong


def _wrong(rule: Rule) -> str:
    if isinstance(rule, str):
        return "" if "{" in rule or _PATH.match(rule) else f"is no path: {rule!r}"
    if not isinstance(rule, Mapping):
        return "must be a path, a template or an object"
    unknown = set(rule) - _PARTS
    if unknown:
        return f"has {sorted(unknown)[0]!r}; known are " + ", ".join(sorted(_PARTS))
    if len(set(rule) & {"path", "template", "value"}) != 1:
        return "must have one of path, template and value"
    return "" if isinstance(rule.get("table", {}), Mapping) else "has a table that is no mapping"


def at(record: Any, path: str) -> Any:
    """What stands at a path, None where nothing does; "tags[].name" gives a list."""
    found = record
    for step in _STEP.finditer(path):
        name, index = step.groups()
        if name is not None:
            found = [_member(entry, name) for entry in found] if isinstance(found, list) else _member(found, name)
        elif index:
            found = found[int(index)] if isinstance(found, list) and int(index) < len(found) else None
        elif not isinstance(found, list):
            return None
    return found


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def told(record: Record, rule: Rule) -> Any:
    """What a rule gives for a record: text, a number, a list or None."""
    if isinstance(rule, str):
        return _filled(record, rule) if "{" in rule else at(record, rule)
    if not isinstance(rule, Mapping):
        return None
    if "value" in rule:
        return rule["value"]
    found = _filled(record, rule["template"]) if "template" in rule else at(record, str(rule.get("path", "")))
    table = rule.get("table")
    if isinstance(table, Mapping):
        words = {str(word).casefold(): ours for word, ours in table.items()}
        found = (
            [words.get(str(entry).casefold(), entry) for entry in found]
            if isinstance(found, list)
            else words.get(str(found).casefold(), found)
        )
    return found


def _filled(record: Record, template: str) -> str | None:
    """The template with its holes filled; None where every hole stays empty."""
    values = {hole: text_of(at(record, hole)) for hole in _HOLE.findall(template)}
    if not any(values.values()):
        return None
    return " ".join(_HOLE.sub(lambda hole: values[hole.group(1)] or "", template).split())


def identity(record: Record, rules: Mapping[str, Rule]) -> str:
    """What the mapping says is the record's own: its id, else its address, else title and start."""
    for name in ("id", "url"):
        found = text_of(told(record, rules[name])) if name in rules else None
        if found:
            return found
    return f"{text_of(told(record, rules.get('title')))}|{text_of(told(record, rules.get('start')))}"


def text_of(value: Any) -> str | None:
    if isinstance(value, list):
        return next((found for entry in value if (found := text_of(entry))), None)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None
