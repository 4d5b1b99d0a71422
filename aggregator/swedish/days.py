"""Tokens → days: dates, spans and lists of dates, weekly rules, weeks, named days, days counted from today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from aggregator.swedish.holidays import HOLIDAYS, easter, nth_weekday
from aggregator.swedish.lexer import Token
from aggregator.swedish.rules import Days, Span, Weekly
from aggregator.swedish.years import Dated, by_rule, dated, valid

_JOINS = frozenset(("dash", "until", "and", "comma"))
_RANGES = frozenset(("dash", "until"))
NOW = timedelta(days=-2)  # a named day without a date is the coming one


@dataclass(frozen=True, slots=True)
class _Point:
    day: int
    month: int | None
    year: int | None
    weekday: int | None
    plain: bool  # only "12/1", which may be a share or a score


def days_at(tokens: Sequence[Token], i: int, today: date) -> tuple[Days, int] | None:
    """The days that begin at token `i` and the index behind them, or None."""
    for read in (_weekly, _weeks, _dates, _named, _counted, _weekday, _months):
        found = read(tokens, i, today)
        if found is not None:
            return replace(found[0], at=tokens[i].start), found[1]
    return None


def _kind(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].kind if 0 <= i < len(tokens) else ""


def _skip(tokens: Sequence[Token], i: int, *kinds: str) -> int:
    while _kind(tokens, i) in kinds:
        i += 1
    return i


# Dates: "lördag 6 mars", "3–5 mars", "6, 13 och 20 mars", "28 december–3 januari 2028"


def _dates(tokens: Sequence[Token], i: int, today: date) -> tuple[Days, int] | None:
    pair = _weekday_pair(tokens, i)
    points, joins, j = _chain(tokens, pair[2] if pair else i)
    if not points:
        return None
    if pair and len(points) > 1:
        points[0], points[-1] = replace(points[0], weekday=pair[0]), replace(points[-1], weekday=pair[1])
    resolved = _resolved(points, joins, today)
    if resolved is None:
        return Days(sure=False), j  # "31 februari": a date that never is takes its weekday with it
    spans = _spans(resolved, joins)
    doubts = tuple(dict.fromkeys(entry.doubt for entry in resolved if entry.doubt))
    lone = (
        len(points) == 1
        and points[0].plain
        and not {"den", "from", "until", "on"} & {_kind(tokens, i), _kind(tokens, i - 1)}
    )
    return Days(tuple(spans), sure=not doubts and not lone, doubts=doubts or (("fraction",) if lone else ())), j


def _weekday_pair(tokens: Sequence[Token], i: int) -> tuple[int, int, int] | None:
    """ "lördag och söndag 6–7 mars": both weekdays before both dates."""
    if [_kind(tokens, i + n) for n in (0, 2)] != ["wd", "wd"] or _kind(tokens, i + 1) not in _JOINS:
        return None
    behind = _skip(tokens, i + 3, "comma", "den")
    if _kind(tokens, behind) not in ("num", "day", "slash", "iso"):
        return None
    return tokens[i].number, tokens[i + 2].number, behind


def _chain(tokens: Sequence[Token], i: int) -> tuple[list[_Point], list[str], int]:
    """Points that are joined by dashes, commas and "och"; what lacks its month takes the next one's."""
    points: list[_Point] = []
    joins: list[str] = []
    ends: list[int] = []
    j, join = i, ""
    while (found := _point(tokens, j)) is not None:
        points.append(found[0])
        ends.append(found[1])
        joins.append(join)
        after = _after_join(tokens, found[1])
        if after is None:
            break
        j, join = after
    while points and points[-1].month is None:
        points.pop()
        ends.pop()
        joins.pop()
    return _filled(points), joins[1:], ends[-1] if ends else i


def _after_join(tokens: Sequence[Token], j: int) -> tuple[int, str] | None:
    kinds = []
    while _kind(tokens, j) in _JOINS:
        kinds.append(tokens[j].kind)
        j += 1
    if not kinds:
        return None
    join = "dash" if any(kind in _RANGES for kind in kinds) else "and"
    return _skip(tokens, j, "den", "from"), join


