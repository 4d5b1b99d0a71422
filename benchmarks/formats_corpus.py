"""What every format reads of a folder of real answers: one row a format, one line a file that gives nothing.

    python benchmarks/formats_corpus.py ../shared/corpus [--files]

Each file is read as an answer whose format is not told, at a clock at which its events are inside the window (the
newest date that stands in it). Prints files, files with events, events, refused by reason, and files that crashed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from aggregator import formats
from aggregator.errors import ReadError
from aggregator.model import Context, Reading, Source, Window

FOLDERS = ("html", "json", "feeds")
TYPES = {".html": "text/html", ".json": "application/json", ".xml": "application/xml"}
_START = re.compile(
    rb"(?:start_?date|dtstart|dt-start|start_time)[^0-9]{0,80}(20[0-3]\d)-?(0[1-9]|1[0-2])-?([0-2]\d|3[01])", re.I
)
_YEAR = re.compile(rb"(20[0-3]\d)-(0[1-9]|1[0-2])-([0-2]\d|3[01])")


@dataclass(frozen=True, slots=True)
class Row:
    """One file: what it was read as ("" if nothing), how many events, and why not more."""

    file: str
    format: str
    events: int
    suggestions: int
    refused: tuple[tuple[str, int], ...]
    failure: str = ""
    crashed: bool = False


def context(path: Path, body: bytes) -> Context:
    """A context whose window holds the dates of the file: its middle one is taken as today."""
    found = sorted(_START.findall(body) or _YEAR.findall(body))
    middle = found[len(found) // 2] if found else (b"2026", b"03", b"15")
    year, month, day = (int(part) for part in middle)
    today = date(year, month, min(max(day, 1), 28))
    url = f"https://corpus.example/{path.name}"
    return Context(
        source=Source(id="corpus", name="Corpus", url=url),
        url=url,
        content_type=TYPES.get(path.suffix, "application/xml" if path.parent.name == "feeds" else ""),
        zone="Europe/Stockholm",
        language="sv",
        window=Window(today - timedelta(days=3650), today + timedelta(days=3650)),
        now=datetime(today.year, today.month, today.day, tzinfo=UTC),
    )


def read(path: Path) -> Row:
    """One file, read; an exception that is no `ReadError` is a crash."""
    body = path.read_bytes()
    name = f"{path.parent.name}/{path.name}"
    try:
        reading = formats.read_answer(body, context(path, body))
    except ReadError as error:
        return Row(name, "", 0, 0, (), failure=error.code)
    except Exception as error:
        return Row(name, "", 0, 0, (), failure=f"{type(error).__name__}: {error}"[:80], crashed=True)
    return _row(name, reading)


def _row(name: str, reading: Reading) -> Row:
    events = sum(len(chunk.listings or ()) for chunk in reading.chunks)
    counts = sum((chunk.counts for chunk in reading.chunks), reading.counts)
    told = Counter(problem.code for chunk in reading.chunks for problem in chunk.problems if problem.refused)
    told += Counter(problem.code for problem in reading.problems if problem.refused)
    outside = counts.past + counts.beyond
    refused = [*told.items(), *([("outside the window", outside)] if outside else [])]
    failure = (
        "" if events or reading.suggestions or refused else "; ".join(problem.code for problem in reading.problems)
    )
    return Row(name, reading.format, events, len(reading.suggestions), tuple(sorted(refused)), failure)


def rows(corpus: Path) -> list[Row]:
    """All files of the three folders."""
    return [read(path) for folder in FOLDERS for path in sorted((corpus / folder).iterdir()) if path.is_file()]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--files", action="store_true", help="one line a file too")
    arguments = parser.parse_args()
    found = rows(arguments.corpus)
    by_format: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        by_format[row.format or "—"].append(row)
    print(f"{'format':<14}{'files':>6}{'with events':>12}{'events':>8}{'suggested':>10}  refused")
    for name, entries in sorted(by_format.items()):
        refused: Counter[str] = Counter()
        for row in entries:
            refused.update(dict(row.refused))
        why = Counter(row.failure for row in entries if row.failure)
        told = ", ".join(f"{code} {count}" for code, count in (*refused.most_common(), *why.most_common()))
        events, suggested = sum(row.events for row in entries), sum(row.suggestions for row in entries)
        print(
            f"{name:<14}{len(entries):>6}{sum(row.events > 0 for row in entries):>12}{events:>8}{suggested:>10}  {told}"
        )
    print(f"crashed: {sum(row.crashed for row in found)} of {len(found)}")
    for row in found if arguments.files else ():
        print(f"{row.file}: {row.format or row.failure} {row.events} {dict(row.refused)}")


if __name__ == "__main__":
    main()
