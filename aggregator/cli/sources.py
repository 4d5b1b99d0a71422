"""`evenemang sources`: list with health, check the file, export, and staff's word on a source."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

import typer

from aggregator import config, offsets
from aggregator.cli.output import result, say, table
from aggregator.cli.town import DEFAULT, AsJson, ConfigFile, opened
from aggregator.compose import Program
from aggregator.config import Config
from aggregator.errors import UsageError
from aggregator.health import health
from aggregator.model import Source
from aggregator.state import SourceState

app = typer.Typer(invoke_without_command=True)
COLUMNS = ("id", "health", "events", "last good", "next", "detail")


@app.callback()
def sources(context: typer.Context, config: ConfigFile = DEFAULT, json: AsJson = False) -> None:
    """The sources: list (also without a further word), check, export, release, pause, resume."""
    if context.invoked_subcommand is None:
        list_sources(config, json)
    elif config != DEFAULT or json:
        raise UsageError(f"options stand behind the whole command: evenemang sources {context.invoked_subcommand} …")


@app.command("list")
def list_sources(config: ConfigFile = DEFAULT, json: AsJson = False) -> None:
    """Every source with its health."""
    with opened(config) as town:
        states = {state.id: state for state in town.store.sources()}
        rows = [_row(town, source, states.get(source.id)) for source in town.config.sources]
    table(COLUMNS, rows, as_json=json)


@app.command()
def check(config: ConfigFile = DEFAULT) -> None:
    """Tell everything that is wrong in sources.yaml, with file, line and key."""
    found, errors = _checked(config)
    for error in errors:
        result(error)
    if errors:
        say(f"{len(errors)} to mend")
        raise typer.Exit(1)
    assert found is not None  # noqa: S101 - no errors, so there are values
    enabled = sum(source.enabled for source in found.sources)
    result(f"{config}: {enabled} of {len(found.sources)} sources enabled, {len(found.places)} places; nothing to mend")


@app.command()
def export(config: ConfigFile = DEFAULT) -> None:
    """The enabled addresses as OPML, for feed readers and other aggregators."""
    with opened(config) as town:
        result(opml(town.config))
        local = sum(source.enabled and source.url is None for source in town.config.sources)
    if local:
        say(f"{local} sources are files here and have no address to export")


def opml(town: Config) -> str:
    """OPML 2.0 of the enabled sources that have an address."""
    told = [source for source in town.sources if source.enabled and source.url is not None]
    lines = [
        f"    <outline type={quoteattr(_kind(s))} text={quoteattr(s.name)} xmlUrl={quoteattr(s.url or '')}/>"
        for s in told
    ]
    title = f"    <title>{_escaped(town.calendar.name)}</title>"
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        title,
        "  </head>",
        "  <body>",
    ]
    return "\n".join([*parts, *lines, "  </body>", "</opml>"])


def _kind(source: Source) -> str:
    return "rss" if source.format in ("auto", "rss") else source.format


def _escaped(text: str) -> str:
    return quoteattr(text)[1:-1]


def _checked(file: Path) -> tuple[Config | None, list[str]]:
    found, errors = config.check(file)
    wrong = [str(error) for error in errors]
    for n, source in enumerate(found.sources if found else (), 1):
        local = found.local_file(source) if found else None
        if source.enabled and local is not None and not local.is_file():
            wrong.append(f"{file}: sources[{n}].path: there is no file {source.path!r}")
    return found, wrong


def _row(town: Program, source: Source, state: SourceState | None) -> dict[str, object]:
    now = town.clock()
    found = health(source, state, now, offsets.told(town.store.ledger.statistics().offsets, source.id))
    known = state or SourceState(id=source.id)
    return {
        "id": source.id,
        "name": source.name,
        "health": found.word,
        "detail": found.sentence,
        "events": known.counts.inside,
        "format": known.format,
        "last good": _moment(known.good, town),
        "next": _moment(known.due, town) if source.enabled and known.paused is None else None,
        "suggestions": [asdict(one) for one in known.suggestions],
        "address": known.url or source.url or source.path,
    }


def _moment(value: datetime | None, town: Program) -> str | None:
    return value.astimezone(town.zone).strftime("%Y-%m-%d %H:%M") if value is not None else None
