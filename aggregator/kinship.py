"""Which known sources tell what an address tells already: the same address, the same host, the same events. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from aggregator.model import Event, Source
from aggregator.state import SourceState
from aggregator.systems import system_of
from aggregator.text import canonical_url

MOST = 0.8  # of an address's events that one source tells too: it is told already
LEAST = 3  # fewer events than this are a coincidence


class Kin(StrEnum):
    """How an address and a source belong together, the surest first."""

    SAME_ADDRESS = "same-address"
    SAME_EVENTS = "same-events"
    SAME_HOST = "same-host"


@dataclass(frozen=True, slots=True)
class Relative:
    """A source that tells the same; `events` is how many of the address's events it tells too."""

    source: str
    kin: Kin
    events: int = 0


def relatives(
    address: str,
    found: Iterable[Event],
    own: str,
    sources: Iterable[Source],
    states: Mapping[str, SourceState],
) -> tuple[Relative, ...]:
    """The sources akin to an address, the surest first. `found` are its events as they would be, told by `own`."""
    told = [event.content.sources for event in found if own in event.content.sources]
    shared = Counter(id for ids in told for id in ids if id != own)
    kin = ((source, _kin(address, source, states, shared[source.id], len(told))) for source in sources)
    relatives = [Relative(source.id, how, shared[source.id]) for source, how in kin if how is not None]
    return tuple(sorted(relatives, key=lambda r: (list(Kin).index(r.kin), -r.events, r.source)))


def _kin(address: str, source: Source, states: Mapping[str, SourceState], shared: int, told: int) -> Kin | None:
    if not source.enabled:
        return None
    state = states.get(source.id)
    known = {canonical_url(url) for url in (source.url, state and state.url, state and state.answered) if url}
    if canonical_url(address) in known:
        return Kin.SAME_ADDRESS
    if told >= LEAST and shared >= MOST * told:
        return Kin.SAME_EVENTS
    return Kin.SAME_HOST if _own_host(address) in {_own_host(url) for url in known} - {""} else None


def _own_host(url: str) -> str:
    """The host of an address, "" where it is one that many organizers share."""
    system = system_of(url)
    return "" if system and system.hosts else urlsplit(canonical_url(url)).hostname or ""