def _point(tokens: Sequence[Token], i: int) -> tuple[_Point, int] | None:
    weekday = tokens[i].number if _kind(tokens, i) == "wd" else None
    j = _skip(tokens, i + (weekday is not None), "comma", "den") if weekday is not None else _skip(tokens, i, "den")
    kind = _kind(tokens, j)
    if kind in ("iso", "iso8", "dot3", "named", "slash"):
        day, month, year = (int(part) if part else None for part in tokens[j].value)
        plain = kind == "slash" and year is None and weekday is None
        return _checked(_Point(day or 0, month, year, weekday, plain), j + 1)
    if weekday is not None and (kind == "dot" or _dotted(tokens, j)):
        day, month = (int(part or 0) for part in tokens[j].value[:2])
        return _checked(_Point(day, month, None, weekday, False), j + 1)
    if kind == "month":
        return _english(tokens, j, weekday)
    if kind in ("num", "day", "ord"):
        return _day_first(tokens, j, weekday)
    return None


def _dotted(tokens: Sequence[Token], j: int) -> bool:
    """ "tis 12.10 kl. 19": between a weekday and a clock it is a date."""
    return (
        _kind(tokens, j) == "clock"
        and tokens[j].value[2] == "."
        and _kind(tokens, _skip(tokens, j + 1, "comma")) == "kl"
    )


def _day_first(tokens: Sequence[Token], j: int, weekday: int | None) -> tuple[_Point, int] | None:
    day = tokens[j].number
    k = _skip(tokens, j + 1, "den")
    if _kind(tokens, k) != "month":
        fits = tokens[j].kind != "ord" and 1 <= day <= 31
        return (_Point(day, None, None, weekday, False), j + 1) if fits else None
    year, end = _year(tokens, k + 1)
    return _checked(_Point(day, tokens[k].number, year, weekday, False), end)


def _english(tokens: Sequence[Token], j: int, weekday: int | None) -> tuple[_Point, int] | None:
    """ "March 6, 2027": only after an English month or a weekday, since "i mars 18–20" tells hours."""
    if _kind(tokens, j + 1) not in ("num", "day") or _kind(tokens, j + 2) in ("month", "colon"):
        return None
    year, end = _year(tokens, j + 2)
    return _checked(_Point(tokens[j + 1].number, tokens[j].number, year, weekday, False), end)


def _year(tokens: Sequence[Token], j: int) -> tuple[int | None, int]:
    k = _skip(tokens, j, "comma")
    if _kind(tokens, k) == "year" and _kind(tokens, k - 1) != "kl":
        return tokens[k].number, k + 1
    return None, j


def _checked(point: _Point, end: int) -> tuple[_Point, int] | None:
    last = 31 if point.weekday is None else 99  # "torsdag 32 januari" is a date that never is, and takes its weekday
    fits = 1 <= point.day <= last and (point.month is None or 1 <= point.month <= 12)
    return (point, end) if fits else None


def _filled(points: list[_Point]) -> list[_Point]:
    filled: list[_Point] = []
    for point in reversed(points):
        behind = filled[-1] if filled else point
        if point.month is None:
            point = replace(point, month=behind.month, year=behind.year, plain=False)
        filled.append(point)
    return filled[::-1]


def _resolved(points: list[_Point], joins: list[str], today: date) -> list[Dated] | None:
    """The dates, the last first: its year is the one that the others lead up to."""
    out: list[Dated] = []
    for index in range(len(points) - 1, -1, -1):
        point = points[index]
        ranged = index < len(joins) and joins[index] == "dash"
        found = _before(point, out[-1].day) if ranged and point.year is None and out else None
        found = found or dated(point.day, point.month or 0, point.year, point.weekday, today)
        if found is None:
            return None
        out.append(found)
    return out[::-1]


def _before(point: _Point, end: date) -> Dated | None:
    """The last such day on or before the end of its span."""
    years = (valid(end.year - back, point.month or 0, point.day) for back in (0, 1))
    found = next((day for day in years if day is not None and day <= end), None)
    if found is None:
        return None
    return Dated(found, "" if point.weekday in (None, found.weekday()) else "weekday")


