"""Content lines of RFC 5545 3.1: bytes → unfolded UTF-8 lines → properties. No meaning of any property here.

Our own, because the library gives up on a whole calendar for one line and costs half a millisecond an event; a test
holds it to the library's reading on every calendar of the corpus.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_BLANK = re.compile(rb"\n{2,}")
_LINE = re.compile(r"([A-Za-z0-9-]+)((?:;[^\":;]*(?:\"[^\"]*\"[^\":;]*)*)*):(.*)", re.DOTALL)
_PARAM = re.compile(r";([A-Za-z0-9-]+)=((?:\"[^\"]*\"|[^\";]*)*)")
_MORE = re.compile(r"[\";^]")  # a parameter that must be taken apart
_ESCAPED = re.compile(r"\\([\\;,:nN\"])")
_PLAIN_TEXT = {"n": "\n", "N": "\n"}


class Property(NamedTuple):
    """One content line: upper-case name, raw parameters, raw value (`text` and `texts` unescape it)."""

    name: str
    value: str
    raw_params: str = ""

    @property
    def params(self) -> dict[str, str]:
        """Parameters by upper-case name, without quotes; RFC 6868's caret escapes are read."""
        found = _PARAM.findall(self.raw_params)
        return {name.upper(): _caret(value.replace('"', "")) for name, value in found}

    @property
    def tzid(self) -> str:
        """The TZID parameter, "" without one."""
        if self.raw_params.startswith(";TZID=") and self.raw_params.isascii() and not _MORE.search(self.raw_params, 6):
            return self.raw_params[6:]
        return self.params.get("TZID", "") if self.raw_params else ""

    @property
    def text(self) -> str:
        """The value as TEXT (RFC 5545 3.3.11)."""
        return unescape(self.value) if "\\" in self.value else self.value

    @property
    def texts(self) -> list[str]:
        """The value as a list of TEXT, cut at commas that are not escaped."""
        return [unescape(part) for part in re.findall(r"(?:\\.|[^,\\])+", self.value, re.DOTALL)]


Properties = Mapping[str, list[Property]]  # by upper-case name, in the order of the lines


def first(props: Properties, name: str) -> str | None:
    """The text of the first property of that name; None where there is none or it says nothing."""
    found = props.get(name)
    return found[0].text.strip() or None if found else None


def unescape(value: str) -> str:
    """Backslash escapes of TEXT read; an unknown escape stays as it was written."""
    return _ESCAPED.sub(lambda found: _PLAIN_TEXT.get(found[1], found[1]), value)


def unfold(body: bytes) -> bytes:
    """Line ends of every kind as LF, folds undone before decoding (a fold may cut a UTF-8 character, C14)."""
    text = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\n\n" in text:
        text = _BLANK.sub(b"\n", text)  # some producers leave empty lines inside folds
    return text.replace(b"\n ", b"").replace(b"\n\t", b"")


def parse(line: str) -> Property | None:
    """One line as a property; None if it is not a content line."""
    found = _LINE.match(line)
    if found is None:
        return None
    return Property(found[1].upper(), found[3], found[2])


def properties(lines: Iterable[str]) -> dict[str, list[Property]]:
    """Properties by name, in order; sub-components (alarms) and lines that are none are left out."""
    found: dict[str, list[Property]] = {}
    depth = 0
    for line in lines:
        prop = parse(line)
        if prop is None:
            continue
        if prop.name == "BEGIN":
            depth += 1
        elif prop.name == "END":
            depth -= 1
        elif depth == 0:
            found.setdefault(prop.name, []).append(prop)
    return found


def _caret(value: str) -> str:
    if "^" not in value:
        return value
    return re.sub(r"\^([n'^])", lambda found: {"n": "\n", "'": '"', "^": "^"}[found[1]], value)
