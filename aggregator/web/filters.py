"""The query of an address ⇄ a filter: every key of the filter, its spelling, its limits, its canonical form. Pure.

Equal filters in another order or spelling give one canonical query, and so one feed and one ETag. It selects
nothing (`selection` does) and knows no request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qsl, quote_plus, urlencode

from aggregator.errors import UsageError
from aggregator.model import Geo
from aggregator.search import words
from aggregator.selection import Filter, Near
from aggregator.web.mistakes import Mistake, no_key

LONGEST_QUERY = 4096  # octets; a filter of fifty ids fits, and a flood of them does not (E07)
MOST_VALUES = 50  # of one key
LANGUAGES = ("sv", "en")
PLACE = "vid"  # what the form sends for a place; a page that still has it is told of no such place

_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
_MOST_DAYS, _MOST_LIMIT, _MOST_KM, _OLDEST = 550, 500, 100.0, 150
_LONGEST_TEXT, _MOST_WORDS = 100, 10
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
_DECIMAL = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,8})?")
_WORD = re.compile(r"[^\t-\r ]+")
_IDS = ("category", "audience", "place", "organizer", "source", "series")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "layer": ("leisure", "civic", "all"),
    "ongoing": ("yes", "no", "only"),
    "dates": ("next", "all"),
    "cancelled": ("marked", "confirmed", "omit"),
    "lang": LANGUAGES,
}
_SETS: Mapping[str, tuple[str, ...]] = {
    "time": ("morning", "day", "evening", "weekend"),
    "status": ("scheduled", "cancelled", "moved", "postponed", "tentative"),
}
_SINGLE = ("from", "to", "days", "free", "accessible", "limit", *_CHOICES)  # of several values, none is more meant


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: the filter, the language, and for the API where the last page ended.

    `canonical` is the query string that means the same, without what is default; `cursor` is not in it. `turned`: the
    days were given the wrong way round, and are read as they were meant. `mistakes`: what was left out, and that;
    `ignored`: keys and values that were left out, as they were given.
    """

    filter: Filter
    language: str
    canonical: str
    cursor: str | None = None
    turned: bool = False
    mistakes: tuple[Mistake, ...] = ()
    ignored: tuple[tuple[str, str], ...] = ()

    @property
    def seen(self) -> tuple[Hashable, ...]:
        """All of it that a page shows: two queries for which it is equal are one page."""
        return address(self.filter), self.turned, self.ignored


class _Wrong(Exception):
    """What is wrong with a value: a word of `mistakes`, and what fills its sentence; the caller adds the key."""

    def __init__(self, word: str, **values: object) -> None:
        super().__init__(word)
        self.word, self.values = word, tuple(values.items())


def parse(raw: str, *, language: str = "sv", strict: bool = True, also: Iterable[str] = ()) -> Query:
    """The query string as a `Query`.

    `strict` (feeds, API) raises `UsageError` with a sentence that names the key; pages and embeds leave out what they
    don't know, and a value of several that means nothing. `also` are further keys that the address reads itself.
    """
    values, mistakes = _values(raw, strict, frozenset(also))
    read: dict[str, object] = {}
    ignored: list[tuple[str, str]] = []
    for key, given in values.items():
        try:
            read[key] = _read(key, given)
        except _Wrong as wrong:
            mistakes.append(Mistake(key, wrong.word, wrong.values))
            good = [value for value in given if key not in _SINGLE and _means(key, value)]
            ignored += [(key, value) for value in given if value not in good or len(good) == len(given)]
            if good:
                read[key] = _read(key, good[:MOST_VALUES])
    wanted = _filter(read)
    if not strict:
        wanted = replace(
            wanted, typed={_words(text): " ".join(text.split()) for text in values.get("q", ()) if _means("q", text)}
        )
    turned = wanted.first is not None and wanted.last is not None and wanted.first > wanted.last
    if turned:
        mistakes.append(Mistake("from", "turned", (("first", wanted.first), ("last", wanted.last))))
        wanted = replace(wanted, first=wanted.last, last=wanted.first)
    if strict and mistakes:
        raise UsageError(mistakes[0].said("en"))
    spoken = str(read.get("lang", language))
    told, cursor = canonical(wanted, spoken, language), values.get("cursor", [None])[-1]
    return Query(wanted, spoken, told, cursor, turned, tuple(mistakes), tuple(ignored))


