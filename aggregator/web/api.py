"""JSON for programs: `/api/v1/…`. Open to every origin, no cookie, no key; lists in pages by cursor.

It answers with the node of `render.jsonld` and adds who told what. It decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from aggregator.bulletin import bulletin
from aggregator.errors import UsageError
from aggregator.model import Event, Place, Source, Status, StoredListing
from aggregator.problems import sentence
from aggregator.remedies import WANTS
from aggregator.render import jsonld
from aggregator.selection import list_span, once_a_series, select
from aggregator.shelf import Entry, Shelf
from aggregator.state import SourceState
from aggregator.web import answer, filters
from aggregator.web.errors import problem
from aggregator.web.openapi import CURSOR, document
from aggregator.web.respond import JSON, desk_of, encoded, fresh, in_thread
from aggregator.web.site import Desk

_LIMIT = 100  # events of a page where nobody asks for more or fewer
_REDIRECT = "public, max-age=3600"  # an id can come back after a split
Order = tuple[float, str]


async def events(request: Request) -> Response:
    """`GET /api/v1/events`: a page of the events of a filter, in order of start, then id."""
    desk = desk_of(request)
    query = filters.parse(request.url.query, language=desk.site.language, also=("cursor",))
    after = _after(query.cursor)
    today = desk.today()

    def build(shelf: Shelf) -> bytes:
        found: Sequence[Entry] = select(shelf, query.filter, list_span(query.filter, today))
        if query.filter.dates == "next":
            found = once_a_series(found, today)
        found = [entry for entry in found if after is None or entry.order > after]
        limit = query.filter.limit or _LIMIT
        page = found[:limit]
        next_page = _next(query.canonical, page[-1].order) if len(found) > limit else None
        return encoded({"events": _nodes(desk, [e.event for e in page], query.language), "next": next_page})

    return await _answer(request, build)


async def event(request: Request) -> Response:
    """`GET /api/v1/events/{id}`: one event; 301 where it was merged into another, 410 where it was withdrawn."""
    desk, id = desk_of(request), request.path_params["id"]
    shelf = await desk.catalogue.shelf()
    entry = shelf.by_id.get(id)
    if entry is None or not entry.shown:
        target = await desk.catalogue.remembered(("redirect", id), lambda: desk.store.redirect(id))
        if target:
            headers = {"Cache-Control": _REDIRECT, "Access-Control-Allow-Origin": "*"}
            return RedirectResponse(f"{desk.site.base}/api/v1/events/{target}", 301, headers=headers)
        if entry is not None:
            return problem(request, 410, "The event was withdrawn.")
        raise HTTPException(404)
    language = filters.only_language(request.url.query, desk.site.language)

    def build(_shelf: Shelf) -> bytes:
        return encoded({"@context": jsonld.CONTEXT, **_nodes(desk, [entry.event], language)[0]})

    return await _answer(request, build)


async def sources(request: Request) -> Response:
    """`GET /api/v1/sources`: every source of the town's file and how it is doing."""
    desk = desk_of(request)
    language = filters.only_language(request.url.query, desk.site.language)
    states = {state.id: state for state in await in_thread(desk.store.sources)}
    clock = await in_thread(desk.store.offsets)
    told = [_source(source, states.get(id), desk, language, clock) for id, source in desk.site.sources.items()]
    return await _answer(request, lambda _shelf: encoded({"sources": told}))


async def places(request: Request) -> Response:
    """`GET /api/v1/places`: the place registry."""
    desk = desk_of(request)
    filters.only_language(request.url.query, desk.site.language)
    told = [_place(place) for place in desk.site.places.values()]
    return await _answer(request, lambda _shelf: encoded({"places": told}))


async def openapi(request: Request) -> Response:
    """`GET /openapi.json`: what this API is, for programs."""
    site = desk_of(request).site
    return JSONResponse(
        document(site), headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"}
    )


async def _answer(request: Request, build: Any) -> Response:
    return await fresh(request, JSON, build, cache=answer.PAGE, policy=answer.DATA_POLICY, extra=answer.OPEN)


