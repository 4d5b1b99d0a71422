"""The page of a series: all its dates, and how to subscribe to them."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.shelf import Shelf
from aggregator.web import answer, cards, subscribe, tongue
from aggregator.web.pages import both, language_of, render
from aggregator.web.respond import HTML, desk_of, ready


async def page(request: Request) -> Response:
    """`GET /serie/{id}`: coming dates first, then those that were; 404 for a series that never was."""
    desk, language, id = desk_of(request), language_of(request), request.path_params["id"]
    today = desk.today()
    if not (await desk.catalogue.shelf()).series(id):
        raise HTTPException(404)

    def build(shelf: Shelf) -> bytes:
        dates = shelf.series(id)
        coming = [entry for entry in dates if entry.last >= today.toordinal()]
        nearest = (coming or dates)[0]
        address = f"{desk.site.base}/serie/{id}.ics" + (f"?lang={language}" if language != desk.site.language else "")
        told = {
            "lang": tongue.of_event(nearest.event.content, desk.site, language),
            "title": cards.bare_title(nearest.event.content, language),
            "coming": [cards.card(entry, desk.site, language, today) for entry in coming],
            "past": [
                cards.card(entry, desk.site, language, today)
                for entry in reversed(dates)
                if entry.last < today.toordinal()
            ],
            "ways": subscribe.ways(address, desk.site.name),
            "address": address,
        }
        return render(request, "series.html", f"/serie/{id}", language, told)

    return await ready(request, ("series", id, language), HTML, build, cache=answer.PAGE, policy=answer.POLICY)


ROUTES = both("/serie/{id:str}", page)
