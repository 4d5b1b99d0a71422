"""Prose → tokens of time. Only words are recognised here; what they mean together is said in `days` and `clocks`.

Every pattern is linear (no nested repeats), and `tokens` reads at most `LONGEST` characters.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from aggregator.swedish.holidays import HOLIDAYS
from aggregator.swedish.words import FULL_WEEKDAYS, HOURS, MONTHS, ORDINALS, PARTS, RELATIVE, SHORTEST, WEEKDAYS

Value = tuple[int | str | None, ...]
LONGEST = 8000  # a notice is shorter; what follows is comments and footers


@dataclass(frozen=True, slots=True)
class Token:
    """One word of time. `value` depends on the kind; `start` and `end` are offsets in the text."""

    kind: str
    value: tuple[int | str | None, ...]
    start: int
    end: int

    @property
    def number(self) -> int:
        """The first value, where it is a number."""
        first = self.value[0]
        return first if isinstance(first, int) else 0


def _words(names: dict[str, int] | dict[str, str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _spaced(names: dict[str, int] | dict[str, str]) -> str:
    return _words(names).replace(r"\ ", r"\s+")


_DASH = r"\s{0,3}[-–—−]\s{0,3}"
_EDGE = r"(?![\wåäö])"

# Numbers that are no times: prices, telephones, ages, rooms, shares. They are made illegible before the reading.
_NOISE = re.compile(
    rf"""https?://\S+ | (?<![\w.+-])[\w.+-]{{1,64}}@[\w-]{{1,63}}\.[\w.]+ | www\.\S+
    | (?<![\d-])(?:\+46|0)\d{{0,3}}[\s-]{{1,3}}\d(?:\s?\d){{4,12}}
    | (?<!\d)\d{{3}}\s\d{{2}}\s{{1,3}}(?=[A-ZÅÄÖ])
    | (?<!\d)(?:\d{{1,3}}(?:[ \xa0]\d{{3}})+|\d{{1,6}})(?:[-–/]\d{{1,6}}){{0,4}}(?:[.,]\d{{1,3}})?
        \s?(?:kr|kronor|sek|öre|:-|%|procent){_EDGE}
    | (?<!\d)\d{{1,6}}(?:{_DASH}\d{{1,6}})?\s?(?:år|åring|åringar|mån|månader|personer|platser|rum|km|meter|m|min
        |minuter|tim|timmar|st|deltagare|poäng|mål|varv|lag|bord|lotter|sidor|ggr|gånger){_EDGE}
    | (?:åk\.?|årskurs|årskurserna|klass|ålder|åldern|åldrar)\s?\d{{1,3}}(?:{_DASH}\d{{1,3}})?
    | (?:nr\.?|nummer|sid(?:an|orna|a)?|sal|rum|lokal|punkt|paragraf|§|kap\.|del|nivå|version|väg|buss|linje
        |halvlek|avdelning|plan|port|box)\s?\d{{1,6}}(?:[.,/:-]\d{{1,6}}){{0,4}}
    | (?<!\d)\d{{1,3}}/\d{{1,3}}\s{{1,3}}(?:av|del)\b
    | (?:öppet|tillgänglig\w?|bemanna\w{{1,2}}|open)\s24/7
    | (?:slutade|blev|vann|med)\s{{1,3}}\d{{1,3}}{_DASH}\d{{1,3}}""",
    re.I | re.X,
)


def _whole(pattern: str) -> str:
    """The pattern as a word, not as the beginning of a longer one."""
    return f"(?:{pattern}){_EDGE}"


_PATTERNS: tuple[tuple[str, str], ...] = (
    *((f"holiday{index}", _whole(pattern)) for index, (pattern, _) in enumerate(HOLIDAYS)),
    ("iso", r"(?P<iy>(?:19|20)\d\d)(?P<is>[-/.])(?P<im>[01]\d)(?P=is)(?P<id>[0-3]\d)(?!\d)(?:[T ](?=\d\d:))?"),
    ("iso8", r"(?P<cy>20\d\d)(?P<cm>[01]\d)(?P<cd>[0-3]\d)(?!\d)"),
    (
        "slash",
        r"(?P<sd>[0-3]?\d)/(?P<sm>[01]?\d)(?:(?:/|\s?-\s?|\s|, )(?P<sy>(?:20\d\d|(?<=[/-])\d\d))(?![\d:./]))?(?![\d/])",
    ),
    ("named", rf"(?P<xd>[0-3]?\d)-(?P<xm>{_words(MONTHS)})-(?P<xy>20\d\d)(?!\d)"),
    ("dot3", r"(?P<pd>[0-3]?\d)\.\s?(?P<pm>[01]?\d)\.\s?(?P<py>20\d\d)(?!\d)"),
    ("clock", r"(?P<ch>[01]?\d|2[0-4])[.:](?P<cn>[0-5]\d)(?![.:]?\d)h?"),
    ("dot", r"(?P<dd>[0-3]?\d)\.(?P<dm>[01]?\d)\b\.?(?!\d)"),
    ("bad", r"\d{1,9}(?:[.,:/]\d{1,9})+"),
    ("day", _whole(r"(?P<od>[0-3]?\d)(?::[eao]|\.?(?:st|nd|rd|th))")),
    ("hour", _whole(r"(?P<hh>[01]?\d|2[0-4])h")),
    ("year", r"(?P<yy>(?:19|20)\d\d)(?!\d)"),
    ("num", r"(?P<nn>\d{1,4})(?!\d)(?:dk)?"),
    ("bad2", r"\d+"),
    (
        "nth",
        rf"(?P<no>första|andra|tredje|fjärde|sista|[1-4]:[ae])\s(?P<nw>{_words(WEEKDAYS)})en(?:\si)?(?:\svarje)?\s"
        rf"(?P<nm>månad(?:en)?|{_words(MONTHS)})" + _EDGE,
    ),
    ("week", rf"(?:v\.?|vecka|veckorna|veckor)\s?(?P<w1>[0-5]?\d)(?:{_DASH}(?P<w2>[0-5]?\d))?(?![\d:.]\d|\d)"),
    ("last", _whole(r"i\s(?:mån|tis|ons|tors|fre|lör|sön)dags|i\sgår|yesterday|förra\s\w+")),
    ("rel", _whole(rf"(?P<re>{_spaced(RELATIVE)})")),
    ("weekend", _whole(r"i\shelgen|this\sweekend")),
    ("easter", _whole(r"påsken")),
    ("nextweek", _whole(r"nästa\svecka")),
    ("next", _whole(r"nästa|next")),
    ("other", _whole(r"varannan|every\s(?:other|second)")),
    ("every", _whole(r"varje|alla|every")),
    ("even", _whole(r"(?:på\s)?jämna?\sveck(?:or|a)")),
    ("odd", _whole(r"(?:på\s)?udda\sveck(?:or|a)")),
    ("plural", _whole(rf"(?P<pl>{_words(FULL_WEEKDAYS)})(?:ar|arna|s)")),
    ("wd", rf"(?P<wx>{_words(WEEKDAYS)})(?:en)?(?:\.(?=\s?\d)|" + _EDGE + ")"),
    # A full stop before a capital ends the sentence, else the word was cut short: "6 mars. Vi …", "6 jan. kl. 18".
    ("month", rf"(?P<mo>{_words(MONTHS)})(?:\.(?!\w)(?!\s+(?-i:[A-ZÅÄÖ])|\s*\Z)|" + _EDGE + ")"),
    ("ord", _whole(rf"(?P<or>{_words(ORDINALS)})")),
    ("half", _whole(r"halv\s(?P<hf>" + _words(HOURS) + ")")),
    ("past", _whole(r"(?:kvart|(?P<pq>tio|tjugo))\söver\s(?P<ph>" + _words(HOURS) + ")")),
    ("to", _whole(r"(?:kvart|(?P<tq>tio|tjugo))\si\s(?P<th>" + _words(HOURS) + ")")),
    ("noon", _whole(r"noon")),
    ("spoken", _whole(rf"(?P<sp>{_words(HOURS)})")),
    ("part", rf"(?P<pa>{_spaced(PARTS)})(?!\w)"),
    ("kl", r"kl\.?(?=\W|\d)|@|" + _whole("klockan|at")),
    (
        "until",
        r"(?:slut(?:ar|tid|datum)?|ends?)(?:\s?:|\s(?=kl\b|\d))|"
        + _whole(r"t\.?\s?o\.?\s?m\.?(?!\w)|till\soch\smed|(?:fram\s)?till|until|through|to"),
    ),
    (
        "from",
        _whole(r"fr\.?\s?o\.?\s?m\.?|från\soch\smed|från|med\sstart|start(?:ar|ing)?|kursstart|startdag|from|since"),
    ),
    ("between", _whole(r"mellan|between")),
    ("sharp", _whole(r"prick")),
    ("about", _whole(r"ca\.?|cirka|omkring|circa|about")),
    ("late", _whole(r"sent")),
    ("den", _whole(r"den|the|of")),
    ("on", _whole(r"på|on|kommande|nu\spå")),
    ("doors", _whole(r"dörr(?:ar)?(?:na|en)?|insläpp(?:et)?|foaj[eé]n|entr[eé]n|doors?")),
    (
        "begin",
        _whole(r"konsert(?:en|start)?|föreställning(?:en)?|show(?:en)?|spelstart|på\sscen|börjar|begins?|starts"),
    ),
    ("held", _whole(r"öppet(?:\shus)?|drop-?\s?in|speltid")),  # hours of its own may come: "öppet hus 16–19"
    ("in", _whole(r"i|in|under")),
    ("and", _whole(r"och|samt|&|and|resp\.?")),
    ("dash", r"[-–—−]"),
    ("comma", r",|\||•|·|;"),
    ("colon", r":"),
    ("bracket", r"[()\[\]]"),
    ("newline", r"\n+"),
    ("stop", r"[.!?](?=\s|$)"),
    ("word", r"[^\W\d_]+(?:['’-][^\W\d_]+)*"),
)
_NUMERIC = frozenset(
    ("iso", "iso8", "slash", "named", "dot3", "clock", "dot", "bad", "day", "hour", "year", "num", "bad2")
)  # these may follow a letter ("kl18"), never a digit
_BARE = frozenset(("dash", "comma", "colon", "bracket", "newline", "stop"))


def _pattern(kind: str, pattern: str) -> str:
    before = r"(?<!\d)" if kind in _NUMERIC else "" if kind in _BARE else r"(?<!\w)"
    before = r"(?:(?<!\w)|(?<=\d)(?=[ap]\.?m))" if kind == "part" else before  # "6:30pm"
    return f"(?P<{kind}>{before}(?:{pattern}))"


_TOKEN = re.compile("|".join(_pattern(kind, pattern) for kind, pattern in _PATTERNS), re.I)


def mask(text: str) -> str:
    """The text, of the same length, with the digits of prices, telephones, ages and the like made illegible."""
    return _NOISE.sub(lambda found: re.sub(r"\d", "#", found.group(0)), text)


def tokens(text: str) -> list[Token]:
    """All words of time and the marks between them, in order."""
    masked = mask(text[:LONGEST])
    masked = _BADGE.sub(lambda found: found.group(0).replace("\n", " "), masked)
    return [token for found in _TOKEN.finditer(masked) for token in _parted(_token(found, masked), masked)]


def _parted(token: Token, text: str) -> tuple[Token, ...]:
    """A day's own name that ends with its weekday, before a date, is both: "Skyltsöndag 28 nov", which is a Sunday."""
    found = _NAMED_DAY.fullmatch(text, token.start, token.end) if token.kind == "word" else None
    if found is None or not _dated(text, token.end):
        return (token,)
    day = Token("wd", (FULL_WEEKDAYS[found["day"].casefold()],), found.start("day"), token.end)
    return Token("word", (found["own"].casefold(),), token.start, day.start), day


