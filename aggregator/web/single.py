"""Calendars of one event and of one series, for "add to calendar". Their pages are in `pages` and `series`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from aggregator.catalogue import Build
from aggregator.render import FORMATS, joined
from aggregator.render.view import Feed, address, clean
from aggregator.shelf import Entry, Shelf
from aggregator.web import answer, filters
from aggregator.web.errors import problem
from aggregator.web.respond import desk_of, ready
from aggregator.web.words import feed_description

_CACHE = "public, max-age=3600"
_ICS = FORMATS["ics"]


async def event_ics(request: Request) -> Response:
    """`GET /evenemang/{id}.ics`: 301 where the event was merged into another, 410 where it was withdrawn."""
    desk, id = desk_of(request), request.path_params["id"]
    language = filters.only_language(request.url.query, desk.site.language)
    entry = (await desk.catalogue.shelf()).by_id.get(id)
    if entry is not None and entry.shown:
        page = address(entry.event, desk.site.view(language))
        build = _calendar(request, lambda shelf: [shelf.by_id[id]], page, language)
        return await _send(request, ("single", id, language), build, entry.event.content.title)
    target = await desk.catalogue.remembered(("redirect", id), lambda: desk.store.redirect(id))
    if target:
        tail = f"?lang={language}" if language != desk.site.language else ""
        return RedirectResponse(
            f"{desk.site.base}/evenemang/{target}.ics{tail}", 301, headers={"Cache-Control": _CACHE}
        )
    if entry is None:
        raise HTTPException(404)
    return problem(request, 410, "The event was withdrawn.")


async def series_ics(request: Request) -> Response:
    """`GET /serie/{id}.ics`: all dates of a series; 404 for one that never was, an empty calendar once it is over."""
    desk, id = desk_of(request), request.path_params["id"]
    language = filters.only_language(request.url.query, desk.site.language)
    known = [entry for entry in (await desk.catalogue.shelf()).entries if entry.event.series == id]
    if not known:
        raise HTTPException(404)
    build = _calendar(request, lambda shelf: shelf.series(id), desk.site.link(f"/serie/{id}", language), language)
    return await _send(request, ("series.ics", id, language), build, known[-1].event.content.title)


def _calendar(request: Request, choose: Callable[[Shelf], Sequence[Entry]], page: str, language: str) -> Build:
    desk = desk_of(request)
    tail = f"?lang={language}" if language != desk.site.language else ""

    def build(shelf: Shelf) -> bytes:
        entries = choose(shelf)
        around = Feed(
            name=clean(entries[-1].event.content.title) if entries else desk.site.name,
            description=feed_description(desk.site, language, None, news=False),
            address=f"{desk.site.base}{request.url.path}{tail}",
            page=page,
            language=language,
            zone=desk.site.zone,
            changed=max((entry.event.changed for entry in entries), default=None),
            refresh=1 if entries else 168,
        )
        texts = desk.catalogue.texts(_ICS, desk.site.view(language), entries)
        return joined(_ICS, around, texts).encode()

    return build


async def _send(request: Request, key: tuple[str, ...], build: Build, name: str) -> Response:
    extra = [*answer.OPEN, answer.disposition(name, "ics")]
    return await ready(
        request, key, _ICS.content_type, build, cache=answer.POLLED, policy=answer.DATA_POLICY, extra=extra
    )


ROUTES = [
    Route("/evenemang/{id:str}.ics", event_ics),
    Route("/serie/{id:str}.ics", series_ics),
]
