"""What is served, kept ready: the shelf of published events, the text of each event, and the bytes of each answer.

A new catalogue version loads the events that changed, renders those alone, and builds each answer once however
many ask. It owns memory and nothing else: it selects nothing, knows no filter and no HTTP, and never writes.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from threading import Lock
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from aggregator.match import Pair
from aggregator.model import Event, StoredListing
from aggregator.render import Format
from aggregator.render.view import View
from aggregator.shelf import Entry, Shelf
from aggregator.state import SourceState
from aggregator.store.store import LoggedChange, Visits

BUDGET = 64 * 2**20  # bytes of prepared answers; a busy town has some 40 feeds of 1 MB
TEXTS = 64 * 2**20  # characters of rendered events; beyond, the form that was not asked for longest is forgotten
DEADLINE = 0.05  # seconds that a poll waits to learn the version of a busy database
LOADING = 5.0  # seconds that a poll waits for a version that is known to be new
PAUSE = 0.25  # seconds for which a version, once asked for, is taken as current
WHOLE = 86_400.0  # seconds after which all is loaded again: what was erased is not told as a change
_ANSWERS = 10_000  # answers of the store kept for one version
_LEVEL = 6  # of gzip: compressed once a version, so the better ratio costs nothing a request


class Readable(Protocol):
    """The read side of the store: synchronous, safe to call from any thread."""

    def stamp(self) -> tuple[int, datetime]:
        """The catalogue version and the instant at which it came to be."""

    def events(self, since: int = 0) -> Sequence[Event]:
        """Events changed after that version, withdrawn ones included."""

    def picture(self, name: str, small: bool) -> bytes | None:
        """The bytes of a picture, in one of its two sizes."""

    def redirect(self, id: str) -> str | None:
        """The id into which this one was merged."""

    def listings(self, events: Iterable[str]) -> Mapping[str, Sequence[StoredListing]]:
        """Event id → the listings that tell it now."""

    def pairs(self, listings: Iterable[int]) -> Sequence[Pair]:
        """The kept pairs of some listings, with their reasons."""

    def sources(self) -> Sequence[SourceState]:
        """What is remembered of every source."""

    def offsets(self) -> Mapping[str, int]:
        """The minutes by which sources' clocks are off, by source and season."""

    def history(self, source: str, since: datetime) -> Sequence[Visits]:
        """The visits of a source since a moment, by day and outcome."""

    def answer(self, source: str) -> bytes | None:
        """The newest answer of a source that was read well."""

    def changes(self, since: datetime, limit: int = 500) -> Sequence[LoggedChange]:
        """The newest changes told since an instant, newest first."""


