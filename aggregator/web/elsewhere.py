"""`/staff/oidc`: staff log in at the identity provider that the operator named, if one is named.

Whoever the provider vouches for must have an account here: it says who somebody is, not what they may do. What the
answer must fit is kept by the browser, signed, for ten minutes; an answer that another browser was sent fits nothing
here. The way back is a GET, as the protocol has it: it begins a session and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aggregator.errors import ProviderError
from aggregator.model import Staff
from aggregator.web import security
from aggregator.web.client import network_of
from aggregator.web.cookies import laid, lay, lift
from aggregator.web.pages import language_of
from aggregator.web.private import here, then
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import office_of

BACK = "/staff/oidc/klar"  # as it is told to the provider
_LASTS = 600  # seconds from the click to the answer
_COOKIE = "login-elsewhere"
_TRIES, _WITHIN = 20, timedelta(minutes=15)  # by one network: each asks the provider something
_LONGEST = 4000  # letters of a code
log = structlog.get_logger()


class Elsewhere(Protocol):
    """An identity provider (`oidc.Provider`); its methods may wait for the network, and raise ProviderError."""

    @property
    def name(self) -> str:
        """What a button calls it."""

    def begin(self, now: datetime) -> tuple[str, dict[str, str]]:
        """Where to send a browser, and what it is to keep until it comes back."""

    def finish(self, begun: Mapping[str, str], code: str, now: datetime) -> str:
        """The mail address of who came back."""


async def begin(request: Request) -> Response:
    """Send the browser to the provider."""
    provider, now = _provider(request), desk_of(request).clock()
    if not await in_thread(office_of(request).store.tally.hit, "oidc", network_of(request), now, _TRIES, _WITHIN):
        raise HTTPException(429)
    try:
        address, begun = await in_thread(provider.begin, now)
    except ProviderError as error:
        return _failed(request, error)
    back = security.way_back(request.query_params.get("till", ""), "staff", language_of(request))
    kept = _signer(request).dumps({**begun, "back": back})
    answer = RedirectResponse(address, 303)
    lay(request, answer, _COOKIE, kept, _LASTS)
    return security.private(answer)


async def come_back(request: Request) -> Response:
    """Let in whom the provider vouches for, if they are staff."""
    provider, now = _provider(request), desk_of(request).clock()
    begun, code = _begun(request), request.query_params.get("code", "")
    if not begun or request.query_params.get("state") != begun["state"] or not 0 < len(code) <= _LONGEST:
        return _failed(request, None)
    try:
        email = await in_thread(provider.finish, begun, code, now)
    except ProviderError as error:
        return _failed(request, error)
    store = office_of(request).store
    staff: Staff | None = await in_thread(store.staff.by_email, email)
    if staff is None or staff.removed is not None:
        return _failed(request, None)
    await in_thread(store.audit.note, f"staff:{staff.id}", "login", f"staff:{staff.id}", provider.name, now)
    answer = await security.let_in(request, RedirectResponse(begun["back"], 303), "staff", staff.id)
    lift(request, answer, _COOKIE)
    return answer


def _provider(request: Request) -> Elsewhere:
    office_of(request)
    provider: Elsewhere | None = request.app.state.elsewhere
    if provider is None:
        raise HTTPException(404)
    return provider


def _begun(request: Request) -> dict[str, str]:
    """What this browser began, and where it wanted to go; empty where it began nothing lately."""
    try:
        kept: dict[str, str] = _signer(request).loads(laid(request, _COOKIE), max_age=_LASTS)
    except BadData:
        return {}
    return kept


def _signer(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(office_of(request).store.secret, salt="login elsewhere")


def _failed(request: Request, error: ProviderError | None) -> Response:
    """Back to the login with one sentence, whatever it was; what it was is in the log."""
    log.warning("login.elsewhere_failed", told=str(error) if error else "no account, or an answer that fits nothing")
    answer = then(request, "/staff/logga-in?klart=login-elsewhere-wrong")
    lift(request, answer, _COOKIE)
    return answer


ROUTES = [*here("/staff/oidc", begin), *here(BACK, come_back)]
