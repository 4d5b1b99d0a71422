"""`/staff/angra`: take back what was decided last, from the line that tells it. `/staff/beslut`: all decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from aggregator import decisions
from aggregator.model import Decision, PlaceEdit, StoredListing
from aggregator.moderation import Action, Actor
from aggregator.store.submissions import Deed
from aggregator.web.forms import Form
from aggregator.web.respond import in_thread
from aggregator.web.staff import facts
from aggregator.web.staff.clerk import Clerk, missing, work

PATH = "/staff/beslut"
PAGE = 100
_SENSE = {"same": "pair-same", "different": "pair-different", "hide": "decision-hide"}


async def undo(clerk: Clerk, form: Form) -> Response:
    """Take one thing back; on to where it is seen."""
    takes = _KINDS.get(form.text("kind", 20))
    if takes is None:
        raise missing()
    return await takes(clerk, form.text("id", 400))


async def _decision(clerk: Clerk, id: str) -> Response:
    if not id.isdigit() or len(id) > 18:
        raise missing()
    undone = await in_thread(decisions.undo, clerk.office.desk(clerk.by), int(id))
    await clerk.note("undo", f"decision:{id}", undone.kind)
    if undone.kind in ("same", "different"):
        a, b = sorted((undone.listings[0], undone.listings[-1]))
        there = await in_thread(clerk.office.doubt, a, b)
        return clerk.next(f"/staff/dubbletter/{a}-{b}" if there else PATH, "undone")
    return clerk.next(PATH, "undone")


async def _submission(clerk: Clerk, id: str) -> Response:
    """A submission waits again: the last word of staff on it is taken back."""
    found = await in_thread(clerk.store.submissions.get, id)
    if found is None:
        raise missing()
    deed = Deed(id=id, version=found.version, action=Action.REOPEN, actor=Actor.STAFF, by=clerk.by, now=clerk.now)
    await in_thread(clerk.store.submissions.act, deed, clerk.office.kit.config)
    await clerk.office_changed()
    kind = "rapporter" if found.kind.value == "report" else "ko"
    return clerk.bringing(found.source, clerk.next(f"/staff/{kind}/{id}", "undone"))


async def _place(clerk: Clerk, id: str) -> Response:
    """A merged place is one of its own again; else what was said of it is forgotten: as the file has it, or gone."""
    edits: Sequence[PlaceEdit] = await in_thread(clerk.store.town.places)
    edit = next((edit for edit in edits if edit.place.id == id), None)
    if edit is not None and edit.into is not None:
        apart = replace(edit, into=None, changed=clerk.now, by=clerk.by)
        await in_thread(clerk.store.town.put_place, apart)
    else:
        await in_thread(clerk.store.town.forget_place, id)
    await clerk.note("undo", f"place:{id}")
    await clerk.office_changed()
    return clerk.next("/staff/platser", "undone")


async def _alias(clerk: Clerk, told: str) -> Response:
    """A name that was given to a place is none of its names any more."""
    id, _, alias = told.partition("|")
    place = next((place for place in (await clerk.town()).places if place.id == id), None)
    if place is None:
        raise missing()
    named = replace(place, aliases=tuple(name for name in place.aliases if name != alias))
    await in_thread(clerk.store.town.put_place, PlaceEdit(place=named, changed=clerk.now, by=clerk.by))
    await clerk.note("undo", f"place:{id}", alias)
    await clerk.office_changed()
    return clerk.next("/staff/platser", "undone")


async def _suggestion(clerk: Clerk, id: str) -> Response:
    source, _, name = id.partition("|")
    await in_thread(clerk.office.recall, source, name)
    await clerk.note("undo", f"source:{source}", "suggestion")
    return clerk.next("/staff/forslag", "recalled")


async def _source(clerk: Clerk, id: str) -> Response:
    """A source that was taken out is back."""
    entry = await clerk.entry(id)
    if entry is None:
        raise missing()
    await in_thread(clerk.store.town.restore, id)
    await clerk.note("undo", f"source:{id}")
    await clerk.office_changed()
    return clerk.bringing(id, clerk.next(f"/staff/kallor/{id}", "undone"))


_KINDS = {
    "decision": _decision,
    "submission": _submission,
    "place": _place,
    "alias": _alias,
    "suggestion": _suggestion,
    "source": _source,
}


async def listing(clerk: Clerk) -> Response:
    """All decisions, the newest first."""
    made: list[Decision] = await in_thread(clerk.store.ledger.decisions)
    before = clerk.number("fore")
    found = [d for d in reversed(made) if before is None or d.id < before]
    rows = await told(found[:PAGE], clerk)
    older = f"{clerk.url(PATH)}?fore={found[PAGE - 1].id}" if len(found) > PAGE else ""
    return clerk.page("decisions.html", {"rows": rows, "older": older})


async def told(made: Sequence[Decision], clerk: Clerk) -> list[dict[str, Any]]:
    """Decisions as they are read: what, of what, by whom, when, and whether they hold."""
    ids = {id for decision in made for id in decision.listings}
    known: Mapping[int, StoredListing] = await in_thread(clerk.store.review.listings, ids)
    names = await clerk.names()
    return [_line(decision, known, names, clerk) for decision in made]


def _line(
    decision: Decision, known: Mapping[int, StoredListing], names: Mapping[str, str], clerk: Clerk
) -> dict[str, Any]:
    listings = [known[id] for id in decision.listings if id in known]
    titles = dict.fromkeys(f"{s.listing.title} ({facts.told_by(s, clerk)})" for s in listings)
    event = next((s.event for s in listings if s.event), None)
    return {
        "id": decision.id,
        "sense": _sense(decision, clerk),
        "titles": list(titles)[:6],
        "url": clerk.url(f"/staff/evenemang/{event}") if event else "",
        "by": names.get(decision.by, decision.by),
        "made": clerk.moment(decision.made),
        "undone": clerk.moment(decision.undone),
    }


def _sense(decision: Decision, clerk: Clerk) -> str:
    if decision.kind in _SENSE:
        return clerk.t(_SENSE[decision.kind])
    field = clerk.t(f"field-{decision.field}")
    if decision.kind == "choose":
        name = clerk.site.names.get(decision.value or "", decision.value or "")
        return clerk.t("decision-choose", field=field, source=name)
    return clerk.t("decision-correct", field=field, value=decision.value or "–")


ROUTES = [*work("/staff/angra", None, undo), *work(PATH, listing)]
