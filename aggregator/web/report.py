"""`/evenemang/{id}/tipsa`: anybody tells of a mistake in an event. It is in the queue at once.

Nobody has to say who they are. Who wants an answer leaves an address, which counts only once its mail was answered.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.consents import PROCESSING, VERSIONS
from aggregator.errors import StoreError
from aggregator.mailbox import LONGEST, mailbox
from aggregator.model import Letter, Mistake, Person, Role, Standing, Submission, SubmissionKind
from aggregator.shelf import Entry
from aggregator.store.tally import Limit
from aggregator.web import cards, forms, offering, security
from aggregator.web.client import network_of
from aggregator.web.forms import Form
from aggregator.web.offer_source import busy, form_busy
from aggregator.web.pages import language_of
from aggregator.web.post import written
from aggregator.web.private import here, page
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import office_of

TEXT = 2000  # letters
_HOUR = timedelta(hours=1)
_NETWORK, _ALL, _MAIL = 5, 100, 2  # an hour from a network, an hour in all, a day to one address


async def show(request: Request) -> Response:
    """The form, with the event it is about."""
    office_of(request)
    return await _page(request, await _event(request), Form())


async def take(request: Request) -> Response:
    """Put it into the queue."""
    form, event = await forms.read(request), await _event(request)
    offering.refuse_programs(request, form, "report")
    text, typed = form.text("text", TEXT, lines=True), form.text("epost", LONGEST)
    email = mailbox(typed)
    if not text:
        form.refuse("text", "form-missing")
    if typed and email is None:
        form.refuse("epost", "form-mail")
    if typed and not form.flag(PROCESSING):
        form.refuse(PROCESSING, "offer-need-processing")
    if form.refused:
        return await _page(request, event, form)
    try:
        return await _kept(request, event, form, text, email)
    except StoreError:
        return busy(await _page(request, event, form_busy(form), 503))


async def look(request: Request) -> Response:
    """What the mailed link opens: a button."""
    good = await in_thread(office_of(request).store.offers.wants_answer, request.path_params["secret"], _now(request))
    return page(request, "report_answer.html", {"done": False}) if good else _over(request)


async def confirm(request: Request) -> Response:
    """The button: staff can answer."""
    form = await forms.read(request)
    security.check(request, form, "report-answer")
    offers, secret = office_of(request).store.offers, request.path_params["secret"]
    good = await in_thread(offers.answer_to, secret, VERSIONS[PROCESSING], _now(request))
    return page(request, "report_answer.html", {"done": True}) if good else _over(request)


async def _kept(request: Request, event: Entry, form: Form, text: str, email: str | None) -> Response:
    if not await offering.counted(request, *_limits(network_of(request), email)):
        form.refuse("", "offer-many")
        return await _page(request, event, form, 429)
    now, language, site = _now(request), language_of(request), desk_of(request).site
    submission = Submission(
        id=offering.new_id(),
        kind=SubmissionKind.REPORT,
        state=Standing.WAITING,
        person=None,
        body=Mistake(event=event.event.id, text=text),
        created=now,
        changed=now,
    )
    who = Person(id=offering.new_id(), email=email or "", name="", role=Role.MEDIA, language=language, created=now)

    def write(secret: str) -> Letter:
        key, path = f"report:{submission.id}", f"/tips/svar/{secret}"
        return written(site, "confirm-report", key=key, to=email or "", language=language, path=path)

    offers = office_of(request).store.offers
    more = (who, VERSIONS[PROCESSING], write) if email else (None, VERSIONS[PROCESSING], None)
    await in_thread(offers.report, submission, *more)
    return page(request, "report.html", {"card": None, "email": email or "", "done": True})


def _limits(network: str, email: str | None) -> tuple[Limit, ...]:
    """What bounds tips: those of everybody, of a network, and letters to an address."""
    told = (Limit("report-all", "", _ALL, _HOUR), Limit("report-network", network, _NETWORK, _HOUR))
    mailed = (Limit("report-mail", email, _MAIL, timedelta(days=1)), *offering.mails(email)) if email else ()
    return (*told, *mailed)


async def _event(request: Request) -> Entry:
    """The event it is about; 404 for what is not shown."""
    shelf = await desk_of(request).catalogue.shelf()
    entry = shelf.by_id.get(request.path_params["id"])
    if entry is None or not entry.shown:
        raise HTTPException(404)
    return entry


async def _page(request: Request, event: Entry, form: Form, status: int | None = None) -> Response:
    card = cards.card(event, desk_of(request).site, language_of(request))
    told = {**offering.traps(request), "card": card, "action": request.url.path, "email": "", "done": False}
    return page(request, "report.html", told, form=form, status=status)


def _now(request: Request) -> datetime:
    return desk_of(request).clock()


def _over(request: Request) -> Response:
    return page(request, "offer_over.html", {}, status=410)


ROUTES = [*here("/evenemang/{id:str}/tipsa", show, take), *here("/tips/svar/{secret:str}", look, confirm)]