Build = Callable[[Shelf], bytes]
Report = Callable[[str, str, Exception], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The bytes of one answer at a version, identity and gzip, each with its strong ETag (RFC 9110 8.8.3.3).

    An ETag is what the bytes are, so it survives a restart and is equal in every process. `modified` is the
    moment of what the answer depends on: the version, and the local date (`day`, which is an instant for an answer
    that changes within the day). `derived` is for whoever sends it: what is worked out once for these bytes goes
    when they go.
    """

    version: int
    day: date
    modified: datetime
    body: bytes = field(repr=False)
    packed: bytes = field(repr=False)
    etag: str
    packed_etag: str
    derived: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def size(self) -> int:
        """Bytes that it takes of the budget."""
        return len(self.body) + len(self.packed)


class Catalogue:
    """All that is ready to be served, by one process. Its public coroutines belong to one event loop.

    `ticks` is a monotonic clock in seconds. `report` is told of what could not be read or rendered: the id of
    the event ("" for the store), what was tried, and the error. `rendered` counts components rendered,
    `built` answers built.
    """

    def __init__(
        self,
        store: Readable,
        zone: ZoneInfo,
        ticks: Callable[[], float],
        report: Report,
        *,
        budget: int = BUDGET,
        texts: int = TEXTS,
    ) -> None:
        self.rendered = 0
        self.skipped = 0
        self.built = 0
        self._store = store
        self._zone = zone
        self._ticks = ticks
        self.report = report
        self._budget = budget
        self._most_text = texts
        self._shelf: Shelf | None = None
        self._asked = float("-inf")
        self._whole = ticks()
        self._moved = False
        self._loading: asyncio.Task[Shelf] | None = None
        self._texts: OrderedDict[tuple[str, str, str], dict[str, tuple[Event, str | None]]] = OrderedDict()
        self._held: OrderedDict[Hashable, Prepared] = OrderedDict()
        self._held_bytes = 0
        self._building: dict[Hashable, asyncio.Task[Prepared]] = {}
        self._answers: dict[Hashable, str | None] = {}
        self._answers_at = -1
        self._lock = Lock()

    async def shelf(self) -> Shelf:
        """The newest shelf that can be had in time. Raises what the store raises while there is none at all."""
        now = self._ticks()
        if self._shelf is not None and now - self._asked < PAUSE:
            return self._shelf
        self._asked = now
        if self._loading is None:
            self._moved = False
            self._loading = asyncio.create_task(asyncio.to_thread(self._load))
        loading = self._loading
        if self._shelf is None:
            await asyncio.wait({loading})
        else:
            await self._wait(loading)
        return self._settle(loading)

    async def prepared(self, key: Hashable, today: date, build: Build) -> Prepared:
        """The answer of that key for the local date: ready bytes, else built by `build` in a thread, once.

        `today` is a local instant where the answer changes within the day, the instant at which it last did.
        Who asks while it is built anew gets the former bytes; who asks first waits for the new ones.
        """
        shelf = await self.shelf()
        held = self._held.get(key)
        if held is not None and held.version == shelf.version and held.day == today:
            self._held.move_to_end(key)
            return held
        task = self._building.get(key)
        if task is not None and held is not None:
            return held
        if task is None:
            task = asyncio.create_task(self._make(key, shelf, today, build))
            self._building[key] = task
            task.add_done_callback(lambda _: self._building.pop(key, None))
        return await asyncio.shield(task)

    def current(self, key: Hashable, today: date) -> Prepared | None:
        """The answer of that key, if it is ready at a version that was just asked for."""
        held = self._held.get(key)
        if held is None or self._shelf is None or self._ticks() - self._asked >= PAUSE:
            return None
        if held.version != self._shelf.version or held.day != today:
            return None
        self._held.move_to_end(key)
        return held

    async def made(self, today: date, build: Build) -> Prepared:
        """An answer built for this request alone, and not kept."""
        return await asyncio.to_thread(self._prepare, await self.shelf(), today, build)

    async def remembered(self, key: Hashable, ask: Callable[[], str | None]) -> str | None:
        """What the store says, asked once a version: a dead address that is polled for ever costs nothing (E11)."""
        shelf = await self.shelf()
        if self._answers_at != shelf.version or len(self._answers) > _ANSWERS:
            self._answers_at, self._answers = shelf.version, {}
        if key not in self._answers:
            self._answers[key] = await asyncio.to_thread(ask)
        return self._answers[key]

    def texts(self, form: Format, view: View, entries: Iterable[Entry]) -> list[str]:
        """The text of each event in this format, rendered where it is not ready. One that fails is left out (E13)."""
        with self._lock:
            key = (form.extension, view.language, view.cancelled)
            known = self._texts.setdefault(key, {})
            self._texts.move_to_end(key)
            before = self.rendered
            found = [self._text(known, form, view, entry.event) for entry in entries]
            if self.rendered != before:
                self._forget_texts()
        return [text for text in found if text is not None]

    def forget(self) -> None:
        """Nothing rendered or prepared holds any more: the town's file changed."""
        with self._lock:
            self._texts.clear()
        self._held.clear()
        self._held_bytes = 0

    @property
    def held(self) -> tuple[int, int]:
        """How many answers are ready, and their bytes."""
        return len(self._held), self._held_bytes

    def _text(self, known: dict[str, tuple[Event, str | None]], form: Format, view: View, event: Event) -> str | None:
        ready = known.get(event.id)
        if ready is not None and (ready[0] is event or ready[0].version == event.version):
            return ready[1]
        text: str | None
        try:
            self.rendered += 1
            text = form.item(event, view)
            text.encode()  # a lone surrogate would break the whole feed later
        except Exception as error:  # whatever is wrong with it, the others are served
            self.skipped += 1
            self.report(event.id, form.extension, error)
            text = None
        known[event.id] = (event, text)
        return text

    def _forget_texts(self) -> None:
        sizes = {key: sum(len(text or "") for _, text in table.values()) for key, table in self._texts.items()}
        total = sum(sizes.values())
        while total > self._most_text and len(self._texts) > 1:
            key, _ = self._texts.popitem(last=False)
            total -= sizes[key]

    async def _wait(self, loading: asyncio.Task[Shelf]) -> None:
        done, _ = await asyncio.wait({loading}, timeout=DEADLINE)
        if not done and self._moved:
            await asyncio.wait({loading}, timeout=LOADING)

    def _settle(self, loading: asyncio.Task[Shelf]) -> Shelf:
        if loading.done():
            self._loading = None if self._loading is loading else self._loading
            try:
                self._shelf = loading.result()
            except Exception as error:  # the last known version is served; the store says what is wrong with it
                self.report("", "version", error)
                if self._shelf is None:
                    raise
        if self._shelf is None:
            raise RuntimeError("the shelf was awaited and is not there")
        return self._shelf

    def _load(self) -> Shelf:
        shelf, (version, moment) = self._shelf or Shelf(), self._store.stamp()
        whole = self._ticks() - self._whole > WHOLE
        if version == shelf.version and self._shelf is not None and not whole:
            return shelf
        self._moved = True
        if whole or version < shelf.version:  # an older number: the database was restored from a backup
            self._whole, shelf = self._ticks(), Shelf()
        return shelf.with_delta(version, moment, self._store.events(since=shelf.version), self._zone)

    async def _make(self, key: Hashable, shelf: Shelf, today: date, build: Build) -> Prepared:
        ready = await asyncio.to_thread(self._prepare, shelf, today, build)
        self.built += 1
        former = self._held.pop(key, None)
        self._held_bytes += ready.size - (former.size if former else 0)
        self._held[key] = ready
        while self._held_bytes > self._budget and len(self._held) > 1:
            _, oldest = self._held.popitem(last=False)
            self._held_bytes -= oldest.size
        return ready

    def _prepare(self, shelf: Shelf, today: date, build: Build) -> Prepared:
        body = build(shelf)
        packed = gzip.compress(body, _LEVEL, mtime=0)
        began = today if isinstance(today, datetime) else datetime.combine(today, time(), self._zone)
        modified = max(began, shelf.moment) if shelf.moment else began
        tag = hashlib.sha256(body).hexdigest()[:32]
        return Prepared(shelf.version, today, modified, body, packed, f'"{tag}"', f'"{tag}-gzip"')
