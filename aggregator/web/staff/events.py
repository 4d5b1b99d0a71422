"""`/staff/evenemang`: find an event, see what each source says of each field, hide it, split or join it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from aggregator import decisions, report
from aggregator.errors import StaleCatalogue, UsageError
from aggregator.explain import Explanation
from aggregator.merge import CHOSEN_FIELDS
from aggregator.model import UID_PATTERN, Decision, Event, StoredListing
from aggregator.problems import sentence
from aggregator.search import words
from aggregator.selection import Filter, Span, matching
from aggregator.web import cards, private
from aggregator.web.forms import Form
from aggregator.web.respond import in_thread
from aggregator.web.staff import facts
from aggregator.web.staff.clerk import Clerk, missing, vain, work
from aggregator.web.staff.undo import told

PATH = "/staff/evenemang"
MOST = 50  # events of a search
EDITED = {"when": "start", "html": "description"}  # fields that are corrected under another name
_ID = re.compile(UID_PATTERN)
_SHOWN = 6  # sources beside each other


async def search(clerk: Clerk) -> Response:
    """A field for an address or for words, and what they find."""
    asked = clerk.request.query_params.get("q", "").strip()[:500]
    if found := _ID.search(asked):
        event = await in_thread(clerk.store.event, await _current(clerk, found[0]))
        if event is not None:
            return private.then(clerk.request, f"{PATH}/{event.id}")
    rows = await _found(clerk, asked) if asked else []
    why = await _why(clerk, asked) if asked and not rows else []
    return clerk.page("events.html", {"asked": asked, "rows": rows, "why": why})


async def _current(clerk: Clerk, id: str) -> str:
    return await in_thread(clerk.store.redirect, id) or id


async def _found(clerk: Clerk, asked: str) -> list[dict[str, Any]]:
    """Events with all the words: those that are published and to come first."""
    wanted, today = words(asked), clerk.desk.today().toordinal()
    shelf = await clerk.desk.catalogue.shelf()
    found = matching(shelf, Filter(text=(wanted,), layer="all"), Span(None, None)) if wanted else ()
    hits = sorted(found, key=lambda e: (not e.shown, e.last < today, e.order))
    return [
        {
            "url": clerk.url(f"{PATH}/{entry.event.id}"),
            "card": cards.card(entry, clerk.site, clerk.language),
            "shown": entry.shown,
            "sources": ", ".join(clerk.site.names.get(s, s) for s in entry.event.content.sources),
        }
        for entry in hits[:MOST]
    ]


async def _why(clerk: Clerk, asked: str) -> list[str]:
    """What was refused or waits, where nothing is published with these words."""
    try:
        known: Explanation = await in_thread(clerk.office.explain, asked)
    except StaleCatalogue:  # the catalogue moved meanwhile; whoever asks again is told
        return []
    names = clerk.site.names
    lines = [
        f"{names.get(r.source, r.source)}: ”{r.problem.item}”: {sentence(r.problem, clerk.language)}"
        for r in known.refused
    ]
    lines += [f"{names.get(w.source, w.source)}: {report.waiting(w.suggestion)}" for w in known.waiting]
    return lines[:MOST]


async def show(clerk: Clerk) -> Response:
    """One event: what is published, where each field comes from, and what the sources say."""
    event, members = await asked_event(clerk)
    made = await _decisions(clerk, members)
    shown = firsts(members)
    content = event.content
    rows = facts.compared([content, *(s.listing for s in shown[:_SHOWN])], clerk)
    context = {
        "event": event,
        "title": cards.bare_title(content, clerk.language),
        "public": clerk.url(f"/evenemang/{event.id}") if event.withdrawn is None else "",
        "gone": clerk.moment(event.withdrawn) if event.withdrawn else "",
        "rows": [{"row": row, "origin": _origin(event, row.field, clerk), "edit": _edit(row.field)} for row in rows],
        "absent": [(_edit(name), clerk.t(f"field-{name}")) for name in facts.FIELDS if name not in _told(rows)],
        "heads": [facts.told_by(s, clerk) for s in shown[:_SHOWN]],
        "sources": [_source(s, clerk) for s in shown],
        "decisions": await told(made, clerk),
        "since": await in_thread(clerk.store.ledger.newest_decision),
    }
    return clerk.page("event.html", context)


async def decide(clerk: Clerk, form: Form) -> Response:
    """Hide the event, take a source out of it, or join it with another."""
    event, _ = await asked_event(clerk)
    if form.number("version") != event.version:
        return vain(clerk, form, "overtaken", 409)
    desk, what = clerk.office.desk(clerk.by, form.number("since")), form.text("do", 20)
    if what == "hide":
        made = await in_thread(decisions.hide, desk, event.id)
    elif what == "split":
        made = await in_thread(decisions.split, desk, form.number("listing") or 0)
    elif what == "join":
        made = await in_thread(decisions.pair, desk, "same", event.id, await _other(clerk, form))
    else:
        raise missing()
    await clerk.note(what, f"event:{event.id}")
    head = await in_thread(clerk.store.review.listings, made.listings[:1])
    at = next((s.event for s in head.values() if s.event), event.id)
    return clerk.next(f"{PATH}/{at}", what, f"decision:{made.id}")


async def _other(clerk: Clerk, form: Form) -> str:
    """The event that an address or an id names. Raises UsageError for what is none."""
    found = _ID.search(form.text("other", 500))
    if found is None:
        raise UsageError("that is neither the address nor the id of an event")
    return await _current(clerk, found[0])


async def asked_event(clerk: Clerk) -> tuple[Event, list[StoredListing]]:
    """The event of the address, withdrawn ones too, and who tells it."""
    id = await _current(clerk, clerk.request.path_params["id"])
    event = await in_thread(clerk.store.event, id)
    if event is None:
        raise missing()
    found = await in_thread(clerk.store.listings, [id])
    return event, found[id]


def firsts(members: Sequence[StoredListing]) -> list[StoredListing]:
    """One listing for each source, or for each of its runs: the dates of a run say the same."""
    found: dict[tuple[str, str], StoredListing] = {}
    for stored in members:
        found.setdefault((stored.listing.key.source, stored.run or str(stored.id)), stored)
    return list(found.values())


async def _decisions(clerk: Clerk, members: Sequence[StoredListing]) -> list[Decision]:
    ids = {stored.id for stored in members}
    made: list[Decision] = await in_thread(clerk.store.ledger.decisions)
    return [decision for decision in reversed(made) if ids & set(decision.listings)]


def _origin(event: Event, field: str, clerk: Clerk) -> str:
    """Who a field comes from: a source's name, or staff."""
    found = next((p for p in event.provenance if p.field == field), None)
    if found is None:
        return ""
    if found.source == "staff":
        return clerk.t("event-by-staff")
    return clerk.site.names.get(found.source, found.source)


def _edit(field: str) -> str:
    return EDITED.get(field, field)


def _told(rows: Sequence[facts.Row]) -> set[str]:
    return {row.field for row in rows}


def _source(stored: StoredListing, clerk: Clerk) -> dict[str, Any]:
    listing = stored.listing
    return {
        "id": stored.id,
        "name": facts.told_by(stored, clerk),
        "key": str(listing.key),
        "title": listing.title,
        "when": facts.texts(listing, clerk)["when"],
        "link": facts.link(listing.url, clerk) if listing.url else None,
        "first": clerk.moment(stored.first_seen),
        "changed": clerk.moment(stored.changed),
    }


def choosable(field: str) -> bool:
    """Whether a source may be chosen for a field."""
    return field in CHOSEN_FIELDS


ROUTES = [*work(PATH, search), *work(PATH + "/{id:str}", show, decide)]
