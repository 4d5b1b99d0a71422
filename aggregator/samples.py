"""What a stranger is shown of an address before anything is handed in: one bounded look, kept for some minutes.

Whatever keeps an address from being fetched (a name that is none, a closed port, a private network, silence, a budget
that is used up) gives the same empty sample after the same time, so that nobody learns what lies where (F19). One
address is asked once however many look at it, a host by all strangers together only so often, and a look asks a few
pages at most (F20).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog

from aggregator import previews, problems
from aggregator.errors import EvenemangError
from aggregator.fetch import Asks
from aggregator.kinship import Relative, relatives
from aggregator.kit import Kit
from aggregator.model import Counts, Event, Problem, Role
from aggregator.pasting import pasted
from aggregator.plan import Insert
from aggregator.quality import needs
from aggregator.ration import Rationed
from aggregator.report import Report
from aggregator.store import Store
from aggregator.systems import System, system_of

PATIENCE = 10.0  # seconds for a look, and exactly so many for one that shows nothing
KEPT = 600.0  # seconds that a look is kept: longer than it takes to fill in the form
KEPT_EMPTY = 60.0  # what is mended meanwhile is soon seen
MOST_KEPT = 100
AT_ONCE = 3  # each takes a child that reads
QUESTIONS = 5  # of one look: a page, the calendar that it links to, some further pages
EVENTS = 20  # that are shown
PROBLEMS = 20
BY_HOST = (60, timedelta(hours=1))  # looks of all strangers at one host
BY_ALL = (300, timedelta(hours=1))
_NOTHING = Counts()
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What an address gives. `shown` is False where nothing can be told, whatever the reason.

    `events` are the next ones, as they would be published. `code` names what an answer without events is instead.
    """

    address: str
    shown: bool = False
    code: str = ""
    format: str = ""
    name: str = ""
    counts: Counts = _NOTHING
    events: tuple[Event, ...] = ()
    problems: tuple[Problem, ...] = ()
    relatives: tuple[Relative, ...] = ()
    system: System | None = None
    needs: tuple[str, ...] = ()


class Samples:
    """The looks of one process. `kit` gives the kit of the moment; `fetcher` is what asks for strangers."""

    def __init__(self, kit: Callable[[], Kit], store: Store, fetcher: Asks, patience: float = PATIENCE) -> None:
        self._kit = kit
        self._store = store
        self._fetcher = fetcher
        self._patience = patience
        self._looks: dict[str, tuple[float, asyncio.Task[Sample]]] = {}
        self._free = asyncio.Semaphore(AT_ONCE)

    async def look(self, address: str) -> Sample:
        """What an address gives; an empty sample takes `patience` seconds to the moment."""
        clock, wanted = asyncio.get_running_loop().time, pasted(address)
        began, found = clock(), Sample(address=wanted)
        task = self._known(wanted, began) or self._begun(wanted, began)
        done, _ = await asyncio.wait({task}, timeout=self._patience)
        found = task.result() if done else found
        if not found.shown:
            await asyncio.sleep(max(0.0, self._patience - (clock() - began)))
        return found

    def kept(self, address: str) -> Sample | None:
        """What was shown of an address lately, without asking it; None where nothing was."""
        known = self._looks.get(pasted(address))
        return known[1].result() if known and known[1].done() and known[1].result().shown else None

    def _known(self, address: str, at: float) -> asyncio.Task[Sample] | None:
        self._looks = {a: (since, look) for a, (since, look) in self._looks.items() if at - since < _kept(look)}
        known = self._looks.get(address)
        return known[1] if known else None

    def _begun(self, address: str, at: float) -> asyncio.Task[Sample]:
        """A new look. It is there for others from this moment on, since nothing is waited for in between."""
        while len(self._looks) >= MOST_KEPT:
            del self._looks[next(iter(self._looks))]
        task = asyncio.create_task(self._taken(address))
        self._looks[address] = at, task
        return task

    def _room(self, address: str) -> bool:
        now, tally = self._kit().clock(), self._store.tally
        return tally.hit("look-host", _host(address), now, *BY_HOST) and tally.hit("look", "", now, *BY_ALL)

    async def _taken(self, address: str) -> Sample:
        """The look itself, if there is room for one; what goes wrong in it is noted for the operator alone."""
        async with self._free:
            kit = replace(self._kit(), fetcher=Rationed(self._fetcher, QUESTIONS))
            try:
                if not await asyncio.to_thread(self._room, address):
                    return Sample(address=address)
                report = await previews.preview(kit, address, Role.ORGANIZER)
                return await asyncio.to_thread(_sample, address, report, kit)
            except EvenemangError as error:
                log.warning("sample.failed", error=str(error))
                return Sample(address=address)


def _kept(look: asyncio.Task[Sample]) -> float:
    """Seconds that a look is kept; one that goes on is there for all who wait."""
    if not look.done():
        return float("inf")
    return KEPT if look.result().shown else KEPT_EMPTY


def _sample(address: str, report: Report, kit: Kit) -> Sample:
    """What is told of a report: all that was read, and nothing of an address that gave no answer."""
    if not report.ok and report.code not in problems.SENTENCES:
        return Sample(address=address)
    told = tuple(action.listing for action in report.actions if isinstance(action, Insert))
    return Sample(
        address=address,
        shown=True,
        code=report.code,
        format=report.format,
        name=report.name,
        counts=report.counts or Counts(),
        events=tuple(_coming(report.events, kit))[:EVENTS],
        problems=tuple(dict.fromkeys(map(_silent, report.problems)))[:PROBLEMS],
        relatives=relatives(address, report.events, previews.ID, kit.config.sources, kit.ledger.states()),
        system=system_of(address, report.maker),
        needs=needs(report.code, report.problems, told),
    )


def _silent(problem: Problem) -> Problem:
    """A problem without what it tells of addresses that the answer led on to (F19)."""
    return replace(problem, detail="") if problem.code == "page-failed" else problem


def _coming(events: Iterable[Event], kit: Kit) -> list[Event]:
    """The next events of the address itself, in order."""
    now: datetime = kit.clock()
    own = [e for e in events if e.withdrawn is None and previews.ID in e.content.sources]
    ahead = [e for e in own if e.content.when.over(kit.zone) >= now]
    return sorted(ahead, key=lambda e: (e.content.when.begins(kit.zone), e.id))


def _host(address: str) -> str:
    """What looks are counted under: the end of the name, so that no number of names of one owner is a way around."""
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""
    return host if ":" in host or host[-1:].isdigit() else ".".join(host.split(".")[-2:])
