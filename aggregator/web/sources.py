"""`/kallor`: every source and how it does, for everyone to read; `/kallor/{id}`: one, and what could be mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.bulletin import Bulletin, bulletin
from aggregator.lines import Line, line_of
from aggregator.model import Problem, Source
from aggregator.problems import sentence
from aggregator.remedies import WANTS, steps
from aggregator.render import prose
from aggregator.shelf import Shelf
from aggregator.state import SourceState
from aggregator.store.store import Visits
from aggregator.systems import system_of
from aggregator.web import answer, cards, spark
from aggregator.web.pages import both, language_of, render
from aggregator.web.respond import HTML, desk_of, fresh, in_thread
from aggregator.web.site import Desk, twin
from aggregator.web.words import say

_MOST_PROBLEMS = 50
_MOST_EVENTS = 20
_WORST = ("failing", "quarantined", "waiting", "degraded", "late", "paused", "new", "fine")


@dataclass(frozen=True, slots=True)
class Row:
    """One source as the public sees it."""

    id: str
    name: str
    url: str
    bulletin: Bulletin
    good: str
    due: str
    count: int


@dataclass(frozen=True, slots=True)
class Need:
    """What could be mended, and how, step by step."""

    told: str
    steps: Sequence[str]


async def sources(request: Request) -> Response:
    """Every source, those first that somebody should look at."""
    desk, language = desk_of(request), language_of(request)
    states, clock = await _states(desk), await in_thread(desk.store.offsets)
    today = desk.today().toordinal()

    def build(shelf: Shelf) -> bytes:
        coming = [entry for entry in shelf.entries if entry.shown and entry.last >= today]
        counts = Counter(id for entry in coming for id in entry.event.content.sources)
        known = [source for source in desk.site.sources.values() if source.enabled]
        rows = [_row(source, states.get(source.id), desk, language, clock, counts[source.id]) for source in known]
        rows.sort(key=lambda row: (_WORST.index(row.bulletin.word), row.name.casefold()))
        return render(request, "sources.html", "/kallor", language, {"rows": rows, "sum": _sum(rows, language)})

    return await fresh(request, HTML, build, cache=answer.PAGE, policy=answer.POLICY)


async def source(request: Request) -> Response:
    """One source: how it does and has done, what in it could not be read, what would make it better."""
    desk, language, id = desk_of(request), language_of(request), request.path_params["id"]
    found = desk.site.sources.get(id)
    if found is None or not found.enabled:
        raise HTTPException(404)
    state, clock = (await _states(desk)).get(id), await in_thread(desk.store.offsets)
    visits = await in_thread(desk.store.history, id, desk.clock() - timedelta(days=spark.DAYS))
    problems = await in_thread(_problems, desk, found, state, language)
    today = desk.today()

    def build(shelf: Shelf) -> bytes:
        told = [e for e in shelf.entries if e.shown and id in e.event.content.sources and e.last >= today.toordinal()]
        row = _row(found, state, desk, language, clock, len(told))
        context = {
            "row": row,
            "source": found,
            "tried": _moment(state.tried, desk, language) if state else "",
            "needs": _needs(row.bulletin, found, state, language),
            "problems": problems,
            "more": max(0, len(state.problems) - _MOST_PROBLEMS) if state else 0,
            "history": _history(visits, desk, language),
            "cards": [cards.card(entry, desk.site, language, today) for entry in told[:_MOST_EVENTS]],
        }
        return render(request, "source.html", f"/kallor/{id}", language, context)

    return await fresh(request, HTML, build, cache=answer.PAGE, policy=answer.POLICY)


async def _states(desk: Desk) -> Mapping[str, SourceState]:
    return {state.id: state for state in await in_thread(desk.store.sources)}


def _row(
    source: Source, state: SourceState | None, desk: Desk, language: str, clock: Mapping[str, int], count: int
) -> Row:
    told = bulletin(source, state, desk.clock(), desk.site.zone, language, clock)
    waits = state is not None and state.paused is None
    return Row(
        id=source.id,
        name=source.name,
        url=twin(f"/kallor/{source.id}", language),
        bulletin=told,
        good=_moment(state.good, desk, language) if state else "",
        due=_moment(state.due, desk, language) if state and waits else "",
        count=count,
    )


def _sum(rows: Sequence[Row], language: str) -> str:
    """How many do how, in one line."""
    found = Counter(row.bulletin.word for row in rows)
    return " · ".join(say(language, f"sum-{word}", count=found[word]) for word in reversed(_WORST) if found[word])


def _needs(told: Bulletin, source: Source, state: SourceState | None, language: str) -> list[Need]:
    system = system_of(source.url or "", state.maker if state else None)
    return [Need(WANTS[language][n], steps(system.id if system else "", n, language)) for n in told.needs]


def _problems(desk: Desk, source: Source, state: SourceState | None, language: str) -> list[dict[str, Any]]:
    """What could not be read, in words, and where it stands where that can be found."""
    found = state.problems[:_MOST_PROBLEMS] if state else ()
    body = desk.store.answer(source.id) if found and state and state.format == "ical" else None
    return [
        {"item": one.item, "text": sentence(one, language), "line": _line(body, one) if body else None} for one in found
    ]


@lru_cache(maxsize=256)
def _line(body: bytes, problem: Problem) -> Line | None:
    return line_of(body, problem)


def _history(visits: Sequence[Visits], desk: Desk, language: str) -> dict[str, Any]:
    """The picture of the last days, and the same in words: nobody has to see it."""
    days = spark.days(visits, desk.today())
    told = Counter(day.state for day in days)
    parts = [say(language, f"days-{name}", count=told[name]) for name in spark.STATES if told[name]]
    rough = [day for day in reversed(days) if day.state not in ("read", "none")]
    return {
        "picture": spark.picture(days),
        "words": say(language, "history-words", days=spark.DAYS, told=", ".join(parts)) if visits else "",
        "rough": [(prose.day(day.day, language), say(language, f"day-{day.state}")) for day in rough],
    }


def _moment(moment: datetime | None, desk: Desk, language: str) -> str:
    return prose.moment(moment, desk.site.zone, language) if moment else ""


ROUTES: list[Route] = [*both("/kallor", sources), *both("/kallor/{id:str}", source)]
