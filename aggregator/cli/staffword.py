"""`evenemang sources release|pause|resume ID`: staff's word on a source."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

import typer

from aggregator import ingest, plan, report
from aggregator.cli.output import result
from aggregator.cli.refresh import named
from aggregator.cli.town import DEFAULT, ConfigFile, opened
from aggregator.compose import Program
from aggregator.errors import UsageError
from aggregator.kit import Visit
from aggregator.model import Source
from aggregator.plan import Plan

Id = Annotated[str, typer.Argument(metavar="ID", help="The source's id.")]
BY_HAND = "by staff, on the command line"


def release(source: Id, config: ConfigFile = DEFAULT) -> None:
    """Believe the newest answer: publish what is held, withdraw what is missing."""
    with opened(config) as program:
        wanted = named(program.config, [source])[0]
        state = program.store.ledger.state(source)
        if state.held is None and not state.absent:
            raise UsageError(f"nothing of {source} is held")
        if state.held is not None:
            _read_again(program, wanted)
        else:
            done = ingest.apply(
                program.kit, source, lambda state, _stored, _chunks: plan.release(state), program.clock()
            )
            result(f"{source}: {done.count(plan.Withdraw)} events withdrawn")


def pause(source: Id, config: ConfigFile = DEFAULT) -> None:
    """Visit a source no more until it is resumed; its events stay."""
    with opened(config) as program:
        named(program.config, [source])
        done = ingest.apply(
            program.kit,
            source,
            lambda state, _stored, _chunks: Plan(state=replace(state, paused=BY_HAND)),
            program.clock(),
        )
        result(f"{source}: paused {done.state.paused}")


def resume(source: Id, config: ConfigFile = DEFAULT) -> None:
    """Visit a source again, from now on."""
    with opened(config) as program:
        named(program.config, [source])
        now = program.clock()
        ingest.apply(
            program.kit,
            source,
            lambda state, _stored, _chunks: Plan(state=replace(state, paused=None, failures=0, due=None)),
            now,
        )
        result(f"{source}: resumed")


def _read_again(program: Program, source: Source) -> None:
    visit = Visit(source=source, now=program.clock(), force=True, released=True)
    told = asyncio.run(ingest.refresh(program.kit, visit))
    result(f"{source.id}: {report.line(told)}")
    if not told.ok:
        raise typer.Exit(1)
