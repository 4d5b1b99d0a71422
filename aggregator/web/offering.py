"""What the forms of strangers share: who they are, what they agree to, limits, and the traps for programs (F06).

No cookie is set and no captcha is asked: a field that people don't see must stay empty, and a form must have been open
for a moment. Whoever stumbles over that gets the form back as it was, and sends it once more.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from aggregator.consents import GUIDELINES, PROCESSING, VERSIONS
from aggregator.mailbox import LONGEST, mailbox
from aggregator.model import OfferedEvent, OfferedSource, Person, Role, Standing, Submission, SubmissionKind
from aggregator.store.tally import Limit
from aggregator.web import security
from aggregator.web.client import network_of
from aggregator.web.forms import Form
from aggregator.web.pages import language_of
from aggregator.web.post import written
from aggregator.web.private import page, then
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import office_of
from aggregator.web.words import say

TRAP = "hemsida"  # a field that only programs fill in
OPEN = timedelta(seconds=2)  # shorter nobody takes to fill in a form
NAME = 120  # letters of a person's or a source's name
NOTE = 1000
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_OWN = 60  # an hour, of somebody who is logged in: a season of single events, and no more than staff can look at
ROLES = (Role.ORGANIZER, Role.ASSOCIATION, Role.VENUE, Role.MUNICIPALITY, Role.TICKETS, Role.MEDIA)

Body = OfferedSource | OfferedEvent


@dataclass(frozen=True, slots=True)
class Contact:
    """Who hands something in, as they say."""

    email: str
    name: str
    role: Role


def traps(request: Request) -> dict[str, Any]:
    """What the template of a form needs for `refuse_programs`; a form that comes back filled was shown before."""
    first = getattr(request.state, "shown_at", None)
    return {"trap": TRAP, "shown_at": first or _signer(request).dumps(desk_of(request).clock().timestamp())}


def refuse_programs(request: Request, form: Form, purpose: str) -> None:
    """Refuse a form that is not ours, or that a program seems to have filled in."""
    if not security.is_ours(request, form, purpose):
        form.refuse("", "form-old")
    elif form.typed(TRAP) or not _open_long_enough(request, form):
        form.refuse("", "offer-program")


def contact_of(form: Form) -> Contact:
    """Who hands it in; what is missing is noted in the form, consent included."""
    typed, name = form.text("epost", LONGEST), form.text("namn", NAME)
    email = mailbox(typed)
    if email is None:
        form.refuse("epost", "form-mail")
    if not name:
        form.refuse("namn", "form-missing")
    for box in (GUIDELINES, PROCESSING):
        if not form.flag(box):
            form.refuse(box, f"offer-need-{box}")
    return Contact(email or "", name, role_of(form))


def role_of(form: Form) -> Role:
    """The role that was chosen; anything else is refused (F09)."""
    typed = form.text("roll", 20)
    if typed in list(Role):
        return Role(typed)
    form.refuse("roll", "form-missing")
    return Role.ORGANIZER


def roles(language: str) -> list[tuple[str, str]]:
    """The choices of a role, in words."""
    return [(role.value, say(language, f"role-{role.value}")) for role in ROLES]


async def hand_in(request: Request, form: Form, body: Body, contact: Contact) -> Response | None:
    """Keep it and mail the link; None, with the reason in the form, where there were too many."""
    if not await _within_limits(request, contact.email):
        form.refuse("", "offer-many")
        return None
    language, site = language_of(request), desk_of(request).site
    submission = new(body, None, desk_of(request).clock(), Standing.UNCONFIRMED)
    person = Person(
        id=new_id(),
        email=contact.email,
        name=contact.name,
        role=contact.role,
        language=language,
        created=submission.created,
    )

    def write(secret: str) -> Any:
        key, path = f"confirm:{submission.id}", f"/lamna/bekrafta/{secret}"
        return written(site, "confirm-submission", key=key, to=contact.email, language=language, path=path)

    await in_thread(office_of(request).store.offers.submit, submission, person, VERSIONS, write)
    return page(request, "offered.html", {"email": contact.email})


async def add(request: Request, form: Form, body: Body, person: Person, source: str | None = None) -> Response | None:
    """What somebody who is logged in hands in: no mail is needed. None, with the reason, where there were too many."""
    if not await counted(request, Limit("offer-person", person.id, _OWN, _HOUR)):
        form.refuse("", "offer-many")
        return None
    submission = new(body, person.id, desk_of(request).clock(), Standing.WAITING, source)
    await in_thread(partial(office_of(request).store.submissions.add, submission, f"person:{person.id}", once=True))
    return then(request, "/min-sida?klart=mine-added")


def new(body: Body, person: str | None, now: datetime, state: Standing, source: str | None = None) -> Submission:
    """A submission that begins."""
    kind = SubmissionKind.SOURCE if isinstance(body, OfferedSource) else SubmissionKind.EVENT
    return Submission(
        id=new_id(), kind=kind, state=state, person=person, body=body, created=now, changed=now, source=source
    )


def new_id() -> str:
    """An id that nobody guesses (F08)."""
    return secrets.token_hex(10)


def own(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The same page for those who are logged in; others are sent to the login."""

    async def inner(request: Request, _person: Person) -> Response:
        return await endpoint(request)

    return security.for_person(inner)


def bring_later(request: Request, response: Response, source: str | None) -> Response:
    """The answer, after which what changed of a source is read."""
    if source is not None:
        response.background = BackgroundTask(office_of(request).bring, source)
    return response


async def counted(request: Request, *limits: Limit) -> bool:
    """Whether there is room for one more try under each of the limits; only then it counts."""
    within: bool = await in_thread(office_of(request).store.tally.take, limits, desk_of(request).clock())
    return within


def mails(email: str) -> tuple[Limit, ...]:
    """How many letters may go to an address because somebody typed it, whatever the form (F06)."""
    return Limit("offer-mail", email, 5, _HOUR), Limit("offer-mail-day", email, 20, _DAY)


async def _within_limits(request: Request, email: str) -> bool:
    """By network, by recipient and in all: no victim gets more mails than that, and no queue more work (F06)."""
    network = Limit("offer-network", network_of(request), 20, _HOUR)
    return await counted(request, Limit("offer-all", "", 300, _HOUR), network, *mails(email))


def _open_long_enough(request: Request, form: Form) -> bool:
    told = form.raw("visad", 200)
    try:
        shown = float(_signer(request).loads(told))
    except (BadData, TypeError, ValueError):
        return False
    request.state.shown_at = told
    return desk_of(request).clock().timestamp() - shown >= OPEN.total_seconds()


def _signer(request: Request) -> URLSafeSerializer:
    return URLSafeSerializer(office_of(request).store.secret, salt="shown")
