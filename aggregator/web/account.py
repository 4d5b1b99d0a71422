"""`/staff/konto`: one's own password, and the browsers in which one is logged in."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from aggregator import passwords
from aggregator.model import Staff
from aggregator.render.prose import moment
from aggregator.store.sessions import Session
from aggregator.store.tokens import hash_of
from aggregator.web import forms, security
from aggregator.web.cookies import laid
from aggregator.web.forms import Form
from aggregator.web.login import is_password
from aggregator.web.pages import language_of
from aggregator.web.private import done, here, page, then
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import for_staff, office_of

_TRIES = 6  # of the present password in a quarter of an hour, for whoever sits down at an open browser


@for_staff
async def show(request: Request, staff: Staff) -> Response:
    """The account."""
    return await _account(request, staff, Form())


@for_staff
async def change(request: Request, staff: Staff) -> Response:
    """Another password: every other browser is logged out, and this one gets a session of its own."""
    form = await forms.read(request)
    security.check(request, form, "password")
    new = form.raw("password", 1000)
    if not await _is_own(request, staff, form.raw("present", 1000)):
        form.refuse("present", "password-not")
    elif (wrong := passwords.weakness(new, staff.email)) is not None:
        form.refuse("password", wrong)
    if form.refused:
        return await _account(request, staff, form)
    store, now = office_of(request).store, desk_of(request).clock()
    async with request.app.state.trying:
        hash: str = await in_thread(passwords.hashed, new)
    await in_thread(store.staff.set_password, staff.id, hash)
    await in_thread(store.audit.note, f"staff:{staff.id}", "password", f"staff:{staff.id}", "", now)
    return await security.let_in(request, then(request, "/staff/konto?klart=account-changed"), "staff", staff.id)


@for_staff
async def end(request: Request, staff: Staff) -> Response:
    """End one of one's other sessions, or all of them."""
    form = await forms.read(request)
    security.check(request, form, "end")
    people, which = office_of(request).store.people, form.raw("session", 100)
    if which:
        await in_thread(people.revoke_one, "staff", staff.id, which)
    else:
        own = laid(request, "staff")
        await in_thread(lambda: people.revoke_all("staff", staff.id, but=own))
    return then(request, "/staff/konto?klart=account-ended")


async def _is_own(request: Request, staff: Staff, password: str) -> bool:
    tally, now = office_of(request).store.tally, desk_of(request).clock()
    allowed = await in_thread(tally.hit, "password", staff.id, now, _TRIES, timedelta(minutes=15))
    return bool(allowed and await is_password(request, staff.id, password))


async def _account(request: Request, staff: Staff, form: Form) -> Response:
    people, now = office_of(request).store.people, desk_of(request).clock()
    found: list[Session] = await in_thread(people.sessions, "staff", staff.id, now)
    own = hash_of(laid(request, "staff"))
    site, language = desk_of(request).site, language_of(request)
    sessions = [
        {
            "id": session.id,
            "own": session.id == own,
            "since": moment(session.created, site.zone, language),
            "seen": moment(session.seen, site.zone, language),
        }
        for session in found
    ]
    told = {"email": staff.email, "sessions": sessions, "done": done(request, "account-changed", "account-ended")}
    return page(request, "account.html", told, form=form, staff=staff)


ROUTES = [
    *here("/staff/konto", show, change),
    *here("/staff/konto/avsluta", None, end),
]
