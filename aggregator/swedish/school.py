"""The school holidays of a Swedish year, by rule, and where a town says so by its own dates. Pure.

The law (skolförordningen 3 kap. 3 §) leaves the days to each school's owner. The rules here are what most owners in
Skåne decide: sportlov in week 8, påsklov in the week before Easter, sommarlov from mid-June to mid-August, höstlov in
week 44, jullov from the days before Christmas to Epiphany. A week is told from Monday to Sunday.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from aggregator.swedish.holidays import easter, nth_weekday

Span = tuple[date, date]
Told = Mapping[str, tuple[int | Span, ...]]  # holiday → ISO weeks for every year, or days of one year

_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday: its name (`NAMES`), its first and its last day."""

    name: str
    first: date
    last: date


def next_holiday(today: date, told: Told | None = None) -> Holiday:
    """The holiday that is on, else the next one. `told` is what the town says of its own schools."""
    return min((coming(name, today, told) for name in NAMES), key=lambda one: (one.first, one.last))


def coming(name: str, today: date, told: Told | None = None) -> Holiday:
    """The holiday of that name (`NAMES`) that is on, else the next one."""
    years = range(today.year - 1, today.year + 3)
    known = [Holiday(name, *span) for span in _spans(name, years, told or {})]
    return min((one for one in known if one.last >= today), key=lambda one: (one.first, one.last))


def _spans(name: str, years: Iterable[int], told: Told) -> Iterable[Span]:
    """The days of a holiday: those stated for a year, else the week stated for all years, else the rule."""
    stated = told.get(name, ())
    days = {span[0].year: span for span in stated if not isinstance(span, int)}
    weeks = [week for week in stated if isinstance(week, int)]
    for year in years:
        yield days.get(year) or (_week(year, weeks[0]) if weeks else _RULES[name](year))


def _week(year: int, number: int) -> Span:
    monday = date.fromisocalendar(year, number, 1)
    return monday, monday + timedelta(days=_SUNDAY)


def _easter(year: int) -> Span:
    """Holy week, and Easter Monday with it."""
    sunday = easter(year)
    return sunday - timedelta(days=_SUNDAY), sunday + timedelta(days=1)


def _summer(year: int) -> Span:
    """From the Saturday after the second Friday of June to the day before the third Monday of August."""
    friday, monday = nth_weekday(year, 6, 4, 2), nth_weekday(year, 8, 0, 3)
    assert friday and monday  # noqa: S101, PT018 - every month has a second Friday and a third Monday
    return friday + timedelta(days=1), monday - timedelta(days=1)


def _christmas(year: int) -> Span:
    """21 December to Epiphany, with the weekends that touch it."""
    first, last = date(year, 12, 21), date(year + 1, 1, 6)
    first -= timedelta(days={0: 2, _SUNDAY: 1}.get(first.weekday(), 0))
    last += timedelta(days={4: 2, _SATURDAY: 1}.get(last.weekday(), 0))
    return first, last


_RULES: Mapping[str, Callable[[int], Span]] = {
    "sportlov": lambda year: _week(year, 8),
    "pasklov": _easter,
    "sommarlov": _summer,
    "hostlov": lambda year: _week(year, 44),
    "jullov": _christmas,
}
NAMES = tuple(_RULES)