def _nodes(desk: Desk, told: Sequence[Event], language: str) -> list[dict[str, Any]]:
    """The nodes of some events with all that only the API tells."""
    listings = desk.store.listings([event.id for event in told]) if told else {}
    states = {state.id: state for state in desk.store.sources()} if told else {}
    view = desk.site.view(language)
    found = []
    for event in told:
        node = jsonld.node(event, view) | {"layer": event.content.layer.value, "ongoing": event.content.ongoing}
        if event.content.status is Status.TENTATIVE:
            node["tentative"] = True
        if event.content.hours:
            node["hours"] = event.content.hours
        node["listings"] = [_listing(listing, states) for listing in listings.get(event.id, ())]
        node["provenance"] = {_member(p.field): p.source for p in event.provenance}
        node["conflicts"] = [{"field": _member(c.field), "source": c.source, "value": c.value} for c in event.conflicts]
        found.append(node)
    return found


def _listing(stored: StoredListing, states: Mapping[str, SourceState]) -> dict[str, Any]:
    listing = stored.listing
    state = states.get(listing.key.source)
    return {
        "source": listing.key.source,
        "uid": listing.stated.uid,
        "recurrenceId": listing.key.recurrence,
        "url": listing.stated.url,
        "startDate": listing.stated.start,
        "firstSeen": _moment(stored.first_seen),
        "lastSeen": _moment(state.good if state and state.good else stored.changed),
    }


def _source(
    source: Source, state: SourceState | None, desk: Desk, language: str, clock: Mapping[str, int]
) -> dict[str, Any]:
    how = bulletin(source, state, desk.clock(), desk.site.zone, language, clock)
    told: dict[str, Any] = {
        "id": source.id,
        "name": source.name,
        "url": source.url,
        "role": source.role.value,
        "layer": source.layer.value,
        "enabled": source.enabled,
        "licence": source.licence,
        "format": state.format if state else None,
        "state": how.word,
        "headline": how.headline,
    }
    if state is None:
        return told
    told |= {
        "message": how.why or None,
        "effect": how.told or None,
        "hints": [{"code": need, "text": WANTS[language][need]} for need in how.needs],
        "lastAttempt": _moment(state.tried),
        "lastSuccess": _moment(state.good),
        "nextDue": _moment(state.due),
        "failures": state.failures,
        "components": {
            "inside": state.counts.inside,
            "past": state.counts.past,
            "beyond": state.counts.beyond,
            "refused": state.counts.refused,
        },
        "problems": [
            {"code": p.code, "item": p.item, "text": sentence(p, language), "refused": p.refused}
            for p in state.problems
        ],
    }
    return told


def health(source: Source, state: SourceState | None) -> str:
    """One word for how a source does, for who watches the program: more is in `bulletin`."""
    if not source.enabled:
        return "disabled"
    if state is None or state.tried is None:
        return "new"
    marks = (("paused", state.paused), ("held", state.held), ("failing", state.error), ("damaged", state.damaged))
    return next((name for name, mark in marks if mark), "fine")


def _place(place: Place) -> dict[str, Any]:
    told = {"id": place.id, "name": place.name, "address": place.address, "locality": place.locality}
    told["aliases"] = list(place.aliases)  # type: ignore[assignment]  # a list beside texts, as JSON has it
    geo = {"geo": {"latitude": place.geo.lat, "longitude": place.geo.lon}} if place.geo else {}
    return {name: value for name, value in told.items() if value} | geo


def _member(field: str) -> str:
    return jsonld.MEMBERS.get(field, field)


def _moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None


def _next(canonical: str, order: Order) -> str:
    query = f"{canonical}&" if canonical else ""
    return f"/api/v1/events?{query}cursor={order[0]!r}_{order[1]}"


def _after(cursor: str | None) -> Order | None:
    """Where the last page ended. Raises UsageError for a cursor that no list gives."""
    if cursor is None:
        return None
    found = re.fullmatch(CURSOR, cursor)
    if not found:
        raise UsageError("cursor: must be one that this list gave")
    return float(found[1]), found[2]


ROUTES = [
    Route("/api/v1/events", events),
    Route("/api/v1/events/{id:str}", event),
    Route("/api/v1/sources", sources),
    Route("/api/v1/places", places),
    Route("/openapi.json", openapi),
]
