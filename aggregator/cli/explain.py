"""`evenemang explain`: why an event is or is not shown, stage by stage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated

import typer

from aggregator import explain as rules
from aggregator.cli import preview, screen
from aggregator.cli.output import result, say, table
from aggregator.cli.town import DEFAULT, AsJson, ConfigFile, opened
from aggregator.cli.words import KINDS, RULES, tell
from aggregator.compose import Program
from aggregator.explain import Explained, Explanation, Waiting
from aggregator.match import Pair
from aggregator.merge import STAFF
from aggregator.model import Event, Problem, Status, StoredListing, When
from aggregator.problems import sentence
from aggregator.reasons import words as meaning
from aggregator.render.prose import time_line
from aggregator.state import SourceState
from aggregator.web import words

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:T|$)")


def explain(
    asked: Annotated[str, typer.Argument(metavar="TEXT-OR-URL", help="Words of a title, an id, or an address.")],
    config: ConfigFile = DEFAULT,
    json: AsJson = False,
) -> None:
    """Why an event is or is not shown, in the calendar's language: fetched, read, refused, merged, published."""
    with opened(config) as program:
        told = rules.explain(program.store, program.kit, asked, program.clock())
        rows = [_row(program, one) for one in told.events] + [_refused(one) for one in told.refused]
        rows += [_waiting(one) for one in told.waiting]
        language = program.config.calendar.language
        if json:
            table((), rows, as_json=True)
        else:
            for line in _Telling(program, language).lines(told):
                result(line)
    if rows or told.sources:
        return
    if "://" in asked:
        say(tell(language, "preview"))
        preview.preview(asked, config, json)
    else:
        say(tell(language, "unknown"))


