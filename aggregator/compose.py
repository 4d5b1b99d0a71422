"""The composition root: settings and `sources.yaml` → everything that runs, wired in one visible place.

Nothing else opens the database, starts readers or reads the environment.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aggregator import __version__, config, edition, erasure, matching, rounds, settings, zones
from aggregator.address import Policy
from aggregator.config import Config
from aggregator.fetch import Fetcher, agent_name
from aggregator.kit import Kit
from aggregator.sandbox import Sandbox
from aggregator.settings import Clock, Settings
from aggregator.store import Identity, Store, open_store
from aggregator.store.holder import own_name
from aggregator.town import assembled


@dataclass(frozen=True)
class Program:
    """The opened program. `file` is `sources.yaml`; `begun` is when the clock was first read, the moment of a first
    round, so that equal answers under one given clock give equal bytes however long the start took. `strangers` is
    what asks an address for who is not known: into fewer private networks than the town's own sources may lead.
    """

    file: Path
    settings: Settings
    config: Config
    clock: Clock
    store: Store
    kit: Kit
    begun: datetime
    strangers: Fetcher | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The calendar's zone."""
        return ZoneInfo(self.config.calendar.timezone)

    def stamp(self) -> tuple[object, ...]:
        """What moves when the town does: the file's time and size, and how often staff changed it."""
        try:
            stat = self.file.stat()
            seen: tuple[object, ...] = (stat.st_mtime_ns, stat.st_size)
        except OSError:
            seen = ()
        return *seen, self.store.town.revision()

    def read_town(self) -> Config:
        """The town now, with what staff added. Raises ConfigError for a broken file."""
        return _town(self.file, self.store)

    def with_config(self, new: Config) -> "Program":
        """The same program after an edit of `sources.yaml`; rules of matching are loaded anew only for other places."""
        same = (new.calendar.timezone, new.places) == (self.config.calendar.timezone, self.config.places)
        rules = self.kit.rules if same else matching.load(ZoneInfo(new.calendar.timezone), new.places)
        return replace(self, config=new, kit=replace(self.kit, config=new, rules=rules))


@contextmanager
def open_program(file: Path) -> Iterator[Program]:
    """Open everything; closed at the end of the block. Raises ConfigError and StoreError with one sentence."""
    zones.check()
    chosen = settings.load(file)
    town = config.load(file)
    clock = settings.clock(chosen.now)
    begun = clock().replace(microsecond=0)
    zone = ZoneInfo(town.calendar.timezone)
    who = Identity(town.calendar.region, town.calendar.name)
    secret = chosen.secret_key.get_secret_value() if chosen.secret_key else None
    store = open_store(chosen.database_url, who, zone, begun, secret=secret)
    sandbox = Sandbox(size=max(2, os.cpu_count() or 1))
    try:
        town = assembled(town, store.town.entries(), store.town.places())
        kit = Kit(
            config=town,
            ledger=store.ledger,
            fetcher=_fetcher(chosen, chosen.fetch_allow, clock, store),
            sandbox=sandbox,
            rules=matching.load(zone, town.places),
            edition=edition.digest(),
            calendar=who.key,
            holder=own_name(),
            clock=clock,
        )
        if erasure.heal(kit, store):
            town = _town(file, store)
            kit = replace(kit, config=town)
        rounds.settle(kit, begun)
        strangers = _fetcher(chosen, chosen.offer_allow, clock, store)
        yield Program(file, chosen, town, clock, store, kit, begun, strangers)
    finally:
        sandbox.close()
        store.close()


def _town(file: Path, store: Store) -> Config:
    return assembled(config.load(file), store.town.entries(), store.town.places())


def _fetcher(chosen: Settings, private: Sequence[str], clock: Clock, store: Store) -> Fetcher:
    own = {urlsplit(chosen.base_url).hostname, urlsplit(chosen.database_url).hostname}
    mail = chosen.smtp_url.get_secret_value() if chosen.smtp_url else ""
    own |= {urlsplit(mail).hostname}
    allow = frozenset(entry.lower() for entry in private)
    return Fetcher(
        agent=agent_name(__version__, chosen.contact or chosen.base_url),
        now=clock,
        policy=Policy(allow=allow, deny=frozenset(host.lower() for host in own if host)),
        spacing=chosen.host_spacing,
        reserve=lambda host: store.ledger.reserve_host(host, clock(), chosen.host_spacing),
    )