def _spans(resolved: list[Dated], joins: list[str]) -> list[Span]:
    spans: list[Span] = [(resolved[0].day, resolved[0].day)]
    for join, entry in zip(joins, resolved[1:], strict=True):
        if join == "dash" and entry.day >= spans[-1][0]:
            spans[-1] = (spans[-1][0], entry.day)
        else:
            spans.append((entry.day, entry.day))
    return spans


# Rules: "varje torsdag", "varannan onsdag", "tisdagar och torsdagar", "första söndagen i månaden"


def _weekly(tokens: Sequence[Token], i: int, today: date) -> tuple[Days, int] | None:
    if _kind(tokens, i) == "nth":
        return _nth(tokens, i, today)
    every = {"every": 1, "other": 2}.get(_kind(tokens, i), 0)
    j = i + (1 if every else 0)
    wanted = ("wd", "plural") if every else ("plural",)
    if _kind(tokens, j) not in wanted:
        return None
    days = [tokens[j].number]
    j += 1
    while _kind(tokens, k := _skip(tokens, j, "comma", "and", "every", "other")) in wanted and k > j:
        days.append(tokens[k].number)
        j = k + 1
    parity = {"even": 0, "odd": 1}.get(_kind(tokens, j))
    if parity is not None:
        j += 1
    rule = Weekly(tuple(sorted(set(days))), every=2 if parity is not None else every or 1, parity=parity)
    return Days(weekly=rule, sure=False, kind="weekly"), j


def _nth(tokens: Sequence[Token], i: int, today: date) -> tuple[Days, int] | None:
    nth, weekday, month = tokens[i].value
    rank, day = int(nth or 1), int(weekday or 0)
    if month is None:
        return Days(weekly=Weekly((day,), nth=rank), sure=False, kind="weekly"), i + 1
    found = by_rule(lambda year: nth_weekday(year, int(month), day, rank), None, today, NOW)
    return (Days(((found.day, found.day),)), i + 1) if found else None


# Weeks: "v. 8", "onsdag v. 8", "måndag till fredag v. 8", "v. 8: onsdag"


def _weeks(tokens: Sequence[Token], i: int, today: date) -> tuple[Days, int] | None:
    if _kind(tokens, i) == "week":
        k = _skip(tokens, i + 1, "colon", "comma")
        inner = _weekdays_of_week(tokens, k, today, tokens[i]) if k > i + 1 else None
        return inner or _whole_week(tokens[i], today, i + 1)
    listed = _listed_weekdays(tokens, i, today)
    if listed is not None:
        return listed
    week_at = _skip_weekdays(tokens, i)
    return _weekdays_of_week(tokens, i, today, tokens[week_at]) if week_at else None


def _listed_weekdays(tokens: Sequence[Token], i: int, today: date) -> tuple[Days, int] | None:
    """ "tisdag och torsdag v. 8" """
    days, j = [], i
    while _kind(tokens, j) == "wd":
        days.append(tokens[j].number)
        j = _skip(tokens, j + 1, "and", "comma")
    j = _skip(tokens, j, "in")
    monday = _monday(tokens[j].number, today) if len(days) > 1 and _kind(tokens, j) == "week" else None
    if monday is None:
        return None
    told = sorted({monday + timedelta(days=day) for day in days})
    return Days(tuple((day, day) for day in told)), j + 1


def _skip_weekdays(tokens: Sequence[Token], i: int) -> int:
    if _kind(tokens, i) != "wd":
        return 0
    j = i + 1
    if _kind(tokens, j) in _RANGES and _kind(tokens, j + 1) == "wd":
        j += 2
    j = _skip(tokens, j, "comma", "in")
    return j if _kind(tokens, j) == "week" else 0


def _weekdays_of_week(tokens: Sequence[Token], i: int, today: date, week: Token) -> tuple[Days, int] | None:
    monday = _monday(week.number, today)
    if monday is None or _kind(tokens, i) != "wd" or _point(tokens, i) is not None:
        return None
    first = last = tokens[i].number
    j = i + 1
    if _kind(tokens, j) in _RANGES and _kind(tokens, j + 1) == "wd":
        last = tokens[j + 1].number
        j += 2
    if last < first:
        return None
    j = _skip(tokens, j, "comma", "in", "week")
    return Days(((monday + timedelta(days=first), monday + timedelta(days=last)),)), j


