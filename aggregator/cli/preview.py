"""`evenemang preview ADDRESS`: what an address gives, and what it would merge with. Stores nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from aggregator import previews
from aggregator.cli import screen
from aggregator.cli.output import result, table
from aggregator.cli.town import DEFAULT, AsJson, ConfigFile, opened
from aggregator.compose import Program
from aggregator.errors import EvenemangError
from aggregator.model import Event, When
from aggregator.previews import ID


def preview(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="A calendar, a feed or a page.")],
    config: ConfigFile = DEFAULT,
    json: AsJson = False,
) -> None:
    """What an address gives, in the calendar's language: format, events, problems, what they would merge with."""
    with opened(config) as program:
        told = asyncio.run(previews.preview(program.kit, address))
        language = program.config.calendar.language
        if not told.ok:
            raise EvenemangError("\n".join(screen.failure(address, told, language)))
        shown = sorted(_own(told.events), key=lambda event: (event.content.when.begins(program.zone), event.id))
        if json:
            table((), [_row(event, program.zone) for event in shown], as_json=True)
            return
        for line in screen.lines(
            address, told, shown, names(program), program.clock().astimezone(program.zone), language
        ):
            result(line)


def names(program: Program) -> dict[str, str]:
    """What each source of the town is called, by its id."""
    return {source.id: source.name for source in program.config.sources}


def _own(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if event.withdrawn is None and ID in event.content.sources]


def _row(event: Event, zone: ZoneInfo) -> dict[str, object]:
    return {
        "when": _when(event.content.when, zone),
        "title": event.content.title,
        "place": event.content.location.name if event.content.location else None,
        "merges with": ", ".join(s for s in event.content.sources if s != ID) or None,
        "status": event.content.status.value,
        "url": event.content.url,
    }


def _when(when: When, zone: ZoneInfo) -> str:
    if isinstance(when.start, datetime):
        return when.start.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return when.start.isoformat() if when.end is None else f"{when.start}–{when.end}"
