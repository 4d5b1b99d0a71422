"""Pages about the calendar itself: `/om`, `/tillganglighet`, `/integritet`, `/riktlinjer`."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.shelf import Shelf
from aggregator.web import answer
from aggregator.web.pages import both, language_of, render
from aggregator.web.respond import HTML, desk_of, ready
from aggregator.web.site import twin

_PAGES = {
    "/om": "about",
    "/tillganglighet": "accessibility",
    "/integritet": "privacy",
    "/riktlinjer": "guidelines",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A source and the terms of what it tells."""

    name: str
    url: str
    licence: str


async def text(request: Request) -> Response:
    """A page that is text, in both languages."""
    language = language_of(request)
    path = request.url.path.removeprefix("/en")
    name = _PAGES[path]
    site = desk_of(request).site

    def build(_shelf: Shelf) -> bytes:
        rows = [
            Row(source.name, twin(f"/kallor/{source.id}", language), source.licence or "")
            for source in site.sources.values()
            if source.enabled
        ]
        return render(request, f"{name}.{language}.html", path, language, {"rows": rows})

    return await ready(request, (path, language), HTML, build, cache=answer.PAGE, policy=answer.POLICY)


ROUTES: list[Route] = [
    *[route for path in _PAGES for route in both(path, text)],
]
