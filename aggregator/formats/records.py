"""What JSON APIs with a list of events share. What an API's words mean is said in a module of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from aggregator.errors import ReadError
from aggregator.formats import loosejson
from aggregator.formats.decoding import decode
from aggregator.formats.format import Format, Found, Item, Split
from aggregator.formats.pieces import VOLATILE, grouped
from aggregator.model import Context, Coverage, Layer
from aggregator.problems import SENTENCES

Record = Mapping[str, Any]  # Any: JSON as an API gives it
MOST = 10_000  # records of one answer (A13)


def json_format(
    name: str,
    marks: tuple[bytes, ...],
    *,
    records: Callable[[Any], list[Any] | None],
    key: Callable[[Record], str],
    read: Callable[[Record, Context], Item],
    next_url: Callable[[Any, Context], str | None] = lambda _value, _context: None,
    volatile: frozenset[str] = frozenset(),
    layer: Layer | None = None,
    other: tuple[bytes, ...] = (),
) -> Format:
    """A format of JSON records; `records` gives None for what is not its own.

    All `marks` must stand in an answer, or all of `other`, those of an older version.
    """

    def detect(head: bytes, _content_type: str) -> bool:
        told = all(mark in head for mark in marks) or (bool(other) and all(mark in head for mark in other))
        return head[:1] in (b"{", b"[") and told

    def split(body: bytes, context: Context) -> Split:
        value = parsed(body, context)
        found = records(value)
        if found is None:
            raise ReadError(SENTENCES["json-unknown"][1], code="json-unknown")
        nodes = [record for record in found if isinstance(record, Mapping)]
        if len(nodes) > MOST:
            raise ReadError(SENTENCES["too-many"][1].replace("{detail}", str(MOST)), code="too-many")
        return Split(
            pieces=grouped(nodes, context.url, key, VOLATILE | volatile),
            refused=len(found) - len(nodes),
            next_url=next_url(value, context),
        )

    def read_piece(raw: bytes, context: Context) -> Found:
        return Found(items=tuple(read(node, context) for node in json.loads(raw)["nodes"]))

    return Format(
        name=name, version=1, coverage=Coverage.WINDOW, detect=detect, split=split, read=read_piece, layer=layer
    )


def parsed(body: bytes, context: Context) -> Any:
    """The JSON of an answer. Raises `ReadError` where it is cut, nested beyond reason or no JSON (A30)."""
    try:
        values = loosejson.load(decode(body, context.content_type).text)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"The JSON can't be read: {str(error)[:100]}.", code="bad-json-answer") from error
    return values[0]


def text(value: object) -> str | None:
    """A string or number as text, None for anything else and for nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def words(values: object, *names: str) -> tuple[str, ...]:
    """The texts in a list of strings or of objects that carry one of the names."""
    found: list[str] = []
    for entry in values if isinstance(values, list) else []:
        inner = next((entry[name] for name in names if entry.get(name)), None) if isinstance(entry, Mapping) else entry
        told = text(inner)
        if told:
            found.append(told)
    return tuple(dict.fromkeys(found))


def inner(record: Record, *path: str) -> Record:
    """The object at a path, {} where there is none; of a list its first."""
    value: Any = record
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
        value = (
            next((entry for entry in value if isinstance(entry, Mapping)), None) if isinstance(value, list) else value
        )
    return value if isinstance(value, Mapping) else {}


def number(value: object) -> float | None:
    """A finite number, also as text."""
    try:
        found = float(value.replace(",", ".")) if isinstance(value, str) else float(value)  # type: ignore[arg-type]  # caught
    except (TypeError, ValueError, OverflowError):
        return None
    return found if abs(found) < 1e9 else None


def with_query(url: str, changes: Iterable[tuple[str, str]]) -> str:
    """The address with some keys of its query set anew."""
    parts = urlsplit(url)
    changed = dict(changes)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in changed]
    return urlunsplit(parts._replace(query=urlencode([*kept, *changed.items()])))
