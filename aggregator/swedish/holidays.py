"""The named days of the Swedish year, by rule. Only dates: nothing here knows what is open or closed.

Easter by the Gregorian computus (Meeus); the movable days as the law and the church order count them.
"""

from collections.abc import Callable
from datetime import date, timedelta

Day = Callable[[int], date]


def easter(year: int) -> date:
    """Easter Sunday of the year."""
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon = epact - (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    shift = moon - weekday
    month = 3 + (shift + 40) // 44
    return date(year, month, shift + 28 - 31 * (month // 4))


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The nth weekday (Monday is 0) of a month, counted from its end where `nth` is negative."""
    if nth > 0:
        first = date(year, month, 1)
        found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    else:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        found = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-nth - 1))
    return found if found.month == month else None


def _fixed(month: int, day: int) -> Day:
    return lambda year: date(year, month, day)


def _from_easter(days: int) -> Day:
    return lambda year: easter(year) + timedelta(days=days)


def _weekday_from(month: int, day: int, weekday: int) -> Day:
    """The first such weekday on or after a date."""

    def found(year: int) -> date:
        first = date(year, month, day)
        return first + timedelta(days=(weekday - first.weekday()) % 7)

    return found


def _advent(number: int) -> Day:
    """First of Advent is the Sunday between 27 November and 3 December."""
    return lambda year: _weekday_from(11, 27, 6)(year) + timedelta(days=7 * (number - 1))


# Pattern (lower case, a regular expression without groups) → the day of a year.
HOLIDAYS: tuple[tuple[str, Day], ...] = (
    (r"skärtorsdag(?:en)?", _from_easter(-3)),
    (r"långfredag(?:en)?", _from_easter(-2)),
    (r"påskafton(?:en)?", _from_easter(-1)),
    (r"påskdag(?:en)?", _from_easter(0)),
    (r"annandag påsk", _from_easter(1)),
    (r"palmsöndag(?:en)?", _from_easter(-7)),
    (r"fettisdag(?:en)?", _from_easter(-47)),
    (r"askonsdag(?:en)?", _from_easter(-46)),
    (r"kristi himmelsfärds?\s?dag(?:en)?", _from_easter(39)),
    (r"pingstafton(?:en)?", _from_easter(48)),
    (r"pingstdag(?:en)?", _from_easter(49)),
    (r"valborgsmässoafton(?:en)?|valborg", _fixed(4, 30)),
    (r"(?:sveriges )?nationaldag(?:en)?", _fixed(6, 6)),
    (r"midsommarafton(?:en)?", _weekday_from(6, 19, 4)),
    (r"midsommardag(?:en)?", _weekday_from(6, 20, 5)),
    (r"alla helgons dag", _weekday_from(10, 31, 5)),
    (r"allhelgonaafton", _weekday_from(10, 30, 4)),
    (r"(?:första|1:a|1:e) (?:söndagen i )?advent", _advent(1)),
    (r"(?:andra|2:a|2:e) (?:söndagen i )?advent", _advent(2)),
    (r"(?:tredje|3:e) (?:söndagen i )?advent", _advent(3)),
    (r"(?:fjärde|4:e) (?:söndagen i )?advent", _advent(4)),
    (r"lucia(?:dagen)?", _fixed(12, 13)),
    (r"julafton(?:en)?", _fixed(12, 24)),
    (r"juldag(?:en)?", _fixed(12, 25)),
    (r"annandag(?:en)? jul|annandagen", _fixed(12, 26)),
    (r"nyårsafton(?:en)?", _fixed(12, 31)),
    (r"nyårsdag(?:en)?", _fixed(1, 1)),
    (r"trettondagsafton(?:en)?", _fixed(1, 5)),
    (r"tretton(?:de)?dag(?:en| jul)", _fixed(1, 6)),
    (r"tjugondag(?:en)?(?: knut)?|tjugondedag(?:en)?(?: jul| knut)?", _fixed(1, 13)),
    (r"alla hjärtans dag", _fixed(2, 14)),
    (r"internationella kvinnodagen", _fixed(3, 8)),
    (r"våffeldagen", _fixed(3, 25)),
    (r"kanelbullens dag", _fixed(10, 4)),
    (r"mors dag", lambda year: nth_weekday(year, 5, 6, -1) or date(year, 5, 31)),
    (r"fars dag", lambda year: nth_weekday(year, 11, 6, 2) or date(year, 11, 14)),
)
