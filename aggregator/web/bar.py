"""The filter bar: every choice with its label, its count and the address that takes it. Pure; templates print it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from aggregator.model import Place
from aggregator.places import metres
from aggregator.render import prose
from aggregator.render.view import clean
from aggregator.selection import Filter
from aggregator.shelf import Shelf
from aggregator.swedish.school import next_holiday
from aggregator.web import filters, ignored, tongue
from aggregator.web.choices import Choice, Select, offered, swedish_order
from aggregator.web.filters import Query
from aggregator.web.form import DISTANCES, USUAL
from aggregator.web.site import Site, twin
from aggregator.web.words import label, say

_SAME_POINT = 1.0  # metres; an address tells eight decimals
_FACETS = ("category", "place", "audience")
_FOLDED = ("place",)  # a town has dozens


@dataclass(frozen=True, slots=True)
class Quick:
    """A filter of days that one click takes."""

    label: str
    days: str  # which days these are, where the label does not say it
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A key with its choices; folded where there are many of them and few people look for one."""

    key: str
    label: str
    choices: Sequence[Choice]
    chosen: int
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """All that the filter's form shows. `hidden` carries keys that the form has no field for."""

    action: str
    dated: bool  # whether the page is about days that the filter chooses; the week and the month choose their own
    open: bool
    chosen: int  # parts of the filter that the folded panel holds
    text: str
    first: str
    last: str
    age: str
    mute: str
    places: Sequence[Choice]  # of the registry, by which the form can ask what is near; empty if none has a position
    distances: Sequence[Choice]
    free: Choice
    accessible: Choice
    layers: Sequence[Choice]
    times: Sequence[Choice]
    facets: Sequence[Facet]
    quick: Sequence[Quick]
    more: Sequence[Select]
    hidden: Sequence[tuple[str, str]]
    taken: Sequence[tuple[str, str]]  # what the filter says, each with the address without it
    notes: Sequence[str]  # what a reader of the result should know of the filter
    clear: str


def bar(
    shelf: Shelf,
    wanted: Filter,
    site: Site,
    language: str,
    today: date,
    *,
    path: str = "/",
    dated: bool = True,
    opened: bool = False,
    query: Query | None = None,
    more: Sequence[Select] = (),
) -> Bar:
    """The bar for a filter over a shelf.

    `opened`: on a page whose whole purpose is to choose; elsewhere what was found stands nearer. `query`: what was
    asked for, whose mistakes are told then. `more` are fields of one page.
    """
    action, offer = twin(path, language), offered(shelf, wanted, site, language, today)
    centre = _centre(wanted, site)
    return Bar(
        action=action,
        dated=dated,
        open=opened,
        chosen=len(filters.pairs(replace(wanted, text=(), limit=None))),
        text=_text(wanted),
        first=wanted.first.isoformat() if wanted.first else "",
        last=wanted.last.isoformat() if wanted.last else "",
        age=str(wanted.ages[0]) if len(wanted.ages) == 1 else "",
        mute=" ".join(wanted.without),
        places=_places(site, language, centre),
        distances=_distances(wanted.near[0].km if centre else USUAL),
        free=offer.flag("free"),
        accessible=offer.flag("accessible"),
        layers=offer.layers(),
        times=offer.times(),
        facets=[_facet(key, choices, language) for key in _FACETS if (choices := offer.of_ids(key))],
        quick=_quick(wanted, language, today, action, site),
        more=more,
        hidden=[pair for pair in _hidden(wanted, centre) if pair[0] not in {select.key for select in more}],
        taken=_taken(shelf, wanted, site, language, action),
        notes=[
            *(
                [*ignored.notes(query, language), *ignored.unknown(shelf, query.filter, site, language)]
                if query
                else ()
            ),
            *_unplaced(offer.unplaced(), language),
        ],
        clear=action,
    )


def _text(wanted: Filter) -> str:
    return next((wanted.typed.get(group, " ".join(group)) for group in wanted.text), "")


def _unplaced(count: int, language: str) -> list[str]:
    if not count:
        return []
    return [say(language, "note-unplaced-one") if count == 1 else say(language, "note-unplaced", count=count)]


