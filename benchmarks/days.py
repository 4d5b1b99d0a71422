"""A source replayed day by day: its kept answers in the order of their dates, each at its own day's clock.

    python -m benchmarks.days ../shared/corpus

Takes the dated lists of an events guide (`json/*_events_YYYY-MM-DD.json`) as one `jsonmap` source, asked twice a day
as a running calendar would. Prints for each day what was told, new, changed and withdrawn; then whether a public id
changed while its event stayed (by the source's own ids), and whether anything was withdrawn that a later answer, or
that day's, still tells.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from aggregator import rounds
from aggregator.compose import Program, open_program
from aggregator.report import Report

ZONE = ZoneInfo("Europe/Stockholm")
HOURS = (8, 20)  # of the day's questions: an absence needs two sightings
TOWN = """
calendar: {name: Replay}
sources:
  - id: guide
    path: guide.json
    role: municipality
    coverage: window
    map:
      id: id
      title: title
      start: "{date} {time}"
      place: location
      url: url
"""
_DATED = re.compile(r"_events_(\d{4}-\d\d-\d\d)\.json$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What one day brought; `ids` are the public ids of what is told, by the source's own ids.

    `gone` are the source's ids of what was withdrawn that day and was still to come.
    """

    day: date
    told: int
    new: int
    changed: int
    withdrawn: int
    published: int
    ids: dict[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


def answers(corpus: Path) -> list[tuple[date, bytes]]:
    """The dated answers, oldest first."""
    found = [(_DATED.search(path.name), path) for path in (corpus / "json").iterdir()]
    return sorted((date.fromisoformat(match[1]), path.read_bytes()) for match, path in found if match)


def replay(told: Sequence[tuple[date, bytes]], folder: Path) -> list[Day]:
    """Every answer at its day, in a calendar of its own in `folder`."""
    (folder / "sources.yaml").write_text(TOWN)
    (folder / "guide.json").write_bytes(told[0][1])
    os.environ["EVENEMANG_DATABASE_URL"] = f"sqlite:///{folder / 'replay.db'}"
    os.environ["EVENEMANG_NOW"] = datetime.combine(told[0][0], time(HOURS[0]), ZONE).isoformat()
    with open_program(folder / "sources.yaml") as program:
        return [_day(program, folder, day, body) for day, body in told]


def _day(program: Program, folder: Path, day: date, body: bytes) -> Day:
    (folder / "guide.json").write_bytes(body)
    began = datetime.combine(day, time(HOURS[0]), ZONE)
    reports = []
    for hour in HOURS:
        now = datetime.combine(day, time(hour), ZONE)
        reports.append(asyncio.run(_refreshed(program, now)))
        rounds.daily(program.kit, now)
    listings = program.kit.ledger.stored("guide").listings
    withdrawn = [s for s in listings if s.withdrawn is not None and s.withdrawn >= began]
    return Day(
        day=day,
        told=len(json.loads(body)),
        new=sum(report.new for report in reports),
        changed=sum(report.changed for report in reports),
        withdrawn=sum(report.withdrawn for report in reports),
        published=sum(event.withdrawn is None for event in program.store.events()),
        ids={s.listing.stated.uid or "": s.event or "" for s in listings if s.withdrawn is None},
        gone=frozenset(s.listing.stated.uid or "" for s in withdrawn if s.listing.when.over(ZONE) > began),
    )


async def _refreshed(program: Program, now: datetime) -> Report:
    (report,) = [found async for found in rounds.run(program.kit, program.config.sources, now)]
    assert report.ok, report.detail
    return report


def moved(days: Sequence[Day]) -> list[str]:
    """The source's ids whose public id is not what it was, also where they had left and came back."""
    known: dict[str, str] = {}
    wrong = [id for day in days for id, event in day.ids.items() if known.setdefault(id, event) != event]
    return sorted(set(wrong))


def wronged(days: Sequence[Day], told: Sequence[tuple[date, bytes]]) -> list[str]:
    """The source's ids of what was withdrawn though that day's answer tells it."""
    held = [{item["id"] for item in json.loads(body)} for _, body in told]
    return [id for day, here in zip(days, held, strict=True) for id in sorted(day.gone & here)]


def returned(days: Sequence[Day], told: Sequence[tuple[date, bytes]]) -> list[str]:
    """The source's ids of what was withdrawn and is told again by a later answer: the source's own coming and going."""
    held = [{item["id"] for item in json.loads(body)} for _, body in told]
    later = [set().union(*held[number + 1 :]) for number in range(len(held))]
    return [id for day, after in zip(days, later, strict=True) for id in sorted(day.gone & after)]


def main() -> None:
    """Print the table and the two answers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    told = answers(parser.parse_args().corpus)
    with tempfile.TemporaryDirectory() as folder:
        days = replay(told, Path(folder))
    print(f"{'day':<12}{'told':>6}{'new':>6}{'changed':>9}{'withdrawn':>11}{'published':>11}")
    for day in days:
        print(f"{day.day!s:<12}{day.told:>6}{day.new:>6}{day.changed:>9}{day.withdrawn:>11}{day.published:>11}")
    print(f"public ids that changed while their event stayed: {len(moved(days))}")
    print(f"withdrawn though that day's answer tells it: {len(wronged(days, told))}")
    print(f"withdrawn, and told again by a later answer: {len(returned(days, told))}")


if __name__ == "__main__":
    main()
