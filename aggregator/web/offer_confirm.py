"""`/lamna/bekrafta/{secret}`: what the mailed link opens. Looking changes nothing; the button hands it to staff (F03).

Who has answered is let in to their own page, since the link has shown whose the address is.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from aggregator.consents import VERSIONS
from aggregator.model import OfferedEvent, OfferedSource, Submission
from aggregator.web import forms, security
from aggregator.web.private import here, page, then
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import office_of

_PURPOSE = "offer-confirm"


async def look(request: Request) -> Response:
    """What was handed in, and a button."""
    secret, now = request.path_params["secret"], desk_of(request).clock()
    found: Submission | None = await in_thread(office_of(request).store.offers.shown, secret, now)
    if found is None:
        return _over(request)
    return page(request, "confirm.html", {"what": name_of(found), "kind": found.kind.value})


async def confirm(request: Request) -> Response:
    """The button: it is in the queue, and whose it is comes to their own page."""
    form = await forms.read(request)
    security.check(request, form, _PURPOSE)
    secret, now = request.path_params["secret"], desk_of(request).clock()
    found: Submission | None = await in_thread(office_of(request).store.offers.confirm, secret, VERSIONS, now)
    if found is None or found.person is None:
        return _over(request)
    return await security.let_in(request, then(request, "/min-sida?klart=mine-confirmed"), "person", found.person)


def name_of(submission: Submission) -> str:
    """What a submission is called."""
    body = submission.body
    if isinstance(body, OfferedEvent):
        return body.title
    return body.name if isinstance(body, OfferedSource) else ""


def _over(request: Request) -> Response:
    return page(request, "offer_over.html", {}, status=410)


ROUTES = here("/lamna/bekrafta/{secret:str}", look, confirm)
