"""A table with a header row (CSV, RFC 4180, also with ; or tab), read by the `map:` of its source or by plain headers.

Without a map the usual Swedish and English headers are known ("rubrik", "datum", "tid", "plats"); others are left out.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from typing import Any

from aggregator.errors import ReadError
from aggregator.formats import jsonmap, mapped, mapping
from aggregator.formats.decoding import decode
from aggregator.formats.format import Format, Found, Split
from aggregator.formats.pieces import grouped, hashed
from aggregator.formats.records import MOST
from aggregator.model import Context, Coverage, Problem
from aggregator.problems import SENTENCES

_HEADERS: dict[str, tuple[str, ...]] = {
    "id": ("id", "uid", "nr"),
    "title": ("rubrik", "titel", "namn", "evenemang", "aktivitet", "title", "name", "event", "summary"),
    "start": ("start", "startdatum", "startdate", "start_date", "börjar", "dtstart"),
    "end": ("slut", "slutdatum", "end", "enddate", "end_date", "slutar", "dtend"),
    "day": ("datum", "dag", "date", "day"),
    "hour": ("tid", "klockslag", "starttid", "time", "start_time", "kl"),
    "until": ("sluttid", "end_time", "till"),
    "place": ("plats", "lokal", "place", "venue", "location"),
    "address": ("adress", "address", "gata"),
    "locality": ("ort", "stad", "city", "locality"),
    "organizer": ("arrangör", "organisatör", "organizer", "arranger"),
    "description": ("beskrivning", "text", "description", "info"),
    "url": ("länk", "webbadress", "webb", "url", "link", "adress på webben"),
    "category": ("kategori", "typ", "category", "kategorier"),
    "price": ("pris", "entré", "avgift", "price"),
    "status": ("status",),
    "age": ("ålder", "age"),
}
_WORD = re.compile(r"[\wåäöÅÄÖ _-]{1,40}\Z")
_DELIMITERS = ",;\t|"


def detect(head: bytes, content_type: str) -> bool:
    """A first row of known headers with a title and a time among them; a type of text/csv alone proves nothing."""
    if head[:1] in (b"<", b"{", b"[") or b"BEGIN:VCALENDAR" in head[:4096]:
        return False
    line = decode(head[:4096], content_type).text.lstrip("\ufeff\r\n ").split("\n", 1)[0]
    return _plain_rules(_row(line, _delimiter(line))) is not None


def split(body: bytes, context: Context) -> Split:
    """One piece per row identity. Raises `ReadError` without a map and without a header that says enough."""
    text = decode(body, context.content_type).text.lstrip("\ufeff\r\n ")
    header = _row(text.split("\n", 1)[0], delimiter := _delimiter(text.split("\n", 1)[0]))
    rules = jsonmap.rules_of(context) if context.source.map else _plain_rules(header)
    if rules is None:
        raise ReadError(SENTENCES["csv-header"][1], code="csv-header")
    records, bad = _records(text, header, delimiter)
    if len(records) > MOST:
        raise ReadError(SENTENCES["too-many"][1].replace("{detail}", str(MOST)), code="too-many")
    nodes = [{"row": record, "rules": {} if context.source.map else rules} for record in records]

    def key(node: Mapping[str, Any]) -> str:
        name = mapping.identity(node["row"], rules)
        return name if len(name) <= 255 else hashed(name)

    problems = (Problem("csv-rows", detail=str(bad)),) if bad else ()
    return Split(pieces=grouped(nodes, context.url, key), problems=problems, refused=bad, damaged=bool(bad))


def read(raw: bytes, context: Context) -> Found:
    """The rows of one piece."""
    told = json.loads(raw)
    items = []
    for node in told["nodes"]:
        rules = node["rules"] or jsonmap.rules_of(context)
        items.append(mapped.item(node["row"], rules, told["base"], context))
    return Found(items=tuple(items))


def _records(text: str, header: list[str], delimiter: str) -> tuple[list[dict[str, str]], int]:
    """Rows as dictionaries, and how many rows have cells without a header (a delimiter inside a text)."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))[1:]
    except csv.Error as error:
        raise ReadError(f"The table can't be read: {error}.", code="csv-header") from error
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    good = [row for row in filled if len(row) <= len(header)]
    return [dict(zip(header, row, strict=False)) for row in good], len(filled) - len(good)


def _row(line: str, delimiter: str) -> list[str]:
    """The cells of a line; none where it is no line of a table."""
    try:
        cells = next(csv.reader([line.strip("\r\n")], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [cell.strip() for cell in cells]


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def _plain_rules(header: list[str]) -> dict[str, str] | None:
    """The rules that the headers themselves tell; None without a title and a time."""
    if len(header) < 2 or not all(_WORD.match(name) for name in header if name):
        return None
    names = {name.casefold(): name for name in header}
    found = {field: names[word] for field, known in _HEADERS.items() for word in reversed(known) if word in names}
    if "day" in found and "start" not in found:
        found["start"] = f"{{{found['day']}}} {{{found['hour']}}}" if "hour" in found else found["day"]
    if "until" in found and "end" not in found:
        found["end"] = found["until"]
    rules = {field: rule for field, rule in found.items() if field in mapping.FIELDS}
    return rules if "title" in rules and "start" in rules else None


FORMAT = Format(name="csv", version=1, coverage=Coverage.WINDOW, detect=detect, split=split, read=read)
