"""All components of one UID → drafts: which is a master, which an override, which stands alone. No expansion itself."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from aggregator import recurrence
from aggregator.formats import eventtimes, vevent
from aggregator.formats.contentlines import Properties, Property, first, properties
from aggregator.formats.eventtimes import Clocks
from aggregator.formats.format import Found, Item
from aggregator.formats.vevent import Told
from aggregator.model import Draft, Problem
from aggregator.normalize import Fall
from aggregator.recurrence import Expansion, Moment, Occurrence, Part
from aggregator.rules import RuleRefused

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Component:
    """One VEVENT: its properties and times, and what is to be told about it.

    `order` decides which of two competing components speaks: SEQUENCE, then content, never their clock (C17).
    """

    props: Properties
    part: Part | None
    problems: tuple[Problem, ...]
    order: tuple[int, bytes]

    @property
    def uid(self) -> str | None:
        return first(self.props, "UID")

    @property
    def title(self) -> str:
        return (first(self.props, "SUMMARY") or "")[:200]


def component(event: bytes, content: bytes, clocks: Clocks) -> Component:
    """The lines between BEGIN:VEVENT and END:VEVENT, read; `content` is what of them counts."""
    props = properties(event.decode(errors="replace").split("\n"))
    part, problems = eventtimes.part(props, clocks)
    sequence = props.get("SEQUENCE", [Property("SEQUENCE", "0")])[0].value.strip()
    number = int(sequence) if re.fullmatch(r"\d{1,12}", sequence) else 0
    return Component(props, part, tuple(problems), (number, content))


class Series:
    """The components of one UID and the span that is wanted; `found` reads them once."""

    def __init__(self, components: list[Component], clocks: Clocks, span: Span) -> None:
        self.components = components
        self.clocks = clocks
        self.span = span
        self.items: dict[int, Item] = {}
        self.bases: dict[int, Draft] = {}
        self.moving = False

    def found(self) -> Found:
        """An item for each component, in their order."""
        if len(self.components) == 1 and _plain(self.components[0].part):
            self._single(0)
            return Found(items=(self.items[0],))
        live = self._newest()
        masters = [index for index in live if self._part(index).slot is None]
        overrides = [index for index in live if self._part(index).slot is not None]
        owner = next((index for index in masters if self._part(index).repeats), None)
        for index in masters:
            if self._part(index).repeats:
                self._series(index, overrides if index == owner else [])
            else:
                self._single(index)
        for index in overrides if owner is None else []:
            self._single(index)
        if len(masters) > 1:
            self._warn(masters[0])
        return Found(items=tuple(self.items[index] for index in range(len(self.components))), moving=self.moving)

    def _part(self, index: int) -> Part:
        part = self.components[index].part
        assert part is not None  # noqa: S101 - only components with times are live
        return part

    def _newest(self) -> list[int]:
        """Components that speak; of several for the same date (and title) the one that was edited last."""
        best: dict[object, int] = {}
        for index, one in enumerate(self.components):
            if one.part is None:
                self.items[index] = Item(fall=Fall.REFUSED, problems=one.problems)
                continue
            name = (one.part.slot,) if one.part.slot is not None else (None, one.part.start, one.title)
            rival = best.setdefault(name, index)
            if rival == index:
                continue
            best[name], loser = (index, rival) if self.components[rival].order < one.order else (rival, index)
            self.items[loser] = Item(fall=Fall.REFUSED, problems=(Problem("told-twice", one.title),))
        return sorted(best.values(), key=lambda index: self.components[index].order[1])

    def _warn(self, index: int) -> None:
        """Several events under one UID are kept, each by its start, and told (C07)."""
        uid = self.components[index].uid
        if uid:
            note = Problem("uid-shared", self.components[index].title, uid[:100], refused=False)
            item = self.items[index]
            self.items[index] = replace(item, problems=(*item.problems, note))

    def _single(self, index: int) -> None:
        part, one = self._part(index), self.components[index]
        stated = eventtimes.stated(part.start, one.props["DTSTART"][0], self.clocks)
        told = Told(part.start, _end(part.start, part.length), stated)
        if part.slot is not None:
            slot = eventtimes.stated(part.slot, one.props["RECURRENCE-ID"][0], self.clocks)
            told = told._replace(slot=slot, series=one.uid, override=True)
        self.items[index] = Item(drafts=(vevent.draft(one.props, self._notes(one), told),))

    def _series(self, index: int, overrides: list[int]) -> None:
        parts = tuple(self._part(number) for number in overrides)
        try:
            expansion = recurrence.expand(self._part(index), parts, *self.span)
        except RuleRefused as refused:
            problem = Problem(refused.code, self.components[index].title, refused.detail)
            self.items[index] = Item(fall=Fall.REFUSED, problems=(problem,))
            for number in overrides:
                self._single(number)
            return
        self.moving = self.moving or expansion.later
        drafts: dict[int, list[Draft]] = defaultdict(list)
        for one in expansion.occurrences:
            speaker = index if one.part < 0 else overrides[one.part]
            drafts[speaker].append(self._occurrence(speaker, index, one))
        self._tell(index, overrides, drafts, expansion)

    def _occurrence(self, speaker: int, master: int, one: Occurrence) -> Draft:
        """A date of the series. Its key is the slot, as the master states times; its own start may be another."""
        begin, own = (self.components[index].props["DTSTART"][0] for index in (master, speaker))
        uid = self.components[master].uid
        return replace(
            self._said(speaker, master),
            uid=uid,
            start=one.start,
            end=one.end,
            stated_start=eventtimes.stated(one.start, own, self.clocks),
            recurrence_id=eventtimes.stated(one.slot, begin, self.clocks),
            series=uid,
            override=speaker != master,
        )

    def _said(self, speaker: int, master: int) -> Draft:
        own = self._base(speaker)
        return own if speaker == master else vevent.completed(own, self._base(master))

    def _base(self, index: int) -> Draft:
        """What all dates of a component have in common."""
        if index not in self.bases:
            one = self.components[index]
            self.bases[index] = vevent.draft(one.props, self._notes(one), Told())
        return self.bases[index]

    def _notes(self, one: Component) -> tuple[Problem, ...]:
        """What is to be told of the component, unknown zone names included: never silently read (C15)."""
        if not self.clocks.unknown:
            return one.problems
        named = {prop.tzid for name in ("DTSTART", "DTEND") for prop in one.props.get(name, ())}
        unknown = [Problem("unknown-zone", one.title, name, refused=False) for name in named & self.clocks.unknown]
        return (*one.problems, *unknown)

    def _tell(self, index: int, overrides: list[int], drafts: dict[int, list[Draft]], expansion: Expansion) -> None:
        title = self.components[index].title
        notes = [Problem(code, title, detail, refused=False) for code, detail in expansion.notes]
        for number in expansion.stray:
            slot = self._part(overrides[number]).slot
            notes.append(Problem("stray-override", title, slot.isoformat() if slot else "", refused=False))
        fall = _fall(expansion, inside=bool(drafts))
        if fall is Fall.REFUSED:
            notes.append(Problem("never-happens", title))
        self.items[index] = Item(drafts=tuple(drafts.get(index, ())), fall=fall, problems=tuple(notes))
        for number in overrides:
            self.items[number] = Item(drafts=tuple(drafts.get(number, ())), fall=self._outside(number))

    def _outside(self, index: int) -> Fall:
        """Where an override falls that gave no date: outside, or its date was taken out (EXDATE)."""
        start = self._part(index).start
        moment = start if isinstance(start, datetime) else datetime(*start.timetuple()[:3], tzinfo=self.span[0].tzinfo)
        if moment >= self.span[1]:
            return Fall.BEYOND
        return Fall.PAST if moment < self.span[0] else Fall.REFUSED


def _plain(part: Part | None) -> bool:
    """One event at one time: nothing to choose and nothing to expand."""
    return part is not None and part.slot is None and not part.repeats


def _fall(expansion: Expansion, *, inside: bool) -> Fall:
    if inside:
        return Fall.INSIDE
    if expansion.later:
        return Fall.BEYOND
    return Fall.PAST if expansion.earlier else Fall.REFUSED


def _end(start: Moment, length: timedelta | None) -> Moment | None:
    """Start plus length on the wall clock, as an instant that exists."""
    if length is None:
        return None
    if not isinstance(start, datetime):
        return start + length
    wall = start.replace(tzinfo=None) + length
    return wall.replace(tzinfo=start.tzinfo).astimezone(UTC).astimezone(start.tzinfo)
