"""Once a day: ask organizers whether all is right still, where staff have turned that on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from aggregator.letters import letter
from aggregator.model import Entry, Letter, Person
from aggregator.reminders import Term, due
from aggregator.store import Store
from aggregator.store.switches import TERM

_SUMMARY: Mapping[str, str] = {"sv": "{count} evenemang i kalendern nu", "en": "{count} events in the calendar now"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the calendar's name, its public address, and where questions go."""

    town: str
    base: str
    contact: str | None


def remind(store: Store, sender: Sender, now: datetime, zone: ZoneInfo) -> int:
    """How many letters were written."""
    if not store.switches.on(TERM):
        return 0
    told = due(store.town.entries(), store.asking.settled(), now, zone)
    return sum(_asked(store, sender, entry, term, now) for entry, term in told)


def _asked(store: Store, sender: Sender, entry: Entry, term: Term, now: datetime) -> bool:
    person = store.people.person(entry.person or "")
    if person is None or person.confirmed is None:
        return False
    key = f"term:{entry.source.id}:{term.name}"
    count = store.ledger.state(entry.source.id).counts.inside
    write = partial(_letter, sender, entry, person, key, count)
    return store.asking.ask(person, entry.source.id, write, now)


def _letter(sender: Sender, entry: Entry, person: Person, key: str, count: int, secret: str) -> Letter:
    path = "" if person.language == "sv" else f"/{person.language}"
    return letter(
        "term-reminder",
        key=key,
        to=person.email,
        language=person.language,
        town=sender.town,
        contact=sender.contact,
        link=f"{sender.base}{path}/allt-stammer/{secret}",
        source=entry.source.name,
        summary=_SUMMARY[person.language].format(count=count),
    )
