"""The editors' policy: rules that refuse an event, keep it in the civic layer or ask staff; the first that fits counts.

Rules are data (`policies:` in sources.yaml, named by a source's `policy:`), handed over as canonical JSON, one text a
rule. A rule fits by words in title or categories, by a town outside, or by what is told again and again on one day
(`same_day`); the last needs a whole answer, and is asked of what the other rules let in.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from zoneinfo import ZoneInfo

from aggregator.model import Listing, Status
from aggregator.pairing import title_key
from aggregator.vocabulary import pattern_of

ACTIONS = ("refuse", "civic", "ask")
LEAST = 2  # of one day: one alone is no series
FIELDS = ("title", "category", "description", "organizer", "place")
KEYS = frozenset(("id", "do", "words", "except", "in", "towns", "same_day", "reason", "reason_en"))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `words` must be found in one of `fields` and `but` in none; `towns` are those that are inside.

    `same_day`: from so many of one title and place on one local day on, only the first of the day is let be.
    """

    id: str
    do: str
    words: re.Pattern[str] | None
    but: re.Pattern[str] | None
    fields: tuple[str, ...]
    towns: frozenset[str]
    reason: tuple[str, str]
    same_day: int | None = None


def wrong(told: object) -> str:
    """What is wrong with a rule as a sentence, "" if nothing is."""
    if not isinstance(told, dict) or "id" not in told:
        return "a rule needs an id"
    unknown = sorted(set(told) - KEYS)
    if unknown:
        return f"{unknown[0]!r} is no key of a rule; known are {', '.join(sorted(KEYS))}"
    if told.get("do") not in ACTIONS:
        return f"do must be one of {', '.join(ACTIONS)}"
    times = told.get("same_day")
    if times is not None and (not str(times).isdecimal() or int(times) < LEAST):
        return f"same_day must be a whole number, at least {LEAST}"
    if not told.get("words") and not told.get("towns") and times is None:
        return "a rule needs words, towns or same_day"
    for name in ("words", "except", "in", "towns"):
        if not isinstance(told.get(name, []), list):
            return f"{name} must be a list"
    unknown = sorted(set(told.get("in", ())) - set(FIELDS))
    if unknown:
        return f"in has {unknown[0]!r}; known are {', '.join(FIELDS)}"
    return "" if told.get("reason") else "a rule needs a reason that organizers can read"


@lru_cache(maxsize=256)
def rule(text: str) -> Rule:
    """The rule of a canonical JSON text. Raises ValueError with a sentence for a wrong one."""
    told = json.loads(text)
    if mistake := wrong(told):
        raise ValueError(mistake)
    return Rule(
        id=str(told["id"]),
        do=told["do"],
        words=pattern_of(told["words"]) if told.get("words") else None,
        but=pattern_of(told["except"]) if told.get("except") else None,
        fields=tuple(told.get("in") or ("title", "category")),
        towns=frozenset(str(town).casefold() for town in told.get("towns", ())),
        reason=(str(told["reason"]), str(told.get("reason_en") or told["reason"])),
        same_day=int(told["same_day"]) if "same_day" in told else None,
    )


def judged(listing: Listing, texts: Sequence[str]) -> Rule | None:
    """The first rule that fits the listing, None if it is welcome as it is."""
    return next((x for x in map(rule, texts) if x.same_day is None and _fits(x, listing)), None)


def daily(texts: Sequence[str]) -> list[Rule]:
    """The rules that need a whole answer."""
    return [found for found in map(rule, texts) if found.same_day is not None]


def repeated(found: Rule, told: Iterable[tuple[int, Listing]], zone: ZoneInfo) -> frozenset[int]:
    """The numbers of those listings that a daily rule fits: all of a series of one day but its first that is held."""
    groups: defaultdict[object, list[tuple[bool, str, str, int]]] = defaultdict(list)
    for number, x in told:
        if _fits(found, x):
            begins = x.when.begins(zone).astimezone(UTC).isoformat()
            order = (x.status is Status.CANCELLED, begins, str(x.key), number)
            groups[title_key(x.title), _values(x, "place"), x.when.first_day(zone)].append(order)
    series = [sorted(group) for group in groups.values() if len(group) >= (found.same_day or LEAST)]
    return frozenset(number for group in series for *_, number in group[1:])


def _fits(found: Rule, listing: Listing) -> bool:
    told = [value for field in found.fields for value in _values(listing, field)]
    if found.words is not None and not any(found.words.search(value) for value in told):
        return False
    if found.but is not None and any(found.but.search(value) for value in told):
        return False
    return not found.towns or _outside(found, listing)


def _outside(found: Rule, listing: Listing) -> bool:
    """Whether the place tells a town, and it is none of those inside; online or untold is not outside."""
    place = listing.location
    if place is None or place.online is not None or place.locality is None:
        return False
    return place.locality.casefold() not in found.towns


def _values(listing: Listing, field: str) -> tuple[str, ...]:
    place = listing.location
    names = (place.name, place.room, place.locality) if place else ()
    told: dict[str, tuple[str | None, ...]] = {
        "title": (listing.title,),
        "category": listing.categories,
        "description": ((listing.description or "")[:2000],),
        "organizer": (listing.organizer,),
        "place": names,
    }
    return tuple(value for value in told[field] if value)
