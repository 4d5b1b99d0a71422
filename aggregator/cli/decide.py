"""`evenemang decide`: what staff decide, without a page. The rules are in `decisions`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from aggregator import decisions
from aggregator.cli.output import result, table
from aggregator.cli.town import DEFAULT, AsJson, ConfigFile, by, opened
from aggregator.decisions import Desk
from aggregator.model import Decision

app = typer.Typer(help="Staff's decisions: same, different, hide, correct, choose, list, undo.", no_args_is_help=True)
COLUMNS = ("number", "kind", "listings", "field", "value", "by", "made", "undone")
Id = Annotated[str, typer.Argument(metavar="ID", help="An event's id, or a listing as source/uid.")]


@app.command()
def same(first: Id, second: Id, config: ConfigFile = DEFAULT) -> None:
    """Two ids tell the same event, whatever the rules think."""
    with _desk(config) as desk:
        _told(decisions.pair(desk, "same", first, second))


@app.command()
def different(first: Id, second: Id, config: ConfigFile = DEFAULT) -> None:
    """Two ids tell different events; they are never merged."""
    with _desk(config) as desk:
        _told(decisions.pair(desk, "different", first, second))


@app.command()
def hide(event: Id, config: ConfigFile = DEFAULT) -> None:
    """Take an event out of everything public."""
    with _desk(config) as desk:
        _told(decisions.hide(desk, event))


@app.command()
def correct(
    event: Id,
    field: Annotated[str, typer.Argument(metavar="FIELD")],
    value: Annotated[str, typer.Argument(metavar="VALUE")],
    config: ConfigFile = DEFAULT,
) -> None:
    """Give a field of an event another value than its sources do."""
    with _desk(config) as desk:
        _told(decisions.correct(desk, event, field, value))


@app.command()
def choose(
    event: Id,
    field: Annotated[str, typer.Argument(metavar="FIELD")],
    source: Annotated[str, typer.Argument(metavar="SOURCE")],
    config: ConfigFile = DEFAULT,
) -> None:
    """Take a field of an event from one source, whatever its role."""
    with _desk(config) as desk:
        _told(decisions.choose(desk, event, field, source))


@app.command("list")
def list_decisions(config: ConfigFile = DEFAULT, json: AsJson = False) -> None:
    """All decisions, undone ones too."""
    with opened(config) as program:
        made = program.store.ledger.decisions()
    table(COLUMNS, [_row(decision) for decision in made], as_json=json)


@app.command()
def undo(
    number: Annotated[int, typer.Argument(metavar="N", help="The decision's number.")], config: ConfigFile = DEFAULT
) -> None:
    """Take a decision back."""
    with _desk(config) as desk:
        result(f"{_named(decisions.undo(desk, number))} is undone")


@contextmanager
def _desk(file: Path) -> Iterator[Desk]:
    with opened(file) as program:
        yield Desk(program.store, program.kit, by(), program.clock())


def _told(decision: Decision) -> None:
    result(f"{_named(decision)}; `evenemang decide undo {decision.id}` takes it back")


def _named(decision: Decision) -> str:
    return f"decision {decision.id} ({decision.kind})"


def _row(decision: Decision) -> dict[str, object]:
    return {
        "number": decision.id,
        "kind": decision.kind,
        "listings": " ".join(str(id) for id in decision.listings),
        "field": decision.field,
        "value": decision.value,
        "by": decision.by,
        "made": decision.made.isoformat(timespec="seconds"),
        "undone": decision.undone.isoformat(timespec="seconds") if decision.undone else None,
    }
