"""Words of a query found in events, as Swedish needs it: by stem, and inside compounds. Pure; no ranking.

An event is found by what it says and by what a page shows of it: that it is cancelled, free, online, for children.

A query word is reduced to its stem (Snowball, Swedish). A stem of four letters or more is found anywhere in a
word, so that "musik" finds "folkmusikfesten"; a shorter one only where a word begins, so that "ost" does not
find "kosta". å, ä and ö are letters of their own (får is no far); é and ü are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

from aggregator.model import Content, Status

_INSIDE = 4  # letters that a stem needs before it may stand anywhere in a word
_WORD = re.compile(r"\w+")
_KEPT = "åäö"
# Plurals that change their vowel: Snowball leaves them beside their singular.
_MUTATED = {
    "böck": "bok",
    "fött": "fot",
    "händ": "hand",
    "nätt": "natt",
    "rött": "rot",
    "städ": "stad",
    "söner": "son",
    "tänd": "tand",
    "änder": "and",
    "män": "man",
}
# What pages show of an event and its texts need not say, in both languages and in the words that people look for it by.
_STATES = {
    Status.CANCELLED: "inställt inställd inställda avlyst cancelled canceled",
    Status.POSTPONED: "uppskjutet uppskjuten postponed",
    Status.MOVED: "ny tid flyttat flyttad new time moved",
    Status.MOVED_ONLINE: "digitalt online webben nätet",
    Status.TENTATIVE: "preliminärt preliminär tentative",
}
_FREE = "gratis fri entré kostnadsfritt avgiftsfritt free admission"
_ONLINE = "digitalt online webben nätet distans"
_ACCESSIBLE = "tillgängligt rullstol accessible wheelchair"
_CHILDREN, _OLDEST_CHILD = "barn", 15
# What English readers look for among Swedish texts; each is also looked for as it stands.
_ENGLISH = {
    "art": "konst",
    "book": "bok",
    "books": "bok",
    "choir": "kör",
    "christmas": "jul",
    "church": "kyrka",
    "cinema": "film",
    "concert": "konsert",
    "concerts": "konsert",
    "course": "kurs",
    "courses": "kurs",
    "dance": "dans",
    "exhibition": "utställning",
    "exhibitions": "utställning",
    "families": "familj",
    "family": "familj",
    "football": "fotboll",
    "history": "historia",
    "child": "barn",
    "children": "barn",
    "kids": "barn",
    "lecture": "föreläsning",
    "lectures": "föreläsning",
    "library": "bibliotek",
    "market": "marknad",
    "markets": "marknad",
    "movie": "film",
    "music": "musik",
    "nature": "natur",
    "seniors": "seniorer",
    "sports": "idrott",
    "stories": "saga",
    "storytime": "sagostund",
    "theater": "teater",
    "theatre": "teater",
    "walk": "vandring",
    "walks": "vandring",
    "worship": "gudstjänst",
}
_PLURALS = {singular: plural for plural, singular in _MUTATED.items()}


def words_of(content: Content) -> set[str]:
    """What can be found of an event: its words and those for what is shown of it, folded, each once."""
    where = content.location
    parts = [content.title, content.description, content.organizer, content.audience, *content.categories]
    parts += [where.name, where.room, where.address, where.locality] if where is not None else []
    parts += _shown(content)
    return set(_WORD.findall(folded(" ".join([part for part in parts if part]))))


def _shown(content: Content) -> list[str]:
    where, age = content.location, content.age
    told = [
        (True, _STATES.get(content.status, "")),
        (content.price is not None and content.price.free is True, _FREE),
        (where is not None and where.online is not None, _ONLINE),
        (content.accessible is True, _ACCESSIBLE),
        (age is not None and age[1] is not None and age[1] <= _OLDEST_CHILD, _CHILDREN),
    ]
    return [words for holds_good, words in told if holds_good]


def folded(text: str) -> str:
    """Lower case without accents, å ä ö kept."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return plain if plain.isascii() else "".join([c if c in _KEPT else _bare(c) for c in plain])


def words(query: str) -> tuple[str, ...]:
    """The words of a query, folded, each once and sorted: two spellings of one query are equal."""
    return tuple(sorted(set(_WORD.findall(folded(query)))))


@lru_cache(maxsize=1024)
def needles(word: str) -> tuple[str, ...]:
    """What to look for in words, each after a space, for one folded word; any of them will do."""
    stem = snowballstemmer.stemmer("swedish").stemWord(word)
    other = _MUTATED.get(stem) or _PLURALS.get(stem)
    own = [stem]
    if len(stem) < _INSIDE <= len(word):  # "dans" is not "dan", which begins Daniel; but "saga" is also in "sagostund"
        own = [word, stem + "o", stem + "u"] if word.endswith("a") else [word]
    swedish = _ENGLISH.get(word)
    return tuple(map(_needle, [*own, *([other] if other else [])])) + (needles(swedish) if swedish else ())


def holds(said: Iterable[str], word: str) -> bool:
    """Whether one of the words of an event is the folded word, or holds it."""
    return any(needle in f" {one}" for one in said for needle in needles(word))


def _needle(stem: str) -> str:
    return stem if len(stem) >= _INSIDE else f" {stem}"


def _bare(character: str) -> str:
    return "".join([c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)])
