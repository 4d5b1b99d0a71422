"""The place registry: which known places a told location may mean. No network, no geocoding, no storage.

An alias names a *set* ("Biblioteket" can be five). A street address decides; else the longest alias; else the
kind of place with the town; the town narrows what is left; else coordinates within 150 m. A set of more than one
is weak evidence and is told as such.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from rapidfuzz import fuzz, process

from aggregator.model import Geo, Location, Place
from aggregator.phrases import Phrases, fold, words

ONLINE = "online"
NEAR_METRES = 150.0  # a hall and its square; farther than a house's own extent, nearer than the next house
TYPO_RATIO = 88.0  # "Medborgarhust" is 96, "Hallaby kyrka" against "Tofta kyrka" is 74
TYPO_LENGTH = 8  # shorter names are too near each other
LOCATIONS = 2**13  # locations as sources tell them; most come again with every event of a place
EARTH_METRES = 6_371_000.0

_DASH = re.compile(r"[\u2010-\u2015\u2212]")
_PUNCTUATED = re.compile(r"[^a-z0-9,|():-]+")
_POSTCODE = re.compile(r"\b(?:se-?)?\d{3} ?\d{2}\b")


def metres(a: Geo, b: Geo) -> float:
    """Great-circle distance."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    part = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, part)))


@dataclass(frozen=True, slots=True)
class Found:
    """What a location means: ids of places (several: nobody can tell which), the town if told, and by what rule."""

    places: frozenset[str] = frozenset()
    town: str | None = None
    rule: str = ""


@dataclass(frozen=True)
class Registry:
    """The known places, indexed. Equal tuples of places give equal answers, whatever their order."""

    places: tuple[Place, ...] = ()
    houses: Phrases = field(default_factory=Phrases)
    _names: dict[tuple[str, ...], frozenset[str]] = field(init=False, repr=False, compare=False)
    _streets: dict[tuple[str, ...], frozenset[str]] = field(init=False, repr=False, compare=False)
    _towns: dict[str, str] = field(init=False, repr=False, compare=False)
    _known_towns: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _said: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _sorts: dict[tuple[str, str | None], frozenset[str]] = field(init=False, repr=False, compare=False)
    _spoken: frozenset[tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _longest: int = field(init=False, repr=False, compare=False)
    _means: Callable[[Location], Found] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        towns = {place.id: town_of(place) for place in self.places}
        names = _index((words(name), place.id) for place in self.places for name in (place.name, *place.aliases))
        streets = _index((street, place.id) for place in self.places if (street := _street(place.address)))
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "_streets", streets)
        object.__setattr__(self, "_towns", towns)
        known = sorted({town for town in towns.values() if town}, key=lambda town: (-len(town), town))
        object.__setattr__(self, "_known_towns", tuple(known))
        object.__setattr__(self, "_said", _said(known))
        object.__setattr__(self, "_sorts", self._by_sort(towns))
        spoken = frozenset({*names, *(form for town in known for form in _forms(town))})
        object.__setattr__(self, "_spoken", spoken)
        object.__setattr__(self, "_longest", max(map(len, [*spoken, *streets]), default=0))
        object.__setattr__(self, "_means", lru_cache(maxsize=LOCATIONS)(self._found))

    def resolve(self, location: Location | None) -> frozenset[str]:
        """The ids of the places that the location may mean; empty when none is known."""
        return self.find(location).places

    def find(self, location: Location | None) -> Found:
        """`resolve` with the town and the rule that decided."""
        return Found() if location is None else self._means(location)

    def _found(self, location: Location) -> Found:
        if location.place is not None:
            return Found(frozenset({location.place}), self._towns.get(location.place), "given")
        told = [part for part in (location.name, location.room, location.address) if part]
        if location.online is not None and not told:
            return Found(frozenset({ONLINE}), None, "online")
        tokens = words(", ".join(told))
        town = self._town(words(location.locality or "")) or self._town(tokens)
        for rule, ids in self._by_words(tokens, town):
            return Found(ids, town, rule)
        near = self._near(location.geo)
        return Found(near, town, "geo" if near else "")

    def _by_sort(self, towns: Mapping[str, str]) -> dict[tuple[str, str | None], frozenset[str]]:
        sorts: defaultdict[tuple[str, str | None], set[str]] = defaultdict(set)
        for place in self.places:
            for name in (place.name, *place.aliases):
                for sort in self._sorts_of(words(name)):
                    sorts[sort, towns[place.id]].add(place.id)
        return {sort: frozenset(ids) for sort, ids in sorts.items()}

    def _sorts_of(self, name: tuple[str, ...]) -> set[str]:
        """The sorts of house that a name says, as a word or as the end of one ("Sjömuseet")."""
        nouns = {phrase[0]: sort for phrase, sort in self.houses.entries if len(phrase) == 1 and len(phrase[0]) > 4}
        ends = {sort for word in name for noun, sort in nouns.items() if word.endswith(noun)}
        return ends | {hit.value for hit in self.houses.find(name)}

    def place(self, id: str) -> Place | None:
        """The place of that id."""
        return next((place for place in self.places if place.id == id), None)

    def town_of(self, id: str) -> str | None:
        """The town of a known place."""
        return self._towns.get(id) or None

    def town_in(self, text: str) -> str | None:
        """The town in which a title says that it is ("Stickcafé i Norrskog", "…, Norrskog", "… Norrskog").

        A team's or an organizer's town says nothing: "Norrskogs IF", "Norrskog – Vik", "Biblioteken i Norrskog: …".
        """
        found = self._said.search(_PUNCTUATED.sub(" ", _DASH.sub("-", fold(text))))
        return (found[1] or found[2]) if found else None

    def named(self, tokens: tuple[str, ...]) -> list[tuple[str, ...]]:
        """The names of places and towns that stand in the tokens, longest first."""
        spans = {tokens[at : at + n] for n in range(1, self._longest + 1) for at in range(len(tokens) - n + 1)}
        return sorted((span for span in spans if span in self._spoken), key=lambda name: (-len(name), name))

    def _by_words(self, tokens: tuple[str, ...], town: str | None) -> Iterator[tuple[str, frozenset[str]]]:
        streets, names = self._hits(tokens, self._streets), self._hits(tokens, self._names)
        if streets:
            ids = frozenset().union(*streets)
            both = ids & frozenset().union(*names) if names else ids
            yield "address", self._narrowed(both or ids, town) or both or ids
        if names:
            ids = _most_certain(names)
            if inside := self._narrowed(ids, town):
                yield "name", inside
            yield from self._by_house(tokens, town)
            yield "name", ids
        if ids := self._typo(tokens):
            yield "typo", self._narrowed(ids, town) or ids
        yield from self._by_house(tokens, town)

    def _by_house(self, tokens: tuple[str, ...], town: str | None) -> Iterator[tuple[str, frozenset[str]]]:
        """ "Biblioteket i Hallaby": the sort of house with the town, where no alias says it."""
        for hit in self.houses.find(tokens):
            if ids := self._sorts.get((hit.value, town)):
                yield "house", ids

    def _hits(self, tokens: tuple[str, ...], index: dict[tuple[str, ...], frozenset[str]]) -> list[frozenset[str]]:
        """The entries that stand in the tokens, longest first; what lies inside a longer hit does not count."""
        taken: set[int] = set()
        found: list[frozenset[str]] = []
        for length in range(min(self._longest, len(tokens)), 0, -1):
            for at in range(len(tokens) - length + 1):
                ids = index.get(tokens[at : at + length])
                if ids and not taken.intersection(range(at, at + length)):
                    taken.update(range(at, at + length))
                    found.append(ids)
        return found

    def _typo(self, tokens: tuple[str, ...]) -> frozenset[str]:
        text = " ".join(tokens)
        if len(text) < TYPO_LENGTH:
            return frozenset()
        names = {" ".join(name): ids for name, ids in self._names.items() if len(" ".join(name)) >= TYPO_LENGTH}
        best = process.extractOne(text, list(names), scorer=fuzz.ratio, score_cutoff=TYPO_RATIO)
        return names[best[0]] if best else frozenset()

    def _town(self, tokens: tuple[str, ...]) -> str | None:
        """The town that stands in the tokens, its genitive too; the longest name wins."""
        text = f" {' '.join(tokens)} "
        return next((town for town in self._known_towns if f" {town} " in text or f" {town}s " in text), None)

    def _narrowed(self, ids: frozenset[str], town: str | None) -> frozenset[str]:
        return frozenset(id for id in ids if self._towns.get(id) == town) if town else ids

    def _near(self, geo: Geo | None) -> frozenset[str]:
        if geo is None:
            return frozenset()
        return frozenset(p.id for p in self.places if p.geo is not None and metres(p.geo, geo) <= NEAR_METRES)


