"""The pages that residents read: the list and the event. Swedish at Swedish paths, English behind `/en`.

A page is made from the shelf alone and kept ready like a feed. It works without JavaScript and sets no cookie.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from aggregator.model import UID_PATTERN, Event, Geo, Picture
from aggregator.render import jsonld, prose
from aggregator.render.rss import paragraphs
from aggregator.render.view import address, place_line, published
from aggregator.selection import list_span, select
from aggregator.shelf import Entry, Shelf
from aggregator.web import answer, bar, cards, filters
from aggregator.web.agenda import agenda
from aggregator.web.form import tidied
from aggregator.web.frame import frame
from aggregator.web.instead import instead
from aggregator.web.making import put_together
from aggregator.web.respond import HTML, desk_of, ready
from aggregator.web.site import Desk, Site, twin
from aggregator.web.words import say

_MOST_PAGES = 200  # no crawler walks further (E12)
_MOST_DATES = 30  # coming dates of a series on its event's page; the series has a page for all
_GONE_CACHE = "public, max-age=3600"
_ID = re.compile(UID_PATTERN)


def templates() -> Environment:
    """The templates of the package; everything is escaped but what the sanitiser made."""
    return Environment(
        loader=PackageLoader("aggregator.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


async def listing(request: Request) -> Response:
    """`GET /`: what comes, by day, with the filter."""
    desk, language = desk_of(request), language_of(request)
    query = filters.parse(request.url.query, language=language, strict=False, also=(filters.PLACE,))
    number, wanted, now = _page_number(request), query.filter, desk.quarter()
    canonical, here = filters.canonical(wanted), filters.address(wanted)

    def build(shelf: Shelf) -> bytes:
        found = select(shelf, wanted, list_span(wanted, now.date()))
        page = agenda(found, wanted, now, number, desk.site, language)
        told = {
            "days": page.days,
            "runs": page.runs,
            "later": page.later,
            "more_runs": page.more_runs,
            "runs_url": _page(filters.address(replace(wanted, ongoing="only")), 1, language),
            "total": page.total,
            "instead": instead(shelf, wanted, page.total, desk.site, language, now.date()),
            "pages": _turns(here, page.number, language, more=page.more and number < _MOST_PAGES),
            "bar": bar.bar(shelf, wanted, desk.site, language, now.date(), query=query),
            "oembed": _oembed(desk.site, canonical, language),
        }
        return render(request, "list.html", "/", language, told, query=canonical)

    key = ("list", language, query.seen, number)
    return await ready(request, key, HTML, build, cache=answer.PAGE, policy=answer.POLICY, at=now)


async def event(request: Request) -> Response:
    """`GET /evenemang/{id}/{slug}`: one event; 301 where it moved, 410 where it was withdrawn."""
    desk, language, id = desk_of(request), language_of(request), request.path_params["id"]
    entry = (await desk.catalogue.shelf()).by_id.get(id)
    if entry is None or not entry.shown:
        return await _missing(request, entry, language)
    canonical = address(entry.event, desk.site.view(language))
    if f"{desk.site.base}{request.url.path}" != canonical:
        return RedirectResponse(canonical, 301, headers={"Cache-Control": _GONE_CACHE})

    today = desk.today()

    def build(shelf: Shelf) -> bytes:
        here = shelf.by_id[id]
        told = _about(here, shelf, desk.site, language, today)
        told["together"] = put_together(here.event, desk, language)
        return render(request, "event.html", canonical.removeprefix(desk.site.base), language, told)

    return await ready(request, ("event", language, id), HTML, build, cache=answer.PAGE, policy=answer.POLICY)


def render(
    request: Request, template: str, path: str, language: str, told: Mapping[str, Any], *, query: str = ""
) -> bytes:
    """A page from its template; `path` is the Swedish path, or the full path of an event."""
    environment: Environment = request.app.state.templates
    context = frame(request, path, language, query) | dict(told)
    return environment.get_template(template).render(context).encode()


def language_of(request: Request) -> str:
    """English behind `/en`."""
    return "en" if request.url.path == "/en" or request.url.path.startswith("/en/") else "sv"


def both(path: str, endpoint: Callable[[Request], Any]) -> list[Route]:
    """The routes of a page: Swedish, and its English twin."""
    return [Route(path, endpoint), Route(twin(path, "en"), endpoint)]


async def _missing(request: Request, entry: Entry | None, language: str) -> Response:
    desk, id = desk_of(request), request.path_params["id"]
    if not _ID.fullmatch(id):
        raise HTTPException(404)
    target = await desk.catalogue.remembered(("redirect", id), lambda: desk.store.redirect(id))
    if target:
        moved = (await desk.catalogue.shelf()).by_id.get(target)
        plain = desk.site.link(f"/evenemang/{target}", language)
        path = address(moved.event, desk.site.view(language)) if moved else plain
        return RedirectResponse(path, 301, headers={"Cache-Control": _GONE_CACHE})
    if entry is None:
        raise HTTPException(404)
    body = render(request, "gone.html", f"/evenemang/{id}", language, _gone(entry.event, desk, language))
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": answer.POLICY.decode()}
    return HTMLResponse(body, 410, headers=headers)


def _gone(event: Event, desk: Desk, language: str) -> dict[str, Any]:
    view = desk.site.view(language)
    return {
        "title": cards.bare_title(event.content, language),
        "when": prose.span_line(event, view, year=True),
        "withdrawn": prose.day((event.withdrawn or event.changed).astimezone(view.zone).date(), language, year=True),
        "names": [desk.site.names.get(source, source) for source in event.content.sources],
    }


def _about(entry: Entry, shelf: Shelf, site: Site, language: str, today: date) -> dict[str, Any]:
    event, view = entry.event, site.view(language)
    content = event.content
    where = content.location
    series = shelf.series(event.series) if event.series else []
    dates = [e for e in series if e.event.id != event.id and e.last >= today.toordinal()][:_MOST_DATES]
    return {
        "card": cards.card(entry, site, language),
        "when": prose.span_line(event, view, year=True),
        "starts": published(content, site.zone).start.isoformat(),
        "was": prose.time_line(event.moved_from, site.zone, language, year=True) if event.moved_from else "",
        "place": place_line(content) or "",
        "map": _map(where.geo) if where and where.geo else "",
        "online": (where.online if where else "") or "",
        "facts": prose.facts(event, view),
        "organizer": content.organizer or "",
        "tickets": content.ticket_url or "",
        "more": content.url or "",
        "picture": event.picture,
        "sizes": _sizes(event.picture) if event.picture else "",
        # The only markup that is not escaped: `text.clean_html` made it, or we made it from plain text.
        "description": Markup(content.html or paragraphs(content.description or "")),  # noqa: S704
        "dates": [cards.card(e, site, language, today) for e in dates],
        "names": [site.names.get(source, source) for source in content.sources],
        "origins": _origins(event, site, language),
        "attribution": content.attribution,
        "report": twin(f"/evenemang/{event.id}/tipsa", language),
        "json": Markup(jsonld.dumps({"@context": jsonld.CONTEXT, **jsonld.node(event, view)})),  # noqa: S704 - dumps escapes < > &
    }


def _sizes(picture: Picture) -> str:
    """The `srcset` of a picture; one that is small has one size."""
    told = dict.fromkeys([(picture.small, picture.small_width), (picture.large, picture.width)])
    widths = {width: path for path, width in told}
    return ", ".join(f"{path} {width}w" for width, path in widths.items())


def _map(geo: Geo) -> str:
    return f"https://www.openstreetmap.org/?mlat={geo.lat:.5f}&mlon={geo.lon:.5f}#map=17/{geo.lat:.5f}/{geo.lon:.5f}"


def _origins(event: Event, site: Site, language: str) -> Sequence[tuple[str, str]]:
    """Fact → who said it, in words."""
    told = [(say(language, f"field-{p.field}"), site.names.get(p.source, p.source)) for p in event.provenance]
    return list(dict.fromkeys(told))


def _oembed(site: Site, canonical: str, language: str) -> str:
    """Where the list tells its oEmbed answer (oembed.com, 4)."""
    page = site.link("/", language) + (f"?{canonical}" if canonical else "")
    return f"{site.base}/oembed?{urlencode({'url': page})}"


def _page_number(request: Request) -> int:
    given = request.query_params.get("sida", "1")
    number = int(given) if given.isascii() and given.isdigit() and len(given) <= 4 else 1
    return min(max(number, 1), _MOST_PAGES)


def _turns(query: str, number: int, language: str, *, more: bool) -> dict[str, str]:
    """Links to the earlier and the later page of the list."""

    earlier = _page(query, number - 1, language) if number > 1 else ""
    return {"earlier": earlier, "later": _page(query, number + 1, language) if more else ""}


def _page(query: str, number: int, language: str) -> str:
    """The address of a page of the list."""
    query = "&".join([part for part in (query, f"sida={number}" if number > 1 else "") if part])
    return twin("/", language) + (f"?{query}" if query else "")


ROUTES = [
    *both("/", tidied(listing)),
    *both("/evenemang/{id:str}", event),
    *both("/evenemang/{id:str}/{slug:str}", event),
]
