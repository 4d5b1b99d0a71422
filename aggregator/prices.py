"""What an event costs, where its prose says so in plain words (Swedish and English). No guessing.

Two prices give a span only where the words connect them; several unconnected prices give the lowest and highest.
"""

from __future__ import annotations

import re
from decimal import Decimal

from aggregator.model import Price

_FREE = re.compile(
    r"\b(?:fri(?:tt)?\s+(?:entré|inträde)|fri\s+entre|gratis(?:\s+(?:entré|inträde))?|kostnadsfri(?:tt)?|ingen\s+(?:avgift|kostnad)"
    r"|free\s+(?:admission|entry|entrance|event)|admission\s+(?:is\s+)?free|no\s+(?:charge|cover))\b",
    re.IGNORECASE,
)
_NOT_FREE = re.compile(
    r"\b(?:barn|medlemmar|under\s+\d+|för\s+\w+\s+under|parkering|fika|kaffe|prova|testa|första\s+gången"
    r"|children|members|parking|try)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?]\s|\n")
_SIGNS = ("kr", "sek", ":-", "fri", "gratis", "kostn", "avgift", "free", "admission", "charge", "cover")
_AMOUNT = re.compile(r"\d\s?(?:kr|sek|kronor|:-)", re.IGNORECASE)
_WORD = (
    r"(?:entré(?:avgift)?|inträde|pris(?:er)?|biljett(?:er|pris)?|kostnad(?:en)?|avgift(?:en)?|kostar|förköp|"
    r"admission|tickets?|price|cost|fee)"
)
_NUMBER = r"\d{1,3}(?:[ \u00a0]?\d{3})?|\d{1,4}"
_PRICE = re.compile(
    rf"\b{_WORD}\b[^\n.!?]{{0,30}}?({_NUMBER})\s?(?:[-–/]\s?(\d{{1,4}})\s?)?(kr\b|sek\b|kronor\b|:-)"
    rf"|(?<![\d-])(\d{{2,4}})\s?(?:[-–/]\s?(\d{{2,4}})\s?)?(?:kr|sek)\b\s?(?:i\s+)?(?:entré|inträde|/person|per\s+person)",
    re.IGNORECASE,
)


def stated(text: str) -> Price | None:
    """A field that is about the price alone: "120 kr", "Free", "80–150 SEK"."""
    if re.fullmatch(r"\s*(?:free|gratis|fri entré|kostnadsfritt|0)\W*", text, re.IGNORECASE):
        return Price(free=True)
    found = re.fullmatch(r"\s*(\d{1,5})(?:\s?[-–]\s?(\d{1,5}))?\s?(?:kr|sek|kronor|:-)\.?\s*", text, re.IGNORECASE)
    if found is None:
        return find(text)
    low, high = Decimal(found[1]), Decimal(found[2] or found[1])
    return Price(free=high == 0, low=min(low, high), high=max(low, high), currency="SEK")


def find(text: str) -> Price | None:
    """The price that a text tells, in kronor; None where it tells none that is certain."""
    lower = text.lower()
    if not any(sign in lower for sign in _SIGNS):
        return None
    amounts = _PRICE.finditer(text) if _AMOUNT.search(text) else ()
    prices = [price for found in amounts for price in _amounts(found)]
    if prices:
        return Price(free=max(prices) == 0, low=min(prices), high=max(prices), currency="SEK")
    free = _FREE.search(text)
    if free is None or _NOT_FREE.search(_around(text, free)):
        return None
    return Price(free=True)


def _around(text: str, found: re.Match[str]) -> str:
    """The words beside what was found, within its sentence."""
    before, after = text[max(0, found.start() - 25) : found.start()], text[found.end() : found.end() + 25]
    return f"{_END.split(before)[-1]}{found[0]}{_END.split(after)[0]}"


def _amounts(found: re.Match[str]) -> list[Decimal]:
    numbers = [found[1], found[2], found[4], found[5]]
    return [Decimal(re.sub(r"\D", "", number)) for number in numbers if number]