def _said(towns: list[str]) -> re.Pattern[str]:
    """Where a title says that something takes place: behind a preposition or a comma, or as its last word."""
    names = "|".join(map(re.escape, towns)) or "(?!)"
    return re.compile(
        rf"(?:\b(?:i|in|pa|at|vid|near) |[,|(] ?)({names})\b(?! ?[:-])|(?<!\bmot)(?<!\bvs)(?<!-) ({names})[^a-z0-9]*$"
    )


def _forms(town: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A town's name and its genitive."""
    return tuple(town.split()), tuple(f"{town}s".split())


def town_of(place: Place) -> str:
    """The folded town of a place: its locality, else the last part of its address without the postcode."""
    if place.locality:
        return " ".join(words(place.locality))
    parts = (place.address or "").split(",")
    return " ".join(words(_POSTCODE.sub(" ", parts[-1]))) if len(parts) > 1 else ""


def _street(address: str | None) -> tuple[str, ...] | None:
    """The street with its number; a street alone names no house."""
    tokens = words((address or "").split(",")[0])
    return tokens if len(tokens) > 1 and any(token[0].isdigit() for token in tokens) else None


def _index(entries: Iterable[tuple[tuple[str, ...], str]]) -> dict[tuple[str, ...], frozenset[str]]:
    index: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, id in entries:
        if name:
            index[name].add(id)
    return {name: frozenset(ids) for name, ids in index.items()}


def _most_certain(hits: list[frozenset[str]]) -> frozenset[str]:
    """The longest hit that names one place; else what all hits agree on; else the longest."""
    single = next((ids for ids in hits if len(ids) == 1), None)
    return single or frozenset.intersection(*hits) or hits[0]