@dataclass(frozen=True)
class _Telling:
    """The lines of an explanation, in one language."""

    program: Program
    language: str

    def lines(self, told: Explanation) -> Iterator[str]:
        for state in told.sources:
            yield self._way(state)
        for first, *others in _by_series(told.events):
            yield from self._event(first)
            if others:
                dates = [self._when(one.event.content.when) for one in others if one.event]
                yield "  " + self._say("dates", count=len(others), dates="; ".join(dates))
        if told.more:
            yield self._say("narrow", count=told.more)
        for refused in told.refused:
            key = "item-refused" if refused.problem.refused else "item-noted"
            why = sentence(refused.problem, self.language)
            yield self._say(key, item=refused.problem.item, source=self._name(refused.source), why=why)
        for waiting in told.waiting:
            yield self._waits(waiting)
        for state in told.silent:
            yield self._say("silent", source=self._name(state.id), why=self._silence(state))

    def _way(self, state: SourceState) -> str:
        """How a source was fetched and read the last time."""
        if state.good is None:
            return self._say("never-read", source=self._name(state.id))
        kind, counts = KINDS[self.language].get(state.format or ""), state.counts
        kind = kind or self._say("kind-other", name=state.format)
        return self._say(
            "fetched",
            source=self._name(state.id),
            when=self._instant(state.good),
            kind=kind,
            inside=counts.inside,
            past=counts.past,
            beyond=counts.beyond,
            refused=counts.refused,
        )

    def _event(self, one: Explained) -> Iterator[str]:
        head = one.event.content.title if one.event else one.listings[0].listing.title
        yield f"“{head}”" if self.language == "en" else f"”{head}”"
        yield f"  {self._published(one)}"
        for stored in one.listings:
            yield f"  {self._told(stored)}"
        if one.event:
            yield from self._origins(one.event)
            for lost in one.event.conflicts:
                yield "  " + self._say(
                    "conflict",
                    field=self._field(lost.field),
                    source=self._name(lost.source),
                    value=self._value(lost.value),
                )
        for pair in one.pairs:
            yield from self._pair(one, pair)

    def _published(self, one: Explained) -> str:
        event = one.event
        if one.redirect:
            return self._say("merged-into", id=one.redirect)
        if event is None:
            return self._say("no-event")
        if event.withdrawn is not None:
            return self._say("withdrawn", reason=self._say("withdrawn-plain"), when=self._instant(event.withdrawn))
        layer = self._say(f"layer-{event.content.layer.value}")
        url = f"{self.program.settings.base_url}/evenemang/{event.id}"
        return self._say("published", layer=layer, when=self._when(event.content.when), url=url)

    def _told(self, stored: StoredListing) -> str:
        listing = stored.listing
        plain = listing.status is Status.SCHEDULED
        extra = [] if plain else [self._word(f"status-{listing.status.value}").lower()]
        extra += [self._say("run")] if stored.run else []
        extra += [self._say("gone", when=self._instant(stored.withdrawn))] if stored.withdrawn else []
        return self._say(
            "told-by",
            source=self._name(listing.key.source),
            listing=listing.key,
            title=listing.title,
            when=self._when(listing.when),
            state="".join(f", {part}" for part in extra),
            first=self._instant(stored.first_seen),
        )

    def _origins(self, event: Event) -> Iterator[str]:
        """Where each fact comes from, one line for each source and rule."""
        found: dict[tuple[str, str], list[str]] = {}
        for field in event.provenance:
            found.setdefault((field.source, field.rule), []).append(self._field(field.field).lower())
        for (source, rule), fields in found.items():
            name, told = self._name(source), RULES[self.language].get(rule, rule)
            yield "  " + self._say("field", fields=", ".join(dict.fromkeys(fields)), source=name, rule=told)

    def _pair(self, one: Explained, pair: Pair) -> Iterator[str]:
        with self.program.store.ledger.view() as view:
            ends = view.listings((pair.a, pair.b))
        names = f" {self._say('and')} ".join(str(ends[id].listing.key) for id in (pair.a, pair.b) if id in ends)
        inside = {s.id for s in one.listings}
        together = pair.a in inside and pair.b in inside
        key = "pair-merged" if together else "pair-review" if pair.band == "possible" else "pair-apart"
        yield "  " + self._say(key, names=names, score=f"{pair.evidence.score:+.1f}")
        for reason in pair.evidence.reasons:
            yield f"    {reason.weight:+6.2f}  {meaning(reason.name, self.language)}  {reason.detail}".rstrip()
        if pair.evidence.veto:
            head, _, tail = pair.evidence.veto.partition(": ")
            told = RULES[self.language].get(head, head)
            yield "    " + self._say("veto", veto=f"{told}: {tail}" if " / " in tail else told)

    def _waits(self, one: Waiting) -> str:
        told = one.suggestion
        why = sentence(Problem(told.reason, told.title, told.detail), self.language)
        when = screen.moment(told.start, self.program.zone, self.language)
        place = f", {told.place}" if told.place else ""
        return self._say("waiting", title=told.title, source=self._name(one.source), when=when, place=place, why=why)

    def _silence(self, state: SourceState) -> str:
        if state.error:
            return screen.reason(state.error_code or "", state.error, self.language)
        if state.held:
            return sentence(Problem(state.held.reason, detail=state.held.detail), self.language)
        return state.paused or self._say("left")

    def _name(self, source: str) -> str:
        return preview.names(self.program).get(source, self._say("staff") if source == STAFF else source)

    def _field(self, name: str) -> str:
        return self._word(f"field-{name}")

    def _word(self, key: str) -> str:
        """As the pages call it; a key that they lack tells itself."""
        return words.TABLES[self.language].get(key, key.partition("-")[2])

    def _value(self, value: str) -> str:
        """A value that lost: times as people write them, all else as it was told."""
        return screen.moment(value, self.program.zone, self.language) if _MOMENT.match(value) else value

    def _when(self, when: When) -> str:
        return time_line(when, self.program.zone, self.language, year=True)

    def _instant(self, moment: datetime) -> str:
        return time_line(When(moment), self.program.zone, self.language, year=True)

    def _say(self, key: str, **values: object) -> str:
        return tell(self.language, key, **values)


def _by_series(told: Sequence[Explained]) -> list[list[Explained]]:
    """Dates of one series together, if they are told alike; everything else alone."""
    groups: dict[object, list[Explained]] = {}
    for number, one in enumerate(told):
        event = one.event
        alike = event is not None and event.series is not None and event.withdrawn is None and one.redirect is None
        key = (event.series, event.content.title, event.content.sources) if alike and event else number
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _row(program: Program, one: Explained) -> dict[str, object]:
    return {
        "event": one.event.id if one.event else None,
        "title": one.event.content.title if one.event else one.listings[0].listing.title,
        "published": _Telling(program, "en")._published(one),
        "listings": [{"key": str(s.listing.key), "told": _Telling(program, "en")._told(s)} for s in one.listings],
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
