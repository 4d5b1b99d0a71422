"""`/lamna-evenemang`: one event or a small series, with what is in the calendar already beside it.

"Granska" shows it as it will look, with the hints; only then it can be handed in. `…/traffar.json` gives the hints
while somebody types, to a script that pages do without.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from aggregator import vocabulary
from aggregator.errors import StoreError
from aggregator.model import OfferedEvent, Person
from aggregator.render import prose
from aggregator.shelf import Entry
from aggregator.web import assets, cards, eventform, forms, offering, security
from aggregator.web.forms import Form
from aggregator.web.hints import Hints, Typed, hints
from aggregator.web.offer_source import busy, form_busy
from aggregator.web.offering import Contact, own
from aggregator.web.pages import both, language_of
from aggregator.web.private import here, page
from aggregator.web.respond import desk_of
from aggregator.web.security import office_of
from aggregator.web.site import Site
from aggregator.web.words import say

PATH, OWN_PATH = "/lamna-evenemang", "/min-sida/lamna-evenemang"
_LONGEST = 200  # letters of what is typed so far


async def show(request: Request) -> Response:
    """The empty form."""
    office_of(request)
    return await _page(request, Form())


async def take(request: Request) -> Response:
    """Show it again with more dates or as it will look, or hand it in."""
    form = await forms.read(request)
    try:
        return await _take(request, form)
    except StoreError:
        return busy(await _page(request, form_busy(form), status=503))


async def live(request: Request) -> Response:
    """`GET /lamna-evenemang/traffar.json`: the hints for what is typed so far; public events and nothing else."""
    desk, language, asked = desk_of(request), language_of(request), request.query_params
    given = {
        name: asked.get(name, "")[:_LONGEST] for name in ("rubrik", "dag", "fran", "plats", "malgrupp", "kategori")
    }
    when = eventform.first_when(given["dag"], given["fran"], desk.site.zone)
    if when is None:
        return JSONResponse({"same": [], "clash": []})
    typed = Typed(when, given["rubrik"], given["plats"], given["malgrupp"], given["kategori"])
    places = office_of(request).kit.rules.places
    found = hints(await desk.catalogue.shelf(), typed, places, desk.site.zone)
    return JSONResponse({name: _rows(getattr(found, name), desk.site, language) for name in ("same", "clash")})


async def _take(request: Request, form: Form) -> Response:
    if form.typed("steg") == "fler":
        return await _page(request, form, more=eventform.MORE)
    desk, person = desk_of(request), await _who(request)
    sending = form.typed("steg") == "lamna"
    if sending:
        offering.refuse_programs(request, form, "offer-event")
    elif not security.is_ours(request, form, "offer-event"):
        form.refuse("", "form-old")
    event = eventform.read(form, desk.site.zone, desk.today())
    contact = None if person else _contact(form, sending)
    if form.refused or not sending:
        return await _page(request, form, None if form.refused else event)
    if person is not None:
        sent = await offering.add(request, form, event, person)
    else:
        assert contact is not None  # noqa: S101 - one of both hands it in
        sent = await offering.hand_in(request, form, event, contact)
    # Without the look: a flood that is refused is to cost little.
    return sent or await _page(request, form, status=429)


def _contact(form: Form, sending: bool) -> Contact | None:
    """Who hands it in; asked for when it is handed in, and not to have a look."""
    return offering.contact_of(form) if sending else None


async def _who(request: Request) -> Person | None:
    private = request.url.path.removeprefix("/en").startswith(OWN_PATH)
    return await security.person_of(request) if private else None


async def _page(
    request: Request, form: Form, event: OfferedEvent | None = None, *, more: int = 0, status: int | None = None
) -> Response:
    told = {
        **offering.traps(request),
        **await look_of(request, event),
        **choices(request),
        "action": request.url.path,
        "person": await _who(request),
        "rows": eventform.shown(form, more),
        "roles": offering.roles(language_of(request)),
    }
    return page(request, "offer_event.html", told, form=form, status=status)


def choices(request: Request) -> dict[str, Any]:
    """What the fields of an event offer: categories, audiences, known places, and the script that asks for hints."""
    site, language = desk_of(request).site, language_of(request)
    words = next((source.vocabulary for source in site.sources.values() if source.vocabulary), None)
    told = vocabulary.entries(words) if words else ()

    def of(kind: str) -> list[tuple[str, str]]:
        return [("", say(language, "event-any"))] + [
            (e.sv, e.sv if language == "sv" else e.en) for e in told if e.kind == kind
        ]

    return {
        "categories": of("category"),
        "audiences": of("audience"),
        "places": sorted(place.name for place in site.places.values()),
        "script": assets.link(request.app.state.assets, "offer.js"),
        "live": f"{PATH if language == 'sv' else '/en' + PATH}/traffar.json",
    }


async def look_of(request: Request, event: OfferedEvent | None) -> dict[str, Any]:
    """The event as it will look, and the hints for its first date that is to come."""
    if event is None:
        return {"look": None, "same": [], "clash": []}
    desk, language = desk_of(request), language_of(request)
    zone, site = desk.site.zone, desk.site
    when = next((w for w in event.dates if w.last_day(zone) >= desk.today()), event.dates[0])
    typed = Typed(when, event.title, event.place, event.audience, next(iter(event.categories), ""))
    found: Hints = hints(await desk.catalogue.shelf(), typed, office_of(request).kit.rules.places, zone)
    return {
        "look": looked(event, site, language),
        "same": _rows(found.same, site, language),
        "clash": _rows(found.clash, site, language),
    }


def looked(body: object, site: Site, language: str) -> dict[str, Any] | None:
    """An event with its dates in words; None for what is none."""
    if not isinstance(body, OfferedEvent):
        return None
    off = {when.start for when in body.cancelled}
    told = [(prose.time_line(w, site.zone, language, year=True), w.start in off) for w in body.dates]
    return {"event": body, "dates": told}


def _rows(found: Any, site: Site, language: str) -> list[dict[str, str]]:
    """What a hint tells of an event."""
    entries: list[Entry] = list(found)
    told = [cards.card(entry, site, language) for entry in entries]
    return [{"title": c.title, "when": c.when, "place": c.place, "url": c.url} for c in told]


ROUTES: list[Route] = [
    *both(f"{PATH}/traffar.json", live),
    *here(PATH, show, take),
    *here(OWN_PATH, own(show), own(take)),
]