def only_language(raw: str, language: str) -> str:
    """The language of an address that knows no other key. Raises UsageError for any other."""
    query = parse(raw, language=language)
    if query.filter != Filter() or query.cursor is not None:
        raise UsageError("this address knows no key but lang")
    return query.language


def undated(query: str) -> str:
    """A canonical query without its days: what of a filter lasts, for a view or a subscription that has its own."""
    return "&".join(pair for pair in query.split("&") if pair.partition("=")[0] not in ("from", "to", "days"))


def canonical(wanted: Filter, spoken: str = "sv", language: str = "sv") -> str:
    """The one query string of a filter, keys and values sorted, defaults left out."""
    return urlencode(pairs(wanted) + ([("lang", spoken)] if spoken != language else []), quote_via=quote_plus, safe=",")


def address(wanted: Filter) -> str:
    """The canonical query, with words as they were typed: what a page's own links carry."""
    return urlencode(pairs(wanted, typed=True), quote_via=quote_plus, safe=",")


def pairs(wanted: Filter, *, typed: bool = False) -> list[tuple[str, str]]:
    """Key and value of all that a filter says, sorted; words in their canonical form, or as they were typed."""
    spelt = wanted.typed if typed else {}
    told: list[tuple[str, object]] = [("from", wanted.first), ("to", wanted.last), ("days", wanted.days)]
    told += [(key, value) for key, values in wanted.ids.items() for value in values]
    told += [("q", spelt.get(group, " ".join(group))) for group in wanted.text]
    told += [("not", word) for word in wanted.without]
    told += [("age", age) for age in wanted.ages] + [("time", name) for name in wanted.time]
    told += [("free", wanted.free or None), ("accessible", wanted.accessible or None), ("limit", wanted.limit)]
    told += [("status", name) for name in wanted.status] + [("dates", wanted.dates)]
    told += [("near", ",".join(map(_decimal, (near.point.lat, near.point.lon, near.km)))) for near in wanted.near]
    plain = Filter()
    told += [
        (k, getattr(wanted, k)) for k in ("layer", "ongoing", "cancelled") if getattr(wanted, k) != getattr(plain, k)
    ]
    return sorted((key, "1" if value is True else str(value)) for key, value in told if value is not None)


def without(wanted: Filter, key: str) -> Filter:
    """The filter with one key left out."""
    if key in _IDS:
        return replace(wanted, ids={k: v for k, v in wanted.ids.items() if k != key})
    names = {"from": "first", "to": "last", "q": "text", "not": "without", "age": "ages"}
    name = names.get(key, key)
    return replace(wanted, **{name: getattr(Filter(), name)})


def _values(raw: str, strict: bool, also: frozenset[str]) -> tuple[dict[str, list[str]], list[Mistake]]:
    """Values by key, and the keys that there are not."""
    if len(raw) > LONGEST_QUERY:
        raise UsageError(f"the query is longer than {LONGEST_QUERY} characters")
    try:
        given = parse_qsl(raw, keep_blank_values=strict, errors="strict" if strict else "replace", max_num_fields=400)
    except ValueError:
        if strict:
            raise UsageError("the query is not text in UTF-8, or has too many parts") from None
        return {}, []
    values: dict[str, list[str]] = {}
    known = {*KEYS, *also}
    for key, value in given:
        if key in known:
            values.setdefault(key, []).append(value)
    return values, [no_key(key, known) for key in dict.fromkeys(key for key, _ in given) if key not in known]


def _means(key: str, value: str) -> bool:
    """Whether a value means something by itself."""
    try:
        _read(key, [value])
    except _Wrong:
        return False
    return True


def _read(key: str, given: Sequence[str]) -> object:
    if len(given) > MOST_VALUES:
        raise _Wrong("many", most=MOST_VALUES)
    if key == PLACE:
        raise _Wrong("id")  # one that names a place never comes here: the form leads on from it
    return KEYS[key](key, given) if key in KEYS else None


