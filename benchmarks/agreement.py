"""What we read of structured pages beside what extruct reads, and mf2py through it: titles and starts.

    python benchmarks/agreement.py ../shared/corpus

For each kind: pages that tell an event in that way, pages of which we read one, pages on which all that the library
read is among what we read; and how many of the pages in which the corpus' manifest counts schema.org events (in
JSON-LD or in microdata) give some. Then each page that is not so, with the reason.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import extruct

sys.path.insert(0, str(Path(__file__).parent.parent))

from aggregator.errors import ReadError
from aggregator.formats import hevent, jsonld, microdata
from aggregator.formats.format import Format
from aggregator.formats.stamps import moment
from benchmarks.formats_corpus import context

Told = tuple[str, datetime | date]

_TYPE = r"\w*(?:Event|Festival)\b"
# kind → our reader, and the mark of a page that tells an event in this way
KINDS: dict[str, tuple[Format, re.Pattern[bytes]]] = {
    "json-ld": (jsonld.FORMAT, re.compile(rf'"@type"\s*:\s*(?:\[[^\]]*?)?"(?:[^"]*[/:])?{_TYPE}'.encode())),
    "microdata": (
        microdata.FORMAT,
        re.compile(rf"itemtype=.?https?://(?:schema|(?:www\.)?data-vocabulary)\.org/{_TYPE}".encode(), re.IGNORECASE),
    ),
    "microformat": (
        hevent.FORMAT,
        re.compile(rb"class=.[^\"'>]*(?<![\w-])(?:vevent|h-event)(?![\w-])", re.IGNORECASE),
    ),
}
# What the libraries give and we do not take, or nobody can, and why.
REASONS = {
    "02489_cookbook-issue-swrfernsehen.html": "a BroadcastEvent is a programme on television",
    "01758_cuya_mental_health_response.html": "one item with many different starts: which belongs to what is not told",
    "01765_cuya_northeast_ohio_coordinating.html": "one item with many different starts",
    "02336_hreview_nested_card_event_product.html": "an event without a start",
    "02403_heventitemref.html": "the include pattern, which mf2py does not follow either",
    "02441_upcoming.html": "seventeen events without a start",
    "02446_upcoming.html": "seventeen events without a start",
    **dict.fromkeys(
        [f"{number}_JoinAction.001.{end}" for number, end in (
            ("02220", "jsonld"), ("02224", "html"), ("02228", "jsonld"), ("02266", "html")
        )],
        "an example of an action, whose event has no start",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a kind: what was read of it, what the library read, and why they differ."""

    file: str
    kind: str
    ours: frozenset[Told]
    theirs: frozenset[Told]
    error: str = ""

    @property
    def agrees(self) -> bool:
        """Whether we read something, and all that the library read."""
        return bool(self.ours) and self.theirs <= self.ours

    @property
    def reason(self) -> str:
        """Why it does not agree."""
        missed = sorted(f"{title} {start}" for title, start in self.theirs - self.ours)
        return REASONS.get(self.file) or self.error or f"not read: {missed[:2]}"


def pages(corpus: Path) -> list[Page]:
    """Every page and every file of JSON-LD of the corpus that tells an event."""
    found = []
    for path in sorted((corpus / "html").iterdir()):
        body = path.read_bytes()
        for kind, (form, mark) in KINDS.items():
            page = path.suffix == ".html" or (kind == "json-ld" and path.suffix in (".jsonld", ".json"))
            if page and mark.search(body):
                found.append(_page(path, kind, form, body))
    return found


def counted_pages(corpus: Path) -> set[str]:
    """The pages whose entry in the manifest counts events in JSON-LD or microdata."""
    entries = json.loads((corpus / "manifest.json").read_bytes())
    marked = [e for e in entries if e["events"] and e["file"].startswith("html/")]
    kinds = ("json-ld", "microdata")
    return {Path(e["file"]).name for e in marked if any(flag.startswith(kinds) for flag in e["flags"])}


def _page(path: Path, kind: str, form: Format, body: bytes) -> Page:
    theirs = frozenset(_theirs(kind, body)) if path.suffix == ".html" else frozenset()
    try:
        return Page(path.name, kind, frozenset(_ours(form, path, body)), theirs)
    except ReadError as error:
        return Page(path.name, kind, frozenset(), theirs, error.code)


def _ours(form: Format, path: Path, body: bytes) -> set[Told]:
    """Title and start of everything that we read of a page in that format."""
    where = context(path, body)
    found = [form.read(piece.raw, where) for piece in form.split(body, where).pieces]
    drafts = [draft for entry in found for item in entry.items for draft in item.drafts]
    return {(" ".join((draft.title or "").split()), _day(draft.start)) for draft in drafts if draft.start}


def _day(value: datetime | date) -> datetime | date:
    """A start without its zone, which the libraries leave as text; midnight is the day."""
    if not isinstance(value, datetime):
        return value
    bare = value.replace(tzinfo=None)
    return bare.date() if (bare.hour, bare.minute) == (0, 0) else bare


def _theirs(kind: str, body: bytes) -> set[Told]:
    """Title and start of every event that the library reads; nothing where it gives the page up."""
    text = body.decode("utf-8", "replace")
    told = extruct.extract(text, "https://corpus.example/", syntaxes=[kind], errors="ignore")
    return {pair for entry in _walk(told.get(kind, [])) if (pair := _pair(entry)) is not None}


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        types = _listed(value.get("type")) + _listed(value.get("@type"))
        if any(str(name).endswith(("Event", "h-event", "Festival")) for name in types):
            yield value
        for entry in value.values():
            yield from _walk(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _walk(entry)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _pair(entry: dict[str, Any]) -> Told | None:
    told = entry.get("properties", entry)
    title = _first(told.get("name")) or _first(told.get("summary"))
    start = moment((_first(told.get("startDate")) or _first(told.get("start"))).replace(" ", "T", 1))
    return (" ".join(title.split()), _day(start)) if start is not None else None


def _first(value: Any) -> str:
    found = _listed(value)[0] if value else ""
    return str(found.get("value", "")) if isinstance(found, dict) else str(found or "")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    corpus = parser.parse_args().corpus
    found = pages(corpus)
    print(f"{'kind':<14}{'pages':>6}{'give events':>12}{'the library reads':>18}{'of these we read all':>21}")
    for kind in KINDS:
        of_kind = [page for page in found if page.kind == kind]
        read = [page for page in of_kind if page.theirs]
        print(
            f"{kind:<14}{len(of_kind):>6}{sum(bool(page.ours) for page in of_kind):>12}"
            f"{len(read):>18}{sum(page.agrees for page in read):>21}"
        )
    print(f"{'together':<14}{len(found):>6}{sum(bool(page.ours) for page in found):>12}")
    counted = counted_pages(corpus)
    given = counted & {page.file for page in found if page.ours}
    print(f"pages in which the corpus counts events of schema.org: {len(counted)}, of these give events: {len(given)}")
    for page in found:
        if not page.agrees:
            print(f"{page.kind}: {page.file}: {page.reason}")


if __name__ == "__main__":
    main()
