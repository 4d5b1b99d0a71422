"""`/min-sida/uppgifter`: what is kept of a person, for their own eyes; they change it, take it along, or erase it.

Consent is taken back here by one button, as it was given by one (G09); see G01 and G03 for erasing and exporting.
"""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from aggregator.consents import VERSIONS
from aggregator.errors import StoreError
from aggregator.model import Person, Standing, Submission
from aggregator.moderation import Action, Actor, possible
from aggregator.render import prose
from aggregator.render.jsonld import dumps
from aggregator.store.asking import QUIET
from aggregator.store.people import Consent
from aggregator.store.submissions import Deed
from aggregator.web import forms, offering, security
from aggregator.web.forms import Form
from aggregator.web.offer_source import busy, form_busy
from aggregator.web.own import DONE
from aggregator.web.pages import language_of
from aggregator.web.private import done, here, page, then
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import for_person, office_of, private

_PURPOSE = "own-data"


async def show(request: Request, person: Person) -> Response:
    """What is kept."""
    return await _page(request, person, Form())


async def save(request: Request, person: Person) -> Response:
    """Change name, role and language of letters."""
    form = await forms.read(request)
    name, role = form.text("namn", offering.NAME), offering.role_of(form)
    if not security.is_ours(request, form, _PURPOSE):
        form.refuse("", "form-old")
    if not name:
        form.refuse("namn", "form-missing")
    if form.refused:
        return await _page(request, person, form)
    language = "en" if form.text("sprak", 2) == "en" else "sv"
    try:
        await in_thread(office_of(request).store.people.put, replace(person, name=name, role=role, language=language))
    except StoreError:
        return busy(await _page(request, person, form_busy(form), 503))
    return then(request, "/min-sida/uppgifter?klart=mine-saved")


async def reminders(request: Request, person: Person) -> Response:
    """Turn the question that comes once a term off or on."""
    form = await forms.read(request)
    security.check(request, form, _PURPOSE)
    people, now = office_of(request).store.people, desk_of(request).clock()
    if form.flag("fraga"):
        await in_thread(people.withdraw_consent, person.id, QUIET, now)
    else:
        await in_thread(people.consent, person.id, QUIET, "1", now)
    return then(request, "/min-sida/uppgifter?klart=mine-saved")


async def back(request: Request, person: Person) -> Response:
    """Take consent back: everything that was handed in is withdrawn with it, and no letter is written any more."""
    form = await forms.read(request)
    security.check(request, form, _PURPOSE)
    office, now = office_of(request), desk_of(request).clock()
    told: list[Submission] = await in_thread(office.store.submissions.of_person, person.id)
    for submission in told:
        if Action.WITHDRAW in possible(submission.kind, submission.state, Actor.PERSON):
            deed = Deed(
                id=submission.id,
                version=submission.version,
                action=Action.WITHDRAW,
                actor=Actor.PERSON,
                by=f"person:{person.id}",
                now=now,
            )
            await in_thread(office.store.submissions.act, deed, office.kit.config)
    for what in VERSIONS:
        await in_thread(office.store.people.withdraw_consent, person.id, what, now)
    response = then(request, "/min-sida/uppgifter?klart=mine-consent-back")
    published = next((s.source for s in told if s.source and s.state is Standing.APPROVED), None)
    return offering.bring_later(request, response, published)


async def export(request: Request, person: Person) -> Response:
    """`GET /min-sida/uppgifter.json`: everything that is kept of this person, and nothing of others."""
    told = await in_thread(office_of(request).export, person.email)
    headers = {"Content-Disposition": 'attachment; filename="evenemang.json"'}
    return private(Response(dumps(told), media_type="application/json", headers=headers))


async def sure(request: Request, person: Person) -> Response:
    """Asks whether everything is to be erased, and what becomes of the events."""
    return page(request, "own_erase.html", {"email": person.email})


async def erase(request: Request, person: Person) -> Response:
    """Erase the person everywhere, for good; the session ends with them."""
    form = await forms.read(request)
    security.check(request, form, _PURPOSE)
    keep = form.text("evenemang", 10) == "behall"
    await in_thread(lambda: office_of(request).erase(person.email, keep_events=keep))
    return await security.let_out(request, page(request, "own_erased.html", {}), "person")


async def _page(request: Request, person: Person, form: Form, status: int | None = None) -> Response:
    language, site = language_of(request), desk_of(request).site
    given: list[Consent] = await in_thread(office_of(request).store.people.consents, person.id)
    told = {
        "person": person,
        "roles": offering.roles(language),
        "consents": [
            {
                "what": f"mine-consent-{c.what}",
                "version": c.version,
                "given": prose.moment(c.given, site.zone, language),
                "withdrawn": prose.moment(c.withdrawn, site.zone, language) if c.withdrawn else "",
            }
            for c in given
            if c.what != QUIET
        ],
        "agreed": any(c.withdrawn is None for c in given if c.what != QUIET),
        "quiet": any(c.withdrawn is None for c in given if c.what == QUIET),
        "done": done(request, *DONE),
    }
    return page(request, "own_data.html", told, form=form, status=status)


ROUTES = [
    *here("/min-sida/uppgifter", for_person(show), for_person(save)),
    *here("/min-sida/uppgifter.json", for_person(export)),
    *here("/min-sida/samtycke", None, for_person(back)),
    *here("/min-sida/paminnelser", None, for_person(reminders)),
    *here("/min-sida/radera", for_person(sure), for_person(erase)),
]
