"""What reading iCalendar costs: CPU against icalendar's parse and recurring-ical-events' expansion, in the same run.

python benchmarks/reading.py [--feeds 5] [--events 1000] [--rounds 5]

Ours is the whole way from bytes to clean listings with keys and digests; the reference only parses, or only expands.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

import recurring_ical_events  # type: ignore[import-untyped]  # it ships no types
from icalendar import Calendar

from aggregator.formats import read_answer
from aggregator.model import Context, Source, Window

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
FIRST, LAST = NOW - timedelta(days=30), NOW + timedelta(days=548)


@dataclass(frozen=True)
class Row:
    """One line of the table: median CPU seconds of both, and the goal for their ratio."""

    name: str
    reference: float
    ours: float
    goal: float

    def __str__(self) -> str:
        ratio = self.ours / self.reference
        return f"{self.name:44} {self.reference:9.3f} s {self.ours:9.3f} s {ratio:7.2f}  ≤ {self.goal:g}"


def main() -> None:
    """Measure and print the table."""
    options = _options()
    feeds = [plain(options.events, number) for number in range(options.feeds)]
    known = {chunk.key: chunk.hash for feed in feeds for chunk in read_answer(feed, context(), {}).chunks}
    series = weekly(options.events // 10)
    parse, cold = compare(options.rounds, lambda: each(feeds, Calendar.from_ical), lambda: each(feeds, read))
    again = median(cpu(lambda: each(feeds, lambda feed: read_answer(feed, context(), known))) for _ in range(3))
    dates, ours = compare(options.rounds, lambda: expand(series), lambda: read(series))
    print(f"{'':44} {'reference':>11} {'ours':>11} {'ratio':>7}  goal")
    print(Row(f"{options.feeds} x {options.events} single events, cold: parse | read", parse, cold, 1.0))
    print(Row("the same again, unchanged: parse | read", parse, again, 0.2))
    print(Row(f"{options.events // 10} weekly series, 19 months: expand | read", dates, ours, 1.0))


def context() -> Context:
    """A fixed context: the clock of the run is no part of what is measured."""
    return Context(
        source=Source(id="s", name="S", url="https://exempel.se/"),
        url="https://exempel.se/",
        content_type="text/calendar",
        zone="Europe/Stockholm",
        language="sv",
        window=Window(FIRST.date(), LAST.date()),
        now=NOW,
    )


def read(feed: bytes) -> object:
    """Bytes to listings."""
    return read_answer(feed, context(), {})


def expand(feed: bytes) -> object:
    """The reference: parse and expand, nothing cleaned, keyed or hashed."""
    return recurring_ical_events.of(Calendar.from_ical(feed)).between(FIRST, LAST)


def plain(events: int, number: int) -> bytes:
    """A feed of single events as a town's calendar writes them."""
    return _calendar("".join(_event(f"{number}-{at}", at) for at in range(events)))


def weekly(series: int) -> bytes:
    """A feed of open-ended weekly series, each with a cancelled and an excluded date."""
    return _calendar("".join(_series(at) for at in range(series)))


def compare(rounds: int, one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Median CPU seconds of both, measured in turns so that a busy machine hurts both alike."""
    pairs = [(cpu(one), cpu(other)) for _ in range(rounds)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def each(feeds: list[bytes], work: Callable[[bytes], object]) -> None:
    """The work on every feed."""
    for feed in feeds:
        work(feed)


def _event(uid: str, at: int) -> str:
    day = NOW + timedelta(days=at % 500)
    start = f"{day:%Y%m%d}T{8 + at % 12:02}3000"
    end = f"{day:%Y%m%d}T{9 + at % 12:02}3000"
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}@exempel.se\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Stockholm:{start}\r\n"
        f"DTEND;TZID=Europe/Stockholm:{end}\r\nSUMMARY:Konsert nummer {at} på torget\r\n"
        "DESCRIPTION:Kvartetten spelar Stenhammar och folkmusik från Skåne. Kaffe ser\r\n veras i pausen.\\nFri "
        "entré\\, ingen föranmälan krävs.\r\nLOCATION:Staffanstorps rådhus\\, Torget 1\\, 245 31 Staffanstorp\r\n"
        f"URL:https://exempel.se/evenemang/{at}\r\nCATEGORIES:Musik,Barn\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\n"
    )


def _series(at: int) -> str:
    zone = ";TZID=Europe/Stockholm:"
    frame = f"UID:serie-{at}@exempel.se\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Kör {at}\r\nDESCRIPTION:Vi sjunger.\r\n"
    return (
        f"BEGIN:VEVENT\r\n{frame}DTSTART{zone}20260106T180000\r\nDTEND{zone}20260106T200000\r\nRRULE:FREQ=WEEKLY\r\n"
        f"EXDATE{zone}20260407T180000\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n{frame}RECURRENCE-ID{zone}20260414T180000\r\n"
        f"DTSTART{zone}20260414T180000\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n"
    )


def _calendar(events: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Exempel//SV\r\n{events}END:VCALENDAR\r\n".encode()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=5)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
