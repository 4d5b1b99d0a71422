"""`/min-sida`: what a person handed in, how it goes, and everything that can be done with it. Only their own (F10).

The list and one thing of it; what changes something is in `own_acts`, what is kept of the person in `own_data`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.bulletin import Bulletin, bulletin
from aggregator.model import (
    Mistake,
    OfferedEvent,
    OfferedSource,
    Person,
    Source,
    Standing,
    Submission,
    SubmissionKind,
)
from aggregator.moderation import Actor, possible
from aggregator.problems import sentence
from aggregator.remedies import WANTS, steps
from aggregator.render import prose
from aggregator.shelf import Shelf
from aggregator.state import SourceState
from aggregator.systems import system_of
from aggregator.web import cards, offer_event
from aggregator.web.pages import language_of
from aggregator.web.private import done, here, page
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import for_person, office_of
from aggregator.web.site import Desk, Site, twin
from aggregator.web.words import say

EVENTS = 30  # of a source that are listed
PROBLEMS = 50
DONE = (  # sentences that an address may ask for
    *("mine-added", "mine-confirmed", "mine-changed", "mine-answered", "mine-withdrawn", "mine-paused"),
    *("mine-resumed", "mine-right", "mine-saved", "mine-consent-back", "mine-sent-on"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One submission in the list."""

    url: str
    name: str
    state: str
    told: str
    health: str


@dataclass(frozen=True, slots=True)
class Merge:
    """An event of a source, and who tells it too."""

    card: cards.Card
    others: Sequence[str]


async def overview(request: Request, person: Person) -> Response:
    """`GET /min-sida`: everything, what wants an answer first."""
    store, language, desk = office_of(request).store, language_of(request), desk_of(request)
    told: list[Submission] = await in_thread(store.submissions.of_person, person.id)
    clock = await in_thread(store.offsets)
    states = {state.id: state for state in await in_thread(store.sources)}
    told.sort(key=lambda s: (s.state is not Standing.ASKED, s.state in _ENDED))
    headlines = {id: _told(state, "", desk, language, clock).headline for id, state in states.items()}
    rows = [(s.kind, _row(s, headlines, language)) for s in told]
    lists = {kind.value: [row for of, row in rows if of is kind] for kind in SubmissionKind}
    context = {"lists": lists, "email": person.email, "done": done(request, *DONE)}
    return page(request, "own.html", context)


async def one(request: Request, person: Person) -> Response:
    """`GET /min-sida/{id}`: one thing that was handed in."""
    submission = await mine(request, person)
    return page(request, "own_one.html", await about(request, submission))


async def mine(request: Request, person: Person) -> Submission:
    """The submission of the path; somebody else's is a 404 like one that never was (F08, F10)."""
    store, id = office_of(request).store, request.path_params["id"]
    found: Submission | None = await in_thread(store.submissions.get, id)
    if found is None or found.person != person.id:
        raise HTTPException(404)
    return found


async def about(request: Request, submission: Submission) -> dict[str, Any]:
    """All that a page tells of one submission."""
    desk, language = desk_of(request), language_of(request)
    store, source = office_of(request).store, submission.source or ""
    live = submission.state is Standing.APPROVED and bool(source)
    state = await in_thread(store.ledger.state, source) if live else None
    clock = await in_thread(store.offsets) if live else {}
    shelf = await desk.catalogue.shelf()
    acts = possible(submission.kind, submission.state, Actor.PERSON)
    return {
        "submission": submission,
        "fetched": submission.kind is SubmissionKind.SOURCE,
        "name": name_of(submission, shelf, language),
        "state": say(language, f"standing-{submission.state.value}"),
        "sent": prose.moment(submission.created, desk.site.zone, language),
        "acts": {action.value for action in acts},
        "url": twin(f"/min-sida/{submission.id}", language),
        "done": done(request, *DONE),
        "source": _source(state, desk, language, clock) if state else None,
        "look": offer_event.looked(submission.body, desk.site, language),
        "events": _events(submission, shelf, desk.site, language) if live else [],
        "typed": (),
    }


def name_of(submission: Submission, shelf: Shelf, language: str) -> str:
    """What a submission is called on its page."""
    body = submission.body
    if isinstance(body, Mistake):
        entry = shelf.by_id.get(body.event)
        return entry.event.content.title if entry else say(language, "mine-report")
    return body.title if isinstance(body, OfferedEvent) else body.name


_ENDED = (Standing.REJECTED, Standing.WITHDRAWN, Standing.SETTLED)


def _row(submission: Submission, headlines: Mapping[str, str], language: str) -> Row:
    body, state = submission.body, submission.state
    name = body.title if isinstance(body, OfferedEvent) else body.name if isinstance(body, OfferedSource) else body.text
    how = ""
    if submission.kind is SubmissionKind.SOURCE and state is Standing.APPROVED and submission.source:
        how = headlines.get(submission.source, "")
    url = twin(f"/min-sida/{submission.id}", language)
    return Row(url, name[:120], state.value, say(language, f"standing-{state.value}"), how)


def _told(state: SourceState, name: str, desk: Desk, language: str, clock: Mapping[str, int]) -> Bulletin:
    source = desk.site.sources.get(state.id) or Source(id=state.id, name=name or state.id)
    return bulletin(source, state, desk.clock(), desk.site.zone, language, clock)


def _source(state: SourceState, desk: Desk, language: str, clock: Mapping[str, int]) -> dict[str, Any]:
    """How a source does, in the words that everybody reads, and what its organizer can mend, step by step."""
    told, known = _told(state, "", desk, language, clock), desk.site.sources.get(state.id)
    system = system_of(known.url or "" if known else "", state.maker)
    return {
        "id": state.id,
        "url": twin(f"/kallor/{state.id}", language),
        "bulletin": told,
        "next": _moment(state.due, desk.site, language) if told.word == "fine" else "",
        "count": state.counts.inside,
        "refused": state.counts.refused,
        "needs": [
            {"what": WANTS[language][need], "steps": steps(system.id if system else "", need, language)}
            for need in told.needs
        ],
        "problems": [{"item": p.item, "text": sentence(p, language)} for p in state.problems[:PROBLEMS]],
        "paused": state.paused or "",
    }


def _events(submission: Submission, shelf: Shelf, site: Site, language: str) -> list[Merge]:
    """The coming events of its source, those that others tell too first."""
    source = submission.source or ""
    told = [e for e in shelf.entries if e.shown and source in e.event.content.sources]
    found = []
    for entry in told:
        others = [site.names.get(id, id) for id in entry.event.content.sources if id != source]
        found.append(Merge(cards.card(entry, site, language), others))
    return sorted(found, key=lambda merge: not merge.others)[:EVENTS]


def _moment(value: datetime | None, site: Site, language: str) -> str:
    return prose.moment(value, site.zone, language) if value else ""


ROUTES = [
    *here("/min-sida", for_person(overview)),
    *here("/min-sida/{id:str}", for_person(one)),
]
