"""`evenemang refresh`: visit sources now, one line a source, a progress bar on a terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from aggregator import gallery, report, rounds, schedule
from aggregator.cli.output import result, say, suggestion
from aggregator.cli.town import DEFAULT, ConfigFile, opened
from aggregator.compose import Program
from aggregator.config import Config
from aggregator.errors import UsageError
from aggregator.model import Event, Source
from aggregator.report import Report
from aggregator.state import SourceState

Names = Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]…", help="Ids of sources; none: what is due.")]


def refresh(
    names: Names = None,
    every: Annotated[bool, typer.Option("--all", help="Every enabled source.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also those backing off; read even what is unchanged.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would change and merge; store nothing.")
    ] = False,
    config: ConfigFile = DEFAULT,
) -> None:
    """Fetch, read, match and publish. Exit 1 if a source could not be fetched or read."""
    with opened(config) as program:
        now = program.begun
        wanted = named(program.config, names) if names else enabled(program.config)
        states = program.store.ledger.states()
        if not names and not every and not force:
            due = set(schedule.due(wanted, states, now))
            wanted = [source for source in wanted if source.id in due]
        waiting = {} if names or dry_run else _waiting(wanted, states, now, force)
        for id, why in waiting.items():
            result(f"{id}: skipped: {why}")
        visited = [source for source in wanted if source.id not in waiting]
        fine = asyncio.run(_round(program, visited, now, force=force, dry=dry_run))
        if not names and not dry_run:
            rounds.daily(program.kit, now)
    if not wanted:
        say("no source is due; --all visits every one")
    raise typer.Exit(0 if fine else 1)


def enabled(town: Config) -> list[Source]:
    """The sources that are visited at all."""
    return [source for source in town.sources if source.enabled]


def named(town: Config, names: Iterable[str]) -> list[Source]:
    """The sources of those ids; raises UsageError for one that there is not, or that is disabled."""
    found = []
    for name in dict.fromkeys(names):
        source = town.source(name)
        if source is None:
            raise UsageError(f"there is no source {name!r}{suggestion(name, [s.id for s in town.sources])}")
        if not source.enabled:
            raise UsageError(f"{name} is disabled in {town.file}; `evenemang preview ADDRESS` looks at it all the same")
        found.append(source)
    return found


def _waiting(
    sources: Sequence[Source], states: Mapping[str, SourceState], now: datetime, force: bool
) -> dict[str, str]:
    found = {}
    for source in sources:
        state = states.get(source.id, SourceState(id=source.id))
        if state.paused is not None:
            found[source.id] = f"paused ({state.paused}); `evenemang sources resume {source.id}`"
        elif state.failures and state.due is not None and state.due > now and not force:
            found[source.id] = (
                f"backing off until {state.due:%Y-%m-%d %H:%M} UTC after: {state.error}; --force asks now"
            )
    return found


async def _round(program: Program, sources: Sequence[Source], now: datetime, *, force: bool, dry: bool) -> bool:
    """The sources, then the pictures of what they tell, as many as one go brings; those never fail a round."""
    fine = await _visit(program, sources, now, force=force, dry=dry)
    if not dry:
        asked = await gallery.hang(program.kit, now)
        if asked:
            say(f"{asked} pictures were asked for")
    return fine


async def _visit(program: Program, sources: Sequence[Source], now: datetime, *, force: bool, dry: bool) -> bool:
    fine = True
    async for told in _shown(rounds.run(program.kit, sources, now, force=force, dry=dry), len(sources)):
        result(f"{told.source}: {report.line(told)}")
        for line in _foreseen(told) if dry else ():
            result(f"    {line}")
        fine = fine and told.ok
    return fine


async def _shown(reports: AsyncIterator[Report], total: int) -> AsyncIterator[Report]:
    """The reports as they come, with a bar on standard error where somebody looks at it."""
    with Progress(console=Console(file=sys.stderr), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("Refreshing", total=total)
        async for told in reports:
            bar.advance(task)
            yield told


def _foreseen(told: Report) -> list[str]:
    """What a dry run would change and merge, a line each."""
    changed = [f"{c.kind}: {c.title} {' → '.join(x for x in (c.old, c.new) if x)}".rstrip() for c in told.changes]
    merged = [f"merged: {e.content.title} ({', '.join(e.content.sources)})" for e in told.events if _of_several(e)]
    return changed + merged


def _of_several(event: Event) -> bool:
    return event.withdrawn is None and len(event.content.sources) > 1
