"""A title taken apart: what names the event, and what stands beside the name. Pure; it judges no pair.

Lifted out: what became of it (inställt, flyttat), calls (välkommen till), dates and clock times, editions (ages,
teams, levels, parts), roles (vernissage, visning, genrep) and kinds (konsert, sagostund). What is left are the
words of the name, in order, lightly stemmed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from aggregator import frames
from aggregator.lexicon import Lexicon
from aggregator.phrases import Hit, fold, stem

_MONTH_NAMES = (
    *(("jan",), ("feb",), ("mar",), ("apr",), ("maj", "may"), ("jun",)),
    *(("jul",), ("aug",), ("sep",), ("okt", "oct"), ("nov",), ("dec",)),
)
MONTHS = "|".join(name for names in _MONTH_NAMES for name in names)
_MONTH = rf"(?:{MONTHS})[a-z]*"
_YEAR = r"(?:20)?\d\d"
_DATES = re.compile(
    rf"\b20\d\d-\d\d-\d\d\b|\b\d{{1,2}}(?:st|nd|rd|th|:?e|:a)?\.? {_MONTH}\b\.?,?(?: ?20\d\d\b)?"
    rf"|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b,?(?: 20\d\d\b)?"
    rf"|\b\d{{1,2}}/\d{{1,2}}(?:[-/]{_YEAR})?\b(?! ?ar)|\b20[2-4]\d\b"
)
_DAY_OF_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|:?e|:a)?\.? ({MONTHS})[a-z]*\b|\b(\d{{1,2}})/(\d{{1,2}})\b(?! ?ar)"
)
_NUMBER_OF = {name: at for at, names in enumerate(_MONTH_NAMES, 1) for name in names}
_WEEKDAYS = re.compile(
    r"\b(?:(?:man|tis|ons|tors|fre|lor|son)dag(?:en|ar|s)?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    r"|vecka \d{1,2}|v\. ?\d{1,2})\b"
)
_CLOCKS = re.compile(
    r"\b(?:kl(?:ockan)?[. ]{0,2})(\d{1,2})(?:[.:](\d\d))?(?: ?(?:-|till|to) ?\d{1,2}(?:[.:]\d\d)?)?\b"
    r"|\b(\d{1,2})(?:[:](\d\d))(?: ?(am|pm))?(?: ?- ?\d{1,2}[.:]\d\d(?: ?[ap]m)?)?|\b(\d{1,2}) ?(am|pm)\b"
)
_AGES = re.compile(
    r"\b(?:ages? |aldrar? )?(\d{1,2}) ?(?:-|till|to) ?(\d{1,2}) ?(?:ar|aringar|years?(?: olds?)?|yrs?)\b"
    r"|\bages? (\d{1,2}) ?(?:-|to) ?(\d{1,2})\b|\b(?:fran |from )(\d{1,2}) ?(?:ar|years)\b"
    r"|\bages? (\d{1,2}) ?(?:\+|and up)|\b(\d{1,2}) ?\+"
)
_GRADES = re.compile(r"\b(?:ak|arskurs|grades?) ?(\d|f|k)(?: ?- ?(\d))?\b")
_MONTHS_OLD = re.compile(r"\b(\d{1,2}) ?- ?(\d{1,2}) ?(?:man|manader|months?)\b")
_TEAMS = re.compile(r"\b([pfj])-?(\d\d)\b|\b(boys|girls|pojkar|flickor) ?u?-?(\d\d)\b|\bu(\d\d)\b")
_PARTS = re.compile(
    r"\b(?:del|part|avsnitt|tillfalle|session|pass|kapitel|chapter|vol|volym|nr|no|grupp|group|steg|omgang|etapp"
    r"|episode|forestallning)\.? ?(\d{1,2})\b|\b(?:del|part|vol) ([ivx]{2,4})\b"
    r"|\b(?:grupp|group|session) ([abc])\b|#(\d{1,3})\b"
)
_DAY_NUMBERS = re.compile(r"\b(?:dag|day) (\d)\b")
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_TOKEN = re.compile(r"[a-z0-9]+")
TITLES = 8192  # remembered: more than a large source has, a few megabytes
_DASHES = str.maketrans({"–": "-", "—": "-", "‑": "-", "−": "-"})


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says. `name` are the stems of the name in order; `editions` are "dimension:value"."""

    name: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    editions: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    status: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    clock: int | None = None  # minutes after midnight, where the title tells a time
    setting: tuple[str, ...] = ()  # stems of the festival, market or day within which it is
    inside: tuple[str, ...] = ()  # stems of what stands behind its last "på" or "at"
    head: frozenset[str] = frozenset()  # stems before the first colon that stands between words, and behind it
    tail: frozenset[str] = frozenset()
    squashed: str = ""  # letters of everything but calls, dates and status: for slips of the keys

    @property
    def marked(self) -> bool:
        """Whether anything but its name tells it from others of that name."""
        return bool(self.editions or self.roles or self.numbers)