def _facet(key: str, choices: Sequence[Choice], language: str) -> Facet:
    chosen = sum(choice.taken for choice in choices)
    return Facet(key, say(language, f"key-{key}"), choices, chosen, chosen > 0 or key not in _FOLDED)


_HIDDEN = ("series", "organizer", "source", "status", "ongoing", "dates", "cancelled", "limit")


def _hidden(wanted: Filter, centre: Place | None) -> list[tuple[str, str]]:
    """What the filter says and the form has no field for."""
    keys = [*_HIDDEN, *(["near"] if centre is None else []), *(["age"] if len(wanted.ages) > 1 else [])]
    return [pair for pair in filters.pairs(wanted) if pair[0] in keys]


def _centre(wanted: Filter, site: Site) -> Place | None:
    """The place of the registry that the filter asks around, if it asks around one."""
    if len(wanted.near) != 1:
        return None
    point = wanted.near[0].point
    return next((p for p in site.places.values() if p.geo and metres(p.geo, point) < _SAME_POINT), None)


def _places(site: Site, language: str, centre: Place | None) -> list[Choice]:
    known = [place for place in site.places.values() if place.geo is not None]
    own = tongue.of_town(site, language)
    told = [Choice(place.id, place.name, 0, place is centre, own) for place in known]
    return sorted(told, key=lambda choice: swedish_order(choice.label))


def _distances(taken: float) -> list[Choice]:
    return [Choice(f"{km:g}", f"{km:g} km", 0, km == taken) for km in sorted({*DISTANCES, taken})]


def _quick(wanted: Filter, language: str, today: date, action: str, site: Site) -> list[Quick]:
    """Today, tomorrow, this weekend, the coming week, the school holiday, on top of the rest of the filter."""
    saturday = today + timedelta(days=(5 - today.weekday()) % 7)
    first = today if today.weekday() == 6 else saturday
    sunday = today + timedelta(days=(6 - today.weekday()) % 7)
    free = next_holiday(today, site.holidays)
    spans: tuple[tuple[str, date | None, date | None], ...] = (
        ("all", None, None),
        ("today", today, today),
        ("tomorrow", today + timedelta(days=1), today + timedelta(days=1)),
        ("weekend", first, sunday),
        ("week", today, today + timedelta(days=6)),
        (free.name, max(free.first, today), free.last),
    )
    found = []
    for word, start, end in spans:
        changed = replace(wanted, first=start, last=end, days=None)
        days = prose.short_span(free.first, free.last, language) if word == free.name else ""
        found.append(Quick(say(language, f"quick-{word}"), days, _url(action, changed), changed == wanted))
    return found


def _taken(shelf: Shelf, wanted: Filter, site: Site, language: str, action: str) -> list[tuple[str, str]]:
    """Each part of the filter in words, with the address of the list without it."""
    told = []
    given = filters.pairs(wanted, typed=True)
    for pair in given:
        rest = urlencode([other for other in given if other != pair])
        one = len(wanted.near) == 1 and pair[0] == "near"
        said = _near_said(wanted, site, language) if one else _said(*pair, shelf, site, language)
        told.append((said, f"{action}?{rest}" if rest else action))
    return told


def _said(key: str, value: str, shelf: Shelf, site: Site, language: str) -> str:
    if key == "q":
        return say(language, "key-q", value=value)
    if key in ("free", "accessible"):
        return say(language, key)
    if key in ("time", "layer", "status", "ongoing", "dates", "cancelled"):
        return say(language, f"{key}-{value}")
    if key in ("category", "place", "audience", "source", "organizer"):
        return label(key, value, site, shelf.labels, language)
    if key in ("from", "to"):
        value = prose.day(date.fromisoformat(value), language)
    if key == "series":
        value = next((clean(entry.event.content.title) for entry in shelf.series(value)), value)
    return f"{say(language, f'key-{key}')} {value}"


def _near_said(wanted: Filter, site: Site, language: str) -> str:
    centre, kilometres = _centre(wanted, site), f"{wanted.near[0].km:g}"
    if centre is None:
        return say(language, "near-label", km=kilometres)
    return say(language, "near-place", km=kilometres, place=centre.name)


def _url(action: str, wanted: Filter) -> str:
    query = filters.address(wanted)
    return f"{action}?{query}" if query else action
