"""What a person does with what they handed in: correct, answer, withdraw, pause, resume, "all is right".

Each is a form behind a button, for their own submissions alone, on the version that was shown (F10, F25).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import LeaseLost, Overtaken, StoreError, UsageError
from aggregator.model import OfferedEvent, OfferedSource, Person, Standing, Submission, SubmissionKind
from aggregator.moderation import Action, Actor, possible
from aggregator.pasting import pasted
from aggregator.store.asking import RIGHT
from aggregator.store.submissions import Deed
from aggregator.web import eventform, forms, labels, offer_event, offering, security
from aggregator.web.forms import Form
from aggregator.web.offer_source import ADDRESS, address_of, busy, form_busy
from aggregator.web.own import about, mine
from aggregator.web.pages import language_of
from aggregator.web.private import here, page, then
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import for_person, office_of

PAUSED = "organizer"  # why a source is paused; staff pause with a reason of theirs
_PURPOSE = "own"


async def edit(request: Request, person: Person) -> Response:
    """The form with what was handed in."""
    submission = await mine(request, person)
    if Action.CHANGE not in possible(submission.kind, submission.state, Actor.PERSON):
        raise HTTPException(404)
    return await _form(request, submission, _filled(submission, request))


async def save(request: Request, person: Person) -> Response:
    """Take the correction. What is published of an address stays until staff have seen the new one."""
    submission, form = await mine(request, person), await forms.read(request)
    if form.typed("steg") == "fler":
        return await _form(request, submission, form, more=eventform.MORE)
    if not security.is_ours(request, form, _PURPOSE):
        form.refuse("", "form-old")
    body = _body(submission, form, request)
    if form.refused:
        return await _form(request, submission, form)
    try:
        if submission.kind is SubmissionKind.SOURCE and submission.state is Standing.APPROVED:
            assert isinstance(body, OfferedSource)  # noqa: S101 - as the kind says
            return await _corrected(request, person, submission, form, body)
        return await _acted(request, person, submission, form, Action.CHANGE, "mine-changed", body)
    except StoreError:
        return busy(await _form(request, submission, form_busy(form), status=503))


async def answer(request: Request, person: Person) -> Response:
    """Answer what staff asked back."""
    submission, form = await mine(request, person), await forms.read(request)
    told = form.text("svar", offering.NOTE, lines=True)
    if not security.is_ours(request, form, _PURPOSE):
        form.refuse("", "form-old")
    if not told:
        form.refuse("svar", "form-missing")
    if form.refused or not isinstance(submission.body, OfferedSource | OfferedEvent):
        return page(request, "own_one.html", await about(request, submission), form=form)
    body = replace(submission.body, note=told)
    try:
        return await _acted(request, person, submission, form, Action.ANSWER, "mine-answered", body)
    except StoreError:
        return busy(page(request, "own_one.html", await about(request, submission), form=form_busy(form), status=503))


async def sure(request: Request, person: Person) -> Response:
    """Asks whether it is really to be withdrawn."""
    submission = await mine(request, person)
    return page(request, "own_withdraw.html", await about(request, submission))


async def withdraw(request: Request, person: Person) -> Response:
    """Take it back: what was published of it goes at once."""
    submission, form = await mine(request, person), await forms.read(request)
    security.check(request, form, _PURPOSE)
    return await _acted(request, person, submission, form, Action.WITHDRAW, "mine-withdrawn")


async def pause(request: Request, person: Person) -> Response:
    """Ask the source no more for a while; its events stay."""
    return await _paused(request, person, pausing=True)


async def resume(request: Request, person: Person) -> Response:
    """Ask it again."""
    return await _paused(request, person, pausing=False)


async def right(request: Request, person: Person) -> Response:
    """ "Allt stämmer": noted, so that nobody is asked again this term."""
    submission, form = await mine(request, person), await forms.read(request)
    security.check(request, form, _PURPOSE)
    store, subject = office_of(request).store, f"source:{submission.source}"
    await in_thread(store.audit.note, f"person:{person.id}", RIGHT, subject, "", desk_of(request).clock())
    return then(request, f"/min-sida/{submission.id}?klart=mine-right")


async def _paused(request: Request, person: Person, *, pausing: bool) -> Response:
    submission, form = await mine(request, person), await forms.read(request)
    security.check(request, form, _PURPOSE)
    source, office = submission.source, office_of(request)
    if source is None or submission.kind is not SubmissionKind.SOURCE or submission.state is not Standing.APPROVED:
        raise HTTPException(404)
    state = await in_thread(office.store.ledger.state, source)
    if not pausing and state.paused not in (None, PAUSED):
        raise HTTPException(404)  # what staff or the source itself stopped is for staff to resume
    word = "mine-paused" if pausing else "mine-resumed"
    try:
        await in_thread(office.pause, source, PAUSED) if pausing else await in_thread(office.resume, source)
    except LeaseLost:
        raise HTTPException(503, headers={"Retry-After": "10"}) from None
    await in_thread(
        office.store.audit.note,
        f"person:{person.id}",
        word.removeprefix("mine-"),
        f"source:{source}",
        "",
        _now(request),
    )
    return then(request, f"/min-sida/{submission.id}?klart={word}")


async def _acted(
    request: Request,
    person: Person,
    submission: Submission,
    form: Form,
    action: Action,
    word: str,
    body: OfferedSource | OfferedEvent | None = None,
) -> Response:
    """Do it on the version that was shown; who comes late sees what it is now."""
    office = office_of(request)
    deed = Deed(
        id=submission.id,
        version=form.number("version") or 0,
        action=action,
        actor=Actor.PERSON,
        by=f"person:{person.id}",
        now=_now(request),
        body=body,
    )
    try:
        after: Submission = await in_thread(office.store.submissions.act, deed, office.kit.config)
    except (Overtaken, UsageError):
        return await _late(request, await mine(request, person), form, action)
    published = Standing.APPROVED in (submission.state, after.state)
    response = then(request, f"/min-sida/{submission.id}?klart={word}")
    return offering.bring_later(request, response, submission.source if published else None)


async def _late(request: Request, fresh: Submission, form: Form, action: Action) -> Response:
    """What it is now, and what was typed: in its form where that can still be sent, else to be copied."""
    can = action in possible(fresh.kind, fresh.state, Actor.PERSON)
    if can and action is Action.CHANGE and form.sent:
        form.refuse("", "mine-overtaken-form")
        return await _form(request, fresh, form.holding("version", str(fresh.version)), status=409)
    form.refuse("", "mine-overtaken")
    told = await about(request, fresh)
    told["typed"] = () if can else labels.typed(form, language_of(request))
    return page(request, "own_one.html", told, form=form, status=409)


async def _corrected(
    request: Request, person: Person, submission: Submission, form: Form, body: OfferedSource
) -> Response:
    """A new address, name or role of a source goes to staff; the old one stays meanwhile."""
    store = office_of(request).store
    told: list[Submission] = await in_thread(store.submissions.of_person, person.id)
    waits = next(
        (s for s in told if s.source == submission.source and s.state in (Standing.WAITING, Standing.ASKED)), None
    )
    if waits is None:
        sent = await offering.add(request, form, body, person, submission.source)
        return sent or await _form(request, submission, form, status=429)
    form = form.holding("version", str(waits.version))
    return await _acted(request, person, waits, form, Action.CHANGE, "mine-changed", body)


async def _form(
    request: Request, submission: Submission, form: Form, more: int = 0, status: int | None = None
) -> Response:
    language = language_of(request)
    told = {
        **await about(request, submission),
        **offer_event.choices(request),
        "rows": eventform.shown(form, more),
        "roles": offering.roles(language),
        "version": form.typed("version") or str(submission.version),
    }
    return page(request, "own_edit.html", told, form=form, status=status)


def _filled(submission: Submission, request: Request) -> Form:
    body = submission.body
    if isinstance(body, OfferedEvent):
        return eventform.filled(body, desk_of(request).site.zone)
    assert isinstance(body, OfferedSource)  # noqa: S101 - the table lets nobody change a report
    told = {"adress": body.address, "kalla": body.name, "roll": body.role.value}
    told |= {"arrangor": body.organizer or "", "meddelande": body.note}
    return Form({name: [value] for name, value in told.items()})


def _body(submission: Submission, form: Form, request: Request) -> OfferedSource | OfferedEvent:
    desk = desk_of(request)
    if submission.kind is SubmissionKind.EVENT:
        return eventform.read(form, desk.site.zone, desk.today(), over=True)
    name = form.text("kalla", offering.NAME)
    if not name:
        form.refuse("kalla", "form-missing")
    return OfferedSource(
        address=pasted(address_of(form))[:ADDRESS],
        name=name,
        role=offering.role_of(form),
        organizer=form.text("arrangor", offering.NAME) or None,
        note=form.text("meddelande", offering.NOTE, lines=True),
    )


def _now(request: Request) -> datetime:
    return desk_of(request).clock()


ROUTES = [
    *here("/min-sida/{id:str}/ratta", for_person(edit), for_person(save)),
    *here("/min-sida/{id:str}/svara", None, for_person(answer)),
    *here("/min-sida/{id:str}/ta-tillbaka", for_person(sure), for_person(withdraw)),
    *here("/min-sida/{id:str}/pausa", None, for_person(pause)),
    *here("/min-sida/{id:str}/ateruppta", None, for_person(resume)),
    *here("/min-sida/{id:str}/stammer", None, for_person(right)),
]