def _filter(read: Mapping[str, object]) -> Filter:
    ids = {key: read[key] for key in _IDS if key in read}
    names = {"from": "first", "to": "last", "q": "text", "not": "without", "age": "ages"}
    own = {names.get(key, key): value for key, value in read.items() if key not in (*_IDS, "lang", "cursor")}
    known = {key: value for key, value in own.items() if key in Filter.__dataclass_fields__}
    return Filter(ids=ids, **known)  # type: ignore[arg-type]  # each reader of KEYS gives the type of its field


def _one(given: Sequence[str]) -> str:
    if len(set(given)) != 1:
        raise _Wrong("twice")
    return given[0]


def _day(_key: str, given: Sequence[str]) -> date:
    value = _one(given)
    try:
        day = date.fromisoformat(value) if _DATE.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None or not _FIRST <= day <= _LAST:
        raise _Wrong("date", first=_FIRST, last=_LAST)
    return day


def _number(least: int, most: int) -> Callable[[str, Sequence[str]], int]:
    return lambda _key, given: int(_one([str(_whole(value, least, most)) for value in given]))


def _whole(value: str, least: int, most: int) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 4 and least <= int(value) <= most):
        raise _Wrong("whole", least=least, most=most)
    return int(value)


def _ids(key: str, given: Sequence[str]) -> tuple[str, ...]:
    if not all(_ID.fullmatch(value) for value in given):
        raise _Wrong("id")
    return tuple(sorted({value if key == "series" else value.lower() for value in given}))


def _texts(_key: str, given: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted({_words(value) for value in given}))


def _words(value: str) -> tuple[str, ...]:
    """The words of a query; signs alone are a word that no event holds."""
    if len(value) > _LONGEST_TEXT or not 0 < len(_WORD.findall(value)) <= _MOST_WORDS:
        raise _Wrong("words", most=_MOST_WORDS, longest=_LONGEST_TEXT)
    return words(value) or (value.strip(),)


def _not(_key: str, given: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({word for value in given for word in _words(value)}))


def _ages(_key: str, given: Sequence[str]) -> tuple[int, ...]:
    return tuple(sorted({_whole(value, 0, _OLDEST) for value in given}))


def _flag(_key: str, given: Sequence[str]) -> bool:
    if _one(given) != "1":
        raise _Wrong("flag")
    return True


def _choice(key: str, given: Sequence[str]) -> str:
    if key == "layer" and len({*given}) > 1 and {*given} <= {*_CHOICES[key]}:
        return "all"  # any two of them are all
    value = _one(given)
    if value not in _CHOICES[key]:
        raise _Wrong("choice", choices=_CHOICES[key])
    return value


def _some(key: str, given: Sequence[str]) -> tuple[str, ...]:
    if not set(given) <= set(_SETS[key]):
        raise _Wrong("choice", choices=_SETS[key])
    return tuple(sorted(set(given)))


def _near(_key: str, given: Sequence[str]) -> tuple[Near, ...]:
    return tuple(sorted({_point(value) for value in given}, key=lambda near: (near.point.lat, near.point.lon, near.km)))


def _decimal(value: float) -> str:
    return f"{value:.8f}".rstrip("0").rstrip(".")


def _point(value: str) -> Near:
    parts = value.split(",")
    if len(parts) == 3 and all(_DECIMAL.fullmatch(part) for part in parts):
        lat, lon, km = map(float, parts)
        if abs(lat) <= 90 and abs(lon) <= 180 and 0 < km <= _MOST_KM:
            return Near(Geo(lat, lon), km)
    raise _Wrong("near")


KEYS: Mapping[str, Callable[[str, Sequence[str]], object]] = {
    "from": _day,
    "to": _day,
    "days": _number(1, _MOST_DAYS),
    **dict.fromkeys(_IDS, _ids),
    "q": _texts,
    "not": _not,
    "age": _ages,
    "free": _flag,
    "accessible": _flag,
    "limit": _number(1, _MOST_LIMIT),
    **dict.fromkeys(_CHOICES, _choice),
    **dict.fromkeys(_SETS, _some),
    "near": _near,
}
