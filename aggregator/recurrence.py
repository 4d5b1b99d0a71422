"""The dates of one UID: rules, RDATE, EXDATE, overrides (RFC 5545 3.8.5, 3.8.4.4) inside a span. No parsing of files.

Occurrences are computed in the wall clock of the master's zone and made aware at the end: a time that the clock
skips is shifted forward, one that comes twice is the first (fault C25).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from aggregator import rules
from aggregator.rules import Rule, RuleRefused

MAX_OCCURRENCES = 600  # of one series in the window, fault A02
MAX_DATES = 2000  # RDATE and EXDATE of one component, A08; the reader counts them before it reads them
MAX_RULES = 2  # A09
MAX_MOVE = timedelta(days=366)  # of all dates by one THISANDFUTURE; farther is a mistake in one date
AHEAD = timedelta(
    days=30 * 366
)  # a 29th of February on a Monday comes every 28 years; what does not come by then never does

Moment = date | datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The times of one component. Datetimes are aware; a part is all dates or all datetimes as far as it was stated so.

    `length` is end minus start on the wall clock (None: no end). `slot` is its RECURRENCE-ID, `onwards` its
    RANGE=THISANDFUTURE. `extra` are RDATEs with their own length, `without` EXDATEs, `unruled` EXRULEs, which RFC 5545
    dropped and old calendars have (RFC 2445 4.8.5.2).
    """

    start: Moment
    length: timedelta | None = None
    slot: Moment | None = None
    onwards: bool = False
    rules: tuple[str, ...] = ()
    unruled: tuple[str, ...] = ()
    extra: tuple[tuple[Moment, timedelta | None], ...] = ()
    without: tuple[Moment, ...] = ()

    @property
    def repeats(self) -> bool:
        return bool(self.rules or self.extra)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date. `part` tells whose text it has: -1 the master, else the index in `overrides`. `slot` names it."""

    part: int
    slot: Moment
    start: Moment
    end: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """Dates of a series that touch the span, in order. `later` and `earlier`: there are dates after, before it.

    `notes` are codes of `problems.SENTENCES`; `stray` indexes overrides of dates that the rule does not give.
    """

    occurrences: tuple[Occurrence, ...] = ()
    earlier: bool = False
    later: bool = False
    notes: tuple[tuple[str, str], ...] = ()
    stray: tuple[int, ...] = ()


def gate(part: Part) -> tuple[tuple[Rule, ...], tuple[Rule, ...], tuple[str, str] | None]:
    """The rules of a part that may be expanded, those that take dates out, and code and detail of what forbids it.

    With rules that are refused, of either kind, only the first date is kept (A01 to A04, A07): dates that should be
    taken out would be told. `RuleRefused` is raised where the whole component is hostile (A09).
    """
    most = max(len(part.rules), len(part.unruled))
    if most > MAX_RULES:
        raise RuleRefused("too-many-rules", str(most))
    try:
        return tuple(map(rules.parse, part.rules)), tuple(map(rules.parse, part.unruled)), None
    except RuleRefused as refused:
        return (), (), (refused.code, refused.detail)


def expand(master: Part, overrides: tuple[Part, ...], first: datetime, last: datetime) -> Expansion:
    """The occurrences of a series that touch the span from `first` to `last` (aware, the end not included).

    Raises `RuleRefused` as `gate` does.
    """
    walk = _Walk(master, overrides, first, last)
    walk.run()
    return walk.result()


class _Walk:
    """One expansion: the wall clock of the master's zone, the slots of the rule, and what was taken out or replaced."""

    def __init__(self, master: Part, overrides: tuple[Part, ...], first: datetime, last: datetime) -> None:
        self.master = master
        self.overrides = overrides
        self.rules, self.unruled, note = gate(master)
        self.notes = [] if note is None else [note]
        self.zone: tzinfo | None = master.start.tzinfo if isinstance(master.start, datetime) else None
        self.span = first, last
        self.first, self.last = self.wall(first), self.wall(last)
        self.without = {self.wall(value) for value in master.without if isinstance(value, datetime) or not self.timed}
        self.days_without = (
            {value for value in master.without if not isinstance(value, datetime)} if self.timed else set()
        )
        self.found: list[Occurrence] = []
        self.earlier = self.later = False
        self.used: set[int] = set()

    @property
    def timed(self) -> bool:
        return self.zone is not None

    def wall(self, value: Moment) -> datetime:
        """A moment on the wall clock of the master's zone; for days, and among days, it is the midnight of its day."""
        if self.zone is None and isinstance(value, datetime) and str(value.tzinfo) == "UTC":
            value = value.astimezone(self.span[0].tzinfo)  # a local midnight, written in UTC
        if not isinstance(value, datetime) or self.zone is None:
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - wall clock
        if value.tzinfo is None:
            return value
        return value.astimezone(self.zone).replace(tzinfo=None)

    def moment(self, wall: datetime) -> Moment:
        """A wall time as it is: aware and existing, or a day."""
        if self.zone is None:
            return wall.date()
        return wall.replace(tzinfo=self.zone).astimezone(UTC).astimezone(self.zone)

    def run(self) -> None:
        replaced = self._replaced()
        onwards = sorted(
            (self.wall(part.slot), index)
            for index, part in enumerate(self.overrides)
            if part.slot is not None and part.onwards and abs(self._moved(index)) <= MAX_MOVE
        )
        for slot, length in self._slots(onwards):
            if slot in self.without or slot.date() in self.days_without:
                continue
            index = replaced.get(slot, replaced.get(slot.date(), -1))
            if index >= 0:
                self.used.add(index)
                continue
            if len(self.found) >= MAX_OCCURRENCES:
                self.notes.append(("too-many-occurrences", str(MAX_OCCURRENCES)))
                break
            self._regular(slot, length, onwards)
        self._overridden()

    def result(self) -> Expansion:
        kept = sorted(self.found, key=lambda one: (self.wall(one.start), one.part))
        return Expansion(
            occurrences=tuple(kept),
            earlier=self.earlier,
            later=self.later,
            notes=tuple(self.notes),
            stray=tuple(index for index in range(len(self.overrides)) if not self._of_rule(index)),
        )

    def _replaced(self) -> dict[Moment, int]:
        """Slots that an override speaks for; a RECURRENCE-ID that is a day speaks for the slot of that day."""
        found: dict[Moment, int] = {}
        for index, part in enumerate(self.overrides):
            if isinstance(part.slot, datetime) or not self.timed:
                found[self.wall(part.slot or part.start)] = index
            elif part.slot is not None:
                found[part.slot] = index
        return found

    def _slots(self, onwards: list[tuple[datetime, int]]) -> list[tuple[datetime, timedelta | None]]:
        """Slots whose occurrence may touch the span, in order, each with its own length if an RDATE gave one."""
        back, ahead = self._reach(onwards)
        first, last = self.first - back, self.last + ahead
        start = self.wall(self.master.start)
        ends = [self._until(rule) for rule in self.rules]
        slots: dict[datetime, timedelta | None] = {}
        if not (ends and all(end is not None and end < start for end in ends)):
            slots[start] = None
        for rule, end in zip(self.rules, ends, strict=True):
            found = rules.between(rule, start, first, last + AHEAD, end)
            for number, slot in enumerate(found):
                slots.setdefault(slot, None)
                if slot > last or number > 2 * MAX_OCCURRENCES + len(self.without):
                    self.later = True
                    break
        for value, length in self.master.extra:
            slots.setdefault(self.wall(value), length)
        for rule in self.unruled:
            for slot in rules.between(
                rule, start, min(slots, default=first), max(slots, default=last), self._until(rule)
            ):
                slots.pop(slot, None)
        self.earlier = start < first
        return sorted((slot, length) for slot, length in slots.items() if first <= slot)

    def _reach(self, onwards: list[tuple[datetime, int]]) -> tuple[timedelta, timedelta]:
        """How far before and after the span a slot can lie whose occurrence touches it."""
        lengths = [part.length or timedelta() for part in (self.master, *self.overrides)]
        lengths += [length or timedelta() for _, length in self.master.extra]
        moves = [self._moved(index) for _, index in onwards]
        return max(lengths) + max([timedelta(), *moves]), max([timedelta(), *(-move for move in moves)])

    def _until(self, rule: Rule) -> datetime | None:
        """The rule's end on the wall clock. A day as the end of timed events means the whole day."""
        if rule.until is None:
            return None
        if not isinstance(rule.until, datetime):
            return datetime(rule.until.year, rule.until.month, rule.until.day, 23, 59, 59)  # noqa: DTZ001
        return self.wall(rule.until.replace(tzinfo=UTC)) if rule.until_utc and self.timed else rule.until

    def _moved(self, index: int) -> timedelta:
        part = self.overrides[index]
        return self.wall(part.start) - self.wall(part.slot or part.start)

    def _regular(self, slot: datetime, length: timedelta | None, onwards: list[tuple[datetime, int]]) -> None:
        """An occurrence that no override replaces: the master's, or shaped by the last THISANDFUTURE before it."""
        index = max(
            (number for at, number in onwards if at < slot),
            key=lambda n: self.wall(self.overrides[n].slot or slot),
            default=-1,
        )
        part = self.master if index < 0 else self.overrides[index]
        start = slot if index < 0 else slot + self._moved(index)
        length = part.length if length is None else length
        self._add(index, slot, start, None if length is None else start + length)

    def _overridden(self) -> None:
        """Overrides speak for themselves, unless their date was taken out."""
        for index, part in enumerate(self.overrides):
            slot = self.wall(part.slot or part.start)
            if slot in self.without or slot.date() in self.days_without:
                continue
            start = self.wall(part.start)
            self._add(index, slot, start, None if part.length is None else start + part.length, part)

    def _add(self, index: int, slot: datetime, start: datetime, end: datetime | None, own: Part | None = None) -> None:
        after = (
            max(end or start, start + timedelta(microseconds=1)) if self.timed else (end or start + timedelta(days=1))
        )
        if start >= self.last:
            self.later = True
        elif after <= self.first:
            self.earlier = True
        else:
            begins = self.moment(start) if own is None else own.start
            ends = None if end is None else self.moment(end)
            self.found.append(Occurrence(index, self.moment(slot), begins, ends))

    def _of_rule(self, index: int) -> bool:
        return (
            index in self.used or not self.rules or not self.first <= self.wall(self.overrides[index].start) < self.last
        )
