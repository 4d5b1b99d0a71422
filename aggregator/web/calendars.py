"""The week and the month: the same events as the list, by day. Bounded, so that no crawler walks for ever (E12)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.render import prose
from aggregator.selection import Filter, Span, select
from aggregator.shelf import Entry, Shelf
from aggregator.web import answer, bar, cards, filters
from aggregator.web.form import tidied
from aggregator.web.pages import both, language_of, render
from aggregator.web.respond import HTML, desk_of, ready
from aggregator.web.site import Site, twin
from aggregator.web.words import say

_BACK, _AHEAD = timedelta(days=400), timedelta(days=550)  # what is kept: 13 months back, 18 ahead
_WEEK = re.compile(r"(20[0-9]{2})-[vVwW]([0-9]{2})")  # as the calendar writes it, and as ISO 8601 does
_MONTH = re.compile(r"(20[0-9]{2})-([0-9]{2})")
_SHORT = {"sv": ["mån", "tis", "ons", "tors", "fre", "lör", "sön"]}
_IN_A_CELL = 4  # events told in one cell of the month; the rest is a link


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: its events, and how many more there are. `place` is "now", "other" (of another month) or ""."""

    date: date
    heading: str
    url: str
    place: str
    cards: Sequence[cards.Card]
    more: int


async def week(request: Request) -> Response:
    """`GET /vecka` and `/vecka/2027-v03`: Monday to Sunday."""
    today = desk_of(request).today()
    monday = _monday(request.path_params.get("week"), today)
    _check(monday, today)
    days = [monday + timedelta(days=n) for n in range(7)]
    _, number, _ = monday.isocalendar()
    path = f"/vecka/{_week_name(monday)}"
    turns = {"earlier": monday - timedelta(days=7), "later": monday + timedelta(days=7)}
    links = {name: f"/vecka/{_week_name(day)}" if _kept(day, today) else "" for name, day in turns.items()}

    def told(language: str) -> dict[str, Any]:
        title = say(language, "week-title", number=number, year=monday.isocalendar()[0])
        names = {name: say(language, "week-short", number=day.isocalendar()[1]) for name, day in turns.items()}
        return {"heading": title, "number": number, "names": names}

    return await _page(request, "week.html", path, days, links, told, None)


async def month(request: Request) -> Response:
    """`GET /manad` and `/manad/2027-03`: a table of weeks."""
    today = desk_of(request).today()
    first = _first(request.path_params.get("month"), today)
    _check(first, today)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    start = first - timedelta(days=first.weekday())
    days = [start + timedelta(days=n) for n in range((last - start).days + 7 - last.weekday())]
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    links = {
        name: f"/manad/{day:%Y-%m}" if _kept(day, today) else ""
        for name, day in (("earlier", before), ("later", after))
    }

    def told(language: str) -> dict[str, Any]:
        names = _SHORT.get(language) or [name[:3] for name in prose.WEEKDAYS[language]]
        weekdays = list(zip(names, prose.WEEKDAYS[language], strict=True))
        turns = {name: _month_name(day, language, first) for name, day in (("earlier", before), ("later", after))}
        return {"heading": _month_name(first, language), "weekdays": weekdays, "names": turns}

    return await _page(request, "month.html", f"/manad/{first:%Y-%m}", days, links, told, first)


async def _page(
    request: Request,
    template: str,
    path: str,
    days: Sequence[date],
    links: dict[str, str],
    told: Any,
    month: date | None,
) -> Response:
    desk, language = desk_of(request), language_of(request)
    query = filters.parse(request.url.query, language=language, strict=False, also=(filters.PLACE,))
    wanted = replace(query.filter, first=None, last=None, days=None)
    canonical, today = filters.canonical(wanted), desk.today()
    tail = f"?{canonical}" if canonical else ""

    def build(shelf: Shelf) -> bytes:
        found = select(shelf, wanted, Span(days[0].toordinal(), days[-1].toordinal()))
        runs = [entry for entry in found if entry.event.content.ongoing]
        cells = [_cell(day, found, wanted, desk.site, language, today, month) for day in days]
        context = told(language) | {
            "cells": cells,
            "now_here": any(cell.place == "now" for cell in cells),
            "weeks": [(cells[n].date.isocalendar()[1], cells[n : n + 7]) for n in range(0, len(cells), 7)],
            "runs": [cards.card(entry, desk.site, language, days[0]) for entry in runs],
            "total": len(found),
            "pages": {name: twin(link, language) + tail if link else "" for name, link in links.items()},
            "bar": bar.bar(shelf, wanted, desk.site, language, today, path=path, dated=False, query=query),
        }
        return render(request, template, path, language, context, query=canonical)

    return await ready(request, (path, language, query.seen), HTML, build, cache=answer.PAGE, policy=answer.POLICY)


def _cell(
    day: date, found: Sequence[Entry], wanted: Filter, site: Site, language: str, today: date, month: date | None
) -> Cell:
    ordinal = day.toordinal()
    here = [e for e in found if e.first <= ordinal <= e.last and not e.event.content.ongoing]
    shown = here if month is None else here[:_IN_A_CELL]
    query = filters.canonical(replace(wanted, first=day, last=day))
    other = month is not None and day.month != month.month
    place = "other" if other else "now" if day == today else ""
    return Cell(
        date=day,
        heading=_capital(prose.day(day, language)),
        url=f"{twin('/', language)}?{query}",
        place=place,
        cards=[] if other else [cards.card(entry, site, language, day) for entry in shown],
        more=len(here) - len(shown),
    )


def _monday(name: str | None, today: date) -> date:
    if name is None:
        return today - timedelta(days=today.weekday())
    found = _WEEK.fullmatch(name)
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else _missing()
    except ValueError:
        return _missing()


def _first(name: str | None, today: date) -> date:
    if name is None:
        return today.replace(day=1)
    found = _MONTH.fullmatch(name)
    return date(int(found[1]), int(found[2]), 1) if found and 1 <= int(found[2]) <= 12 else _missing()


def _check(day: date, today: date) -> None:
    if not _kept(day, today):
        _missing()


def _kept(day: date, today: date) -> bool:
    return today - _BACK <= day <= today + _AHEAD


def _missing() -> date:
    raise HTTPException(404)


def _month_name(day: date, language: str, beside: date | None = None) -> str:
    """The month, with its year unless that is told beside it."""
    year = "" if beside and beside.year == day.year else f" {day.year}"
    return _capital(f"{prose.MONTHS[language][day.month - 1]}{year}")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _week_name(monday: date) -> str:
    year, number, _ = monday.isocalendar()
    return f"{year}-v{number:02}"


ROUTES = [
    *both("/vecka", tidied(week)),
    *both("/vecka/{week:str}", tidied(week)),
    *both("/manad", tidied(month)),
    *both("/manad/{month:str}", tidied(month)),
]
