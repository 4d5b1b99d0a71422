"""Words that are a slip of the keys apart, or that a cut title broke off. It knows no language."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import pairwise

from rapidfuzz.distance import OSA

SHORTEST = 4  # below it a letter makes another word
SHORTEST_HEAD = 5  # of a word that was cut
SHORTEST_PART = 3  # of a compound that is written as two words
LONG = 8  # from here on two slips are forgiven


def slips(left: Set[str], right: Set[str]) -> dict[str, str]:
    """Word of `left` → the word of `right` that it is a slip of; each word is used once."""
    found: dict[str, str] = {}
    for word in sorted(left):
        for other in sorted(right - set(found.values())):
            if is_slip(word, other):
                found[word] = other
                break
    return found


def written_apart(name: Sequence[str], others: set[str]) -> dict[str, tuple[str, str]]:
    """Compound of `others` → the two words that follow each other in `name` and make it up ("barn loppis").

    What joins them, and an ending that a stem lost, may be three letters.
    """
    found: dict[str, tuple[str, str]] = {}
    for first, second in pairwise(name):
        if min(len(first), len(second)) >= SHORTEST_PART:
            whole = (word for word in sorted(others) if _made_up(word, first, second))
            found.update(dict.fromkeys(whole, (first, second)))
    return found


def _made_up(word: str, first: str, second: str) -> bool:
    between = len(word) - len(first) - len(second)
    return word.startswith(first) and ((0 <= between <= 3 and word.endswith(second)) or is_slip(word, first + second))


def is_slip(a: str, b: str) -> bool:
    """Whether two words are so near that one may be meant for the other."""
    shorter = min(len(a), len(b))
    if abs(len(a) - len(b)) > 2:
        return shorter >= SHORTEST_HEAD and (a.startswith(b) or b.startswith(a))
    return shorter >= SHORTEST and OSA.distance(a, b, score_cutoff=2) <= (1 if shorter < LONG else 2)
