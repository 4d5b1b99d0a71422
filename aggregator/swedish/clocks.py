"""Tokens → times of day. Days are `days`' business.

Times are minutes after midnight; 24:00 is 1440. A bare number is an hour only where something says so ("kl.",
"prick", "pm", "dörrarna öppnas"), or as a span straight after a day ("sön 6/6 14-16").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.swedish.lexer import Token

Span = tuple[int, int | None]
_PREFIX = frozenset(("kl", "from", "between", "about", "sharp"))
_JOINS = frozenset(("dash", "until"))
_OPEN = frozenset(("", "comma", "newline", "stop", "bracket"))  # behind the dash of "9/2 18-"
_QUARTERS = frozenset((0, 15, 30, 45))


@dataclass(frozen=True, slots=True)
class Clock:
    """One or several times of day, each with its end if told. `sure` is False for "klockan tio"; `bad` for kl. 25."""

    spans: tuple[Span, ...]
    sure: bool = True
    bad: bool = False
    at: int = 0


@dataclass(frozen=True, slots=True)
class _Time:
    minutes: int
    sure: bool
    half: str | None  # "am", "pm", "night" as told
    spoken: bool


def clock_at(tokens: Sequence[Token], i: int, *, told: bool, after_day: bool) -> tuple[Clock, int] | None:
    """The times that begin at token `i` and the index behind them. `told`: a word before says that a time comes."""
    j, explicit, between = _prefix(tokens, i, told)
    certain = told or any(token.kind in ("kl", "sharp") for token in tokens[i:j]) or _kind(tokens, j + 1) == "part"
    spoken = _kind(tokens, j) == "spoken" and not certain
    first = None if spoken else _time(tokens, j, explicit or after_day)  # "lördag 6 mars, två föreställningar"
    if first is None:
        bad = explicit and j > i and _kind(tokens, j) in ("bad", "bad2", "num")
        return (Clock((), bad=True, at=tokens[i].start), j + 1) if bad else None
    begin, j = first
    span, j, ranged = _ranged(tokens, j, begin, between)
    if not (explicit or ranged or _telling(tokens, i, begin)):
        return None
    spans, sure = [span], begin.sure
    while explicit or ranged or begin.half is None:
        more = _another(tokens, j)
        if more is None:
            break
        spans.append(more[0])
        j = more[1]
    return Clock(tuple(spans), sure=sure, at=tokens[i].start), j


def _prefix(tokens: Sequence[Token], i: int, told: bool) -> tuple[int, bool, bool]:
    explicit, between = told, False
    while _kind(tokens, i) in _PREFIX or (_kind(tokens, i) == "colon" and explicit):
        explicit = explicit or tokens[i].kind in ("kl", "sharp", "between")
        between = between or tokens[i].kind == "between"
        i += 1
    return i, explicit, between


def _telling(tokens: Sequence[Token], i: int, begin: _Time) -> bool:
    """Whether the time shows itself: written with minutes, or with am or pm."""
    return tokens[i].kind != "num" or begin.half is not None


def _ranged(tokens: Sequence[Token], j: int, begin: _Time, between: bool) -> tuple[Span, int, bool]:
    """The span that begins with a time: its end, if one is told, and whether a dash was there."""
    k = j + 1 if _kind(tokens, j) in ("comma", "and") and _ending(tokens, j + 1) else j
    if _kind(tokens, k) == "dash" and _kind(tokens, k + 1) in _OPEN:
        return (begin.minutes, None), k + 1, True
    if _kind(tokens, k) in _JOINS or (between and _kind(tokens, k) == "and"):
        k += 1
        while _kind(tokens, k) in ("kl", "about"):
            k += 1
        if _kind(tokens, k) == "late":
            return (begin.minutes, None), k + 1, True
        last = _time(tokens, k, True)
        if last is not None:
            return _fitted(begin, last[0]), last[1], True
    return (begin.minutes, None), j, False


def _ending(tokens: Sequence[Token], k: int) -> bool:
    """Whether the next word says when it ends: "start 19.00, slut 22.00"."""
    return _kind(tokens, k) == "until" and str(tokens[k].value[0]).startswith(("slut", "end"))


def _fitted(begin: _Time, last: _Time) -> Span:
    """Both ends under the half of the day that only one of them told: "7–9 pm"."""
    start, end = begin.minutes, last.minutes
    if begin.half is None and last.half == "pm" and start < 12 * 60 and start + 12 * 60 < end:
        start += 12 * 60
    if begin.half == "pm" and last.half is None and end < 12 * 60 and end + 12 * 60 > start:
        end += 12 * 60
    return start, end


def _another(tokens: Sequence[Token], j: int) -> tuple[Span, int] | None:
    """One more time in a list: ", 13", "och kl. 15", "och 13–15"."""
    k = j
    while _kind(tokens, k) in ("comma", "and"):
        k += 1
    if k == j:
        return None
    while _kind(tokens, k) == "kl":
        k += 1
    found = _time(tokens, k, True) if _kind(tokens, k) in ("num", "clock", "hour") else None
    if found is None:
        return None
    span, end, _ = _ranged(tokens, found[1], found[0], False)
    return span, end


def _time(tokens: Sequence[Token], j: int, bare: bool) -> tuple[_Time, int] | None:
    kind = _kind(tokens, j)
    if kind in ("num", "spoken") and _kind(tokens, j + 1) in ("month", "slash"):
        return None
    read = _minutes(tokens, j, bare)
    if read is None:
        return None
    j += 1
    if bare and _parted(tokens, j):
        read, j = read + tokens[j].number, j + 1
    if _kind(tokens, j) == "sharp":
        j += 1
    if _kind(tokens, j) != "part":
        return _judged(read, kind, None), j
    return _judged(read, kind, str(tokens[j].value[0])), j + 1


def _parted(tokens: Sequence[Token], j: int) -> bool:
    """Whether this number is the minutes of the hour before it: "kl. 11 00"."""
    pair = tokens[j - 1 : j + 1]
    if [token.kind for token in pair] != ["num", "num"] or pair[1].start - pair[0].end != 1:
        return False
    quarter = pair[1].value[1] == 2 and pair[1].number in _QUARTERS
    return quarter and int(pair[0].value[1] or 0) <= 2 and _kind(tokens, j + 1) not in ("month", "slash")


def _minutes(tokens: Sequence[Token], j: int, bare: bool) -> int | None:
    kind = _kind(tokens, j)
    if kind in ("clock", "half", "past", "to"):
        hour, minute = tokens[j].value[:2]
        minutes = int(hour or 0) * 60 + int(minute or 0)
        return minutes if minutes <= 24 * 60 else None
    if kind == "noon":
        return 12 * 60
    if kind in ("hour", "spoken") and (bare or kind == "hour"):
        return tokens[j].number * 60
    if kind == "num" and (bare or _kind(tokens, j + 1) == "part"):
        return _number(tokens[j])
    return None


def _number(token: Token) -> int | None:
    """18, 1830"""
    value, digits = token.number, token.value[1]
    if digits == 4:
        return value // 100 * 60 + value % 100 if value // 100 < 24 and value % 100 < 60 else None
    return value * 60 if digits in (1, 2) and value <= 24 else None


def _judged(minutes: int, kind: str, half: str | None) -> _Time:
    """The half of the day: told, else for a spoken hour the likely one ("kl. sju" is an evening, "kl. tio" unsure)."""
    spoken = kind in ("half", "past", "to", "spoken")
    hours = minutes // 60
    if half == "pm" and hours < 12:
        minutes += 12 * 60
    elif half == "am" and hours == 12:
        minutes -= 12 * 60
    elif spoken and half is None and hours < 8:
        minutes += 12 * 60
    sure = not (spoken and half is None and 8 <= hours < 12)
    return _Time(minutes, sure, half, spoken)


def _kind(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].kind if 0 <= i < len(tokens) else ""