def clock_in(text: str) -> int | None:
    """The first clock time that a folded text tells, in minutes after midnight."""
    found = _CLOCKS.search(text)
    if not found:
        return None
    hour = int(found[1] or found[3] or found[6])
    minute = int(found[2] or found[4] or 0)
    half = found[5] or found[7]
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def day_in(title: str, near: date) -> date | None:
    """The day that a title tells ("8 april", "8/4"), in the year that brings it nearest to `near`."""
    found = _DAY_OF_MONTH.search(fold(title))
    if not found:
        return None
    day, month = int(found[1] or found[3]), _NUMBER_OF[found[2]] if found[2] else int(found[4])
    years = (near.year - 1, near.year, near.year + 1)
    days = [date(year, month, day) for year in years if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]]
    return min(days, key=lambda told: abs((told - near).days), default=None)


def read(title: str, lexicon: Lexicon, besides: Iterable[tuple[str, ...]] = ()) -> Title:
    """Take a title apart. `besides` are names of places and organizers that may stand in it, as words.

    The lexicon remembers what was taken apart by it: the dates of a series have one title, and several rules ask.
    """
    key = title, tuple(besides)
    known = lexicon.memo.get(key)
    if not isinstance(known, Title):
        if len(lexicon.memo) >= TITLES:
            lexicon.memo.clear()
        known = lexicon.memo[key] = _taken_apart(title, lexicon, key[1])
    return known


def _taken_apart(title: str, lexicon: Lexicon, besides: Iterable[tuple[str, ...]]) -> Title:
    text = fold(title.translate(_DASHES))
    numbers: dict[str, set[str]] = {"edition": set(), "number": set()}
    clock = clock_in(text)
    for pattern, rule in _RULES if _DIGIT.search(text) else _RULES_OF_WORDS:
        for found in pattern.finditer(text):
            rule(found, numbers)
        text = pattern.sub(" ", text)
    tokens, breaks = _tokens(text)
    status = list(lexicon.status.find(tokens))
    stops = list(lexicon.stops.find(tokens))
    editions = list(lexicon.editions.find(tokens))
    roles = list(lexicon.roles.find(tokens))
    beside = set(_besides(tokens, besides))
    gone = _positions((*status, *stops)) | _invitation(tokens, lexicon)
    kinds = _kinds(tokens, beside, gone, _positions((*editions, *roles)), lexicon)
    setting = frames.setting(frames.Marked(tokens, breaks, gone | beside), kinds, lexicon) or range(0)
    kinds = [hit for hit in kinds if hit.first not in setting]
    covered = gone | beside | set(setting) | _positions((*editions, *roles, *kinds))
    left = [at for at, token in enumerate(tokens) if at not in covered and token not in lexicon.filler]
    rest = [tokens[at] for at in left]
    led = max((at for at, token in enumerate(tokens) if at not in covered and token in lexicon.within), default=0)
    colon = next((at for at, mark in enumerate(breaks) if at and ":" in mark), len(tokens))
    compounds = {kind for at, token in enumerate(tokens) if at not in covered and (kind := lexicon.kind_within(token))}
    return Title(
        name=_stems(rest),
        inside=_stems(tokens[at] for at in left if at > led) if led else (),
        head=_told(tokens[:colon], lexicon),
        tail=_told(tokens[colon:], lexicon),
        kinds=frozenset({hit.value for hit in kinds} | compounds),
        editions=frozenset({hit.value for hit in editions} | numbers["edition"]),
        roles=frozenset(hit.value for hit in roles),
        status=frozenset(hit.value for hit in status),
        numbers=frozenset({token for token in rest if token.isdigit()} | numbers["number"]),
        clock=clock,
        setting=tuple(stem(tokens[at]) for at in setting),
        squashed="".join(token for at, token in enumerate(tokens) if at not in gone),
    )


