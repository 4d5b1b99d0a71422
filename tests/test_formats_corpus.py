"""Over the corpus of real answers, where it is checked out beside the project: nothing crashes, and structured pages
read as the usual libraries read them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.formats import hevent, jsonld, microdata
from aggregator.formats.format import Format
from aggregator.formats.stamps import moment
from benchmarks import formats_corpus
from tests.reading import context

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="left out: the corpus of real files is not beside the project"),
]

# What the libraries give and we do not take, and why.
NOT_TAKEN = {
    "02489_cookbook-issue-swrfernsehen.html": "a BroadcastEvent is a programme on television",
    "01758_cuya_mental_health_response.html": "one item with many different starts: which belongs to what is not told",
    "01765_cuya_northeast_ohio_coordinating.html": "one item with many different starts",
    "02336_hreview_nested_card_event_product.html": "an event without a start",
    "02403_heventitemref.html": "the include pattern, which mf2py does not follow either",
    "02441_upcoming.html": "seventeen events without a start",
    "02446_upcoming.html": "seventeen events without a start",
}


def ours(form: Format, body: bytes) -> set[tuple[str, datetime | date]]:
    """Title and start of everything that we read of a page in that format."""
    where = context(content_type="text/html", url="https://corpus.example/")
    found = [form.read(piece.raw, where) for piece in form.split(body, where).pieces]
    drafts = [draft for entry in found for item in entry.items for draft in item.drafts]
    return {(" ".join((draft.title or "").split()), day(draft.start)) for draft in drafts if draft.start}


def day(value: datetime | date) -> datetime | date:
    """A start without its zone, which the libraries leave as text; midnight is the day."""
    if not isinstance(value, datetime):
        return value
    bare = value.replace(tzinfo=None)
    return bare.date() if (bare.hour, bare.minute) == (0, 0) else bare


def theirs(kind: str, body: bytes) -> set[tuple[str, datetime | date]]:
    """Title and start of every event that extruct reads (through mf2py for microformats)."""
    extruct = pytest.importorskip("extruct")
    told = extruct.extract(body.decode("utf-8", "replace"), "https://corpus.example/", syntaxes=[kind], errors="ignore")
    return {pair for entry in _walk(told.get(kind, [])) if (pair := _pair(entry)) is not None}


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if any(str(name).endswith(("Event", "h-event", "Festival")) for name in _listed(value.get("type"))):
            yield value
        for entry in value.values():
            yield from _walk(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _walk(entry)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _pair(entry: dict[str, Any]) -> tuple[str, datetime | date] | None:
    told = entry.get("properties", {})
    title = _first(told.get("name")) or _first(told.get("summary"))
    start = moment((_first(told.get("startDate")) or _first(told.get("start"))).replace(" ", "T", 1))
    return (" ".join(title.split()), day(start)) if start is not None else None


def _first(value: Any) -> str:
    found = _listed(value)[0] if value else ""
    return str(found.get("value", "")) if isinstance(found, dict) else str(found or "")


@pytest.fixture(scope="module")
def rows() -> list[formats_corpus.Row]:
    return formats_corpus.rows(CORPUS)


def test_no_file_crashes_a_reader(rows: list[formats_corpus.Row]) -> None:
    assert [row for row in rows if row.crashed] == []


def test_every_file_that_gives_nothing_says_why(rows: list[formats_corpus.Row]) -> None:
    silent = [
        row.file
        for row in rows
        if not (row.events or row.suggestions or row.refused or row.failure or row.format == "rss")
    ]
    assert [name for name in silent if not name.startswith("html/")] == []


def test_every_page_with_an_event_in_json_ld_gives_it() -> None:
    given: list[str] = []
    missing: list[str] = []
    for path in sorted((CORPUS / "html").iterdir()):
        body = path.read_bytes()
        if path.suffix not in (".html", ".jsonld") or b'"startDate"' not in body or not jsonld.detect(body, ""):
            continue
        (given if ours(jsonld.FORMAT, body) else missing).append(path.name)
    assert missing == []
    assert len(given) >= 19


@pytest.mark.parametrize(
    ("form", "kind"), [(microdata.FORMAT, "microdata"), (hevent.FORMAT, "microformat")], ids=["microdata", "hevent"]
)
def test_nine_in_ten_agree_with_the_usual_libraries(form: Format, kind: str) -> None:
    manifest = json.loads((CORPUS / "manifest.json").read_text("utf-8"))
    flags = ("microdata-event",) if kind == "microdata" else ("vevent", "h-event")
    names = [entry["file"] for entry in manifest if any(flag in str(entry["flags"]) for flag in flags)]
    agreed, disagreed = 0, []
    for name in names:
        path = CORPUS / name
        if path.suffix != ".html" or path.name in NOT_TAKEN:
            continue
        body = path.read_bytes()
        wanted = theirs(kind, body)
        if wanted and wanted <= ours(form, body):
            agreed += 1
        else:
            disagreed.append((name, sorted(map(str, wanted - ours(form, body)))[:2]))
    assert agreed >= 9 * len(disagreed), disagreed
