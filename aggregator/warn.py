"""Every hour: write to the organizers whose source is in trouble, where staff have turned that on, and note its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from aggregator.bulletin import Bulletin, bulletin
from aggregator.letters import letter
from aggregator.model import Entry, Letter, Person, Source, Standing
from aggregator.remedies import steps
from aggregator.remind import Sender
from aggregator.render.prose import day
from aggregator.state import SourceState
from aggregator.store import Store
from aggregator.store.switches import FAILING
from aggregator.systems import system_of
from aggregator.troubles import Trouble, due, trouble, well


def warn(store: Store, sender: Sender, sources: Mapping[str, Source], now: datetime, zone: ZoneInfo) -> int:
    """How many letters were written. `sources` are those of the town as it runs."""
    told, states = store.telling.told(), store.ledger.states()
    for id in store.telling.open():
        if id in states and well(states[id]):
            store.telling.over(id, now)
    written = 0
    for entry in store.town.entries():
        source, state = sources.get(entry.source.id), states.get(entry.source.id)
        found = trouble(state, now) if state is not None and source is not None and source.enabled else None
        if source is None or state is None or found is None or not due(told, source.id, found, now):
            continue
        person = _reader(store, entry) if store.switches.allows(FAILING, source.id) else None
        if person is not None:
            how = bulletin(source, state, now, zone, person.language)
            written += store.telling.tell(
                source.id, _letter(store, sender, source, state, found, how, person, zone), now
            )
    return written


def _reader(store: Store, entry: Entry) -> Person | None:
    """Whose source it is, if they answered a mail of ours and still agree that we keep their address."""
    person = store.people.person(entry.person or "")
    if person is None or person.confirmed is None or entry.removed is not None:
        return None
    agreed = (c.what == "processing" and c.withdrawn is None for c in store.people.consents(person.id))
    return person if any(agreed) else None


def _letter(
    store: Store,
    sender: Sender,
    source: Source,
    state: SourceState,
    found: Trouble,
    how: Bulletin,
    person: Person,
    zone: ZoneInfo,
) -> Letter:
    language = person.language
    path = "" if language == "sv" else f"/{language}"
    system = system_of(source.url or "", state.maker)
    remedy = steps(system.id if system else "", how.needs[0], language) if how.needs else ()
    own = [s for s in store.submissions.of_source(source.id) if s.state is Standing.APPROVED and s.person == person.id]
    return letter(
        found.kind,
        key=f"trouble:{source.id}:{found.since.isoformat()}",
        to=person.email,
        language=language,
        town=sender.town,
        contact=sender.contact,
        link=f"{sender.base}{path}/min-sida" + (f"/{own[-1].id}" if own else ""),
        source=source.name,
        since=day(found.since.astimezone(zone).date(), language),
        reason=" ".join(part for part in (how.why, how.told) if part),
        remedy="\n".join(remedy),
    )
