"""`evenemang erase` and `evenemang export-person`: what the law gives whoever has written to us."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from aggregator import erasure
from aggregator.cli.output import result, say
from aggregator.cli.town import DEFAULT, ConfigFile, opened
from aggregator.errors import UsageError
from aggregator.mailbox import mailbox

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Their mail address.")]


def erase(
    email: Email,
    keep_events: Annotated[
        bool, typer.Option("--keep-events", help="What they had published stays, without them.")
    ] = False,
    name: Annotated[
        list[str] | None, typer.Option("--name", metavar="NAME", help="A further name that they are known by.")
    ] = None,
    config: ConfigFile = DEFAULT,
) -> None:
    """Erase a person, everywhere and for good: their own rows, and whatever is said of them anywhere else."""
    with opened(config) as program:
        done = erasure.erase(program.kit, program.store, email, keep_events=keep_events, names=name or ())
    result(f"erased: {'one person' if done.persons else 'nobody had this address'}")
    if done.sources:
        result(f"sources taken out with all that they told: {', '.join(done.sources)}")
    result(f"{done.rows} other rows cleaned, {done.answers} kept answers dropped, the database written anew")
    for doubt in done.left:
        say(f"still to do: {doubt}")


def export(email: Email, config: ConfigFile = DEFAULT) -> None:
    """Everything that is kept of a person, as JSON: what they may ask for."""
    address = mailbox(email)
    if address is None:
        raise UsageError("that is not a mail address")
    with opened(config) as program:
        found = program.store.personal.export(address, program.clock())
    result(json.dumps(found, ensure_ascii=False, indent=2))
