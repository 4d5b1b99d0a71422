"""xCal (RFC 6321): iCalendar as XML. It is written back as iCalendar and read as such; this module knows no event.

A document type is refused before anything of it is read, so no entity is ever expanded and nothing is opened (A26).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from xml.parsers import expat

from aggregator.errors import ReadError
from aggregator.formats import ical
from aggregator.formats.format import Format, Found, Split
from aggregator.model import Context, Coverage
from aggregator.problems import SENTENCES

_ROOT = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>|<!--.*?-->|\s+)*<(?:\w+:)?icalendar\b[^>]*urn:ietf:params:xml:ns:icalendar-2\.0", re.S
)
_DEEPEST = 24  # elements in elements; a recurring event in a calendar has nine
_COMPACT = ("date", "date-time", "utc-offset", "time")
_ESCAPES: Mapping[int, str] = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": "\\n"})
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")


def detect(head: bytes, _content_type: str) -> bool:
    """By its root element and namespace."""
    return _ROOT.match(head[:5000]) is not None


def split(body: bytes, context: Context) -> Split:
    """One piece for each UID, as of the calendar that it says. Raises `ReadError` for what is no well-formed xCal."""
    return ical.split(as_ical(body), replace(context, content_type=""))  # the XML told its encoding; this is UTF-8


def read(raw: bytes, context: Context) -> Found:
    """A piece, which is iCalendar by now."""
    return ical.read(raw, context)


def as_ical(body: bytes) -> bytes:
    """The document as lines of iCalendar (RFC 6321 3). Raises `ReadError`."""
    writer = _Writer()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError) as error:
        raise ReadError(SENTENCES["xml-unknown"][1], code="xml-unknown") from error
    return "\n".join([*writer.lines, ""]).encode()


def _refuse(*_declared: object) -> None:
    raise ValueError("a calendar needs no document type")


class _Writer:
    """The state of one walk: the open elements, and the property that is being told."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.open: list[str] = []
        self.told = ""
        self.at = 0  # depth of the open property, 0 outside of properties
        self.params: list[str] = []
        self.values: list[str] = []
        self.rule: dict[str, list[str]] = {}

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2].lower()
        if len(self.open) >= _DEEPEST or not _NAME.fullmatch(name):
            raise ValueError(name)
        parent = self.open[-1] if self.open else ""
        self.open.append(name)
        self.told = ""
        if not self.at and parent in ("icalendar", "components"):
            self.lines.append(f"BEGIN:{name.upper()}")
        elif not self.at and parent == "properties":
            self.at, self.params, self.values, self.rule = len(self.open), [], [], {}

    def text(self, told: str) -> None:
        self.told += told

    def end(self, _name: str) -> None:
        name, depth = self.open.pop(), len(self.open) + 1
        parent = self.open[-1] if self.open else ""
        if not self.at:
            if parent in ("icalendar", "components"):
                self.lines.append(f"END:{name.upper()}")
        elif depth == self.at:
            self._property(name)
        elif "parameters" in self.open[self.at :]:
            self._parameter(parent)
        elif parent == "recur":
            self.rule.setdefault(name.upper(), []).append(self.told.strip())
        elif depth == self.at + 1:
            self._value(name)
        self.told = "" if self.told.strip() else self.told

    def _parameter(self, name: str) -> None:
        told = self.told.strip().replace('"', "'").replace("\n", " ")
        if told and name != "parameters":
            self.params.append(f';{name.upper()}="{told}"' if re.search("[:;,]", told) else f";{name.upper()}={told}")

    def _value(self, kind: str) -> None:
        told = self.told if kind == "text" else self.told.strip()
        if kind == "recur":
            told = ";".join(f"{name}={','.join(values)}" for name, values in self.rule.items())
        elif kind in _COMPACT:
            told = re.sub(r"(?<=\d)[-:](?=\d)", "", told)
        if kind == "date" and ";VALUE=DATE" not in self.params:
            self.params.append(";VALUE=DATE")
        if kind != "parameters":
            self.values.append(told.translate(_ESCAPES) if kind == "text" else re.sub(r"\s+", " ", told))

    def _property(self, name: str) -> None:
        between = ";" if name == "geo" else ","
        self.lines.append(f"{name.upper()}{''.join(self.params)}:{between.join(self.values)}")
        self.at = 0


FORMAT = Format(name="xcal", version=1, coverage=Coverage.WINDOW, detect=detect, split=split, read=read)
