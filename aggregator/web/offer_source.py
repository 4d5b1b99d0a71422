"""`/lamna-kalla`: an organizer pastes an address, sees what it gives and what to mend, and hands it in.

Looking asks the address once, within limits (`samples`); nothing is stored by it. A failed look says one thing only,
whatever it was (F19), and the address can be handed in all the same.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from aggregator.address import OPEN, check_address
from aggregator.errors import RefusedAddress, StoreError
from aggregator.kinship import Kin, Relative
from aggregator.model import Event, OfferedSource, Person, Problem
from aggregator.pasting import no_address, pasted
from aggregator.previews import ID
from aggregator.problems import sentence
from aggregator.remedies import WANTS, steps
from aggregator.samples import Sample
from aggregator.shelf import Shelf, entry
from aggregator.store.tally import Limit
from aggregator.web import cards, forms, offering, security
from aggregator.web.client import network_of
from aggregator.web.forms import Form
from aggregator.web.offering import counted, hand_in, own
from aggregator.web.pages import language_of
from aggregator.web.private import here, page
from aggregator.web.respond import desk_of
from aggregator.web.security import office_of
from aggregator.web.site import Site, twin
from aggregator.web.words import TABLES, say

PATH, OWN_PATH = "/lamna-kalla", "/min-sida/lamna-kalla"
ADDRESS = 2000  # letters
_LIKE_AN_ADDRESS = re.compile(r"[./:]")  # a word alone names nobody whom the public could ask
_LOOKS = (30, timedelta(minutes=10))  # of one network
_SPELLING = ("address", "scheme")  # refusals that say nothing of what lies anywhere


async def show(request: Request) -> Response:
    """The empty form, or one with an address that a link brings; nothing is asked by a GET."""
    office_of(request)
    return await _page(request, Form({"adress": [request.query_params.get("adress", "")[:ADDRESS]]}), None)


async def take(request: Request) -> Response:
    """Look at the address, or hand it in."""
    form = await forms.read(request)
    try:
        return await (_send if form.typed("steg") == "lamna" else _look)(request, form)
    except StoreError:
        return busy(await _page(request, form_busy(form), None, 503))


def form_busy(form: Form) -> Form:
    """The form again, since the database could not take it (D10)."""
    form.refuse("", "offer-busy")
    return form


def busy(response: Response) -> Response:
    """An answer that asks for another try in a while."""
    response.headers["Retry-After"] = "30"
    return response


async def _look(request: Request, form: Form) -> Response:
    address = address_of(form)
    if not security.is_ours(request, form, "offer-source"):
        form.refuse("", "form-old")
    if form.refused:
        return await _page(request, form, None)
    if not await counted(request, Limit("look-network", network_of(request), *_LOOKS)):
        form.refuse("adress", "form-many")
        return await _page(request, form, None, 429)
    sample = await office_of(request).samples.look(address)
    suggested = form.text("foreslaget", offering.NAME)
    if suggested and form.typed("kalla") == suggested:  # nobody typed it: the next address has a name of its own
        form = form.without("kalla")
    if not form.typed("kalla"):
        form = form.holding("kalla", _name(sample))
    return await _page(request, form, sample)


async def _send(request: Request, form: Form) -> Response:
    """What is wrong brings the page back with what was seen and typed; it is not asked again."""
    address, person = address_of(form), await _who(request)
    offering.refuse_programs(request, form, "offer-source")
    body = OfferedSource(
        address=pasted(address),
        name=form.text("kalla", offering.NAME),
        role=offering.role_of(form),
        organizer=form.text("arrangor", offering.NAME) or None,
        note=form.text("meddelande", offering.NOTE, lines=True),
    )
    if not body.name:
        form.refuse("kalla", "form-missing")
    contact = None if person else offering.contact_of(form)
    if form.refused:
        return await _page(request, form, office_of(request).samples.kept(address))
    if contact is None:
        assert person is not None  # noqa: S101 - one of both hands it in
        sent = await offering.add(request, form, body, person)
    else:
        sent = await hand_in(request, form, body, contact)
    return sent or await _page(request, form, office_of(request).samples.kept(address), 429)


def address_of(form: Form) -> str:
    """The address as it was pasted. Refused are spellings only: what it leads to is nobody's business yet."""
    typed = form.text("adress", ADDRESS)
    if why := no_address(typed):
        form.refuse("adress", f"offer-{why}")
        return typed
    if typed and not _LIKE_AN_ADDRESS.search(typed):
        form.refuse("adress", "offer-no-address")
        return typed
    try:
        check_address(pasted(typed), OPEN)
    except RefusedAddress as refused:
        if refused.code in _SPELLING:
            form.refuse("adress", "offer-no-address" if typed else "form-missing")
    return typed


async def _who(request: Request) -> Person | None:
    """Who is logged in, on the page of those who are; the public page knows nobody."""
    private = request.url.path.removeprefix("/en").startswith(OWN_PATH)
    return await security.person_of(request) if private else None


async def _page(request: Request, form: Form, sample: Sample | None, status: int | None = None) -> Response:
    language, person = language_of(request), await _who(request)
    told = {
        **offering.traps(request),
        "action": request.url.path,
        "person": person,
        "roles": offering.roles(language),
        "looked": sample is not None or form.typed("steg") == "lamna",
        "sample": await _told(sample, request) if sample else None,
        "name": _name(sample),
    }
    return page(request, "offer_source.html", told, form=form, status=status)


def _name(sample: Sample | None) -> str:
    """What the source calls itself."""
    return sample.name[: offering.NAME] if sample else ""


async def _told(sample: Sample, request: Request) -> dict[str, Any]:
    """A sample in words."""
    desk, language = desk_of(request), language_of(request)
    shelf = await desk.catalogue.shelf()
    return {
        "shown": sample.shown,
        "what": _what(sample, language),
        "count": sample.counts.inside,
        "events": [_row(event, shelf, desk.site, language) for event in sample.events],
        "relatives": [_relative(relative, desk.site, language) for relative in sample.relatives],
        "known": any(r.kin is Kin.SAME_ADDRESS for r in sample.relatives),
        "problems": [{"item": p.item, "text": sentence(p, language)} for p in sample.problems],
        "needs": [
            {"what": WANTS[language][need], "steps": steps(sample.system.id if sample.system else "", need, language)}
            for need in sample.needs
        ],
        "system": sample.system.name if sample.system else "",
    }


def _what(sample: Sample, language: str) -> str:
    """What the address is: a calendar, a feed, a page; empty where nothing can be told."""
    if not sample.shown:
        return ""
    if sample.code:
        return sentence(Problem(sample.code), language)
    key = f"format-of-{sample.format}"
    return say(language, "offer-what", format=say(language, key if key in TABLES[language] else "format-of-jsonmap"))


def _row(event: Event, shelf: Shelf, site: Site, language: str) -> dict[str, Any]:
    """An event as a list would show it, and who tells it already."""
    card = cards.card(entry(event, site.zone, slot=0), site, language)  # of no shelf: only the event is looked at
    known = shelf.by_id.get(event.id)
    others = [site.names.get(id, id) for id in event.content.sources if id != ID]
    url = card.url if known is not None and known.shown else ""
    return {"card": card, "others": others, "url": url}


def _relative(relative: Relative, site: Site, language: str) -> dict[str, str]:
    name = site.names.get(relative.source, relative.source)
    told = say(language, f"offer-kin-{relative.kin.value}", name=name, count=relative.events)
    return {"text": told, "url": twin(f"/kallor/{relative.source}", language), "name": name}


ROUTES = [*here(PATH, show, take), *here(OWN_PATH, own(show), own(take))]
