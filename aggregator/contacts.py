"""Private contacts taken out of prose: persons to contact, telephone numbers, personal mail addresses (A36, G04).

Facts of the event stay. A functional mailbox ("info@", "bokning@") is public and stays; a switchboard's number goes
with the others, since nothing in a number tells whose it is.
"""

from __future__ import annotations

import re

_FUNCTIONAL = re.compile(
    r"(?:info|kontakt|contact|bok(?:ning|a)?|booking|bibliotek\w*|kultur\w*|fritid\w*|turism\w*|kansli\w*|expedition\w*|kommun\w*"
    r"|anm[aä]l\w*|biljett\w*|tickets?|reception\w*|f[oö]rsamling\w*|museum|museet|event\w*|evenemang|hello|hej|mail|post|styrelse\w*"
    r"|redaktion\w*|press|support|office|admin|events|clerk|community|volunteers?|\w*programs?|\w*library|\w*bibliotek)(?:[.+_-].*)?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?:mailto:)?\b([A-Za-z0-9._%+-]{1,64})@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}\b")
_PHONE = re.compile(
    r"(?:\b(?:tel(?:efon)?(?:nummer|nr)?|tfn|mobil|ring|sms|phone|call)\b[.:]?\s*(?:(?:till|på|to|at)\s+)?)?"
    r"(?<![\d.,:/+\w-])(?<!\d\s)(?:(?:\+46|0046)[\s-]?(?:\(0\)\s?)?\d{1,3}[\s/-]*|\(0\d{1,3}\)\s?|0\d{1,3}\s?[-–/]\s?|0\d{1,3}\s)"
    r"\d{2,3}(?:\s?\d{2,3}){1,3}(?![\d.:]*\d)"
    r"|(?<![\d.,:/+\w-])07\d{8}(?!\d)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d[\d\s/()–-]{6}")
_WORDS = ("ontakt", "ontact", "nsvarig", "KONTAKT", "CONTACT", "ANSVARIG")
_NAME = r"[A-ZÅÄÖÉ][a-zåäöéü]+(?:[ -][A-ZÅÄÖÉ][a-zåäöéü]+){1,3}"
_LABEL = r"(?i:kontaktperson(?:er)?|contact person|ansvarig(?: ledare)?|kontakt|contact)"
_LINE = re.compile(rf"^[^\S\n]*{_LABEL}[^\S\n]*[:–-][^\S\n]*{_NAME}[^\n]*$", re.MULTILINE)
_GONE = "\x00"  # stands where something was taken out, until its surroundings are tidied
_AND = r"\b(?:eller|och|or|and)\b"
_JOINED = re.compile(
    rf"^[^\S\n]*{_GONE}[^\S\n.]*(?:\n|\Z)|{_GONE}[\s,;/]*{_AND}\s*|\s*(?:[,;/]|{_AND})\s*{_GONE}|{_GONE}[ ,;/]*",
    re.MULTILINE,
)
_EMPTY = re.compile(
    r"^[^\S\n]*(?:(?:tel(?:efon)?|tfn|mobil|phone|e-?post|e-?mail|mail|kontakt|contact|adress)[.:\s/,–-]*)+$\n?",
    re.IGNORECASE | re.MULTILINE,
)
_LEFT = re.compile(r"[^\S\n]*\([\s,;/]*\)|[^\S\n]+(?=[.,;!?](?:\s|$))|(?<=\S)[^\S\n]{2,}")


def without_contacts(text: str) -> str:
    """The text without persons to contact, telephone numbers and personal mail addresses. Plain text only."""
    bare = text
    if any(word in text for word in _WORDS):
        bare = _LINE.sub(_unnamed, bare)
    if "@" in text:
        bare = _MAIL.sub(_functional, bare)
    if _DIGITS.search(text):
        bare = _PHONE.sub(_GONE, bare)
    if bare == text:
        return text
    tidy = _LEFT.sub(lambda found: " " if found.group().isspace() else "", _JOINED.sub("", bare))
    return re.sub(r"\n{3,}", "\n\n", _EMPTY.sub("", tidy)).strip()


def functional(box: str) -> bool:
    """Whether the part before the @ is an office's, not a person's: "info", "bokning", "biblioteket"."""
    return _FUNCTIONAL.fullmatch(box) is not None


def _functional(found: re.Match[str]) -> str:
    return found.group() if functional(found[1]) else _GONE


def _unnamed(found: re.Match[str]) -> str:
    """A contact line goes whole; what it says of a functional mailbox stays."""
    kept = [mail.group() for mail in _MAIL.finditer(found.group()) if functional(mail[1])]
    return f"Kontakt: {kept[0]}" if kept else _GONE
