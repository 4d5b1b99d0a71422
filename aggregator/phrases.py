"""Folded words, and phrases found in them. The ground of all lexicons; it knows no entry itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

WORDS = 2**16  # words of a language that a town's titles use over and over: each is folded and stemmed once
TEXTS = 2**13  # titles and names, which come again with every date and in every step of a refresh
_WORD = re.compile(r"[a-z0-9]+")
_FOLD = str.maketrans({"å": "a", "ä": "a", "ö": "o", "é": "e", "ø": "o", "æ": "a", "ü": "u"})

_ENDINGS = frozenset(
    {"arnas", "ernas", "ornas", "arna", "erna", "orna", "ande", "ende", "ens", "ets"}
    | {"en", "et", "er", "ar", "or", "na", "s", "n", "t", "a", "e"}
)
_LONGEST = max(map(len, _ENDINGS))
STEM_LENGTH = 4


def fold(text: str) -> str:
    """Lower case without marks, for keys only: "Café Åsen" becomes "cafe asen"."""
    plain = text.casefold().translate(_FOLD)
    if plain.isascii():
        return plain
    plain = unicodedata.normalize("NFC", plain).translate(_FOLD)
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


@lru_cache(maxsize=TEXTS)
def words(text: str) -> tuple[str, ...]:
    """The folded words and numbers of a text, in order."""
    return tuple(_WORD.findall(fold(text)))


@lru_cache(maxsize=WORDS)
def stem(word: str) -> str:
    """The word without its ending, if enough is left: "marknaden" and "marknad" meet."""
    for length in range(min(_LONGEST, len(word) - STEM_LENGTH), 0, -1):
        if word[-length:] in _ENDINGS:
            return word[:-length]
    return word


Entry = tuple[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A lexicon entry found in tokens: `first` to `last` (excluded) and what the entry stands for."""

    first: int
    last: int
    value: str


@dataclass(frozen=True)
class Phrases:
    """Entries of one or more words, each standing for a value; longer entries win over shorter ones."""

    entries: frozenset[Entry] = frozenset()
    _starts: dict[str, tuple[Entry, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts: dict[str, list[Entry]] = {}
        for entry in sorted(self.entries, key=lambda entry: (-len(entry[0]), entry)):
            starts.setdefault(entry[0][0], []).append(entry)
        object.__setattr__(self, "_starts", {first: tuple(entries) for first, entries in starts.items()})

    def find(self, tokens: Sequence[str]) -> Iterator[Hit]:
        """The entries that stand in the tokens, from left to right, without overlap."""
        at = 0
        while at < len(tokens):
            hit = self._at(tokens, at)
            if hit:
                yield hit
            at = hit.last if hit else at + 1

    def _at(self, tokens: Sequence[str], at: int) -> Hit | None:
        for phrase, value in self._starts.get(tokens[at], ()):
            if tuple(tokens[at : at + len(phrase)]) == phrase:
                return Hit(at, at + len(phrase), value)
        return None
