"""What every command begins with: its options in common, and the opened program. The wiring is in `compose`."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from aggregator import logs, settings
from aggregator.compose import Program, open_program
from aggregator.settings import Settings

ConfigFile = Annotated[
    Path, typer.Option("--config", metavar="PATH", help="The town's file.", show_default="sources.yaml")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DEFAULT = Path("sources.yaml")


def chosen(file: Path) -> Settings:
    """The settings, and logs set up by them. Raises ConfigError."""
    found = settings.load(file)
    logs.set_up(found.log_format)
    return found


@contextmanager
def opened(file: Path) -> Iterator[Program]:
    """The program over its database, made and migrated if need be. Raises ConfigError or StoreError."""
    chosen(file)
    with open_program(file) as program:
        yield program


def by() -> str:
    """Who acts here, as the log names them."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in some containers; OSError since Python 3.13
        user = "unknown"
    return f"command line ({user})"
