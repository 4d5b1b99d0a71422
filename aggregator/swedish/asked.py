"""Days that somebody asks for in a search: "konserter i dag", "helgen", "13 december", "jullovet". Pure.

Dates are read as everywhere (`days`); what a search says and a notice doesn't stands here. The coming day is meant, and
only one span of days: a rule or a list of days is no wish that can be granted by `from` and `to`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from aggregator.swedish.days import days_at
from aggregator.swedish.lexer import Token, tokens
from aggregator.swedish.rules import Days, Span
from aggregator.swedish.school import NAMES, Told, coming

_DATES = frozenset({"iso", "slash", "named", "dot3", "num", "day", "wd", "month", "rel"})
_RULES = frozenset({"every", "other"})  # "varje torsdag" is no day
_SHORTEST = 5  # letters of a month or weekday that stands alone: "jul", "fri" and "sat" are words too
_SHORT_MONTHS = frozenset({"mars", "maj", "may", "juni", "juli", "june", "july"})
_LEFT = frozenset(
    {"på", "i", "under", "den", "nu", "till", "on", "in", "at", "for", "this", "the"}
)  # small words before days


@dataclass(frozen=True, slots=True)
class Asked:
    """The days, both included, and what is left of the text without their words."""

    first: date
    last: date
    rest: str


def days_asked(text: str, today: date, told: Told | None = None) -> Asked | None:
    """The days that a search asks for; None where it asks for none. `told`: the town's own school holidays."""
    found = _spoken(text, today, told or {}) or _dated(text, today)
    if found is None:
        return None
    (first, last), start, end = found
    rest = " ".join(filter(None, (_before(text[:start]), *text[end:].split())))
    return Asked(max(first, today), last, rest) if last >= today else None


def _before(text: str) -> str:
    """What stands before the days, without the small words that lead to them."""
    words = text.split()
    while words and words[-1].casefold() in _LEFT:
        words.pop()
    return " ".join(words)


def _weekend(today: date) -> Span:
    sunday = today + timedelta(days=6 - today.weekday())
    return sunday - timedelta(days=1), sunday


def _week(shift: int) -> Callable[[date], Span]:
    def span(today: date) -> Span:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        return monday, monday + timedelta(days=6)

    return span


_SPOKEN: Mapping[str, Callable[[date], Span]] = {
    r"(?:(?:i|till|nu\si)\s)?helg(?:en|ens)?|(?:this\s|the\s)?weekend": _weekend,
    r"(?:den\shär|denna|i)\sveckan?|this\sweek": _week(0),
    r"nästa\svecka|next\sweek": _week(1),
}
_SCHOOL = {name.replace("pa", "på").replace("ho", "hö"): name for name in NAMES}
_HOLIDAY = re.compile(rf"\b({'|'.join(_SCHOOL)})(?:et|ets)?\b", re.I)


def _spoken(text: str, today: date, told: Told) -> tuple[Span, int, int] | None:
    if found := _HOLIDAY.search(text):
        holiday = coming(_SCHOOL[found[1].casefold()], today, told)
        return (holiday.first, holiday.last), found.start(), found.end()
    for pattern, span in _SPOKEN.items():
        if found := re.search(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.I):
            return span(today), found.start(), found.end()
    return None


def _dated(text: str, today: date) -> tuple[Span, int, int] | None:
    found = tokens(text)
    for i, token in enumerate(found):
        if token.kind not in _DATES or _short(token, text):
            continue
        read = days_at(found, i, today)
        if read is not None:
            span = _span(read[0], token, today) if not i or found[i - 1].kind not in _RULES else None
            return (span, token.start, found[read[1] - 1].end) if span else None
    return None


def _short(token: Token, text: str) -> bool:
    """Whether it is a month or a weekday cut short, with no number before or behind."""
    said = text[token.start : token.end].casefold()
    return token.kind in ("wd", "month") and len(said) < _SHORTEST and said not in _SHORT_MONTHS


def _span(read: Days, token: Token, today: date) -> Span | None:
    if read.kind == "weekday":
        day = today + timedelta(days=(token.number - today.weekday()) % 7)
        return day, day
    if read.kind == "months":
        first = date(today.year + (token.number < today.month), token.number, 1)
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    return read.spans[0] if len(read.spans) == 1 and read.weekly is None else None
