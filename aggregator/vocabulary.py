"""The calendar's own small vocabulary: sources' words → category, audience, accessibility, language, by rules.

The rules are data (`lexicons/vocabulary.yaml`, or `vocabulary:` in sources.yaml), handed over as canonical JSON. Every
mapping names the rule and the word that it came from. Nothing is guessed from prose but what a rule says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from aggregator import swedish
from aggregator.model import Listing
from aggregator.slugs import slug

KINDS = ("category", "audience", "accessible", "language")
_LONGEST = 2000  # characters of a description that rules look at


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the calendar. `id` is its slug; `pattern` finds sources' words for it."""

    id: str
    kind: str
    sv: str
    en: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Applied:
    """One mapping as it was made: which rule, from which word of the source, in which field."""

    rule: str
    word: str
    where: str


@lru_cache(maxsize=8)  # a handful of texts in the life of a process; compiling is the dear part
def entries(text: str) -> tuple[Entry, ...]:
    """The entries of a canonical JSON text. Raises ValueError with a sentence for a wrong one."""
    told = json.loads(text)
    if not isinstance(told, list):
        raise ValueError("the vocabulary must be a list")
    return tuple(_entry(entry) for entry in told)


@lru_cache(maxsize=8)
def english(text: str) -> Mapping[str, str]:
    """What categories and audiences are called in English, by the slug of their Swedish name: the filter's id."""
    known = sorted(entries(text), key=lambda entry: entry.kind == "category")  # of two with one name, the category
    return {slug(entry.sv): entry.en for entry in known if entry.kind in ("category", "audience")}


def _entry(told: object) -> Entry:
    if not isinstance(told, dict) or not {"id", "kind", "sv", "words"} <= told.keys():
        raise ValueError("an entry needs id, kind, sv and words")
    if told["kind"] not in KINDS:
        raise ValueError(f"{told['id']}: the kind must be one of {', '.join(KINDS)}")
    words = [str(word) for word in told["words"]]
    return Entry(str(told["id"]), told["kind"], str(told["sv"]), str(told.get("en") or told["sv"]), pattern_of(words))


def pattern_of(words: Sequence[str]) -> re.Pattern[str]:
    """A pattern for whole words; "*" at an end of a word stands for the rest of it ("*konsert", "barn*")."""
    parts = []
    for word in words:
        bare = re.escape(word.strip("*").casefold()).replace(r"\ ", r"\s+")
        before = r"\w*" if word.startswith("*") else ""
        after = r"\w*" if word.endswith("*") else ""
        parts.append(f"{before}{bare}{after}")
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts) or '(?!)'})(?!\w)", re.I)


def classified(listing: Listing, text: str) -> tuple[Listing, tuple[Applied, ...]]:
    """The listing in the calendar's words, and the mappings that were made; what no rule knows stays as it was."""
    said = _said(text, listing.title, listing.categories, listing.audience)
    applied = said.applied
    accessible = listing.accessible
    if accessible is None and listing.description:
        found = _first(entries(text), "accessible", (("description", listing.description),))
        accessible, applied = (True, (*applied, found[1])) if found else (None, applied)
    return replace(
        listing,
        categories=said.categories,
        audience=said.audience,
        accessible=accessible,
        language=said.language or listing.language,
        age=listing.age or said.age or swedish.ages_told(listing.description or ""),
    ), applied


@dataclass(frozen=True, slots=True)
class _Said:
    categories: tuple[str, ...]
    audience: str | None
    language: str | None
    age: tuple[int, int | None] | None
    applied: tuple[Applied, ...]


@lru_cache(maxsize=4096)  # the dates of a series, and a source's hundred story hours, say the same
def _said(text: str, title: str, categories: tuple[str, ...], audience: str | None) -> _Said:
    known = entries(text)
    mapped, applied = _categories(known, title, categories)
    fields = [("audience", audience), *(("category", word) for word in categories), ("title", title)]
    whom = _first(known, "audience", fields)
    tongue = _first(known, "language", (("title", title),))
    rules = (*applied, *(found[1] for found in (whom, tongue) if found))
    language = tongue[0].id if tongue else None
    return _Said(mapped, whom[0].sv if whom else audience, language, swedish.read_age(title), rules)


def _categories(
    known: tuple[Entry, ...], title: str, categories: tuple[str, ...]
) -> tuple[tuple[str, ...], list[Applied]]:
    """Each word of the source by its rule; the title only where none of the words is known."""
    kept: list[str] = []
    applied: list[Applied] = []
    for word in categories:
        found = list(_matches(known, "category", word))
        applied += [Applied(entry.id, word, "category") for entry in found]
        kept += [entry.sv for entry in found] or [word]
    if not applied:
        found = list(_matches(known, "category", title))
        applied += [Applied(entry.id, title[:60], "title") for entry in found]
        kept += [entry.sv for entry in found]
    return tuple(sorted(dict.fromkeys(kept))), applied


def _first(
    known: tuple[Entry, ...], kind: str, fields: Sequence[tuple[str, str | None]]
) -> tuple[Entry, Applied] | None:
    for where, value in fields:
        for entry in _matches(known, kind, value or ""):
            return entry, Applied(entry.id, (value or "")[:60], where)
    return None


def _matches(known: tuple[Entry, ...], kind: str, value: str) -> Iterator[Entry]:
    return (entry for entry in known if entry.kind == kind and entry.pattern.search(value[:_LONGEST]))
