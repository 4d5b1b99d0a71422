"""The program `evenemang`: its commands as one table. Each command's module holds what it does."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from aggregator import __version__
from aggregator.cli import decide, explain, operate, persons, preview, refresh, replay, serve, sources, staff, staffword
from aggregator.cli.output import result, say
from aggregator.errors import ConfigError, EvenemangError, UsageError

FAILED, MISUSED = 1, 2

app = typer.Typer(
    help="What happens in a municipality, collected from everyone who announces it, each event told once.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for word in (staffword.release, staffword.pause, staffword.resume):
    sources.app.command()(word)
app.add_typer(sources.app, name="sources")
app.add_typer(decide.app, name="decide")
app.add_typer(staff.app, name="staff")
app.add_typer(operate.app, name="db")
app.command("serve")(serve.serve)
app.command("worker")(serve.worker)
app.command("refresh")(refresh.refresh)
app.command("preview")(preview.preview)
app.command("explain")(explain.explain)
app.command("replay")(replay.replay)
app.command("backup")(operate.backup)
app.command("erase")(persons.erase)
app.command("export-person")(persons.export)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 0 fine, 1 failed, 2 wrong usage. Errors are sentences on standard error."""
    try:
        app(args=list(sys.argv[1:] if argv is None else argv), prog_name="evenemang")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else FAILED if done.code else 0
    except UsageError as error:
        say(str(error))
        return MISUSED
    except EvenemangError as error:
        for told in (error, *(error.also if isinstance(error, ConfigError) else ())):
            say(str(told))
        return FAILED
    return 0


def words() -> tuple[str, ...]:
    """Every command as it is typed behind `evenemang`, for the documentation's test."""
    return tuple(_words(app, ""))


@app.callback()
def version(
    _show: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=lambda wanted: _print(wanted)),
    ] = False,
) -> None:
    """What happens in a municipality, collected from everyone who announces it, each event told once."""


def _print(wanted: bool) -> None:
    if wanted:
        result(f"evenemang {__version__}")
        raise typer.Exit


def _words(group: typer.Typer, before: str) -> Iterator[str]:
    for command in group.registered_commands:
        yield before + str(command.name or getattr(command.callback, "__name__", ""))
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            yield from _words(inner.typer_instance, f"{before}{inner.name} ")
