"""Prose → the times that it tells: days and clocks of a text, brought together. Pure: the day of reading is given.

What a text tells as past, as a deadline, as the hours of a house or as a stamp of the text itself is no time of an
event and is left out. The reading is at most as long as `lexer.LONGEST`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from aggregator.swedish.clocks import Clock, clock_at
from aggregator.swedish.days import days_at
from aggregator.swedish.lexer import Token, tokens
from aggregator.swedish.rules import Days
from aggregator.swedish.words import PAST

_FROM_HERE = re.compile(
    r"\b(?:senast|sista\s(?:dag|anm|ans)\w*|anm[äa]l\w*(?:\s\w+){0,2}\s(?:öppnar|stänger)|ansökan|o\.?\s?s\.?\s?a\b|biljett\w*"
    r"\s(?:släpps|släpptes|finns)|biljettsläpp|förköp|publicera\w*|uppdatera\w*|skriven|skrivet|ändrad|öppettid\w*"
    r"|har\söppet|öppet\s(?=vard|må|ti|on|to|fr|lö|sö|alla|dag|kl)|deadline|rsvp|register\sby|posted|published|updated"
    r"|född\w*|stiftad\w*|sedan\s\d|läs\smer)",
    re.I,
)
_THANKS = re.compile(r"\btack\b[^.!?\n]{0,40}\bsom\s(?:kom|var|deltog|besökte|hjälpte|ställde|gjorde)\b", re.I)
_EXCEPT = frozenset(("ej", "inte", "utom", "förutom", "undantaget", "uppehåll", "except", "not"))
_EXCEPT |= frozenset(("tidigare", "ursprungligen", "före", "innan", "before"))  # the old date, a deadline
_HOURS = frozenset(("tid", "tider", "klockslag", "time", "speltid", "starttid"))  # "Tid: 18–20"
_LASTING = re.compile(r"\b(?:pågår|visas|hänger|utställning\w*|öppen|öppet|kan\sses|on\sshow|runs)\b", re.I)
_MOVED = re.compile(r"flytt|skjut|ändra|lagd|lagts|lagt\b|bytt|välkom|welcome|inbjud|moved|postponed|rescheduled", re.I)
NEAR = 2  # sentences between a day and the hour that belongs to it


@dataclass(slots=True)
class Entry:
    """Days with what was said about their hours, while a text is read."""

    days: list[Days]
    sentence: int
    clock: Clock | None = None
    doors: int | None = None
    until: tuple[date, int] | None = None  # the end of "fredag kl. 18 – söndag kl. 15"
    bounds: list[Days] = field(default_factory=list)
    without: list[tuple[date, date]] = field(default_factory=list)  # "ej 22 februari"
    lasting: bool = False
    ending: bool = False  # only the last day of something is told: "kan sökas till den 1 februari"
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Sentence:
    first: int
    last: int
    start: int
    end: int


def entries(text: str, today: date) -> list[Entry]:
    """Every time that the text tells, with its hours, in order."""
    words = tokens(text)
    reader = _Reader(text, words, today)
    for number, sentence in enumerate(_sentences(words, len(text))):
        reader.read(sentence, number)
    return reader.entries


def _sentences(words: Sequence[Token], length: int) -> Iterator[_Sentence]:
    first, start = 0, 0
    for index, token in enumerate(words):
        if token.kind in ("stop", "newline"):
            yield _Sentence(first, index, start, token.end)
            first, start = index + 1, token.end
    yield _Sentence(first, len(words), start, length)


class _Reader:
    """The state of one reading: what was told so far, and what still waits for its other half."""

    def __init__(self, text: str, words: list[Token], today: date) -> None:
        self.text, self.words, self.today = text, words, today
        self.entries: list[Entry] = []
        self.group: list[Entry] = []  # days in a list that share the next clock
        self.waiting: Clock | None = None  # a clock before its day
        self.doors: int | None = None
        self.role: str | None = None
        self.role_at = -9
        self.labelled = -9  # the sentence of "Tid: 19.00", which may stand before its day

    def read(self, sentence: _Sentence, number: int) -> None:
        """One sentence, unless it tells of what was."""
        kept = self.waiting if number - self.labelled <= NEAR else None
        self.waiting, self.doors, self.role = kept, None, None
        if self._past(sentence):
            self.group = []
            return
        found = _FROM_HERE.search(self.text, sentence.start, sentence.end)
        dead = found.start() if found else sentence.end
        opened = len(self.entries)
        i = sentence.first
        while i < sentence.last and self.words[i].start < dead:
            i = self._step(i, number)
        self._drop_hours(opened)

    def _past(self, sentence: _Sentence) -> bool:
        words = self.words[sentence.first : sentence.last]
        if _THANKS.search(self.text, sentence.start, sentence.end):
            return True
        return any(token.kind == "last" or (token.kind == "word" and token.value[0] in PAST) for token in words)

    def _step(self, i: int, number: int) -> int:
        token = self.words[i]
        if token.kind in ("doors", "begin"):
            self.role, self.role_at = token.kind, i
            return i + 1
        if token.kind in ("word", "held") and token.value[0] in _HOURS and self._kinds(i + 1, 1) == ["colon"]:
            self.role, self.role_at, self.labelled = "begin", i, number
            return i + 1
        if token.kind == "held":
            ranged = self._kinds(i + 1, 3) == ["num", "dash", "num"] and self._hours(i + 1)
            self.role, self.role_at = ("begin", i) if ranged else (self.role, self.role_at)
            return i + 1
        told = i - self.role_at <= 3 and self.role is not None
        hours = (told or self._after_day(i)) and self._hours(i)
        clock = clock_at(self.words, i, told=told, after_day=True) if hours else None
        if clock is not None:
            self._clock(clock[0], number, clock[1])
            return clock[1]
        days = days_at(self.words, i, self.today)
        if days is not None and self._excepted(i, days[0]):
            return days[1]
        if days is not None:
            self._day(days[0], i, days[1], number)
            return days[1]
        clock = clock_at(self.words, i, told=told, after_day=self._after_day(i))
        if clock is not None and self._ends(i):
            return clock[1]
        if clock is not None:
            self._clock(clock[0], number, clock[1])
            return clock[1]
        return i + 1

    def _kinds(self, i: int, count: int) -> list[str]:
        return [token.kind for token in self.words[i : i + count]]

    def _hours(self, i: int) -> bool:
        """Whether a number is an hour or two, and no day: "10–14, sön 7 mar" behind a day, not "10–14 mars"."""
        kinds = self._kinds(i, 4)
        if kinds[:3] == ["num", "dash", "num"]:
            return kinds[3:] != ["month"]
        return kinds[:1] == ["num"] and self.role is not None and kinds[1:2] not in (["month"], ["slash"])

    def _ends(self, i: int) -> bool:
        """Whether an hour is told as the end of a day that has no other: when it begins stays unknown."""
        current = self.entries[-1] if self.entries else None
        return current is not None and current.clock is None and current.end == i - 1 and self._before(i, "until")

    def _excepted(self, i: int, days: Days) -> bool:
        """Whether these are days on which a rule rests: "måndagar kl. 10 (ej 22 februari)"."""
        while i > 0 and self.words[i - 1].kind in ("den", "on", "colon"):
            i -= 1
        word = self.words[i - 1] if i > 0 else None
        if word is None or word.kind != "word" or word.value[0] not in _EXCEPT:
            return False
        if self.entries:
            self.entries[-1].without += days.spans
        return True

    def _after_day(self, i: int) -> bool:
        """Whether nothing but a comma stands between the last day and this token."""
        last = self.entries[-1].end if self.entries else -9
        return last <= i and all(token.kind in ("comma", "bracket") for token in self.words[last:i])

    def _adjacent(self, i: int) -> bool:
        last = self.entries[-1].end if self.entries else -9
        kinds = ("comma", "and", "newline", "bracket", "den", "on")
        return bool(self.entries) and all(token.kind in kinds for token in self.words[last:i])

    def _day(self, days: Days, i: int, end: int, number: int) -> None:
        current = self.entries[-1] if self.entries else None
        if current is not None and current.sentence == number and self._bounds(current, days, i):
            current.end = end
            return
        if days.kind == "months":
            return
        if current is not None and number - current.sentence <= NEAR and _weekday_of(current, days):
            current.end = end
            return
        if current is not None and current.sentence == number and _inside(current, days):
            current.days, current.end = [days], end
            return
        if current is not None and self._close(current, days, i, number):
            current.end = end
            return
        if current is not None and self._continues(current, days, i):
            current.until = (days.spans[0][0], -1)
            current.end = end
            return
        if current is not None and self._same(current, days, i):
            current.days[-1] = days if days.kind == "dates" else current.days[-1]
            current.end = end
            return
        entry = Entry([days], number, end=end, lasting=self._lasts(i), ending=self._ends_on(i))
        joined = current is not None and current.clock is None and not current.days[0].weekly and self._adjacent(i)
        self.group = [*self.group, entry] if joined else [entry]
        if self.waiting is not None:
            entry.clock, entry.doors = self.waiting, self.doors
            self.waiting = self.doors = None
        elif self.doors is not None:
            entry.doors, self.doors = self.doors, None
        self.entries.append(entry)

    def _bounds(self, current: Entry, days: Days, i: int) -> bool:
        """Whether these days only bound the rule that was told before: "torsdagar … t.o.m. 12/5"."""
        if current.days[0].weekly is None or days.weekly is not None or not days.spans:
            return False
        long = days.spans[0][0] != days.spans[-1][1]
        if long or self._before(i, "until", "from"):
            current.bounds.append(days)
            if self._before(i, "until") and not long:
                current.bounds[-1] = Days(
                    (days.spans[0],), kind="until", at=days.at, sure=days.sure, doubts=days.doubts
                )
            return True
        return False

    def _before(self, i: int, *kinds: str) -> bool:
        while i > 0 and self.words[i - 1].kind in ("den", "on"):
            i -= 1
        return i > 0 and self.words[i - 1].kind in kinds

    def _continues(self, current: Entry, days: Days, i: int) -> bool:
        """The end of "11 mars 17.00 – 12 mars 04.00"."""
        single = len(days.spans) == 1 and days.spans[0][0] == days.spans[0][1]
        return (
            current.clock is not None
            and current.until is None
            and current.end == i - 1
            and self.words[i - 1].kind in ("dash", "until")
            and single
            and len(current.clock.spans) == 1
        )

    def _close(self, current: Entry, days: Days, i: int, number: int) -> bool:
        """Take the last day of "Startdatum: 27 februari, Slutdatum: 28 februari"; False if it is none."""
        word = self.words[i - 1 - (self._kinds(i - 1, 1) == ["den"])] if i > 1 else None
        if word is None or word.kind != "until" or not str(word.value[0]).startswith(("slut", "end")):
            return False
        spans = current.days[-1].spans
        if number - current.sentence > NEAR or len(spans) != 1 or len(days.spans) != 1 or current.until is not None:
            return False
        first, last = spans[0][0], days.spans[0][1]
        if last < first:
            return False
        if current.clock is not None:
            current.until = (last, -1)
        else:
            current.days[-1] = replace(current.days[-1], spans=((first, last),))
        return True

    def _same(self, current: Entry, days: Days, i: int) -> bool:
        """A named day or a weekday beside its own date: "Kristi himmelsfärdsdag 6 maj"."""
        named = "named" in (current.days[-1].kind, days.kind) or "weekday" in (current.days[-1].kind, days.kind)
        equal = days.spans == current.days[-1].spans
        return current.clock is None and self._adjacent(i) and (equal or (named and current.days[-1].kind == "named"))

    def _lasts(self, i: int) -> bool:
        """Whether only the end of something that is going on is told."""
        if not self._before(i, "until"):
            return False
        begin = max((k for k in range(i) if self.words[k].kind in ("stop", "newline")), default=-1)
        sentence = self.text[self.words[begin].end if begin >= 0 else 0 : self.words[i].start]
        return bool(_LASTING.search(sentence))

    def _ends_on(self, i: int) -> bool:
        """Whether a day is told as a last one; what is moved to a day, or whoever is welcome to it, begins then."""
        begin = max((k for k in range(i) if self.words[k].kind in ("stop", "newline")), default=-1)
        sentence = self.text[self.words[begin].end if begin >= 0 else 0 : self.words[i].start]
        return self._before(i, "until") and not _MOVED.search(sentence)

    def _clock(self, clock: Clock, number: int, end: int) -> None:
        role, self.role = self.role, None
        current = self.entries[-1] if self.entries else None
        near = current is not None and number - current.sentence <= NEAR
        if role == "doors" and clock.spans:
            self._open(clock.spans[0][0], current if near else None)
        elif current is not None and current.until is not None and current.until[1] < 0 and clock.spans:
            current.until = (current.until[0], clock.spans[0][0])
        elif near and current is not None and current.clock is None:
            for entry in self.group or [current]:
                entry.clock = clock
            current.end = end
        elif self.waiting is None and not (near and current and current.sentence == number):
            self.waiting = clock

    def _open(self, minutes: int, current: Entry | None) -> None:
        if current is not None:
            current.doors = minutes
        else:
            self.doors = minutes

    def _drop_hours(self, opened: int) -> None:
        """A sentence with "måndag–fredag" and no date tells when a house is open."""
        fresh = self.entries[opened:]
        if any(entry.days[0].kind == "opening" for entry in fresh):
            kept = [entry for entry in fresh if entry.days[0].kind == "dates"]
            self.entries[opened:] = kept
            self.group = kept[-1:]


def _weekday_of(current: Entry, days: Days) -> bool:
    """Whether this is but the weekday of the date that was just told: "06 feb 14:00 Lördag"."""
    told = current.days[-1]
    if days.kind != "weekday" or days.sure or told.kind != "dates" or len(told.spans) != 1:
        return False
    return told.spans[0][0].weekday() == days.spans[0][0].weekday()


def _inside(current: Entry, days: Days) -> bool:
    """Whether these are the very days of a week that was just named: "v. 8: tisdag 23 februari"."""
    week = current.days[0]
    if week.kind != "week" or current.clock is not None or days.kind != "dates" or not days.spans:
        return False
    return all(week.spans[0][0] <= first and last <= week.spans[-1][1] for first, last in days.spans)
