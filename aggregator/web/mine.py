"""`/min-sida/logga-in`: organizers come to their page by a mailed link, without a password. Shows nothing of the page.

The answer is the same for every address (F08); a link is opened by a GET as often as mail scanners like, and only the
button behind it begins a session (F03).
"""

from __future__ import annotations

from datetime import timedelta

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from aggregator.mailbox import LONGEST, mailbox
from aggregator.web import forms, security
from aggregator.web.login import may_have_link, may_write
from aggregator.web.post import written
from aggregator.web.private import here, page, then
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import office_of

LOGIN, LOGIN_LASTS = "person-login", timedelta(hours=1)  # the purpose of the link, and how long it is good


async def ask(request: Request) -> Response:
    """Where one asks for the link."""
    office_of(request)
    return page(request, "mine.html", {})


async def send(request: Request) -> Response:
    """Send it if we know the address, after the answer, which is the same for all."""
    form = await forms.read(request)
    email = mailbox(form.text("email", LONGEST))
    if not security.is_ours(request, form, "mine"):
        form.refuse("", "form-old")
    elif email is None:
        form.refuse("email", "form-mail")
    if form.refused:
        return page(request, "mine.html", {}, form=form)
    allowed = await may_have_link(request, email or "")
    answer = page(request, "sent.html", {"email": email})
    answer.background = BackgroundTask(in_thread, _write_link, request, email) if allowed else None
    return answer


async def look(request: Request) -> Response:
    """What the link opens: a button."""
    people, now = office_of(request).store.people, desk_of(request).clock()
    known = await in_thread(people.peek, request.path_params["secret"], LOGIN, now)
    return page(request, "enter.html", {}) if known else _over(request)


async def enter(request: Request) -> Response:
    """The button: the link is used up, and one is in."""
    form = await forms.read(request)
    security.check(request, form, "enter")
    people, now = office_of(request).store.people, desk_of(request).clock()
    person: str | None = await in_thread(people.redeem, request.path_params["secret"], LOGIN, now)
    if person is None:
        return _over(request)
    return await security.let_in(request, then(request, "/min-sida"), "person", person)


async def leave(request: Request) -> Response:
    """Log out."""
    form = await forms.read(request)
    security.check(request, form, "logout")
    return await security.let_out(request, then(request, "/min-sida/logga-in"), "person")


def _write_link(request: Request, email: str) -> None:
    """Put the link into the outbox, if somebody with that address has answered a mail of ours before."""
    store, desk = office_of(request).store, desk_of(request)
    person, now, site = store.people.by_email(email), desk.clock(), desk.site
    if person is None or person.confirmed is None or not may_write(store, now):
        return
    secret = store.people.issue(LOGIN, person.id, now, LOGIN_LASTS)
    path, key = f"/min-sida/lank/{secret}", f"login:{person.id}:{now.isoformat()}"
    store.outbox.write(written(site, "login", key=key, to=person.email, language=person.language, path=path), now)


def _over(request: Request) -> Response:
    return page(request, "over.html", {"again": "/min-sida/logga-in"}, status=410)


ROUTES = [
    *here("/min-sida/logga-in", ask, send),
    *here("/min-sida/lank/{secret:str}", look, enter),
    *here("/min-sida/logga-ut", None, leave),
]
