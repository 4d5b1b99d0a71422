"""`evenemang replay`: the newest good answers with today's rules; tells what would change, split and merge."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator import replay as rules
from aggregator.cli.output import result, say, table
from aggregator.cli.refresh import Names, enabled, named
from aggregator.cli.town import DEFAULT, AsJson, ConfigFile, opened
from aggregator.compose import Program
from aggregator.replay import Replayed

COLUMNS = ("source", "new", "changed", "events", "merged", "split", "error")
LISTED = 20  # merges and splits named on a terminal; JSON has all


def replay(
    names: Names = None,
    store: Annotated[bool, typer.Option("--store", help="Write what changes.")] = False,
    config: ConfigFile = DEFAULT,
    json: AsJson = False,
) -> None:
    """Read the newest good answers again with today's rules; stores nothing without --store."""
    with opened(config) as program:
        wanted = named(program.config, names) if names else enabled(program.config)
        told = list(rules.replay(program.kit, wanted, program.begun, store=store))
        table(COLUMNS, [_row(one, as_json=json) for one in told if json or not one.idle], as_json=json)
        if not json:
            _name(program, told)
    if all(one.idle for one in told):
        say("today's rules change nothing")
    raise typer.Exit(1 if any(one.error for one in told) else 0)


def _row(one: Replayed, *, as_json: bool) -> dict[str, object]:
    pairs = {"merged": one.merged, "split": one.split}
    return {
        "source": one.source or "(matching)",
        "new": one.new,
        "changed": one.changed,
        "events": len(one.events),
        **{name: [list(pair) for pair in found] if as_json else len(found) for name, found in pairs.items()},
        "error": one.error or None,
    }


def _name(program: Program, told: list[Replayed]) -> None:
    """The events that would merge or split, by title."""
    for word, sign, pairs in (
        ("merge", "→", [pair for one in told for pair in one.merged]),
        ("split", "⇥", [pair for one in told for pair in one.split]),
    ):
        for first, second in pairs[:LISTED]:
            result(f"{word}: {_title(program, first, told)} {sign} {_title(program, second, told)}")
        if len(pairs) > LISTED:
            result(f"… and {len(pairs) - LISTED} more that {word}")


def _title(program: Program, id: str, told: list[Replayed]) -> str:
    fresh = (event for one in told for event in one.events if event.id == id)
    event = program.store.event(id) or next(fresh, None)
    return f"“{event.content.title}” ({id})" if event else id
