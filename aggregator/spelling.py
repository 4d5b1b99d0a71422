"""Words that are written almost alike: the nearest of a list to one that was misspelt. Pure; it knows no language.

Nearness is the number of letters that are left out, added, changed or swapped (optimal string alignment). å, ä and ö
written as a and o count for little: many keyboards have none.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

_PLAIN = str.maketrans("åäöæø", "aaoao")
_ONE, _TWO = 4, 7  # letters from which one slip is forgiven, and two
_MARK = 0.1  # what a letter without its mark counts


def nearest(word: str, known: Sequence[str], most: int = 8) -> list[str]:
    """Of the folded words in `known` those that `word` may stand for, the nearest first; none for a short word."""
    slips = (len(word) >= _ONE) + (len(word) >= _TWO)
    if not slips:
        return []
    shortest, longest = len(word) - slips, len(word) + slips
    known = [one for one in known if shortest <= len(one) <= longest]
    plain = "\n".join(known).translate(_PLAIN).split("\n")
    found = extract(word.translate(_PLAIN), plain, scorer=OSA.distance, score_cutoff=slips, limit=None)
    near = [(_order(word, known[at], count), known[at]) for _, count, at in found]
    return [one for _, one in sorted(near)[:most]]


def _order(word: str, other: str, slips: float) -> tuple[float, bool, bool, str]:
    """Fewest slips first; then what begins alike, and what has a letter more, since most slips leave one out."""
    marks = sum(a != b for a, b in zip(word, other, strict=False)) if not slips else OSA.distance(word, other) - slips
    return slips + _MARK * marks, word[:1] != other[:1], len(other) <= len(word), other