def _token(found: re.Match[str], text: str) -> Token:
    kind = found.lastgroup or "word"
    if kind.startswith("holiday"):
        return Token("holiday", (int(kind[7:]),), found.start(), found.end())
    if (
        kind in ("word", "on", "until")
        and (day := SHORTEST.get(found.group(0))) is not None
        and _dated(text, found.end())
    ):
        return Token("wd", (day,), found.start(), found.end())
    read = _VALUES.get(kind)
    return Token(kind, read(found) if read else (found.group(0).casefold(),), found.start(), found.end())


def _dated(text: str, end: int) -> bool:
    return bool(_DATE_BEHIND.match(text, end))


# The leaf of a calendar: weekday, day, month and year on lines of their own.
_BADGE = re.compile(
    rf"(?:^(?:{_words(WEEKDAYS)})(?:en)?\.?\n)?^[0-3]?\d\.?\n(?:{_words(MONTHS)})\.?(?:[ ]20\d\d)?$(?:\n20\d\d$)?",
    re.I | re.M,
)
_NAMED_DAY = re.compile(r"(?P<own>[a-zåäö]{3,30})(?P<day>(?:mån|tis|ons|tors|fre|lör|sön)dag)(?:en)?", re.I)
_DATE_BEHIND = re.compile(
    r"\.?(?:\s?|\sden\s)[0-3]?\d(?:[/.]|\s(?:jan|feb|mars|apr|maj|jun|jul|aug|sep|okt|nov|dec))", re.I
)


