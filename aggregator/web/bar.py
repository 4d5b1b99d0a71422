"""The filter bar: every choice with its label, its count and the address that takes it. Pure; templates print it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from aggregator.facets import counts
from aggregator.selection import Filter, list_span, select
from aggregator.shelf import Entry, Shelf
from aggregator.web import filters
from aggregator.web.site import Site, twin
from aggregator.web.words import label, say

_MOST_CHOICES = 40
_FACETS = ("category", "place", "audience")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a key: how many events it would show, and whether it is taken."""

    value: str
    label: str
    count: int
    taken: bool


@dataclass(frozen=True, slots=True)
class Quick:
    """A filter of days that one click takes."""

    label: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """All that the filter's form shows. `hidden` carries keys that the form has no field for."""

    action: str
    dated: bool  # whether the page is about days that the filter chooses; the week and the month choose their own
    open: bool
    text: str
    first: str
    last: str
    free: bool
    layer: str
    times: Sequence[Choice]
    facets: Sequence[tuple[str, str, Sequence[Choice]]]
    quick: Sequence[Quick]
    hidden: Sequence[tuple[str, str]]
    taken: Sequence[tuple[str, str]]  # what the filter says, each with the address without it
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
    found: Sequence[Entry] | None = None,
) -> Bar:
    """The bar for a filter over a shelf; `found` is what the filter selects from today on, where that is known."""
    action = twin(path, language)
    coming = select(shelf, wanted, list_span(wanted, today)) if found is None else found
    known = counts(shelf, coming, [key for key in _FACETS if key not in wanted.ids])
    return Bar(
        action=action,
        dated=dated,
        open=bool(wanted.ids or wanted.time or wanted.free or wanted.layer != "leisure"),
        text=" ".join(wanted.text[0]) if wanted.text else "",
        first=wanted.first.isoformat() if wanted.first else "",
        last=wanted.last.isoformat() if wanted.last else "",
        free=wanted.free,
        layer=wanted.layer,
        times=[
            Choice(name, say(language, f"time-{name}"), 0, name in wanted.time)
            for name in ("morning", "day", "evening", "weekend")
        ],
        facets=[
            (key, say(language, f"key-{key}"), choices)
            for key in _FACETS
            if (choices := _choices(shelf, wanted, key, site, today, known.get(key)))
        ],
        quick=_quick(wanted, language, today, action),
        hidden=[pair for pair in filters.pairs(wanted) if pair[0] in _HIDDEN],
        taken=_taken(shelf, wanted, site, language, action),
        clear=action,
    )


_HIDDEN = (
    "age",
    "series",
    "organizer",
    "source",
    "near",
    "not",
    "status",
    "ongoing",
    "dates",
    "accessible",
    "cancelled",
)


def _choices(
    shelf: Shelf, wanted: Filter, key: str, site: Site, today: date, known: Mapping[str, int] | None
) -> Sequence[Choice]:
    """The values of a key among the events that the rest of the filter leaves, by label; `known` where counted."""
    rest = filters.without(wanted, key)
    found_counts = (
        known if known is not None else counts(shelf, select(shelf, rest, list_span(rest, today)), [key])[key]
    )
    taken = wanted.ids.get(key, ())
    values = sorted(found_counts, key=lambda value: (-found_counts[value], value))[:_MOST_CHOICES]
    values += [value for value in taken if value not in values]
    choices = [
        Choice(value, label(key, value, site, shelf.labels), found_counts.get(value, 0), value in taken)
        for value in values
    ]
    return sorted(choices, key=lambda choice: swedish_order(choice.label))


def swedish_order(text: str) -> str:
    """å ä ö sort last, in this order."""
    return text.casefold().translate(str.maketrans("åäö", "{|}"))


def _quick(wanted: Filter, language: str, today: date, action: str) -> list[Quick]:
    """Today, tomorrow, this weekend, the coming week, on top of the rest of the filter."""
    saturday = today + timedelta(days=(5 - today.weekday()) % 7)
    first = today if today.weekday() == 6 else saturday
    sunday = today + timedelta(days=(6 - today.weekday()) % 7)
    spans = (
        ("quick-all", None, None),
        ("quick-today", today, today),
        ("quick-tomorrow", today + timedelta(days=1), today + timedelta(days=1)),
        ("quick-weekend", first, sunday),
        ("quick-week", today, today + timedelta(days=6)),
    )
    found = []
    for word, start, end in spans:
        changed = replace(wanted, first=start, last=end, days=None)
        found.append(Quick(say(language, word), _url(action, changed), changed == wanted))
    return found


def _taken(shelf: Shelf, wanted: Filter, site: Site, language: str, action: str) -> list[tuple[str, str]]:
    """Each part of the filter in words, with the address of the list without it."""
    told = []
    given = filters.pairs(wanted)
    for pair in given:
        rest = urlencode([other for other in given if other != pair])
        told.append((_said(*pair, shelf, site, language), f"{action}?{rest}" if rest else action))
    return told


def _said(key: str, value: str, shelf: Shelf, site: Site, language: str) -> str:
    if key in ("free", "accessible"):
        return say(language, key)
    if key in ("time", "layer", "status"):
        return say(language, f"{key}-{value}")
    if key in ("category", "place", "audience", "source", "organizer"):
        return label(key, value, site, shelf.labels)
    return f"{say(language, f'key-{key}')} {value}"


def _url(action: str, wanted: Filter) -> str:
    query = filters.canonical(wanted)
    return f"{action}?{query}" if query else action
