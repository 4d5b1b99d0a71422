"""`/staff/evenemang/{id}/{field}`: one field: what each source says of it, which one holds, or staff's word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from aggregator import corrections, decisions
from aggregator.errors import UsageError
from aggregator.merge import CHOSEN_FIELDS
from aggregator.model import Layer, Status, StoredListing
from aggregator.web.forms import Form
from aggregator.web.respond import in_thread
from aggregator.web.staff import facts
from aggregator.web.staff.clerk import Clerk, missing, vain, work
from aggregator.web.staff.events import EDITED, PATH, asked_event, firsts

_LONG = ("description",)
_SOURCE_FIELD = {"start": "when", "end": "when"}  # what a source is chosen for, where it is told together
_LONGEST = 20_000
_HINTED = ("start", "end", "doors", "location", "price", "age", "categories", "url", "ticket_url", "image")


async def show(clerk: Clerk) -> Response:
    """The field as it is, and both ways to change it."""
    return await _shown(clerk, Form())


async def take(clerk: Clerk, form: Form) -> Response:
    """Staff's own value, or a source's."""
    event, members = await asked_event(clerk)
    field, desk = _field(clerk), clerk.office.desk(clerk.by, form.number("since"))
    if form.number("version") != event.version:
        return vain(clerk, form, "overtaken", 409)
    if form.text("do", 20) == "choose":
        source = form.text("source", 100)
        if source not in {s.listing.key.source for s in members}:
            raise missing()
        made = await in_thread(decisions.choose, desk, event.id, _SOURCE_FIELD.get(field, field), source)
    else:
        value = form.text("value", _LONGEST, lines=field in _LONG)
        try:
            made = None if form.refused else await in_thread(decisions.correct, desk, event.id, field, value)
        except UsageError:
            form.refuse("value", f"correct-not-{field}" if field in _HINTED else "correct-not")
        if form.refused or made is None:
            return await _shown(clerk, form)
    await clerk.note(made.kind, f"event:{event.id}", field)
    return clerk.next(f"{PATH}/{event.id}", "corrected", f"decision:{made.id}")


def _field(clerk: Clerk) -> str:
    field: str = clerk.request.path_params["field"]
    if field not in corrections.FIELDS:
        raise missing()
    return field


async def _shown(clerk: Clerk, form: Form) -> Response:
    event, members = await asked_event(clerk)
    field = _field(clerk)
    told = {
        "event": event,
        "title": event.content.title,
        "field": field,
        "label": clerk.t(f"field-{field}"),
        "value": corrections.written(field, event.content, clerk.site.zone),
        "long": field in _LONG,
        "hint": clerk.t(f"correct-hint-{field}") if field in _HINTED else "",
        "options": _options(field, clerk),
        "places": sorted(clerk.site.places.values(), key=lambda place: place.name) if field == "location" else [],
        "sources": _sources(members, field, clerk) if _SOURCE_FIELD.get(field, field) in CHOSEN_FIELDS else [],
        "version": form.typed("version") or event.version,
        "since": form.typed("since") or await in_thread(clerk.store.ledger.newest_decision),
    }
    return clerk.page("correct.html", told, form=form)


def _options(field: str, clerk: Clerk) -> list[tuple[str, str]]:
    if field == "status":
        return [(s.value, clerk.t("status-scheduled" if s is Status.SCHEDULED else f"badge-{s.value}")) for s in Status]
    if field == "layer":
        return [(layer.value, clerk.t(f"layer-{layer.value}")) for layer in Layer]
    return []


def _sources(members: Sequence[StoredListing], field: str, clerk: Clerk) -> list[dict[str, Any]]:
    """What each source says of the field."""
    shown = next((name for name, edited in EDITED.items() if edited == field and name != "html"), field)
    found = []
    for stored in firsts(members):
        text = facts.texts(stored.listing, clerk).get("when" if field == "end" else shown, "")
        found.append({"id": stored.listing.key.source, "name": facts.told_by(stored, clerk), "text": text})
    return found


ROUTES = work(PATH + "/{id:str}/{field:str}", show, take)
