"""`/staff/kallor`: every source with its health; visit, pause, resume; those that were entered here are edited here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from aggregator import outages
from aggregator.bulletin import Bulletin, bulletin
from aggregator.health import Health, health
from aggregator.model import Entry, Source
from aggregator.problems import SENTENCES, sentence
from aggregator.slugs import slug
from aggregator.state import SourceState
from aggregator.store.store import Tried
from aggregator.store.switches import FAILING, of_source
from aggregator.town import free_id
from aggregator.web.forms import Form
from aggregator.web.respond import in_thread
from aggregator.web.staff import facts, sourceform
from aggregator.web.staff.clerk import Clerk, missing, vain, work
from aggregator.web.staff.holds import is_held, why

PATH = "/staff/kallor"
NEW = "/staff/kalla-ny"
_PROBLEMS, _TRIES = 30, 20
_BAD = ("failing", "held", "late", "waiting")
_ORDER = {word: n for n, word in enumerate(("failing", "held", "late", "waiting", "problems", "paused", "new"))}


async def listing(clerk: Clerk) -> Response:
    """All sources, what is wrong first."""
    town, states = await clerk.town(), await _states(clerk)
    entries = {entry.source.id for entry in await in_thread(clerk.store.town.entries)}
    rows = [_line(source, states.get(source.id), source.id in entries, clerk) for source in town.sources]
    rows.sort(key=lambda row: (_ORDER.get(row["word"], 9), row["name"].casefold()))
    return clerk.page("sources.html", {"rows": rows})


async def show(clerk: Clerk) -> Response:
    """One source."""
    return await _shown(clerk, Form())


async def take(clerk: Clerk, form: Form) -> Response:
    """A word on it, or another reading of it."""
    source, entry = await _asked(clerk)
    what, subject = form.text("do", 20), f"source:{source.id}"
    if what == "save" and entry is not None:
        return await _saved(clerk, source, entry, form)
    if what == "visit":
        told = await clerk.office.visit(source)
        await clerk.note(what, subject, told.result.value)
        return clerk.next(f"{PATH}/{source.id}", "visited" if told.ok else "visited-badly")
    if what in ("letters-on", "letters-off") and entry is not None:
        name, on = of_source(FAILING, source.id), what == "letters-on"
        await in_thread(clerk.store.switches.turn, name, on, clerk.by, clerk.now)
        return clerk.next(f"{PATH}/{source.id}", what)
    if what in ("pause", "resume"):
        does = clerk.office.pause if what == "pause" else lambda id, _: clerk.office.resume(id)
        await in_thread(does, source.id, clerk.by)
    elif what == "remove" and entry is not None:
        await in_thread(clerk.store.town.remove, source.id, clerk.now)
        await clerk.note(what, subject)
        await clerk.office_changed()
        return clerk.bringing(source.id, clerk.next(PATH, "source-removed", f"source:{source.id}"))
    else:
        raise missing()
    await clerk.note(what, subject)
    return clerk.next(f"{PATH}/{source.id}", "paused" if what == "pause" else "resumed")


async def _saved(clerk: Clerk, source: Source, entry: Entry, form: Form) -> Response:
    if form.text("seen", 40) != sourceform.seen(entry):
        return vain(clerk, form, "overtaken", 409)
    made = sourceform.read(form, source.id, entry.source, await clerk.town())
    if made is None:
        return await _shown(clerk, form)
    await in_thread(clerk.store.town.put, sourceform.changed(entry, made), entry)
    await clerk.note("edit", f"source:{source.id}")
    await clerk.office_changed()
    return clerk.bringing(source.id, clerk.next(f"{PATH}/{source.id}", "saved"))


async def blank(clerk: Clerk) -> Response:
    """An empty form."""
    return await _blank(clerk, Form())


async def enter(clerk: Clerk, form: Form) -> Response:
    """A source that staff enter themselves; it is visited at once."""
    town = await clerk.town()
    entries = await in_thread(clerk.store.town.entries)
    id = free_id(slug(form.text("name", sourceform.NAME))[:48].strip("-") or "kalla", town, entries)
    twin = next((s for s in town.sources if s.url and s.url == form.text("url", 2000)), None)
    if twin is not None:
        form.refuse("url", "source-known", twin=twin.name)
    made = sourceform.read(form, id, None, town)
    if made is None or form.refused:
        return await _blank(clerk, form)
    await in_thread(clerk.store.town.put, Entry(source=made, added=clerk.now))
    await clerk.note("enter", f"source:{id}")
    await clerk.office_changed()
    return clerk.bringing(id, clerk.next(f"{PATH}/{id}", "source-entered"))


async def _blank(clerk: Clerk, form: Form) -> Response:
    town = await clerk.town()
    return clerk.page("newsource.html", sourceform.choices(None, town, clerk), form=form)


async def _shown(clerk: Clerk, form: Form) -> Response:
    source, entry = await _asked(clerk)
    state: SourceState = await in_thread(clerk.store.ledger.state, source.id)
    tries: Sequence[Tried] = await in_thread(clerk.store.tries, source.id, _TRIES)
    owner = await in_thread(clerk.store.people.person, entry.person) if entry and entry.person else None
    told = {
        "source": source,
        "line": _line(source, state, entry is not None, clerk),
        "entered": entry is not None,
        "owner": owner,
        "letters": owner is not None and await in_thread(clerk.store.switches.allows, FAILING, source.id),
        "state": state,
        "detail": _detail(state, clerk.language, clerk),
        "raw": state.error if state.error != _detail(state, "en", clerk) else "",
        "public": await _public(source, state, clerk),
        "link": facts.link(source.url, clerk) if source.url else None,
        "counts": state.counts,
        "problems": [(p.item, sentence(p, clerk.language)) for p in state.problems[:_PROBLEMS]],
        "more": max(0, len(state.problems) - _PROBLEMS),
        "suggestions": len(state.suggestions),
        "tries": [_try(one, clerk) for one in tries],
        "seen": sourceform.seen(entry) if entry else "",
        **(sourceform.choices(entry.source, await clerk.town(), clerk) if entry else {}),
    }
    return clerk.page("source.html", told, form=form)


async def _asked(clerk: Clerk) -> tuple[Source, Entry | None]:
    id = clerk.request.path_params["id"]
    source = (await clerk.town()).source(id)
    if source is None:
        raise missing()
    entry = await clerk.entry(id)
    return source, entry if entry is not None and entry.removed is None else None


async def _states(clerk: Clerk) -> Mapping[str, SourceState]:
    found: Sequence[SourceState] = await in_thread(clerk.store.sources)
    return {state.id: state for state in found}


def _line(source: Source, state: SourceState | None, entered: bool, clerk: Clerk) -> dict[str, Any]:
    found: Health = health(source, state, clerk.now)
    return {
        "id": source.id,
        "name": source.name,
        "word": found.word,
        "told": clerk.t(f"source-{found.word}"),
        "bad": found.word in _BAD,
        "held": state is not None and is_held(state),
        "events": state.counts.inside if state else 0,
        "good": clerk.moment(state.good) if state else "",
        "next": clerk.moment(state.due) if state and source.enabled and state.paused is None else "",
        "entered": entered,
    }


async def _public(source: Source, state: SourceState, clerk: Clerk) -> Bulletin:
    """What everybody is told of it."""
    clock: Mapping[str, int] = await in_thread(clerk.store.offsets)
    return bulletin(source, state, clerk.now, clerk.desk.site.zone, clerk.language, clock)


def _detail(state: SourceState, language: str, clerk: Clerk) -> str:
    """What is wrong, in words that an organizer understands too."""
    if is_held(state):
        return why(state, clerk)
    if state.error is None:
        return ""
    code = state.error_code or ""
    told = outages.sentence(code, language)
    if told is None and code in SENTENCES:
        told = SENTENCES[code][0 if language == "sv" else 1]
    return told or state.error


def _try(one: Tried, clerk: Clerk) -> dict[str, Any]:
    word = f"try-{one.outcome}"
    return {"at": clerk.moment(one.at), "outcome": clerk.t(word), "events": one.events, "detail": one.detail}


ROUTES = [*work(PATH, listing), *work(NEW, blank, enter), *work(PATH + "/{id:str}", show, take)]
