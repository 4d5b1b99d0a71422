"""JSON as pages hold it: broken in ways whose meaning is certain is repaired, all else is refused.

Repaired: comments and CDATA around it, raw line breaks in strings, trailing commas, a missing value, a
backslash that escapes nothing, a quotation mark inside a string, several values one after the other,
everything entity-escaped. Not repaired: what is cut, since nobody knows what stood there.
"""

import html
import json
import re
from typing import Any

LONGEST = 400_000  # characters of a broken text that are mended; mending is slow
_COMMENT = re.compile(r"<!--[^{\[]*?-->")  # one that holds no data; else only its marks go
_WRAPPING = re.compile(r"<!--|-->|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?|(?://|/\*)?\s*\]\]>(?:\s*\*/)?")
_ASSIGNED = re.compile(r"\A\s*(?:var|let|const|window\.)[\w.\s]*=\s*(?=[\[{])")
_VALUE = re.compile(r"""\s*(?:["{\[\-\d]|true\b|false\b|null\b|//|/\*)""")
_END = re.compile(r"\s*[}\]]")
_NOTHING = re.compile(r"\s*(?:(?://[^\n]*\n|/\*[^*]*\*/)\s*){0,20}(?:[,}\]]|\Z)")
_CLOSES = re.compile(r"\s*(?:[}\]:]|\Z)")
_COMMA = re.compile(r"\s*,")


class _Nested(ValueError):
    """Nothing to mend: nested beyond what the reader takes."""


def load(text: str) -> list[Any]:
    """All values of the text, repaired where the meaning is certain. Raises ValueError for anything else.

    Numbers that are no JSON (NaN, Infinity) are None; nesting and digits beyond Python's limits raise too.
    """
    try:
        return _plain(text)
    except ValueError as error:
        if len(text) > LONGEST or isinstance(error, _Nested):
            raise
    return _plain(_mended(text))


def _plain(text: str) -> list[Any]:
    decoder = json.JSONDecoder(strict=False, parse_constant=lambda _: None)
    values: list[Any] = []
    at = _skipped(text, 0)
    try:
        while at < len(text):
            value, at = decoder.raw_decode(text, at)
            values.append(value)
            at = _skipped(text, at)
    except RecursionError:
        raise _Nested("nested too deeply") from None
    if not values:
        raise ValueError("empty")
    return values


def _skipped(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,;\ufeff\xa0\u2028\u2029\x00":
        at += 1
    return at


def _mended(text: str) -> str:
    bare = _ASSIGNED.sub("", _WRAPPING.sub(" ", _COMMENT.sub(" ", text)))
    if '"' not in bare and "&quot;" in bare:
        bare = html.unescape(bare)
    return "".join(_pieces(bare))


def _pieces(text: str) -> list[str]:
    """The text again, one piece at a time: strings mended, comments and stray commas gone."""
    out: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == '"':
            at, piece = _string(text, at)
            out.append(piece)
        elif text.startswith("//", at) or text.startswith("/*", at):
            at = _after_comment(text, at)
        elif text[at] in ",:":
            out.append(_mark(text, at))
            at += 1
        else:
            out.append(text[at])
            at += 1
    return out


def _mark(text: str, at: int) -> str:
    """A comma or colon, mended by what follows: a trailing comma is nothing, a missing value is null."""
    if not _NOTHING.match(text, at + 1):
        return text[at]
    return ":null" if text[at] == ":" else ""


def _after_comment(text: str, at: int) -> int:
    end = text.find("\n", at) if text[at + 1] == "/" else text.find("*/", at + 2)
    if end < 0:
        return len(text)
    return end + (2 if text[at + 1] == "*" else 1)


def _string(text: str, start: int) -> tuple[int, str]:
    """The string that opens at `start`, with its inner quotation marks escaped, and where it ends."""
    out = ['"']
    at = start + 1
    while at < len(text):
        character = text[at]
        if character == "\\":
            out.append(_escape(text, at))
            at += 2
        elif character == '"' and _closes(text, at + 1):
            return at + 1, "".join(out) + '"'
        else:
            out.append('\\"' if character == '"' else character)
            at += 1
    return at, "".join(out)


def _escape(text: str, at: int) -> str:
    following = text[at + 1 : at + 2]
    if following == "u" and not re.match(r"[0-9a-fA-F]{4}", text[at + 2 : at + 6]):
        return "u"
    return "\\" + following if following and following in '"\\/bfnrtu' else following


def _closes(text: str, at: int) -> bool:
    """Whether a quotation mark before `at` ends its string: by what must follow a string in JSON."""
    if _CLOSES.match(text, at):
        return True
    comma = _COMMA.match(text, at)
    return bool(comma and (_VALUE.match(text, comma.end()) or _END.match(text, comma.end())))
