"""`GET /api`: what programs may ask for, for people; and the addresses at which people look for it.

The API itself is `api`; what it tells programs of itself is `openapi`.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aggregator.render import FORMATS
from aggregator.shelf import Shelf
from aggregator.web import answer, filters, manual
from aggregator.web.choosing import coming
from aggregator.web.pages import both, language_of, render
from aggregator.web.respond import HTML, desk_of, ready
from aggregator.web.site import twin

ELSEWHERE = ("/api/", "/api/docs", "/api/v1", "/api/v1/", "/api/v1/docs")
_CACHE = "public, max-age=3600"


async def page(request: Request) -> Response:
    """Addresses that can be pressed, the filter, the feeds, and the terms."""
    desk, language = desk_of(request), language_of(request)
    filters.parse(request.url.query, language=language, strict=False)  # refuses one that is too long, as every page

    def build(shelf: Shelf) -> bytes:
        found = coming(shelf, desk.today(), "category")
        told = {
            "rows": list(manual.rows(language, embedded=False)),
            "examples": _examples(max(found, key=lambda id: (found[id], id)) if found else "", language),
            "feeds": [f"events.{extension}" for extension in FORMATS],
        }
        return render(request, f"api.{language}.html", "/api", language, told)

    return await ready(request, ("programs", language), HTML, build, cache=answer.PAGE, policy=answer.POLICY)


async def elsewhere(request: Request) -> Response:
    """Leads to the page from where people look for it."""
    target = desk_of(request).site.base + twin("/api", language_of(request))
    return RedirectResponse(target, 302, headers={"Cache-Control": _CACHE})


def _examples(category: str, language: str) -> dict[str, str]:
    """Addresses of the API by what they show; the category is one that has events."""
    tail = f"lang={language}"
    found = {
        "next": f"/api/v1/events?limit=3&{tail}",
        "week": f"/api/v1/events?days=7&ongoing=no&{tail}",
        "free": f"/api/v1/events?free=1&time=weekend&{tail}",
        "choices": f"/api/v1/choices?{tail}",
        "places": "/api/v1/places",
        "sources": f"/api/v1/sources?{tail}",
    }
    return {**found, "category": f"/api/v1/events?category={category}&limit=3&{tail}"} if category else found


ROUTES = [
    *both("/api", page),
    *[route for path in ELSEWHERE for route in both(path, elsewhere)],
]
