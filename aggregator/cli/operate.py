"""`evenemang db upgrade` and `evenemang backup`: what an operator does with the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.output import result
from aggregator.cli.town import DEFAULT, ConfigFile, chosen, opened
from aggregator.store.engine import Database
from aggregator.store.migrate import upgrade as migrate

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.command()
def upgrade(config: ConfigFile = DEFAULT) -> None:
    """Bring the database to the tables of this version; every other command does it too before it works."""
    database = Database(chosen(config).database_url, create=True)
    try:
        former = migrate(database)
    finally:
        database.close()
    with opened(config):
        result("the database is up to date" if former is None else f"migrated from {former}")


def backup(
    target: Annotated[Path, typer.Argument(metavar="PATH", help="The file to write; it must not exist.")],
    config: ConfigFile = DEFAULT,
) -> None:
    """Copy the whole database to one file, while the service runs."""
    with opened(config) as town:
        town.store.backup(target)
    result(str(target))
