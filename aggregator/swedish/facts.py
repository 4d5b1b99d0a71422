"""Prose → price, ages and status; and the stop phrases that a title carries. Pure; times are `reading`'s business.

Only what is said plainly counts: "gratis för barn" makes nothing free, "om det blir inställt" cancels nothing.
"""

from __future__ import annotations

import re
from decimal import Decimal

from aggregator.model import Price, Status

LONGEST = 4000  # characters of a text that are looked at
OLDEST = 110  # years; more is no age

_DASH = r"\s?(?:[-–—/]|till|och)\s?"
_AMOUNT = r"(?<![\d,.])(\d{1,3}(?:[ \xa0.]\d{3})+|\d{1,5})(?:[,.](\d{2}))?"
_MONEY = re.compile(rf"(?:{_AMOUNT}{_DASH})?{_AMOUNT}\s?(?:kr\b|kronor\b|sek\b|:-|;-|:–)", re.I)
_FEE = re.compile(
    r"(?:entré|inträde|biljett\w*|pris|avgift|kostnad|kostar|avgiften)\s*:?\s*(\d{2,4})\b(?!\s?[.:/\d])", re.I
)
_FREE = re.compile(
    r"\b(?:fri entré|fritt inträde|fri ?inträde|gratis|kostnadsfri\w*|free (?:entry|admission|of charge)|ingen kostnad"
    r"|utan kostnad|inträde fritt|free)\b(?!\s+(?:för|parkering|fika|kaffe|wifi|buss|for|parking))",
    re.I,
)
_PARTLY = re.compile(
    r"\b(?:medlemmar|barn|ungdom\w*|under \d+ år|pensionär\w*|student\w*|prova(?:-på)?|testa|första gången"
    r"|members|children|try)\b[^.\n]{0,25}\Z",
    re.I,
)

_AGE = re.compile(
    rf"(?<!\d)(\d{{1,3}}){_DASH}(\d{{1,3}})\s?(?:år|års|-?åringar|years)\b"
    r"|(?:från|ålder:?|fr\.?o\.?m\.?|from)\s(\d{1,3})\s?(?:år|years)\b"
    r"|(?<!\d)(\d{1,3})\s?(?:år\s?(?:och\s)?(?:uppåt|äldre|\+)|\+(?!\d))"
    r"|(?<!\d)(\d{1,3})\s?-?åringar\b"
    r"|(?:under|upp till|max|högst)\s(\d{1,3})\s?år\b",
    re.I,
)
_WHOM = re.compile(
    rf"\b(?:för|barn\w*|ungdom\w*|tjejer|killar|flickor|pojkar|åld(?:er|rar|rarna|ern)|du|dig|for|children|kids|aged?)\b[^\d]{{0,24}}"
    rf"\b(\d{{1,2}}){_DASH}(\d{{1,2}})\s?(?:år|years)\b(?!\s+(?:sedan|gam\w+ \w|ago|framåt|efter))"
    rf"|\b(?:för|barn|ungdomar|åldern?|du|dig|for|children|aged)\b[^\d]{{0,12}}\b(?:från|fr\.?o\.?m\.?|from)\s(\d{{1,2}})\s?(?:år|years)\b",
    re.I,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])|\n")
_NOT_WHOM = re.compile(  # whom a price or a promise is for, and what was long ago
    r"\b(?:gratis|fri|fritt|kr|kronor|entré|inträde|biljett\w*|kostar|betalar|rabatt\w*|målsman|sedan|fyller|fyllt|jubileum|free|pay)\b",
    re.I,
)
_GRADE = re.compile(rf"\b(?:åk\.?|årskurs(?:erna)?)\s?([0-9])(?:{_DASH}([0-9]))?\b", re.I)
_ADULTS = re.compile(r"\bför vuxna\b|\bendast vuxna\b|\badults only\b", re.I)