def _told(tokens: Iterable[str], lexicon: Lexicon) -> frozenset[str]:
    return frozenset(_stems(token for token in tokens if token not in lexicon.filler))


def _stems(tokens: Iterable[str]) -> tuple[str, ...]:
    return tuple(stem(token) for token in tokens if not token.isdigit() and len(token) > 1)


def _tokens(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a folded text, and the punctuation before each."""
    found = list(_TOKEN.finditer(text))
    breaks = (_dashed(text[before.end() : here.start()]) for before, here in pairwise(found))
    return tuple(here[0] for here in found), ("", *breaks)


def _dashed(between: str) -> str:
    """Punctuation alone; a dash without spaces joins a word and breaks none."""
    return "" if between == "-" else between.replace(" ", "")


def _invitation(tokens: tuple[str, ...], lexicon: Lexicon) -> set[int]:
    """Who invites, and the word for it: "Kulturföreningen presenterar …"."""
    found = next(lexicon.hosts.find(tokens), None)
    return set(range(found.last)) if found and found.last < len(tokens) else set()


def _positions(hits: Iterable[Hit]) -> set[int]:
    return {at for hit in hits for at in range(hit.first, hit.last)}


def _kinds(tokens: tuple[str, ...], beside: set[int], gone: set[int], lifted: set[int], lexicon: Lexicon) -> list[Hit]:
    """The kinds that phrases and single words name, but for what is beside the name or all of it a call."""
    found = [(hit, set(range(hit.first, hit.last))) for hit in lexicon.kind_phrases.find(tokens)]
    hits = [hit for hit, at in found if not beside & at and not at <= gone]
    taken = beside | gone | lifted | _positions(hits)
    singles = (
        Hit(at, at + 1, kind) for at, token in enumerate(tokens) if at not in taken and (kind := lexicon.kind_of(token))
    )
    return [*hits, *singles]


def _besides(tokens: tuple[str, ...], names: Iterable[tuple[str, ...]]) -> Iterator[int]:
    """The positions of place and organizer names."""
    for name in names:
        for at in range(len(tokens) - len(name) + 1):
            here = tokens[at : at + len(name)]
            if name and (here == name or (here[:-1] == name[:-1] and here[-1] == f"{name[-1]}s")):
                yield from range(at, at + len(name))


def _age(found: re.Match[str], into: dict[str, set[str]]) -> None:
    low, high = found[1] or found[3], found[2] or found[4]
    single = found[5] or found[6] or found[7]
    into["edition"].add(f"age:{int(low)}-{int(high)}" if low else f"age:{int(single)}-")


def _grade(found: re.Match[str], into: dict[str, set[str]]) -> None:
    into["edition"].add(f"grade:{found[1]}-{found[2] or found[1]}")


def _months_old(found: re.Match[str], into: dict[str, set[str]]) -> None:
    into["edition"].add(f"months:{int(found[1])}-{int(found[2])}")


def _team(found: re.Match[str], into: dict[str, set[str]]) -> None:
    sex = {"p": "boys", "f": "girls", "pojkar": "boys", "flickor": "girls"}
    told = found[1] or found[3]
    into["edition"].update({f"gender:{sex.get(told, told)}"} if told and told != "j" else ())
    into["edition"].add(f"team:{found[2] or found[4] or found[5]}")


def _part(found: re.Match[str], into: dict[str, set[str]]) -> None:
    told = found[1] or found[2] or found[3] or found[4]
    into["edition"].add(f"part:{_ROMAN.get(told, told)}")


def _day(found: re.Match[str], into: dict[str, set[str]]) -> None:
    into["edition"].add(f"day:{found[1]}")


def _nothing(found: re.Match[str], into: dict[str, set[str]]) -> None:
    """Dates, weekdays and hours say nothing that the listing's own time does not say better."""


_RULES = (
    (_MONTHS_OLD, _months_old),
    (_AGES, _age),
    (_GRADES, _grade),
    (_TEAMS, _team),
    (_DATES, _nothing),
    (_DAY_NUMBERS, _day),
    (_PARTS, _part),
    (_CLOCKS, _nothing),
    (_WEEKDAYS, _nothing),
)
_RULES_OF_WORDS = ((_GRADES, _grade), (_PARTS, _part), (_WEEKDAYS, _nothing))  # those that need no digit
_DIGIT = re.compile(r"\d")
