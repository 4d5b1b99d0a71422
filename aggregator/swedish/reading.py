"""The way from a text to what it tells about time: `read_when`. Pure; the day of reading and the zone are arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aggregator.model import When
from aggregator.swedish.clocks import Clock
from aggregator.swedish.lexer import Token, tokens
from aggregator.swedish.prose import Entry, entries
from aggregator.swedish.rules import Days, Weekly
from aggregator.swedish.told import DAY, Told, falls, instant

LONGEST_DAILY = timedelta(days=62)  # hours told beside a longer span are seldom those of every day


def read_when(text: str, *, today: date, zone: ZoneInfo) -> list[Told]:
    """All times of events that the text tells, in its order, each once; [] where it tells none.

    `today` is the day on which the text was written or, if that is not known, read: it decides years and words such
    as "i morgon". Reports of what was, deadlines, opening hours and stamps of the text give nothing.
    """
    found: list[Told] = []
    for entry in entries(text, today):
        for told in _told(entry, today, zone):
            if all((told.when, told.weekly) != (other.when, other.weekly) for other in found):
                found.append(told)
    return found


def _told(entry: Entry, today: date, zone: ZoneInfo) -> Iterator[Told]:
    for days in entry.days:
        if days.weekly is not None:
            yield from _rule(entry, days, days.weekly, today, zone)
        elif entry.lasting and days.spans:
            yield _doubted(Told(when=When(today, days.spans[0][1]), at=days.at), "start")
        else:
            for first, last in days.spans:
                for told in _span(entry, days, first, last, zone):
                    yield _doubted(told, "start") if entry.ending else told


def _span(entry: Entry, days: Days, first: date, last: date, zone: ZoneInfo) -> Iterator[Told]:
    base = Told(when=When(first, last if last > first else None), sure=days.sure, doubts=days.doubts, at=days.at)
    base = replace(base, relative=days.relative)
    clock = _start_clock(entry)
    if clock is not None and clock.spans and "fraction" in base.doubts:  # with an hour behind it, it is a date
        base = replace(base, sure=base.doubts == ("fraction",), doubts=tuple(d for d in base.doubts if d != "fraction"))
    if clock is None or not clock.spans:
        yield base if clock is None else _doubted(base, "hour")
        return
    doors = instant(first, entry.doors, zone) if entry.doors is not None and entry.clock else None
    for begin, end in clock.spans:
        told = replace(base, when=_when(first, begin, end, zone), doors=doors, daily=last if last > first else None)
        if entry.until is not None:
            told = replace(told, when=_until(told.when, entry.until, zone), daily=None)
        if not clock.sure:
            told = _doubted(told, "hour")
        yield _doubted(told, "hour") if last - first > LONGEST_DAILY else told


def _start_clock(entry: Entry) -> Clock | None:
    """The hours; where only the doors are told they are the hour to come."""
    if entry.clock is None and entry.doors is not None:
        return Clock(((entry.doors, None),))
    return entry.clock


def _when(day: date, begin: int, end: int | None, zone: ZoneInfo) -> When:
    start = instant(day, begin, zone)
    if end is None or end == begin:
        return When(start)
    return When(start, instant(day, end if end > begin else end + DAY, zone))


def _until(when: When, end: tuple[date, int], zone: ZoneInfo) -> When:
    last = instant(end[0], end[1], zone) if end[1] >= 0 else None
    if last is None or not isinstance(when.start, datetime) or last <= when.start:
        return when
    return When(when.start, last)


def _rule(entry: Entry, days: Days, rule: Weekly, today: date, zone: ZoneInfo) -> Iterator[Told]:
    """A weekly rule with the bounds that were told around it; one without an end is doubtful."""
    first, until, sure = None, None, True
    for bound in entry.bounds:
        sure = sure and (bound.sure or bound.kind in ("week", "months"))
        if bound.kind == "until":
            until = bound.spans[0][1]
        elif bound.spans[0][0] == bound.spans[-1][1]:
            first = bound.spans[0][0]
        else:
            first, until = bound.spans[0][0], bound.spans[-1][1]
        if bound.kind in ("week", "months"):
            until = _last(rule, bound.spans[-1][1])
    start = _first(replace(rule, every=1, without=tuple(entry.without)), first or today)
    if start is None or (until is not None and start > until):
        return
    bounded = replace(rule, first=start, until=until, without=tuple(entry.without))
    for begin, end in entry.clock.spans if entry.clock else ():
        told = Told(when=_when(start, begin, end, zone), weekly=bounded, at=days.at, doubts=() if sure else ("date",))
        told = replace(told, sure=sure)
        yield told if until is not None else _doubted(told, "rule")


def _first(rule: Weekly, start: date) -> date | None:
    return next((day for n in range(70) if falls(rule, start, day := start + timedelta(days=n))), None)


def _last(rule: Weekly, end: date) -> date:
    return next((day for n in range(7) if (day := end - timedelta(days=n)).weekday() in rule.days), end)


def _doubted(told: Told, doubt: str) -> Told:
    return replace(told, sure=False, doubts=(*told.doubts, doubt))


_CLOCKWORK = frozenset(
    (
        "iso",
        "iso8",
        "slash",
        "named",
        "dot3",
        "clock",
        "dot",
        "day",
        "hour",
        "year",
        "num",
        "holiday",
        "nth",
        "week",
        "rel",
    )
) | frozenset(("wd", "month", "plural", "half", "past", "to", "noon"))
_SMALL = frozenset(
    ("kl", "until", "from", "between", "sharp", "about", "late", "den", "on", "and", "dash", "comma", "colon", "part")
) | frozenset(("bracket", "every", "other", "even", "odd", "in", "doors", "stop", "ord"))
_BEGINS = frozenset(("wd", "slash", "named", "iso", "dot3", "day", "num", "plural", "every", "other", "kl", "ord"))
_PARTS = re.compile(r"\s+[–—|•·-]\s+|\s*[,:]\s+|\s*[()]\s*")


def without_times(title: str) -> str:
    """The title without the parts that tell nothing but a time: "Konsert lör 16 jan kl. 18" → "Konsert".

    Named days stay ("Första advent"), years and bare numbers too ("Revy 2027"). May be "".
    """
    kept, at, mark = "", 0, ""
    for found in (*_PARTS.finditer(title), None):
        part = title[at : found.start() if found else len(title)].strip()
        if part and not _only_time(part):
            kept += (mark if kept else "") + part
            mark = ""
        mark = mark or (found.group(0) if found else "")
        at = found.end() if found else at
    return " ".join(_without_tail(kept).split())


def _without_tail(title: str) -> str:
    """The title without a date at its end, if it is one beyond doubt: with a month or an hour."""
    tail: list[Token] = []
    for token in reversed(tokens(title)):
        if token.kind not in _CLOCKWORK | _SMALL or token.kind == "holiday" or title[: token.start][-1:].isalpha():
            break  # a word that ends with a weekday is the day's own name
        tail.append(token)
    while tail and tail[-1].kind not in _BEGINS:
        if tail.pop().kind in ("on", "in", "from", "until", "between"):
            return title  # "Kom på lördag": the date is part of the sentence
    sure = {token.kind for token in tail} & {"month", "slash", "iso", "dot3", "clock", "kl"}
    bare = title[: tail[-1].start].rstrip(" ,–—-|•·:(") if sure else ""
    return bare.removesuffix(" den") or title


def _only_time(part: str) -> bool:
    kinds = {token.kind for token in tokens(part)}
    return bool(kinds & _CLOCKWORK) and kinds <= _CLOCKWORK | _SMALL
