"""`/staff/medarbetare`: who may decide. Whoever may, may invite and remove others, but not themselves."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import UsageError
from aggregator.letters import TEXTS
from aggregator.mailbox import LONGEST, mailbox
from aggregator.model import Staff
from aggregator.render.prose import day
from aggregator.web import forms, security
from aggregator.web.forms import Form
from aggregator.web.pages import language_of
from aggregator.web.post import written
from aggregator.web.private import done, here, page, then
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import for_staff, office_of

_NAME = 100
_PATH = "/staff/medarbetare"


@for_staff
async def show(request: Request, staff: Staff) -> Response:
    """The members, and where to invite another."""
    return await _members(request, staff, Form())


@for_staff
async def invite(request: Request, staff: Staff) -> Response:
    """Give somebody an account, with a mailed link to choose a password."""
    form = await forms.read(request)
    security.check(request, form, "invite")
    email, name = mailbox(form.text("email", LONGEST)), form.text("name", _NAME)
    if not name:
        form.refuse("name", "form-missing")
    if email is None:
        form.refuse("email", "form-mail")
    language = form.text("language", 2)
    if not form.refused and not await in_thread(_invite, request, staff, email, name, language):
        form.refuse("email", "members-there")
    return await _members(request, staff, form) if form.refused else then(request, f"{_PATH}?klart=members-invited")


@for_staff
async def ask(request: Request, staff: Staff) -> Response:
    """Whether one is sure."""
    other = await _other(request, staff)
    return then(request, _PATH) if other is None else page(request, "removal.html", {"member": other}, staff=staff)


@for_staff
async def remove(request: Request, staff: Staff) -> Response:
    """Take all rights from somebody."""
    form = await forms.read(request)
    security.check(request, form, "remove")
    other = await _other(request, staff)
    if other is not None:
        store, now = office_of(request).store, desk_of(request).clock()
        await in_thread(store.staff.remove, other.id, now, f"staff:{staff.id}")
    return then(request, f"{_PATH}?klart=members-removed")


async def _other(request: Request, staff: Staff) -> Staff | None:
    found: Staff | None = await in_thread(office_of(request).store.staff.get, request.path_params["id"])
    return found if found is not None and found.removed is None and found.id != staff.id else None


def _invite(request: Request, staff: Staff, email: str, name: str, language: str) -> bool:
    """The account, its link and the letter; False where there is one already."""
    desk, store = desk_of(request), office_of(request).store
    now, site = desk.clock(), desk.site
    language = language if language in TEXTS else site.language
    try:
        made = store.staff.add(email, name, now, language=language, by=f"staff:{staff.id}")
    except UsageError:
        return False
    secret = store.staff.invite(made.id, now)
    path, key = f"/staff/valkommen/{secret}", f"staff-invitation:{made.id}:{now.isoformat()}"
    store.outbox.write(written(site, "staff-invitation", key=key, to=email, language=language, path=path), now)
    return True


async def _members(request: Request, staff: Staff, form: Form) -> Response:
    store, language = office_of(request).store, language_of(request)
    zone = desk_of(request).site.zone
    found: list[tuple[Staff, bool]] = await in_thread(store.staff.active)
    members = [
        {
            "id": member.id,
            "name": member.name or member.email,
            "email": member.email,
            "you": member.id == staff.id,
            "new": not ready,
            "added": day(member.added.astimezone(zone).date(), language, year=True),
        }
        for member, ready in found
    ]
    told = {"members": members, "done": done(request, "members-invited", "members-removed")}
    return page(request, "members.html", told, form=form, staff=staff)


ROUTES = [
    *here(_PATH, show, invite),
    *here(_PATH + "/{id:str}/ta-bort", ask, remove),
]
