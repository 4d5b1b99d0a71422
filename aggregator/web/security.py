"""Who asks, and whether a form is ours: sessions behind cookies, and the guard of everything that changes something.

Pages for those who are logged in are written so; a stranger is sent to the login and comes back after it::

    @for_staff
    async def queue(request: Request, staff: Staff) -> Response: ...

A form holds `form_token(request, "purpose")` in a field named `token`, and who takes it calls
`check(request, form, "purpose")` first. A GET changes nothing. Cookies are set by `let_in` alone, on no page of
residents; what a session sees is kept by nobody (`private`).
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import quote, urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aggregator.model import Person, Staff
from aggregator.office import Office
from aggregator.store.sessions import LASTS
from aggregator.web.cookies import laid, lay, lift
from aggregator.web.forms import Form
from aggregator.web.pages import language_of
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.site import twin

DOORS = {"staff": "/staff/logga-in", "person": "/min-sida/logga-in"}  # where strangers are sent
_AREAS = {"staff": "/staff", "person": "/min-sida"}  # whose cookie a form's token is bound to, by its path
_BACK = re.compile(r"(?:/en)?/(?:staff|min-sida)(?:/[A-Za-z0-9._~-]+)*(?:\?[A-Za-z0-9._~=&%+-]*)?")
_LONGEST_BACK = 500
_FORM_LASTS = 24 * 3600  # seconds: a form left open over night can still be sent
_TOKEN = 500  # letters; ours have some hundred

Who = TypeVar("Who")
Endpoint = Callable[[Request, Who], Awaitable[Response]]


def office_of(request: Request) -> Office:
    """The office; where there is none nobody can log in and nothing can be handed in: 404."""
    office = desk_of(request).office
    if office is None:
        raise HTTPException(404)
    return office


async def staff_of(request: Request) -> Staff | None:
    """Who of the staff asks; None for strangers, and for a member from the moment of removal."""
    id = await _session(request, "staff")
    found: Staff | None = await in_thread(office_of(request).store.staff.get, id) if id else None
    return found if found is not None and found.removed is None else None


async def person_of(request: Request) -> Person | None:
    """Which organizer asks; None for strangers."""
    id = await _session(request, "person")
    found: Person | None = await in_thread(office_of(request).store.people.person, id) if id else None
    return found


def for_staff(endpoint: Endpoint[Staff]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that only staff reach; it gets who it is."""
    return _guarded(endpoint, staff_of, "staff")


def for_person(endpoint: Endpoint[Person]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that only organizers reach; it gets who it is."""
    return _guarded(endpoint, person_of, "person")


def way_back(given: str, kind: str, language: str = "sv") -> str:
    """Where to go after a login: the path that was asked for if it is one of ours, else the first page (F05)."""
    if len(given) <= _LONGEST_BACK and _BACK.fullmatch(given):
        return given
    return twin(_AREAS[kind], language)


async def let_in(request: Request, response: Response, kind: str, subject: str) -> Response:
    """Begin a session and give it to the browser: always a new one, so that a planted cookie is worth nothing (F22)."""
    people, now = office_of(request).store.people, desk_of(request).clock()
    former = laid(request, kind)
    if former:
        await in_thread(people.revoke, former)
    secret: str = await in_thread(people.open, kind, subject, now)
    lay(request, response, kind, secret, int(LASTS[kind][0].total_seconds()))
    return private(response)


async def let_out(request: Request, response: Response, kind: str) -> Response:
    """End the session, here and in the browser."""
    secret = laid(request, kind)
    if secret:
        await in_thread(office_of(request).store.people.revoke, secret)
    lift(request, response, kind)
    return private(response)


def private(response: Response) -> Response:
    """An answer that is for one person's eyes: kept nowhere, and its address told to nobody (E15, F04)."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def form_token(request: Request, purpose: str) -> str:
    """What a form carries to show that it is ours: signed, for one purpose, bound to the session where there is one."""
    return _signer(request, purpose).dumps(_binding(request))


def is_ours(request: Request, form: Form, purpose: str) -> bool:
    """Whether a form was sent from a page of ours, lately, in this session (F02)."""
    if not same_origin(request):
        return False
    try:
        bound = _signer(request, purpose).loads(form.raw("token", _TOKEN), max_age=_FORM_LASTS)
    except BadData:
        return False
    return bool(bound == _binding(request))


def check(request: Request, form: Form, purpose: str) -> None:
    """Raise 403 for a form that is not ours. Where much was typed ask `is_ours`, and show it again instead."""
    if not is_ours(request, form, purpose):
        raise HTTPException(403)


def _guarded(
    endpoint: Endpoint[Who], who: Callable[[Request], Awaitable[Who | None]], kind: str
) -> Callable[[Request], Awaitable[Response]]:
    @functools.wraps(endpoint)
    async def inner(request: Request) -> Response:
        found = await who(request)
        if found is None:
            return _to_the_door(request, kind)
        return private(await endpoint(request, found))

    return inner


def _to_the_door(request: Request, kind: str) -> Response:
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?till={quote(path, safe='')}" if request.method in ("GET", "HEAD") and _BACK.fullmatch(path) else ""
    return private(RedirectResponse(twin(DOORS[kind], language_of(request)) + back, 303))


async def _session(request: Request, kind: str) -> str | None:
    secret = laid(request, kind)
    if not secret:
        return None
    found: str | None = await in_thread(office_of(request).store.people.session, secret, kind, desk_of(request).clock())
    return found


def _signer(request: Request, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(office_of(request).store.secret, salt=f"form:{purpose}")


def _binding(request: Request) -> str:
    """The session that a form belongs to, as a hash; empty on pages of strangers."""
    path = request.url.path.removeprefix("/en")
    kind = next((kind for kind, area in _AREAS.items() if path == area or path.startswith(area + "/")), None)
    secret = laid(request, kind) if kind else ""
    return hashlib.sha256(secret.encode()).hexdigest()[:32] if secret else ""


def same_origin(request: Request) -> bool:
    """What the browser says of where the form stood. A page without referrer sends `Origin: null` (Fetch, 3.2)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin", "null")
    if origin == "null":
        return True
    base = urlsplit(desk_of(request).site.base)
    return origin == f"{base.scheme}://{base.netloc}" or urlsplit(origin).netloc == request.headers.get("host")