def _whole_week(week: Token, today: date, end: int) -> tuple[Days, int] | None:
    first, last = _monday(week.number, today), _monday(int(week.value[1] or week.number), today)
    if first is None or last is None or last < first:
        return None
    return Days(((first, last + timedelta(days=6)),), sure=False, kind="week", doubts=("week",)), end


def _monday(week: int, today: date) -> date | None:
    """Monday of the ISO week that is meant (ISO 8601 2.2.10)."""

    def rule(year: int) -> date | None:
        try:
            return date.fromisocalendar(year, week, 1)
        except ValueError:
            return None

    found = by_rule(rule, None, today, timedelta(days=-13))
    return found.day if found else None


# Named days and days counted from today


def _named(tokens: Sequence[Token], i: int, today: date) -> tuple[Days, int] | None:
    if _kind(tokens, i) == "holiday":
        found = by_rule(HOLIDAYS[tokens[i].number][1], None, today, NOW)
        return (Days(((found.day, found.day),), kind="named"), i + 1) if found else None
    if _kind(tokens, i) == "easter":
        found = by_rule(easter, None, today, NOW)
        spans = ((found.day - timedelta(days=2), found.day + timedelta(days=1)),) if found else ()
        return Days(spans, sure=False, kind="week", doubts=("week",)), i + 1
    return None


def _counted(tokens: Sequence[Token], i: int, today: date) -> tuple[Days, int] | None:
    if _kind(tokens, i) == "rel":
        day = today + timedelta(days=tokens[i].number)
        return Days(((day, day),), relative=True), i + 1
    if _kind(tokens, i) == "weekend":
        saturday = today + timedelta(days=(5 - today.weekday()) % 7 if today.weekday() != 6 else -1)
        return Days(((saturday, saturday + timedelta(days=1)),), sure=False, relative=True, doubts=("week",)), i + 1
    return None


def _weekday(tokens: Sequence[Token], i: int, today: date) -> tuple[Days, int] | None:
    """A weekday with no date: the coming one; sure after "på", a week later and unsure after "nästa"."""
    next_one = _kind(tokens, i) == "next"
    j = i + next_one
    if _kind(tokens, j) != "wd":
        return None
    if _kind(tokens, j + 1) in _RANGES and _kind(tokens, j + 2) == "wd":
        return Days(kind="opening", sure=False), j + 3
    if tokens[j].end - tokens[j].start < len("fredag"):
        return None  # "fri", "sat" and "ons" are words too
    ahead = (tokens[j].number - today.weekday()) % 7 or 7
    if _kind(tokens, j + 1) == "nextweek":
        day = today + timedelta(days=7 - today.weekday() + tokens[j].number)
        return Days(((day, day),), relative=True), j + 2
    day = today + timedelta(days=7 - today.weekday() + tokens[j].number if next_one else ahead)
    sure = _kind(tokens, i - 1) == "on" and not next_one
    return Days(((day, day),), sure=sure, relative=True, kind="weekday", doubts=() if sure else ("date",)), j + 1


def _months(tokens: Sequence[Token], i: int, today: date) -> tuple[Days, int] | None:
    """ "i juli", "juni–augusti": bounds for a weekly rule, nothing else."""
    if _kind(tokens, i) != "month":
        return None
    first = last = tokens[i].number
    j = i + 1
    if _kind(tokens, j) in _JOINS and _kind(tokens, j + 1) == "month":
        last = tokens[j + 1].number
        j += 2
    begin = by_rule(lambda year: date(year, first, 1), None, today, timedelta(days=-45))
    if begin is None:
        return None
    year = begin.day.year + (1 if last < first else 0)
    end = date(year + last // 12, last % 12 + 1, 1) - timedelta(days=1)
    return Days(((begin.day, end),), sure=False, kind="months", doubts=("week",)), j
