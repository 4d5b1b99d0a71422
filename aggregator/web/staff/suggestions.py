"""`/staff/forslag`: what sources told with a date that is a guess: make an event of it, or put it aside."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from aggregator.model import Problem
from aggregator.problems import sentence
from aggregator.render import prose
from aggregator.state import SourceState, Suggestion
from aggregator.web.forms import Form
from aggregator.web.respond import in_thread
from aggregator.web.staff import facts
from aggregator.web.staff.clerk import Clerk, vain, work
from aggregator.web.staff.entering import begun, entered, filled, parsed

PATH = "/staff/forslag"
LISTED = 100


def key(source: str, one: Suggestion) -> str:
    """What a suggestion is called in an address; it changes with what it tells (F25)."""
    told = f"{source}\n{one.name}\n{one.title}\n{one.place}"
    return hashlib.blake2b(told.encode(), digest_size=10).hexdigest()


async def waiting(clerk: Clerk) -> list[tuple[str, Suggestion]]:
    """Source and suggestion, by date; those without one last."""
    states: Sequence[SourceState] = await in_thread(clerk.store.sources)
    known = clerk.site.sources
    found = [(s.id, one) for s in states if not s.removed and s.id in known for one in s.suggestions]
    return sorted(found, key=lambda pair: (not pair[1].start, pair[1].start, pair[0], pair[1].title))


async def listing(clerk: Clerk) -> Response:
    """All that waits."""
    found = await waiting(clerk)
    rows = [_row(source, one, clerk) for source, one in found[:LISTED]]
    return clerk.page("suggestions.html", {"rows": rows, "total": len(found)})


async def dismiss(clerk: Clerk, form: Form) -> Response:
    """Put one aside for good."""
    found = await _named(clerk, form.text("key", 40))
    if found is None:
        return vain(clerk, form, "overtaken", 409)
    source, one = found
    if not await in_thread(clerk.office.dismiss, source, one.name):
        return vain(clerk, form, "overtaken", 409)
    await clerk.note("dismiss", f"source:{source}", one.title[:100])
    return clerk.next(PATH, "dismissed", f"suggestion:{source}|{one.name}")


async def show(clerk: Clerk) -> Response:
    """The form of an event, filled with what the source told."""
    found = await _named(clerk, clerk.request.path_params["key"])
    if found is None:
        return clerk.next(PATH)
    return _form(clerk, found, Form())


async def accept(clerk: Clerk, form: Form) -> Response:
    """It becomes an event that staff told; the suggestion is dealt with."""
    found = await _named(clerk, clerk.request.path_params["key"])
    if found is None:
        return vain(clerk, form, "overtaken", 409)
    event = filled(form, clerk)
    if event is None:
        return _form(clerk, found, form)
    source, one = found
    if not await in_thread(clerk.office.dismiss, source, one.name):  # of two who accept at once one does
        return vain(clerk, form, "overtaken", 409)
    made = await entered(event, clerk)
    await clerk.note("accept", f"source:{source}", one.title[:100])
    return clerk.bringing(made.source, clerk.next(PATH, "accepted", f"submission:{made.id}"))


async def _named(clerk: Clerk, name: str) -> tuple[str, Suggestion] | None:
    return next(((source, one) for source, one in await waiting(clerk) if key(source, one) == name), None)


def _form(clerk: Clerk, found: tuple[str, Suggestion], form: Form) -> Response:
    source, one = found
    told = {**_row(source, one, clerk), **begun(one, clerk)}
    return clerk.page("suggestion.html", told, form=form)


def _row(source: str, one: Suggestion, clerk: Clerk) -> dict[str, Any]:
    day = prose_day(one.start, clerk)
    return {
        "key": key(source, one),
        "title": one.title or clerk.t("suggestion-untitled"),
        "when": day,
        "place": one.place,
        "source": clerk.site.names.get(source, source),
        "link": facts.link(one.url, clerk) if one.url else None,
        "why": sentence(Problem(one.reason, one.title, one.detail), clerk.language),
    }


def prose_day(start: str, clerk: Clerk) -> str:
    """The guessed start as people read it; a sentence where none is told."""
    when = parsed(start)
    return prose.time_line(when, clerk.site.zone, clerk.language, year=True) if when else clerk.t("suggestion-undated")


ROUTES = [*work(PATH, listing, dismiss), *work(PATH + "/{key:str}", show, accept)]
