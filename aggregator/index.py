"""What filters ask of things, turned round: for each mark and each word, the things that bear it. Knows no event.

A thing is added once and has a number for life, its slot; nothing is ever taken out. A set of things is a whole
number with one bit for each slot, so that *and*, *or* and counting over fifty thousand things cost microseconds.
One thread adds; others may ask meanwhile: what they get holds at least what was there when they began, and whoever asks
knows by a set of their own which slots count.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import compress
from typing import Generic, TypeVar

T = TypeVar("T")
Mark = tuple[str, Hashable]  # a kind, and a value of it: ("category", "barn"), ("hour", 18)

_KEPT = 4096  # sets of marks that were asked for are kept; beyond, they are made again
_FEW = 1500  # members up to which a set is taken apart one by one
_ONES = bytes.maketrans(b"01", b"\x00\x01")


class Index(Generic[T]):
    """The things by slot, and their marks and words."""

    def __init__(self) -> None:
        self.things: list[T] = []
        self._slots: dict[str, dict[Hashable, array[int]]] = {}
        self._words: dict[str, array[int]] = {}
        self._text = " "  # all words, each after a space: a part of a word is found in it at once
        self._sets: dict[Mark, tuple[int, int]] = {}  # how many slots of the mark were taken in, and their set

    def add(self, things: Iterable[tuple[T, Iterable[Mark], Iterable[str]]]) -> None:
        """Add things, each with its marks and its words."""
        new: list[str] = []
        for thing, marks, words in things:
            slot = len(self.things)
            self.things.append(thing)
            for kind, value in marks:
                self._slots.setdefault(kind, {}).setdefault(value, array("I")).append(slot)
            for word in words:
                bearing = self._words.get(word)
                if bearing is None:
                    bearing = self._words[word] = array("I")
                    new.append(word)
                bearing.append(slot)
        if new:
            self._text += " ".join(new) + " "

    def values(self, kind: str) -> list[Hashable]:
        """The values that some thing has or had of a kind."""
        return list(self._slots.get(kind, ()))

    def words(self) -> list[str]:
        """The words that some thing says or said."""
        return list(self._words)

    def bearing(self, kind: str, value: Hashable) -> int:
        """The set of things that bear a mark."""
        slots = self._slots.get(kind, {}).get(value)
        if slots is None:
            return 0
        taken, known = self._sets.get((kind, value), (0, 0))
        if taken < len(slots):
            new = slots[taken:]
            known |= _set([new])
            if len(self._sets) >= _KEPT:
                self._sets = {}
            self._sets[kind, value] = taken + len(new), known
        return known

    def any_of(self, kind: str, values: Iterable[Hashable]) -> int:
        """The set of things that bear one of several marks of a kind."""
        table = self._slots.get(kind, {})
        return _set([table[value][:] for value in values if value in table])  # copied, since another thread may add

    def where(self, kind: str, test: Callable[[Hashable], bool]) -> int:
        """The set of things whose value of a kind passes a test."""
        return self.any_of(kind, [value for value in self.values(kind) if test(value)])

    def saying(self, parts: Iterable[str], test: Callable[[str], bool] | None = None) -> int:
        """The set of things with a word that holds one of the parts and passes the test; a part after a space begins
        a word."""
        found = {word for part in parts for word in self._holding(part)}
        found = set(filter(test, found)) if test else found
        return _set([self._words[word][:] for word in found])

    def _holding(self, part: str) -> Iterator[str]:
        text = self._text
        at = text.find(part)
        while at >= 0:
            first, last = text.rfind(" ", 0, at + 1) + 1, text.find(" ", at + 1)
            yield text[first:last]
            at = text.find(part, last)


def members(wanted: int) -> list[int]:
    """The slots of a set, in order."""
    digits = f"{wanted:b}"[::-1]
    if wanted.bit_count() > _FEW:
        return list(compress(range(len(digits)), digits.encode().translate(_ONES)))
    found, at = [], digits.find("1")
    while at >= 0:
        found.append(at)
        at = digits.find("1", at + 1)
    return found


def picked(wanted: int, things: Iterable[T], slots: Iterable[int], size: int) -> Iterator[T]:
    """Those of `things` whose slots, told beside them, are in a set of slots below `size`; in their order."""
    flags = f"{wanted:0{size}b}".encode()[::-1].translate(_ONES)
    return compress(things, map(flags.__getitem__, slots))


def set_of(slots: Iterable[int]) -> int:
    """The set of some slots, which are in order."""
    return _set([array("I", slots)])


def _set(told: Iterable[array[int]]) -> int:
    """The set of some slots, in order within each group: its last is its largest."""
    groups = [group for group in told if group]
    if not groups:
        return 0
    digits = bytearray(b"0") * (max(group[-1] for group in groups) + 1)
    for group in groups:
        for slot in group:
            digits[~slot] = 49
    return int(digits, 2)
