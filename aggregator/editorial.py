"""The editors' policy: rules that refuse an event, keep it in the civic layer or ask staff; the first that fits counts.

Rules are data (`policies:` in sources.yaml, named by a source's `policy:`), handed over as canonical JSON, one text a
rule. A rule fits by words in title or categories, by a town outside, or by an event that says it is for members only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from aggregator.model import Listing
from aggregator.vocabulary import pattern_of

ACTIONS = ("refuse", "civic", "ask")
FIELDS = ("title", "category", "description", "organizer", "place")
KEYS = frozenset(("id", "do", "words", "except", "in", "towns", "reason", "reason_en"))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `words` must be found in one of `fields` and `but` in none; `towns` are those that are inside."""

    id: str
    do: str
    words: re.Pattern[str] | None
    but: re.Pattern[str] | None
    fields: tuple[str, ...]
    towns: frozenset[str]
    reason: tuple[str, str]


def wrong(told: object) -> str:
    """What is wrong with a rule as a sentence, "" if nothing is."""
    if not isinstance(told, dict) or "id" not in told:
        return "a rule needs an id"
    unknown = sorted(set(told) - KEYS)
    if unknown:
        return f"{unknown[0]!r} is no key of a rule; known are {', '.join(sorted(KEYS))}"
    if told.get("do") not in ACTIONS:
        return f"do must be one of {', '.join(ACTIONS)}"
    if not told.get("words") and not told.get("towns"):
        return "a rule needs words or towns"
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
    )


def judged(listing: Listing, texts: Sequence[str]) -> Rule | None:
    """The first rule that fits the listing, None if it is welcome as it is."""
    return next((found for text in texts if _fits(found := rule(text), listing)), None)


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
