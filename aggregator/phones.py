"""Telephone numbers in Swedish prose: which are a person's, as far as a text tells. Rules only.

Numbers are known by the area codes of the national numbering plan, and by no digit 0 first behind them, so that
hours, years and days are none. Public by themselves are service numbers (020, 0771) and the number of a desk that
the text calls so ("Biljettkassan 046-…"); a mobile phone is a person's whoever answers.
"""

from __future__ import annotations

import re

_GAP = r"[ \u00a0]?"
_DASH = rf"{_GAP}[-–/]{_GAP}"
_THREE = r"0(?:1[013689]|2[136]|3[1356]|4[0246]|54|6[03]|90)"  # larger towns
_FOUR = rf"(?!{_THREE}|020|077|08|07)0[1-9]\d\d"  # all others
_ENDS = r"(?!\d|[-–:.]\d)"
_SHAPES = (
    # a mobile phone, its ten digits grouped in any way
    rf"(?:(?:\+|\b00)46{_GAP}(?:\(0\){_GAP})?7|07)[02369](?:[ \u00a0./–-]{{0,3}}\d){{7}}(?!\d)",
    r"(?:\+|\b00)[1-9]\d(?:[ \u00a0()/-]{0,2}\d){7,11}(?!\d)",
    # Stockholm; behind a space only where the next group has three digits: "08 30 09 30" are hours
    rf"(?!08[-–/]\d\d?[ ]20\d\d)(?:08(?:{_DASH}(?=[1-9])|[ ](?=[1-9]\d\d))|\(08\)[ ]?)"
    rf"\d{{2,4}}(?:{_GAP}\d{{2,4}}){{1,3}}(?!\d|{_GAP}[-–:.]\d)",
    rf"(?:{_THREE}(?:{_DASH}|[ ])|\({_THREE}\)[ ]?)[1-9]\d{{1,3}}(?:[ \u00a0-]?\d{{2,4}}){{1,3}}{_ENDS}",
    # five or six digits of one's own: four are a course's or an ISSN's
    rf"(?:{_FOUR}(?:{_DASH}|[ ])|\({_FOUR}\)[ ]?)(?=[1-9](?:[ \u00a0-]?\d){{4}})"
    rf"[1-9]\d{{1,2}}(?:[ \u00a0-]?\d{{2,3}}){{1,2}}{_ENDS}",
)
_NUMBER = f"(?:{'|'.join(_SHAPES)})"
_LABEL = r"(?:tel(?:efon)?(?:nummer|nr)?|tfn|mob(?:il)?(?:nr|nummer)?)"
_PHONE = re.compile(
    rf"(?:\b(?:ring|sms(?::a)?|phone|call|{_LABEL})\b[.:]?\s*(?:(?:till|på|to|at)\s+)?)?"
    rf"(?<![\d.,/+\w-])(?<!\d[ :]){_NUMBER}(?:\s?/\s?{_NUMBER})*"
    # Behind a word that means nothing else a local number is one too, however short.
    rf"|\b{_LABEL}\b[.:]?\s*(?!0?20[ -]|0?77)\+?(?:\d[ \u00a0()/-]{{0,2}}){{4,12}}\d(?![\d.:]*\d)",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"\b(?:\w*växel(?:n|s)?|reception(?:en)?|\w*kontaktcenter|kundtjänst|kundcenter|biljettkassa(?:n)?|kassan"
    r"|biljettservice|turist(?:byrå|information|center)\w*|medborgar(?:service|kontor\w*)|box office|switchboard)"
    r"[\s:,.]{1,3}(?:på\s|tel(?:efon)?[.:]?\s?|tfn[.:]?\s?)?\Z",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"(?:07|(?:\+|00)46[ (0)]*7)")
_DIGITS = re.compile(r"\d[\d\s./()–-]{4}")
_FIRST = re.compile(r"[+(\d]")
_LOOK = 40  # characters before a number in which a desk is named


def without_phones(text: str, gone: str) -> str:
    """The text with `gone` for every number that may be a person's, and for the "tel." before it."""

    def judged(found: re.Match[str]) -> str:
        first = _FIRST.search(text, found.start())
        at = first.start() if first else found.start()
        public = _DESK.search(text[max(0, at - _LOOK) : at]) and not _MOBILE.match(text, at)
        return found.group() if public else gone

    return _PHONE.sub(judged, text) if _DIGITS.search(text) else text
