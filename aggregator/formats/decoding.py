"""Bytes of any charset → text, in a fixed order (fault B45). It guesses no language and mends no words.

Order: byte order mark, `charset` of the HTTP header, the document's own declaration, UTF-8, cp1252. A header or
declaration that the bytes contradict is passed over, and valid UTF-8 beats a header that claims a one-byte set:
by chance such bytes are next to never valid UTF-8.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from aggregator.model import Problem

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_ALLOWED = {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "mac-roman"}
_DECLARED = re.compile(rb"""(?:<\?xml[^>]{0,200}\bencoding=|<meta[^>]{0,200}\bcharset=)\s*["']?([\w.:-]{1,40})""", re.I)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
LOST_SHARE = 0.01  # of U+FFFD in a text from which on it is told


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, without a byte order mark, the charset that it was read as, and what is to be told about it."""

    text: str
    charset: str
    problems: tuple[Problem, ...] = ()


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Text of an answer. Never raises: cp1252 with replacement is the last resort. UTF-7 is not a charset here."""
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return _told(body.decode(charset, "replace"), charset)
    wide = _wide(body)
    if wide is not None:
        return _told(body.decode(wide, "replace"), wide)
    for charset in _candidates(body, content_type):
        try:
            return _told(body.decode(charset), charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return _told(body.decode("cp1252", "replace"), "cp1252")


def _candidates(body: bytes, content_type: str) -> list[str]:
    header = _HEADER.search(content_type)
    declared = _DECLARED.search(body[:2048])
    names = [header[1] if header else "", declared[1].decode("ascii") if declared else ""]
    known = [name for name in map(_known, names) if name is not None]
    return ["utf-8", *known] if all(name.startswith(("iso", "cp", "ascii")) for name in known) else [*known, "utf-8"]


def _known(name: str) -> str | None:
    try:
        charset = codecs.lookup(name).name
    except LookupError:
        return None
    if charset == "iso8859-1":
        return "cp1252"  # as browsers read it (WHATWG Encoding)
    return charset if charset in _ALLOWED else None


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of its ASCII is zero."""
    head = body[:64]
    if len(head) < 8:
        return None
    if not any(head[0::2]) and all(head[1::2]):
        return "utf-16-be"
    return "utf-16-le" if not any(head[1::2]) and all(head[0::2]) else None


def _told(text: str, charset: str) -> Decoded:
    lost = text.count("\ufffd")
    notes = (Problem("charset-lost", detail=str(lost), refused=False),) if lost > len(text) * LOST_SHARE else ()
    return Decoded(text.removeprefix("\ufeff"), charset, notes)
