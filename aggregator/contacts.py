"""Private contacts taken out of prose: persons to contact, telephone numbers, personal mail addresses (A36, G04).

Facts of the event stay, and what is public by itself: a functional mailbox ("info@", "bokning@"), an organisation
that is to be asked. Which numbers are private is `phones`' business.
"""

from __future__ import annotations

import re

from aggregator.phones import without_phones

_FUNCTIONAL = re.compile(
    r"(?:info|kontakt|contact|bok(?:ning|a)?|booking|bibliotek\w*|kultur\w*|fritid\w*|turism\w*|kansli\w*|expedition\w*|kommun\w*"
    r"|anm[aä]l\w*|biljett\w*|tickets?|reception\w*|f[oö]rsamling\w*|museum|museet|event\w*|evenemang|hello|hej|mail|post|styrelse\w*"
    r"|redaktion\w*|press|support|office|admin|events|clerk|community|volunteers?|\w*programs?|\w*library|\w*bibliotek)(?:[.+_-].*)?",
    re.IGNORECASE,
)
_AT = r"(?:@|\s?(?:\(at\)|\[at\]|\(a\)|\(@\)|\[@\]|[(\[]?snabel-?a[)\]]?)\s?)"  # as people write it against robots
_MAIL = re.compile(
    rf"(?:mailto:)?\b([\w.%+-]{{1,64}}){_AT}[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{1,5}}\b",
    re.IGNORECASE,
)
_MAY_BE_MAIL = re.compile(r"@|\bat[)\]]|\(a\)|nabel-?a", re.IGNORECASE)

_FIRST_NAME = r"[A-ZÅÄÖÉ][a-zåäöéü]+"
_NAME = rf"{_FIRST_NAME}(?:[ -]{_FIRST_NAME}){{1,3}}"
_ORGANISATION = re.compile(
    r"(?:skola|förbund|förening|klubb|kyrka|församling|bibliotek|hus|gård|teater|muse|förvaltning|kommun|nämnd|kors"
    r"|cent(?:er|rum)|scout|orkester|kör|byrå|kansli|kassa|reception|bolag|stiftelse|sällskap|lag|parti|råd|cirkel|hall"
    r"|salong|galleri|café|krog|hotell|fritid|kultur|turist|service|grupp|team|society|library|office|church|school|club)"
    r"\w{0,4}\Z",
    re.IGNORECASE,
)
_ROLE = (
    r"(?:(?:vår |vår\w* )?(?:ordförande|sekreterare|kassör|ledare|tränare|samordnare|föreståndare|kyrkvärd|ansvarig\w*)"
    r"[ ,]+)?"
)
_STREET = (
    r"(?:,?\s+(?:på\s)?[A-ZÅÄÖ][\wåäöé]*(?:vägen|gatan|gränd(?:en)?|stigen|allén|backen|torget|väg|gata|stig)\s\d{1,3}\s?[A-Za-z]?\b"
    r"(?:,\s\d{3}\s?\d{2}\s[A-ZÅÄÖ][a-zåäö]+)?)?"
)
_GONE = "\x00"  # stands where something was taken out, until its surroundings are tidied
_BY = r"(?:på|via|per|tel\w*|tfn|mobil|e-?post|e-?mail|mail|eller|och|or)\b[.:]?\s*"
_LABEL = r"kontaktperson(?:er)?|contact person|ansvarig(?: ledare)?|kontakt|contact"
_ASKED = (
    rf"(?:{_LABEL}|kontakta|ansvariga|ring(?: till)?|sms:a|mejla|maila|call|anmälan(?: görs| sker| skickas)? till"
    r"|anmäl (?:dig|er) till|frågor(?: besvaras av| till)?|upplysningar(?: lämnas av)?|information lämnas av"
    r"|hör av (?:dig|er) till|bokas (?:hos|av)|(?:hemma|träffas|samlas|ses) hos)"
)
_PERSON = re.compile(rf"\b(?i:{_ASKED})\s*[:–-]?\s+(?i:{_ROLE})({_NAME}){_STREET}(?:[\s,;/]*(?:{_BY})*{_GONE})*")
_NEAR = re.compile(rf"\b({_NAME}){_STREET}[\s,:(]*(?:{_BY})?{_GONE}")
_CALLED = re.compile(
    r"\b(?i:ring|kontakta|kontakt|sms:a|mejla|maila|call|contact)\s*[:–-]?\s+"
    rf"{_FIRST_NAME}[\s,]*(?:på\s+)?{_GONE}"
)
_LINE = re.compile(rf"^[^\S\n]*(?i:{_LABEL})[^\S\n]*[:–-][^\S\n]*({_NAME})[^\n]*$", re.MULTILINE)
_WORDS = re.compile(
    r"ontakt|ontact|nsvarig|KONTAKT|CONTACT|ANSVARIG|[Rr]ing |all |ms:a|ejla|aila|[Aa]nmäl|rågor|pplysning|ämnas av"
    r"|ör av|okas |(?:emma|äffas|amlas|ses) hos"
)

