"""Pages about the calendar itself: `/om`, `/kallor`, `/tillganglighet`, `/integritet`, `/riktlinjer`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.model import Source, When
from aggregator.problems import sentence
from aggregator.render import prose
from aggregator.shelf import Shelf
from aggregator.state import SourceState
from aggregator.web import answer, cards
from aggregator.web.api import health
from aggregator.web.pages import both, language_of, render
from aggregator.web.respond import HTML, desk_of, fresh, in_thread, ready
from aggregator.web.site import Site, twin
from aggregator.web.words import say

_MOST_PROBLEMS = 50
_MOST_EVENTS = 20
_PAGES = {
    "/om": "about",
    "/tillganglighet": "accessibility",
    "/integritet": "privacy",
    "/riktlinjer": "guidelines",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One source as the public sees it."""

    id: str
    name: str
    url: str
    address: str
    licence: str
    state: str
    told: str
    good: str
    count: int


async def text(request: Request) -> Response:
    """A page that is text, in both languages."""
    language = language_of(request)
    path = request.url.path.removeprefix("/en")
    name = _PAGES[path]
    site = desk_of(request).site

    def build(_shelf: Shelf) -> bytes:
        rows = [_row(source, None, site, language, 0) for source in site.sources.values() if source.enabled]
        return render(request, f"{name}.{language}.html", path, language, {"rows": rows})

    return await ready(request, (path, language), HTML, build, cache=answer.PAGE, policy=answer.POLICY)


async def sources(request: Request) -> Response:
    """`GET /kallor`: every source and how it is doing, in words."""
    desk, language = desk_of(request), language_of(request)
    states = {state.id: state for state in await in_thread(desk.store.sources)}
    today = desk.today().toordinal()

    def build(shelf: Shelf) -> bytes:
        coming = [entry for entry in shelf.entries if entry.shown and entry.last >= today]
        counts = Counter(id for entry in coming for id in entry.event.content.sources)
        known = [source for source in desk.site.sources.values() if source.enabled]
        rows = [_row(source, states.get(source.id), desk.site, language, counts[source.id]) for source in known]
        return render(request, "sources.html", "/kallor", language, {"rows": rows})

    return await fresh(request, HTML, build, cache=answer.PAGE, policy=answer.POLICY)


async def source(request: Request) -> Response:
    """`GET /kallor/{id}`: what one source tells, and what in it could not be read."""
    desk, language, id = desk_of(request), language_of(request), request.path_params["id"]
    found = desk.site.sources.get(id)
    if found is None or not found.enabled:
        raise HTTPException(404)
    state = next((state for state in await in_thread(desk.store.sources) if state.id == id), None)
    today = desk.today()

    def build(shelf: Shelf) -> bytes:
        told = [e for e in shelf.entries if e.shown and id in e.event.content.sources and e.last >= today.toordinal()]
        context = {
            "row": _row(found, state, desk.site, language, len(told)),
            "problems": _problems(state, language),
            "cards": [cards.card(entry, desk.site, language, today) for entry in told[:_MOST_EVENTS]],
        }
        return render(request, "source.html", f"/kallor/{id}", language, context)

    return await fresh(request, HTML, build, cache=answer.PAGE, policy=answer.POLICY)


def _row(source: Source, state: SourceState | None, site: Site, language: str, count: int) -> Row:
    how = health(source, state)
    return Row(
        id=source.id,
        name=source.name,
        url=twin(f"/kallor/{source.id}", language),
        address=source.url or "",
        licence=source.licence or "",
        state=how,
        told=say(language, f"health-{how}"),
        good=_day(state.good, site, language) if state and state.good else "",
        count=count,
    )


def _problems(state: SourceState | None, language: str) -> list[dict[str, Any]]:
    found = state.problems[:_MOST_PROBLEMS] if state else ()
    return [{"item": problem.item, "text": sentence(problem, language)} for problem in found]


def _day(moment: datetime, site: Site, language: str) -> str:
    local = moment.astimezone(site.zone)
    return prose.time_line(When(local), site.zone, language)


ROUTES: list[Route] = [
    *[route for path in _PAGES for route in both(path, text)],
    *both("/kallor", sources),
    *both("/kallor/{id:str}", source),
]
