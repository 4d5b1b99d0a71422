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

PLACE, DISTANCE = filters.PLACE, "km"
DISTANCES = (1, 2, 5, 10, 20, 50)  # kilometres that the form offers
USUAL = 5

Endpoint = Callable[[Request], Awaitable[Response]]


def tidied(endpoint: Endpoint, also: Sequence[str] = ()) -> Endpoint:
    """The endpoint behind a 303 from the address that a form made to the one that the filter has.

    `also` are fields that the page reads itself; they stay as they are.
    """

    @wraps(endpoint)
    async def wrapped(request: Request) -> Response:
        raw, site = request.url.query, desk_of(request).site
        if len(raw) > filters.LONGEST_QUERY or not _untidy(raw, site):
            return await endpoint(request)
        kept = [pair for pair in _pairs(raw) if pair[0] in also and pair[1]]
        query = "&".join(filter(None, [canonical(raw, site), urlencode(kept)]))
        return RedirectResponse(request.url.path + (f"?{query}" if query else ""), 303)

    return wrapped


def canonical(raw: str, site: Site) -> str:
    """The query of what a form sent; what means nothing goes on as it is, for the page to say so."""
    query = filters.parse(raw, strict=False, also=(PLACE,))
    wanted = query.filter
    if query.turned:  # the page that is led to turns them, and says so
        wanted = replace(wanted, first=wanted.last, last=wanted.first)
    given = dict(_pairs(raw))
    place = site.places.get(given.get(PLACE, ""))
    if place is not None and place.geo is not None:
        point = f"near={place.geo.lat:.8f},{place.geo.lon:.8f},{given.get(DISTANCE) or USUAL}"
        wanted = replace(wanted, near=filters.parse(point, strict=False).filter.near)
    ignored = [(key, value) for key, value in query.ignored if not (key == PLACE and _named(value, site))]
    return "&".join(filter(None, [filters.address(wanted), urlencode(ignored)]))


def _untidy(raw: str, site: Site) -> bool:
    """Whether something is to be led on: an empty field, a distance, or a place that there is."""
    return any(not value or key == DISTANCE or (key == PLACE and _named(value, site)) for key, value in _pairs(raw))


def _named(place: str, site: Site) -> bool:
    known = site.places.get(place)
    return known is not None and known.geo is not None


def _pairs(raw: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(raw, keep_blank_values=True, max_num_fields=400)
    except ValueError:
        return []
