"""`/staff/utkorg`: the letters that were written, and what became of them; with no mail server, the letters themselves.

With one, no text is shown: a letter holds a link that is its recipient's.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from aggregator.model import Staff
from aggregator.render.prose import moment
from aggregator.store.outbox import KEPT, Posted
from aggregator.web import forms, security
from aggregator.web.pages import language_of
from aggregator.web.private import done, here, page, then
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import for_staff, office_of
from aggregator.web.words import say

_PATH = "/staff/utkorg"


@for_staff
async def show(request: Request, staff: Staff) -> Response:
    """The outbox, newest first."""
    found: list[Posted] = await in_thread(office_of(request).store.outbox.list)
    unsent = request.app.state.settings.smtp_url is None
    letters = [_line(request, posted, unsent) for posted in found]
    told = {"letters": letters, "unsent": unsent, "days": KEPT.days, "done": done(request, "outbox-tried")}
    return page(request, "outbox.html", told, staff=staff)


@for_staff
async def again(request: Request, staff: Staff) -> Response:
    """Try a letter that was given up once more."""
    form = await forms.read(request)
    security.check(request, form, "again")
    number = form.number("letter")
    store, now = office_of(request).store, desk_of(request).clock()
    tried = number is not None and await in_thread(store.outbox.again, number, now)
    if tried:
        await in_thread(store.audit.note, f"staff:{staff.id}", "send-again", f"letter:{number}", "", now)
    return then(request, f"{_PATH}?klart=outbox-tried" if tried else _PATH)


def _line(request: Request, posted: Posted, unsent: bool) -> dict[str, Any]:
    site, language = desk_of(request).site, language_of(request)
    return {
        "id": posted.id,
        "to": posted.letter.recipient,
        "subject": posted.letter.subject,
        "language": posted.letter.language,
        "text": posted.letter.plain if unsent else "",
        "written": moment(posted.created, site.zone, language),
        "state": _state(posted, site.zone, language),
        "error": posted.error,
        "given_up": posted.sent is None and posted.due is None,
    }


def _state(posted: Posted, zone: Any, language: str) -> str:
    if posted.sent is not None:
        return say(language, "outbox-sent", when=moment(posted.sent, zone, language))
    if posted.due is None:
        return say(language, "outbox-given-up")
    if posted.error:
        return say(language, "outbox-again", tries=posted.tries, when=moment(posted.due, zone, language))
    return say(language, "outbox-waiting")


ROUTES = here(_PATH, show, again)
