"""`evenemang preview ADDRESS`: what an address gives, and what it would merge with. Stores nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from aggregator import previews, report
from aggregator.cli.output import result, say, table
from aggregator.cli.town import DEFAULT, AsJson, ConfigFile, opened
from aggregator.errors import EvenemangError
from aggregator.model import Event, When
from aggregator.previews import ID
from aggregator.problems import sentence

COLUMNS = ("when", "title", "place", "merges with")
LISTED = 60  # rows on a terminal or in a pipe; JSON has all


def preview(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="A calendar, a feed or a page.")],
    config: ConfigFile = DEFAULT,
    json: AsJson = False,
) -> None:
    """What an address gives: format, events, problems, and what they would merge with."""
    with opened(config) as program:
        told = asyncio.run(previews.preview(program.kit, address))
        if not told.ok:
            raise EvenemangError(told.detail)
        rows = sorted(_rows(told.events, program.zone), key=lambda row: str(row["when"]))
    say(f"format: {told.format}; {report.line(told)}")
    for problem in told.problems:
        say(f"  {problem.item}: {sentence(problem, 'en')}" if problem.item else f"  {sentence(problem, 'en')}")
    for waiting in told.suggestions:
        say(f"  {report.waiting(waiting)}")
    shown = rows if json else rows[:LISTED]
    table(COLUMNS, shown, as_json=json)
    if len(shown) < len(rows):
        result(f"… and {len(rows) - len(shown)} more")


def _rows(events: Iterable[Event], zone: ZoneInfo) -> list[dict[str, object]]:
    return [
        {
            "when": _when(event.content.when, zone),
            "title": event.content.title,
            "place": event.content.location.name if event.content.location else None,
            "merges with": ", ".join(s for s in event.content.sources if s != ID) or None,
            "status": event.content.status.value,
            "url": event.content.url,
        }
        for event in events
        if event.withdrawn is None and ID in event.content.sources
    ]


def _when(when: When, zone: ZoneInfo) -> str:
    if isinstance(when.start, datetime):
        return when.start.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return when.start.isoformat() if when.end is None else f"{when.start}–{when.end}"
