"""Swedish words as people type them: the stem of a word, and whether a word of a text is that stem. Pure.

A word of a text is taken apart in three: what stands before the stem, the stem, and what stands after it. After it may
stand an inflection or the rest of a compound, before it the beginning of one. No dictionary is asked: what is left of
a compound has to be long enough to be a word, and words that only look like compounds stand in a table (`friends`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.thesaurus import WHOLE

SHORT = 4  # letters from which a stem may also end a compound: "spel" in "dataspel", but "vin" not in "gravin"
_STEM, _REST, _BEFORE = 3, 3, 2  # letters that a stem keeps, and that are a word after it and before it
_VOWELS = frozenset("aeiouyåäö")
# Endings that a query loses, the longest first: "julen" asks for what "jul" asks for.
_ENDINGS = ("ornas", "arnas", "ernas", "orna", "arna", "erna", "ens", "ets", "ans", "en", "et", "ar", "er", "or", "an")
_OF_N = ("eln", "ern")  # "fågeln", "teatern"
_DOUBLED = ("mm", "nn")  # "programmet", "vänner"
_OF_A = frozenset({"ornas", "orna", "ans", "or", "an"})  # endings of words in -a: "visan" is "visa"
# Endings that a word of a text may have after a stem.
_AFTER = frozenset(
    {"", "s", "a", "as", "an", "ans", "ar", "ars", "arna", "arnas", "e", "es", "en", "ens", "er", "ers", "erna"}
    | {"ernas", "et", "ets", "n", "na", "nas", "ns", "or", "ors", "orna", "ornas", "t", "are", "aren", "arens"}
    | {"ad", "at"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """A stem and where it may stand.

    `begins`: it may begin a compound. `inside`: it may also stand later in one; `ends`: only as its last part, or with
    an s before more ("höstlovskul").
    `friends` are other words that hold its letters, or the beginnings of such; with a full stop, the word alone.
    """

    stem: str
    begins: bool = True
    inside: bool = False
    ends: bool = False
    friends: tuple[str, ...] = ()

    @property
    def needle(self) -> str:
        """What every word that fits holds, when it has a space before it."""
        return self.stem if self.inside or self.ends else f" {self.stem}"

    def fits(self, word: str) -> bool:
        """Whether the folded word of a text is the stem, an inflection of it or a compound with it."""
        return any(self._stands(word, at) and not self._foreign(word, at) for at in _found(self.stem, word))

    def _stands(self, word: str, at: int) -> bool:
        before, after = word[:at], word[at + len(self.stem) :]
        if after in _AFTER:
            return not before or ((self.inside or self.ends) and _is_word(before, _BEFORE))
        joined = self.begins and _is_word(after, _REST)
        return joined and (
            not before or ((self.inside or (self.ends and after[0] == "s")) and _is_word(before, _BEFORE))
        )

    def _foreign(self, word: str, at: int) -> bool:
        """Whether the letters of the stem are a part of another word."""
        for friend in self.friends:
            letters = friend.removesuffix(".")
            start = at - letters.index(self.stem)
            if start >= 0 and word.startswith(letters, start) and (letters == friend or word[start:] == letters):
                return True
        return False


def stem(word: str) -> str:
    """The folded word without its ending, words in -a with their a: "konserterna" → "konsert", "visorna" → "visa"."""
    word = word[:-1] if word.endswith(_OF_N) and len(word) > _STEM + len(_OF_N) else word
    if word in WHOLE or any(character.isdigit() for character in word):
        return word
    for ending in _ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and _is_word(rest, _STEM):
            return rest + "a" if ending in _OF_A else rest[:-1] if rest.endswith(_DOUBLED) else rest
    return word


def stems(word: str) -> tuple[str, ...]:
    """How the stem of a word begins compounds: "kyrka" in "kyrkokör", "saga" in "sagostund", "gata" in "gatufest"."""
    base = stem(word)
    short = base[:-1] if base[-1:] in ("a", "e") and base not in WHOLE else base
    if len(short) >= SHORT:
        return (short,)
    return (base, short + "o", short + "u", short + "or") if base.endswith("a") and short != base else (base,)


def _is_word(letters: str, least: int) -> bool:
    return len(letters) >= least and not _VOWELS.isdisjoint(letters)


def _found(stem: str, word: str) -> Iterator[int]:
    at = word.find(stem)
    while at >= 0:
        yield at
        at = word.find(stem, at + 1)