def _numbers(*names: str) -> Callable[[re.Match[str]], Value]:
    def read(found: re.Match[str]) -> Value:
        return tuple(int(part) if (part := found.group(name)) else None for name in names)

    return read


def _looked_up(table: dict[str, int], name: str) -> Callable[[re.Match[str]], Value]:
    return lambda found: (table[" ".join(found.group(name).casefold().split())],)


def _nth(found: re.Match[str]) -> Value:
    word = found.group("no").casefold()
    nth = {"första": 1, "andra": 2, "tredje": 3, "fjärde": 4, "sista": -1}.get(word) or int(word[0])
    return nth, WEEKDAYS[found.group("nw").casefold()], MONTHS.get(found.group("nm").casefold())


def _half(found: re.Match[str]) -> Value:
    return HOURS[found.group("hf").casefold()] - 1, 30


def _past(found: re.Match[str]) -> Value:
    return HOURS[found.group("ph").casefold()], {None: 15, "tio": 10, "tjugo": 20}[_lower(found.group("pq"))]


def _to(found: re.Match[str]) -> Value:
    return HOURS[found.group("th").casefold()] - 1, {None: 45, "tio": 50, "tjugo": 40}[_lower(found.group("tq"))]


def _lower(word: str | None) -> str | None:
    return word.casefold() if word else None


