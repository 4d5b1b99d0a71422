"""`GET /api/v1/choices`: every id that the filter's keys take, with its name and how many events it would show.

It lists what there is; what a filter finds is told by `api` and the feeds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.facets import counts
from aggregator.found import Found
from aggregator.selection import Filter, list_span, select
from aggregator.shelf import Shelf
from aggregator.web import answer, filters
from aggregator.web.choices import swedish_order
from aggregator.web.respond import JSON, desk_of, encoded, ready
from aggregator.web.site import Site
from aggregator.web.words import label

KEYS = ("category", "audience", "place", "organizer", "source")  # a series is told by each of its events
_EVERY = Filter(layer="all")


async def choices(request: Request) -> Response:
    """The ids of each key, by name; `count` is of what comes, in both layers."""
    desk = desk_of(request)
    language, today = filters.only_language(request.url.query, desk.site.language), desk.today()

    def build(shelf: Shelf) -> bytes:
        found = select(shelf, _EVERY, list_span(_EVERY, today))
        return encoded({key: _ids(key, found, desk.site, language) for key in KEYS})

    key = ("choices", language)
    return await ready(request, key, JSON, build, cache=answer.PAGE, policy=answer.DATA_POLICY, extra=answer.OPEN)


def coming(shelf: Shelf, today: date, key: str) -> Mapping[str, int]:
    """How many events come for each id of a key."""
    return counts(select(shelf, _EVERY, list_span(_EVERY, today)), [key])[key]


def _ids(key: str, coming: Found, site: Site, language: str) -> list[dict[str, str | int]]:
    """What events bear, and what the town has besides: its places and the sources that are on."""
    found = counts(coming, [key])[key]
    known = {"place": site.places, "source": [id for id, source in site.sources.items() if source.enabled]}
    told: list[dict[str, str | int]] = [
        {"id": id, "name": label(key, id, site, coming.shelf.labels, language), "count": found.get(id, 0)}
        for id in {*found, *known.get(key, ())}
    ]
    return sorted(told, key=lambda one: (swedish_order(str(one["name"])), str(one["id"])))


ROUTES = [Route("/api/v1/choices", choices)]
