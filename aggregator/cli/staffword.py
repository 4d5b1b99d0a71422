"""`evenemang sources release|pause|resume ID`: staff's word on a source. What it does is in `word`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from aggregator import report, word
from aggregator.cli.output import result
from aggregator.cli.refresh import named
from aggregator.cli.town import DEFAULT, ConfigFile, opened

Id = Annotated[str, typer.Argument(metavar="ID", help="The source's id.")]
BY_HAND = "by staff, on the command line"


def release(source: Id, config: ConfigFile = DEFAULT) -> None:
    """Believe the newest answer: publish what is held, withdraw what is missing."""
    with opened(config) as program:
        wanted = named(program.config, [source])[0]
        told = asyncio.run(word.release(program.kit, wanted, program.clock()))
    read = told.counts is not None or not told.ok
    result(f"{source}: {report.line(told) if read else f'{told.withdrawn} events withdrawn'}")
    if not told.ok:
        raise typer.Exit(1)


def pause(source: Id, config: ConfigFile = DEFAULT) -> None:
    """Visit a source no more until it is resumed; its events stay."""
    with opened(config) as program:
        named(program.config, [source])
        word.pause(program.kit, source, BY_HAND, program.clock())
        result(f"{source}: paused {BY_HAND}")


def resume(source: Id, config: ConfigFile = DEFAULT) -> None:
    """Visit a source again, from now on."""
    with opened(config) as program:
        named(program.config, [source])
        word.resume(program.kit, source, program.clock())
        result(f"{source}: resumed")
