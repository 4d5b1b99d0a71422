"""Words of a query found in events, as Swedish needs it: inflected, and inside compounds. Pure; no ranking.

An event is found by what it says and by what a page shows of it: that it is cancelled, free, online, for children.

A query word asks for its stem (`inflection`), for what changes its vowel or loses one, and for the words that many use
in its place (`thesaurus`). å, ä and ö are letters of their own (får is no far); é and ü are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from aggregator.inflection import SHORT, Form, stem, stems
from aggregator.model import Content, Status
from aggregator.thesaurus import ALSO, ENDS, ENGLISH, FRIENDS, PLURALS, SMALL, SPELLINGS

_LEAST = 3  # letters from which a stem may begin a compound: "is" does not find "island"
_WORD = re.compile(r"\w+")
_KEPT = "åäö"
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
_SINGULARS = {plural: singular for singular, plural in PLURALS.items()}
_ALSO = {stem(word): tuple(others.split()) for word, others in ALSO.items()}
_CONTRACTED = re.compile(r"(?<=[bdfgklmnprstv])(?=[lr]$)")  # "fågl", "teatr": stems of plurals that lost a vowel


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


def telling(group: Iterable[str]) -> tuple[str, ...]:
    """The words of a query that ask for something; where there are only small ones, those."""
    told = tuple(group)
    return tuple(word for word in told if word not in SMALL) or told


@lru_cache(maxsize=1024)
def forms(word: str) -> tuple[Form, ...]:
    """What to look for in words for one folded word; any of them will do."""
    swedish = ENGLISH.get(word) or ENGLISH.get(word.removesuffix("s"))
    asked = [word, *_ALSO.get(stem(word), ()), *([swedish, *_ALSO.get(stem(swedish), ())] if swedish else ())]
    return tuple(dict.fromkeys(form for one in asked for form in own(one)))


def needles(word: str) -> tuple[str, ...]:
    """Parts of words, one of which every word that `meets` holds when it has a space before it."""
    return tuple(dict.fromkeys(form.needle for form in forms(word)))


def meets(said: str, word: str) -> bool:
    """Whether a word of an event is what the folded word asks for."""
    return any(form.fits(said) for form in forms(word))


def holds(said: Iterable[str], word: str) -> bool:
    """Whether one of the words of an event is what the folded word asks for."""
    return any(meets(one, word) for one in said)


def own(word: str) -> Iterator[Form]:
    """What to look for in words for one folded word itself."""
    base = stem(word)
    for one in stems(word):
        yield _form(one, base)
        yield from (_form(one.replace(here, there), base) for here, there in SPELLINGS if here in one)
    other = PLURALS.get(base) or _SINGULARS.get(base)
    if other:
        yield _form(other, other)
    if base[-2:] in ("el", "er", "ar"):  # "fåglar" and "teatrar" have lost a vowel, "somrar" a letter too
        yield Form(base[:-2].replace("mm", "m") + base[-1], begins=False, ends=len(base) > SHORT)
    elif (full := _CONTRACTED.sub("e", base)) != base:
        yield _form(full, full)


def _form(one: str, base: str) -> Form:
    """The form of a stem; `base` is the word that it is the stem of."""
    long = len(one) >= SHORT and one.isalpha()
    friends = tuple(friend for friend in FRIENDS.get(base, FRIENDS.get(one, "")).split() if one in friend)
    begins = len(one) >= _LEAST and one.isalpha() and one not in _SINGULARS
    return Form(one, begins, inside=long, ends=one in ENDS, friends=friends)


def _bare(character: str) -> str:
    return "".join([c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)])