_AND = r"\b(?:eller|och|or|and)\b"
_JOINED = re.compile(
    rf"^[^\S\n]*{_GONE}[^\S\n]*\.?[^\S\n]*(?:\n|\Z)|(?<=[.!?])[^\S\n]*{_GONE}[^\S\n]*\.|{_GONE}[\s,;/&]*{_AND}\s*"
    rf"|\s*(?:[,;/&]|{_AND})\s*{_GONE}|{_GONE}[ ,;/&]*",
    re.MULTILINE,
)
_EMPTY = re.compile(
    r"^[^\S\n]*(?:(?:tel(?:efon)?|tfn|mobil|phone|e-?post|e-?mail|mail|kontakt|contact|adress)[.:\s/,–-]*)+$\n?",
    re.IGNORECASE | re.MULTILINE,
)
_LEFT = re.compile(r"[^\S\n]*\([\s,;/]*\)|[^\S\n]+(?=[.,;!?](?:\s|$))|(?P<gap>(?<=\S)[^\S\n]{2,}(?=\S))")


def without_contacts(text: str) -> str:
    """The text without persons to contact, telephone numbers and personal mail addresses. Plain text only."""
    bare = text
    asked = _WORDS.search(text) is not None
    if asked:
        bare = _LINE.sub(_unnamed, bare)
    if _MAY_BE_MAIL.search(text):
        bare = _MAIL.sub(_functional, bare)
    bare = without_phones(bare, _GONE)
    if asked:
        bare = _PERSON.sub(_a_person, _CALLED.sub(_GONE, bare))
    if _GONE in bare:
        bare = _NEAR.sub(_a_person, bare)
    if bare == text:
        return text
    tidy = _LEFT.sub(lambda found: " " if found["gap"] else "", _JOINED.sub("", bare))
    return re.sub(r"\n{3,}", "\n\n", _EMPTY.sub("", tidy)).strip()


def functional(box: str) -> bool:
    """Whether the part before the @ is an office's, not a person's: "info", "bokning", "biblioteket"."""
    return _FUNCTIONAL.fullmatch(box) is not None


def _functional(found: re.Match[str]) -> str:
    return found.group() if functional(found[1]) else _GONE


def _a_person(found: re.Match[str]) -> str:
    """Nothing, unless one of the words of the name is an organisation's."""
    return found.group() if _organisation(found[1]) else _GONE


def _unnamed(found: re.Match[str]) -> str:
    """A contact line goes whole; what it says of a functional mailbox stays."""
    if _organisation(found[1]):
        return found.group()
    kept = [mail.group() for mail in _MAIL.finditer(found.group()) if functional(mail[1])]
    return f"Kontakt: {kept[0]}" if kept else _GONE


def _organisation(name: str) -> bool:
    return any(map(_ORGANISATION.search, name.split()))
