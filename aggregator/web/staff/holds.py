"""`/staff/karantan`: answers of which nothing, or no removal, is published until staff say so; what would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from aggregator.lookalike import host_of
from aggregator.model import Listing, Problem, Source, StoredListing
from aggregator.plan import Action, Insert, Update, Withdraw
from aggregator.problems import sentence
from aggregator.report import Report
from aggregator.state import Drop, SourceState
from aggregator.web.forms import Form
from aggregator.web.respond import in_thread
from aggregator.web.staff import facts
from aggregator.web.staff.clerk import Clerk, missing, vain, work

PATH = "/staff/karantan"
SHOWN = 100  # rows of the difference
_HOLDS = (Drop.MANY, Drop.ALL)


def is_held(state: SourceState) -> bool:
    """Whether staff are asked about a source: all of an answer held, or its removals."""
    if state.removed or state.paused is not None:
        return False
    return (state.held is not None and not state.held.kept) or (bool(state.absent) and state.drop in _HOLDS)


def seen(state: SourceState) -> str:
    """What is decided on, in a word that changes with it (F25)."""
    held = state.held.snapshot[:16] if state.held else ""
    kept = "kept" if state.held and state.held.kept else ""
    return f"{held}-{kept}-{len(state.absent)}-{min((a.listing for a in state.absent), default=0)}"


async def listing(clerk: Clerk) -> Response:
    """Every source that waits, longest first, and those that were left as they are."""
    states: Sequence[SourceState] = await in_thread(clerk.store.sources)
    town = await clerk.town()
    known = {source.id: source for source in town.sources}
    waiting = sorted((s for s in states if is_held(s) and s.id in known), key=_since)
    kept = [s for s in states if s.held is not None and s.held.kept and s.id in known]
    told = {
        "rows": [_line(state, known[state.id], clerk) for state in waiting],
        "kept": [_line(state, known[state.id], clerk) for state in kept],
    }
    return clerk.page("holds.html", told)


async def show(clerk: Clerk) -> Response:
    """One source: why it is held, and the difference."""
    source, state = await _asked(clerk)
    if state.held is None and not state.absent:
        return clerk.next(PATH)
    rows, failed = await _difference(source, state, clerk)
    counts = {kind: sum(row["kind"] == kind for row in rows) for kind in ("new", "changed", "gone")}
    told = {
        **_line(state, source, clerk),
        "seen": seen(state),
        "all": state.held is not None,
        "rows": rows[:SHOWN],
        "counts": counts,
        "more": max(0, len(rows) - SHOWN),
        "failed": failed,
        "link": facts.link(source.url, clerk) if source.url else None,
    }
    return clerk.page("hold.html", told)


async def decide(clerk: Clerk, form: Form) -> Response:
    """Release, leave as it is, or pause; then the next one."""
    source, state = await _asked(clerk)
    if form.text("seen", 100) != seen(state):
        return vain(clerk, form, "overtaken", 409)
    what = form.text("do", 20)
    after = await _after(clerk, source.id)
    if what == "release":
        done: Report = await clerk.office.release(source)
        if not done.ok:
            return vain(clerk, form, "not", 409, done.detail)
        word = "released"
    elif what == "keep" and state.held is not None:
        await in_thread(clerk.office.keep, source.id, clerk.by)
        word = "held"
    elif what == "pause":
        await in_thread(clerk.office.pause, source.id, clerk.by)
        word = "paused"
    else:
        raise missing()
    await clerk.note(what, f"source:{source.id}", (state.held.reason if state.held else "absence"))
    return clerk.next(f"{PATH}/{after}" if after else PATH, word)


async def _asked(clerk: Clerk) -> tuple[Source, SourceState]:
    source = (await clerk.town()).source(clerk.request.path_params["id"])
    if source is None:
        raise missing()
    return source, await in_thread(clerk.store.ledger.state, source.id)


async def _after(clerk: Clerk, id: str) -> str | None:
    states: Sequence[SourceState] = await in_thread(clerk.store.sources)
    return next((s.id for s in sorted(states, key=_since) if is_held(s) and s.id != id), None)


def _since(state: SourceState) -> tuple[float, str]:
    since = state.held.since if state.held else min((a.since for a in state.absent), default=None)
    return (since.timestamp() if since else 0.0), state.id


def _line(state: SourceState, source: Source, clerk: Clerk) -> dict[str, Any]:
    since = state.held.since if state.held else min((a.since for a in state.absent), default=None)
    return {
        "id": source.id,
        "name": source.name,
        "since": clerk.moment(since),
        "why": why(state, clerk),
    }


def why(state: SourceState, clerk: Clerk) -> str:
    """Why something of a source is held, in a sentence."""
    if state.held is not None:
        return sentence(Problem(state.held.reason, detail=state.held.detail), clerk.language)
    return clerk.t("hold-all-gone" if state.drop is Drop.ALL else "hold-many-gone", count=len(state.absent))


async def _difference(source: Source, state: SourceState, clerk: Clerk) -> tuple[list[dict[str, Any]], str]:
    """What a release would change: new, changed, gone; and why that can't be told, where it can't."""
    if state.held is None:
        ids = [a.listing for a in state.absent]
        known = await in_thread(clerk.store.review.listings, ids)
        return [_gone(known[id].listing, clerk) for id in ids if id in known], ""
    told: Report = await clerk.office.foreseen(source)
    if not told.ok:
        return [], told.detail
    ids = [action.id for action in told.actions if isinstance(action, Update | Withdraw)]
    known = await in_thread(clerk.store.review.listings, ids)
    hosts = _hosts(known, clerk)
    rows = [row for action in told.actions for row in _rows(action, known, hosts, clerk)]
    order = {"changed": 0, "new": 1, "gone": 2}
    return sorted(rows, key=lambda row: order[row["kind"]]), ""


def _hosts(known: Mapping[int, StoredListing], clerk: Clerk) -> dict[str, str]:
    """The hosts that are known, those that the source's own events led to among them: a swapped link resembles one."""
    own = {host_of(s.listing.url): facts.told_by(s, clerk) for s in known.values() if s.listing.url}
    return {**own, **facts.hosts_of(clerk)}


def _rows(
    action: Action, known: Mapping[int, StoredListing], hosts: Mapping[str, str], clerk: Clerk
) -> list[dict[str, Any]]:
    if isinstance(action, Insert):
        return [_row("new", action.listing, [], hosts, clerk)]
    old = known.get(action.id)
    if old is None:
        return []
    if isinstance(action, Withdraw):
        return [_gone(old.listing, clerk)]
    changes = [
        {"label": row.label, "then": row.cells[0] or "–", "now": row.cells[1] or "–"}
        for row in facts.compared([old.listing, action.listing], clerk)
        if row.cells[0] != row.cells[1]
    ]
    return [_row("changed", action.listing, changes, hosts, clerk)] if changes else []


def _gone(listing: Listing, clerk: Clerk) -> dict[str, Any]:
    return _row("gone", listing, [], {}, clerk)


def _row(
    kind: str, listing: Listing, changes: list[dict[str, str]], hosts: Mapping[str, str], clerk: Clerk
) -> dict[str, Any]:
    told = facts.texts(listing, clerk)
    return {
        "kind": kind,
        "word": clerk.t(f"hold-{kind}"),
        "title": listing.title,
        "when": told["when"],
        "place": told.get("location", ""),
        "link": facts.link(listing.url, clerk, hosts) if listing.url and kind != "gone" else None,
        "changes": changes,
    }


ROUTES = [*work(PATH, listing), *work(PATH + "/{id:str}", show, decide)]
