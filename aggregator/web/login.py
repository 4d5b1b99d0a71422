"""`/staff/logga-in`, `/staff/logga-ut` and the links by which staff choose a password.

A stranger learns nothing from an answer: which addresses have an account, neither from words nor from time (F08). Tries
are bounded by account and network together, by network, and by account over the world (F22): who knows an
address can't shut its owner out, and a thousand machines get no further than a hundred.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aggregator import passwords
from aggregator.mailbox import LONGEST, mailbox
from aggregator.model import Staff
from aggregator.store import Store
from aggregator.store.staff import WELCOME
from aggregator.web import forms, security
from aggregator.web.client import network_of
from aggregator.web.forms import Form
from aggregator.web.pages import language_of
from aggregator.web.post import written
from aggregator.web.private import done, here, page, then
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import office_of

_QUARTER, _HOUR = timedelta(minutes=15), timedelta(hours=1)
_TRIES = (  # what is counted, how many in which time
    ("login-pair", 6, _QUARTER),
    ("login-network", 40, _QUARTER),
    ("login-account", 100, _HOUR),
)
_LINKS = (("link-account", 3, _HOUR), ("link-network", 10, _HOUR))
_ALL_LINKS = 200  # in an hour, of those that are written: who asks for unknown addresses uses up nobody's


async def show(request: Request) -> Response:
    """The login; who is logged in already goes on."""
    back = request.query_params.get("till", "")
    if await security.staff_of(request) is not None:
        return security.private(RedirectResponse(security.way_back(back, "staff", language_of(request)), 303))
    return _login(request, Form({"till": [back]}))


async def take(request: Request) -> Response:
    """Let somebody in, or not."""
    form = await forms.read(request)
    typed, password = form.text("email", LONGEST), form.raw("password", 1000)
    if not security.is_ours(request, form, "login"):
        form.refuse("", "form-old")
        return _login(request, form, 403)
    email = mailbox(typed) or ""
    if not await _may_try(request, email):
        form.refuse("", "form-many")
        return _login(request, form, 429)
    staff = await _known(request, email, password)
    if staff is None:
        form.refuse("email", "login-wrong")
        return _login(request, form)
    now, office = desk_of(request).clock(), office_of(request)
    await in_thread(office.store.tally.forget, "login-pair", f"{email} {network_of(request)}", now)
    await in_thread(office.store.audit.note, f"staff:{staff.id}", "login", f"staff:{staff.id}", "", now)
    back = security.way_back(form.raw("till", 1000), "staff", language_of(request))
    return await security.let_in(request, RedirectResponse(back, 303), "staff", staff.id)


async def leave(request: Request) -> Response:
    """Log out; the page after it is the login, and no cookie is left."""
    form = await forms.read(request)
    security.check(request, form, "logout")
    return await security.let_out(request, then(request, "/staff/logga-in"), "staff")


async def forgot(request: Request) -> Response:
    """Where staff ask for a link to choose another password."""
    security.office_of(request)
    return page(request, "forgot.html", {})


async def send_link(request: Request) -> Response:
    """Send the link if there is such an account, after the answer, which is the same for all."""
    form = await forms.read(request)
    email = mailbox(form.text("email", LONGEST))
    if not security.is_ours(request, form, "forgot"):
        form.refuse("", "form-old")
    elif email is None:
        form.refuse("email", "form-mail")
    if form.refused:
        return page(request, "forgot.html", {}, form=form)
    allowed = await may_have_link(request, email or "")
    answer = page(request, "sent.html", {"email": email})
    answer.background = BackgroundTask(in_thread, _write_link, request, email) if allowed else None
    return answer


async def welcome(request: Request) -> Response:
    """What a one-time link opens: whose it is, and where to choose a password. The link stays good (F03)."""
    staff = await _invited(request)
    return _over(request) if staff is None else _welcome(request, staff, Form())


async def accept(request: Request) -> Response:
    """Choose the password: the link is used up, every older session is over, and one is in."""
    form = await forms.read(request)
    staff, password = await _invited(request), form.raw("password", 1000)
    if staff is None:
        return _over(request)
    wrong = passwords.weakness(password, staff.email)
    if not security.is_ours(request, form, "welcome"):
        form.refuse("", "form-old")
    elif wrong is not None:
        form.refuse("password", wrong)
    if form.refused:
        return _welcome(request, staff, form)
    store, now = office_of(request).store, desk_of(request).clock()
    secret = request.path_params["secret"]
    async with request.app.state.trying:
        hash: str = await in_thread(passwords.hashed, password)
    if await in_thread(store.people.redeem, secret, WELCOME, now) != staff.id:
        return _over(request)
    await in_thread(store.staff.set_password, staff.id, hash)
    await in_thread(store.audit.note, f"staff:{staff.id}", "password", f"staff:{staff.id}", "by link", now)
    return await security.let_in(request, then(request, "/staff"), "staff", staff.id)


async def is_password(request: Request, staff: str, password: str) -> bool:
    """Whether it is the password of that id, of nobody's too; a few at a time, and never quicker for nobody."""
    stored = await in_thread(office_of(request).store.staff.password, staff)
    async with request.app.state.trying:
        return bool(await in_thread(passwords.fits, stored, password))


