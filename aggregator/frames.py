"""What a title tells as the setting of something else: "Konsert på Kulturnatten", "Kulturdagen: prova på keramik".

A frame is a festival, a market or a day of something, which holds many events within it. Pure; it reads tokens.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from aggregator.lexicon import Lexicon
from aggregator.phrases import Hit, stem

NAMELIKE = 6  # letters of a noun that is a frame alone ("festivalen"); a shorter one ("dagen") only in a compound
WORDS_BEFORE = 3  # words that name a frame before its noun: "Hantverkarnas stora marknad"
DASHES = frozenset("-|")


@dataclass(frozen=True)
class Marked:
    """A title's tokens: `breaks` is the punctuation before each, `silent` the positions that name nothing."""

    tokens: Sequence[str]
    breaks: Sequence[str]
    silent: Collection[int]


def setting(title: Marked, hits: Collection[Hit], lexicon: Lexicon) -> range | None:
    """The positions of the frame within which the title tells something; None where it tells the frame, or of none.

    `hits` are kinds found in the tokens.
    """
    for first, last in _frames(title, hits, lexicon):
        begin = _begin(title, first, lexicon)
        if _is_setting(title, begin, last, lexicon):
            return range(begin, last)
    return None


def holds_others(word: str, lexicon: Lexicon) -> bool:
    """Whether a word ends in a frame's noun, as compounds do: "Kulturdagen", "Jazzfestivalen"."""
    ending = next((end for end in lexicon.frame_stems if word.endswith(end)), None)
    if ending is None or any(word.endswith(other) for other in lexicon.no_frames):
        return False
    return len(word) > len(ending) or len(ending) >= NAMELIKE


def _frames(title: Marked, hits: Collection[Hit], lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    named = {hit.first: hit.last for hit in hits if lexicon.kinds[hit.value].frame}
    others = {at for hit in hits for at in range(hit.first, hit.last) if hit.first not in named}
    for at, token in enumerate(title.tokens):
        if at in named:
            yield at, named[at]
        elif at not in title.silent and at not in others and holds_others(stem(token), lexicon):
            yield at, at + 1


def _begin(title: Marked, first: int, lexicon: Lexicon) -> int:
    """Where the frame's name begins: at the preposition or the punctuation before it."""
    begin = first
    while begin and first - begin < WORDS_BEFORE and not title.breaks[begin]:
        if title.tokens[begin - 1] in lexicon.within:
            return begin
        begin -= 1
    return begin


def _is_setting(title: Marked, begin: int, last: int, lexicon: Lexicon) -> bool:
    led = begin > 0 and not title.breaks[begin] and title.tokens[begin - 1] in lexicon.within
    if _says(title, range(begin), lexicon):
        return led or (
            bool(DASHES & set(title.breaks[begin])) and not _says(title, range(last, len(title.tokens)), lexicon)
        )
    after = next(
        (at for at in range(last, len(title.tokens)) if title.breaks[at] or _says(title, range(at, at + 1), lexicon)),
        None,
    )
    return after is not None and ":" in title.breaks[after] and _says(title, range(after, len(title.tokens)), lexicon)


def _says(title: Marked, positions: range, lexicon: Lexicon) -> bool:
    """Whether any of the tokens names something."""
    return any(at not in title.silent and title.tokens[at] not in lexicon.filler for at in positions)
