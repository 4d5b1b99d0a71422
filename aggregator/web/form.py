"""What the filter's form says beside the filter: a place and a distance, and fields left empty.

A form without scripts can't write `near=lat,lon,km`; it sends a place of the registry (`vid`) and a distance (`km`).
The answer leads on to the address that says the same as a filter, so that what is bookmarked, shared and cached is
the filter and nothing else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import wraps
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aggregator.web import filters
from aggregator.web.respond import desk_of
from aggregator.web.site import Site

PLACE, DISTANCE = "vid", "km"
DISTANCES = (1, 2, 5, 10, 20, 50)  # kilometres that the form offers
USUAL = 5

Endpoint = Callable[[Request], Awaitable[Response]]


def tidied(endpoint: Endpoint, also: Sequence[str] = ()) -> Endpoint:
    """The endpoint behind a 303 from the address that a form made to the one that the filter has.

    `also` are fields that the page reads itself; they stay as they are.
    """

    @wraps(endpoint)
    async def wrapped(request: Request) -> Response:
        raw = request.url.query
        if len(raw) > filters.LONGEST_QUERY or not _untidy(raw):
            return await endpoint(request)
        kept = [pair for pair in _pairs(raw) if pair[0] in also and pair[1]]
        query = "&".join(filter(None, [canonical(raw, desk_of(request).site), urlencode(kept)]))
        return RedirectResponse(request.url.path + (f"?{query}" if query else ""), 303)

    return wrapped


def canonical(raw: str, site: Site) -> str:
    """The canonical query of what a form sent; what means nothing is left out, as on every page."""
    query = filters.parse(raw, strict=False)
    wanted = query.filter
    if query.turned:  # the page that is led to turns them, and says so
        wanted = replace(wanted, first=wanted.last, last=wanted.first)
    given = dict(_pairs(raw))
    place = site.places.get(given.get(PLACE, ""))
    if place is not None and place.geo is not None:
        point = f"near={place.geo.lat:.8f},{place.geo.lon:.8f},{given.get(DISTANCE) or USUAL}"
        wanted = replace(wanted, near=filters.parse(point, strict=False).filter.near)
    return filters.canonical(wanted)


def _untidy(raw: str) -> bool:
    return any(not value or key in (PLACE, DISTANCE) for key, value in _pairs(raw))


def _pairs(raw: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(raw, keep_blank_values=True, max_num_fields=400)
    except ValueError:
        return []
