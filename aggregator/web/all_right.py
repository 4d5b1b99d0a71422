"""`/allt-stammer/{secret}`: the link of the letter that comes once a term. One look, one button, no login (F03)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from aggregator.web import forms, security
from aggregator.web.private import here, page
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import office_of


async def look(request: Request) -> Response:
    """Which source is asked about, and a button."""
    asking, now = office_of(request).store.asking, desk_of(request).clock()
    return _page(request, await in_thread(asking.about, request.path_params["secret"], now), done=False)


async def confirm(request: Request) -> Response:
    """The button: nobody is asked again this term."""
    form = await forms.read(request)
    security.check(request, form, "all-right")
    asking, now = office_of(request).store.asking, desk_of(request).clock()
    return _page(request, await in_thread(asking.right, request.path_params["secret"], now), done=True)


def _page(request: Request, source: str | None, *, done: bool) -> Response:
    if source is None:
        return page(request, "offer_over.html", {}, status=410)
    names = desk_of(request).site.names
    return page(request, "all_right.html", {"name": names.get(source, source), "source": source, "done": done})


ROUTES = here("/allt-stammer/{secret:str}", look, confirm)