_STATUS: tuple[tuple[Status, re.Pattern[str]], ...] = (
    (Status.CANCELLED, re.compile(r"\b(?:inställ(?:t|d|da)|ställs in|cancell?ed|avlyst)\b", re.I)),
    (Status.POSTPONED, re.compile(r"\b(?:uppskjut(?:et|en|na)|skjuts upp|framskjut(?:et|en)|postponed)\b", re.I)),
    (Status.MOVED_ONLINE, re.compile(r"\b(?:blir|blivit|nu) digital\w*|\bmoved online\b", re.I)),
    (
        Status.MOVED,
        re.compile(r"\b(?:flyttat|flyttad|flyttas|nytt datum|ny tid|ändrad tid|rescheduled|new date)\b", re.I),
    ),
    (Status.TENTATIVE, re.compile(r"\b(?:preliminär\w*|tentative|to be confirmed|tbc)\b", re.I)),
)
_MAYBE = re.compile(r"\b(?:om|inte|ej|kan|ifall|vid|if|not|may)\b[^.!\n]{0,40}\Z", re.I)
_LEADING = re.compile(
    r"\A\s*(?:[*!¡•–—-]+|(?:välkommen|välkomna)\s+(?:till|på)|missa\s+inte|kom\s+(?:och\s+|på\s+)|obs!?|nytt!|tips:|nyhet:"
    r"|påminnelse:|idag:|i\s+dag:|äntligen\s+dags\s+för|dags\s+för|häng\s+med\s+på|save\s+the\s+date[:!]?|welcome\s+to"
    r"|don['’]t\s+miss|evenemang:|kalendarium:|aktivitet:)\s*",
    re.I,
)
_TRAILING = re.compile(r"\s*(?:[-–—|:!]\s*(?:välkommen|välkomna|missa inte|varmt välkomna)[!. ]*|!{2,})\Z", re.I)


def read_price(text: str) -> Price | None:
    """What it costs as a text says it, in kronor; None where it says nothing plain."""
    text = text[:LONGEST]
    amounts = [amount for found in _MONEY.finditer(text) for amount in _amounts(found)]
    amounts += [Decimal(found.group(1)) for found in _FEE.finditer(text)] if not amounts else []
    paid = [amount for amount in amounts if amount > 0]
    if paid:
        return Price(free=False, low=min(paid), high=max(paid), currency="SEK")
    free = amounts or any(
        not _PARTLY.search(text[max(0, found.start() - 60) : found.start()]) for found in _FREE.finditer(text)
    )
    return Price(free=True) if free else None


def _amounts(found: re.Match[str]) -> list[Decimal]:
    parts = found.groups()
    told = [(parts[0], parts[1]), (parts[2], parts[3])]
    return [Decimal(re.sub(r"[ \xa0.]", "", whole) + (f".{cents}" if cents else "")) for whole, cents in told if whole]


def read_age(text: str) -> tuple[int, int | None] | None:
    """The ages it is for, both included, the upper one None where it is open; None where the text says none."""
    text = text[:LONGEST]
    grade = _GRADE.search(text)
    found = _AGE.search(text)
    if found is not None:
        low, high, begin, upwards, exact, under = (int(part) if part else None for part in found.groups())
        ages = _ages(low, high, begin if begin is not None else upwards, exact, under)
        if ages is not None:
            return ages
    if grade is not None:  # the year one starts grade n one turns n + 6
        first, last = int(grade.group(1)), int(grade.group(2) or grade.group(1))
        return (first + 6, last + 7) if last >= first else None
    return (18, None) if _ADULTS.search(text) else None


def ages_told(text: str) -> tuple[int, int | None] | None:
    """The ages that a description says it is for, from the youngest to the oldest named; None where it says none.

    Stricter than `read_age`, which reads a field or a title: a description also tells for whom it costs nothing, and
    how old the house is.
    """
    spans = [
        (int(found[1] or found[3]), int(found[2]) if found[2] else None)
        for sentence in _SENTENCE.split(text[:LONGEST])
        if not _NOT_WHOM.search(sentence)
        for found in _WHOM.finditer(sentence)
    ]
    told = [(low, high) for low, high in spans if high is None or low <= high]
    if not told:
        return None
    highs = [high for _, high in told]
    return min(low for low, _ in told), None if None in highs else max(high for high in highs if high is not None)


def _ages(
    low: int | None, high: int | None, begin: int | None, exact: int | None, under: int | None
) -> tuple[int, int | None] | None:
    if low is not None and high is not None:
        return (low, high) if low <= high <= OLDEST else None
    if begin is not None:
        return (begin, None) if begin <= OLDEST else None
    if exact is not None:
        return (exact, exact) if exact <= OLDEST else None
    return (0, under) if under is not None and under <= OLDEST else None


def read_status(text: str) -> Status | None:
    """The state that a title or a notice's first words tell; None where nothing is said, or only "om det blir …"."""
    text = text[:LONGEST]
    for status, pattern in _STATUS:
        for found in pattern.finditer(text):
            if not _MAYBE.search(text[max(0, found.start() - 50) : found.start()]):
                return status
    return None


def strip_stops(title: str) -> str:
    """The title without the phrases that invite and say nothing: "Välkommen till …", "OBS! …", "Missa inte …"."""
    bare = title.strip()
    for _ in range(4):
        shorter = _TRAILING.sub("", _LEADING.sub("", bare)).strip()
        if shorter == bare or len(shorter) < 3:
            break
        bare = shorter
    return bare[:1].upper() + bare[1:] if bare != title.strip() else bare
