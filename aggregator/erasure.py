"""Somebody erased: out of their own rows, out of everything that others say of them, and for good.

The order matters. First the marks, in the database and beside the town's file, so that nothing comes back from then on;
then their own rows; then whatever is left of them anywhere; last the database is written anew, so that no byte stays in
what is free. The same way is gone where a backup from before is started (`heal`). Rules are in `suppression` and
`redaction`, tables in `store.erasure` and `store.scrub`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from aggregator import config, ingest, mirror, plan, rounds
from aggregator.errors import ConfigError, UsageError
from aggregator.kit import Kit, ground_of
from aggregator.mailbox import mailbox
from aggregator.store import Erasing, Store, StoreView
from aggregator.suppression import Mark, Suppressed, is_office, marks, words_of
from aggregator.town import free_id
from aggregator.weave import Changeset, reweave

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure did, in figures, and what it could not do and somebody has to."""

    persons: int = 0
    sources: tuple[str, ...] = ()  # taken out with all that they told
    rows: int = 0  # of others, cleaned
    answers: int = 0  # kept answers that held something, dropped
    left: tuple[str, ...] = ()


def erase(kit: Kit, store: Store, email: str, *, keep_events: bool = False, names: Iterable[str] = ()) -> Erased:
    """Erase whoever has an address. `keep_events`: what they had published stays, and is nobody's.

    `names` are further ones that they are known by. Raises UsageError for what is no address, or is that of staff.
    """
    address = mailbox(email)
    if address is None:
        raise UsageError("that is not a mail address")
    erasing, now = store.erasing, kit.clock()
    who = erasing.known(address)
    if who.active:
        raise UsageError("the address is that of staff; `evenemang staff remove` first")
    told, doubts = _telling(who.names, names, _offices(kit))
    key = kit.ledger.suppressions.key
    new = marks(key, address, told, keep=keep_events)
    gone = erasing.forget([who], new, now, keep=keep_events)
    _mirrored(kit)  # at once: whatever ends this process now, the rest is done at the next start
    done = _cleaned(kit, erasing, new, gone, now)
    doubts += _mirrored(kit)
    doubts += _named_by_hand(kit.config.file, Suppressed.of(key, new))
    erasing.compact()
    kit.ledger.suppressions.finish()
    return replace(done, persons=len(who.persons), left=tuple(doubts))


def heal(kit: Kit, store: Store) -> bool:
    """At every start: what was erased stays so, whatever was restored. Whether anything had to be done."""
    suppressions = kit.ledger.suppressions
    there = suppressions.marks()
    mirrored = mirror.read(mirror.beside(kit.config.file), suppressions.fingerprint)
    if mirrored is None:
        log.warning(
            "erasure.other_key", file=str(mirror.beside(kit.config.file)), told="it was made for another database"
        )
        return False
    if there - mirrored:
        for doubt in _mirrored(kit):
            log.warning("erasure.not_mirrored", error=doubt)
    missing = mirrored - there if not suppressions.unfinished() else mirrored | there
    if not missing:
        return False
    log.warning("erasure.again", told="an erasure was cut off, or undone by a restore: it is done again")
    erasing, now = store.erasing, kit.clock()
    suppressed = Suppressed.of(suppressions.key, missing)
    gone: list[str] = []
    for keep in (False, True):
        people = erasing.suppressed_people(suppressed, keep=keep)
        gone += erasing.forget(people, missing, now, keep=keep)
    _cleaned(kit, erasing, missing, gone, now)
    erasing.compact()
    suppressions.finish()
    return True


def _cleaned(kit: Kit, erasing: Erasing, new: frozenset[Mark], gone: Sequence[str], now: datetime) -> Erased:
    """Everything but the person's own rows."""
    suppressed = Suppressed.of(kit.ledger.suppressions.key, new)
    going = [*gone, *erasing.take_named(suppressed)]
    for id in going:
        ingest.apply(kit, id, plan.retire, now)
    erasing.drop_sources(going, now)
    _renamed(kit, erasing, suppressed, now)
    done = erasing.scrub(suppressed, now)
    kit.ledger.suppressions.add(done.answers, now)
    kit.ledger.rewrite(lambda view: _again(kit, now, view, done.listings), now)
    rounds.renew(kit, now)
    return Erased(sources=tuple(going), rows=sum(done.counts.values()) - len(done.answers), answers=len(done.answers))


def _again(kit: Kit, now: datetime, view: StoreView, listings: Sequence[int]) -> Changeset:
    return reweave(listings, view, ground_of(kit, now, view))


def _renamed(kit: Kit, erasing: Erasing, suppressed: Suppressed, now: datetime) -> None:
    """A source that stays and whose id was made of the name gets another id."""
    for entry in erasing.entries():
        if suppressed.holds(entry.source.id):
            new = free_id("kalla", kit.config, erasing.entries())
            erasing.rename(entry, new)
            kit.ledger.rename(entry.source.id, new, partial(_rewoven, kit, now), now)
            erasing.drop_sources([entry.source.id], now)


def _rewoven(kit: Kit, now: datetime, view: StoreView, listings: Sequence[int]) -> Changeset:
    return _again(kit, now, view, listings)


def _telling(known: Iterable[str], given: Iterable[str], offices: Set[tuple[str, ...]]) -> tuple[list[str], list[str]]:
    """The names that tell who somebody is, and a sentence about each that does not."""
    told, doubts = list(given), []
    for name in known:
        words = words_of(name)
        why = "an organisation's name" if words in offices or is_office(name) else "one word" if len(words) == 1 else ""
        if not why or words in map(words_of, given):
            told.append(name)
        else:
            doubts.append(f"“{name}” is {why}: it went from what they sent, and --name takes it from all else too")
    return told, doubts


def _offices(kit: Kit) -> frozenset[tuple[str, ...]]:
    """What the town's own file calls sources, organizers and places: not what people and staff entered."""
    town = config.check(kit.config.file)[0] or kit.config
    names = [town.calendar.name]
    for source in town.sources:
        names += (source.name, source.organizer or "")
    for place in town.places:
        names += (place.name, *place.aliases)
    return frozenset(map(words_of, names))


def _mirrored(kit: Kit) -> list[str]:
    """Write the marks beside the town's file; a sentence where that is not possible."""
    suppressions = kit.ledger.suppressions
    path = mirror.beside(kit.config.file)
    try:
        known = mirror.read(path, suppressions.fingerprint) or frozenset()
        mirror.write(path, suppressions.fingerprint, suppressions.marks() | known)
    except ConfigError as error:
        return [f"{error}; without it a backup from before would bring the person back"]
    return []


def _named_by_hand(file: Path, suppressed: Suppressed) -> list[str]:
    """What only an operator can change: the town's own file."""
    try:
        held = suppressed.in_bytes(file.read_bytes())
    except OSError:
        held = False
    return [f"{file.name} names them: edit it"] if held else []