async def may_have_link(request: Request, email: str) -> bool:
    """Whether one more link may be asked for: by recipient and by network (F06)."""
    tally, now = office_of(request).store.tally, desk_of(request).clock()
    values = (email, network_of(request))
    for (kind, limit, within), value in zip(_LINKS, values, strict=True):
        if not await in_thread(tally.hit, kind, value, now, limit, within):
            return False
    return True


def may_write(store: Store, now: datetime) -> bool:
    """Whether one more link may be written, of all that are."""
    return store.tally.hit("link-all", "", now, _ALL_LINKS, _HOUR)


async def _may_try(request: Request, email: str) -> bool:
    tally, now, network = office_of(request).store.tally, desk_of(request).clock(), network_of(request)
    values = (f"{email} {network}", network, email)
    for (kind, limit, within), value in zip(_TRIES, values, strict=True):
        if not await in_thread(tally.hit, kind, value, now, limit, within):
            return False
    return True


async def _known(request: Request, email: str, password: str) -> Staff | None:
    found: Staff | None = await in_thread(office_of(request).store.staff.by_email, email)
    right = await is_password(request, found.id if found else "", password)
    return found if right else None


async def _invited(request: Request) -> Staff | None:
    store, now = office_of(request).store, desk_of(request).clock()
    id: str | None = await in_thread(store.people.peek, request.path_params["secret"], WELCOME, now)
    found: Staff | None = await in_thread(store.staff.get, id) if id else None
    return found if found is not None and found.removed is None else None


def _write_link(request: Request, email: str) -> None:
    """Put the link into the outbox, if the address has an account."""
    store, desk = office_of(request).store, desk_of(request)
    staff, now, site = store.staff.by_email(email), desk.clock(), desk.site
    if staff is None or staff.removed is not None or not may_write(store, now):
        return
    secret = store.staff.invite(staff.id, now)
    path, key = f"/staff/valkommen/{secret}", f"staff-reset:{staff.id}:{now.isoformat()}"
    told = written(site, "staff-reset", key=key, to=staff.email, language=staff.language, path=path)
    store.outbox.write(told, now)


def _login(request: Request, form: Form, status: int | None = None) -> Response:
    elsewhere = request.app.state.elsewhere
    told = {
        "back": form.typed("till"),
        "elsewhere": elsewhere.name if elsewhere is not None else "",
        "done": done(request, "login-elsewhere-wrong"),
    }
    return page(request, "login.html", told, form=form, status=status)


def _welcome(request: Request, staff: Staff, form: Form) -> Response:
    told = {"email": staff.email, "shortest": passwords.SHORTEST}
    return page(request, "welcome.html", told, form=form)


def _over(request: Request) -> Response:
    return page(request, "over.html", {"again": "/staff/glomt"}, status=410)


ROUTES = [
    *here("/staff/logga-in", show, take),
    *here("/staff/logga-ut", None, leave),
    *here("/staff/glomt", forgot, send_link),
    *here("/staff/valkommen/{secret:str}", welcome, accept),
]