_VALUES: dict[str, Callable[[re.Match[str]], Value]] = {
    "iso": _numbers("id", "im", "iy"),
    "iso8": _numbers("cd", "cm", "cy"),
    "slash": _numbers("sd", "sm", "sy"),
    "dot3": _numbers("pd", "pm", "py"),
    "named": lambda found: (int(found.group("xd")), MONTHS[found.group("xm").casefold()], int(found.group("xy"))),
    "clock": lambda found: (int(found.group("ch")), int(found.group("cn")), found.group(0)[-3:-2]),
    "dot": _numbers("dd", "dm"),
    "day": _numbers("od"),
    "hour": _numbers("hh"),
    "year": _numbers("yy"),
    "num": lambda found: (int(found.group("nn")), len(found.group("nn"))),
    "week": _numbers("w1", "w2"),
    "nth": _nth,
    "rel": _looked_up(RELATIVE, "re"),
    "plural": _looked_up(FULL_WEEKDAYS, "pl"),
    "wd": _looked_up(WEEKDAYS, "wx"),
    "month": _looked_up(MONTHS, "mo"),
    "ord": _looked_up(ORDINALS, "or"),
    "half": _half,
    "past": _past,
    "to": _to,
    "spoken": _looked_up(HOURS, "sp"),
    "part": lambda found: (PARTS[" ".join(found.group("pa").casefold().split())],),
}
