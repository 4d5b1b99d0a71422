"""`evenemang explain`: why an event is or is not shown, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from aggregator import codec, report
from aggregator import explain as rules
from aggregator.cli import preview
from aggregator.cli.output import result, say, table
from aggregator.cli.town import DEFAULT, AsJson, ConfigFile, opened
from aggregator.compose import Program
from aggregator.explain import Explained, Explanation, Waiting
from aggregator.match import Pair
from aggregator.model import StoredListing
from aggregator.problems import sentence
from aggregator.reasons import words


def explain(
    asked: Annotated[str, typer.Argument(metavar="TEXT-OR-URL", help="Words of a title, an id, or an address.")],
    config: ConfigFile = DEFAULT,
    json: AsJson = False,
) -> None:
    """Why an event is or is not shown: fetched, read, refused, merged, published."""
    with opened(config) as program:
        told = rules.explain(program.store, program.kit, asked, program.clock())
        rows = [_row(program, one) for one in told.events] + [_refused(one) for one in told.refused]
        rows += [_waiting(one) for one in told.waiting]
        if json:
            table((), rows, as_json=True)
        else:
            for line in _lines(program, told):
                result(line)
    if rows:
        return
    if "://" in asked:
        say("nothing is stored of this address; this is what it gives now:")
        preview.preview(asked, config, json)
    else:
        say("no source has told of it, and nothing with these words was refused")


def _lines(program: Program, told: Explanation) -> Iterator[str]:
    for one in told.events:
        yield from _event(program, one)
    if told.more:
        yield f"… and {told.more} more; more words narrow it"
    for refused in told.refused:
        word = "refused" if refused.problem.refused else "noted"
        yield f"{word} from {refused.source}: “{refused.problem.item}”: {sentence(refused.problem, 'en')}"
    for waiting in told.waiting:
        yield f"{report.waiting(waiting.suggestion)} (from {waiting.source})"
    for state in told.silent:
        why = state.error or (f"held: {state.held.reason}" if state.held else state.paused or "taken out of the list")
        yield f"{state.id} is silent: {why}"


def _event(program: Program, one: Explained) -> Iterator[str]:
    head = one.event.content.title if one.event else one.listings[0].listing.title
    yield f"“{head}”"
    yield f"  published: {_published(program, one)}"
    for stored in one.listings:
        yield f"  told by {stored.listing.key}: {_told(stored)}"
    if one.event:
        for field in one.event.provenance:
            yield f"  {field.field}: from {field.source} ({field.rule})"
        for lost in one.event.conflicts:
            yield f"  {lost.field}: {lost.source} says otherwise: {lost.value}"
    for pair in one.pairs:
        yield from _pair(program, one, pair)


def _published(program: Program, one: Explained) -> str:
    event = one.event
    if one.redirect:
        return f"no: merged into {one.redirect}"
    if event is None:
        return "no: it tells no event"
    if event.withdrawn is not None:
        return f"no: {event.reason or 'withdrawn'} at {event.withdrawn.isoformat(timespec='minutes')}"
    span = codec.moment_text(event.content.when.start)
    return f"yes, in the {event.content.layer.value} layer, {span}: {program.settings.base_url}/evenemang/{event.id}"


def _told(stored: StoredListing) -> str:
    listing = stored.listing
    parts = [f"“{listing.title}”", codec.moment_text(listing.when.start), listing.status.value]
    parts.append(f"first seen {stored.first_seen.isoformat(timespec='minutes')}")
    if stored.run:
        parts.append("a date of a run")
    if stored.withdrawn:
        parts.append(f"withdrawn {stored.withdrawn.isoformat(timespec='minutes')}")
    return ", ".join(parts)


def _pair(program: Program, one: Explained, pair: Pair) -> Iterator[str]:
    with program.store.ledger.view() as view:
        ends = view.listings((pair.a, pair.b))
    names = " and ".join(str(ends[id].listing.key) for id in (pair.a, pair.b) if id in ends)
    inside = {s.id for s in one.listings}
    word = "merged" if pair.a in inside and pair.b in inside else f"not merged ({pair.band})"
    yield f"  {word}: {names}: {pair.evidence.score:+.1f}"
    for reason in pair.evidence.reasons:
        yield f"    {reason.weight:+6.2f}  {words(reason.name, 'en')}  {reason.detail}".rstrip()
    if pair.evidence.veto:
        yield f"    veto: {pair.evidence.veto}"


def _row(program: Program, one: Explained) -> dict[str, object]:
    return {
        "event": one.event.id if one.event else None,
        "title": one.event.content.title if one.event else one.listings[0].listing.title,
        "published": _published(program, one),
        "listings": [{"key": str(s.listing.key), "told": _told(s)} for s in one.listings],
        "pairs": [
            {
                "a": p.a,
                "b": p.b,
                "band": p.band,
                "score": p.evidence.score,
                "veto": p.evidence.veto,
                "reasons": [{"name": r.name, "weight": r.weight, "detail": r.detail} for r in p.evidence.reasons],
            }
            for p in one.pairs
        ],
    }


def _refused(one: rules.Refused) -> dict[str, object]:
    return {"source": one.source, "item": one.problem.item, "refused": sentence(one.problem, "en")}


def _waiting(one: Waiting) -> dict[str, object]:
    return {"source": one.source, "waiting": asdict(one.suggestion)}
