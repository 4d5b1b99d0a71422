"""The composition root of every command: settings, configuration, clock, database and what a refresh works with.

It is the one place where the parts are put together; it decides nothing.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import typer

from aggregator import __version__, config, edition, logs, matching, settings
from aggregator.address import Policy
from aggregator.config import Config
from aggregator.fetch import Fetcher, agent_name
from aggregator.kit import Kit
from aggregator.sandbox import Sandbox
from aggregator.settings import Clock, Settings
from aggregator.store import Identity, Store, open_store

ConfigFile = Annotated[
    Path, typer.Option("--config", metavar="PATH", help="The town's file.", show_default="sources.yaml")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
DEFAULT = Path("sources.yaml")


@dataclass(frozen=True)
class Town:
    """All that holds for one run of the program."""

    config: Config
    settings: Settings
    clock: Clock
    store: Store

    @property
    def zone(self) -> ZoneInfo:
        """The calendar's zone."""
        return ZoneInfo(self.config.calendar.timezone)


def read(file: Path) -> tuple[Config, Settings]:
    """The configuration and the settings; logs are set up on the way. Raises ConfigError."""
    found = settings.load(file)
    logs.set_up(found.log_format)
    return config.load(file), found


@contextmanager
def opened(file: Path) -> Iterator[Town]:
    """A town with its database, made and migrated if need be. Raises ConfigError or StoreError."""
    town, found = read(file)
    clock = settings.clock(found.now)
    calendar = town.calendar
    secret = found.secret_key.get_secret_value() if found.secret_key else None
    identity = Identity(calendar.region, calendar.name)
    store = open_store(found.database_url, identity, ZoneInfo(calendar.timezone), clock(), secret=secret)
    try:
        yield Town(town, found, clock, store)
    finally:
        store.close()


@contextmanager
def kit(town: Town) -> Iterator[Kit]:
    """What refreshes work with; its child processes end with the block."""
    found = town.settings
    ledger = town.store.ledger
    fetcher = Fetcher(
        agent=agent_name(__version__, found.contact or found.base_url),
        now=town.clock,
        policy=policy(found),
        spacing=found.host_spacing,
        reserve=lambda host: ledger.reserve_host(host, town.clock(), found.host_spacing),
    )
    identity = Identity(town.config.calendar.region, town.config.calendar.name)
    with Sandbox() as sandbox:
        yield Kit(
            config=town.config,
            ledger=ledger,
            fetcher=fetcher,
            sandbox=sandbox,
            rules=matching.load(town.zone, town.config.places),
            edition=edition.digest(),
            calendar=identity.key,
            holder=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
        )


def policy(found: Settings) -> Policy:
    """Which private addresses may be asked, and which hosts of our own never are."""
    smtp = found.smtp_url.get_secret_value() if found.smtp_url else ""
    own = (urlsplit(address).hostname for address in (found.base_url, found.database_url, smtp))
    return Policy(
        allow=frozenset(entry.lower() for entry in found.fetch_allow),
        deny=frozenset(host.lower() for host in own if host),
    )
