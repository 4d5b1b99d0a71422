"""iCalendar bytes → components and properties by the letter of RFC 5545 3.1 and 3.4. Guesses nothing, mends nothing.

What can't be parsed is a violation and is left out; everything else goes on to the checks of `ical`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.conformance.report import Violation

_NAME = r"[A-Za-z0-9-]+"
_SAFE = r'[^\x00-\x08\x0a-\x1f\x7f";:,]*'
_QUOTED = r'"[^\x00-\x08\x0a-\x1f\x7f"]*"'
_PARAM = rf"({_NAME})=((?:{_QUOTED}|{_SAFE})(?:,(?:{_QUOTED}|{_SAFE}))*)"
LINE = re.compile(rf"({_NAME})((?:;{_PARAM})*):(.*)", re.S)
PARAM = re.compile(rf";{_PARAM}")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # all of CONTROL but HTAB
LONGEST = 75  # octets without the line break


@dataclass(frozen=True, slots=True)
class Property:
    """One content line: its name in capitals, its parameters by name in capitals, its value as written."""

    name: str
    params: dict[str, str]
    value: str


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END."""

    name: str
    properties: list[Property] = field(default_factory=list)
    children: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """The properties of a name, in order."""
        return [one for one in self.properties if one.name == name]

    def text(self, name: str) -> str:
        """The first value of a name, or ""."""
        return next((one.value for one in self.all(name)), "")

    def walk(self) -> Iterator[Component]:
        """This component and all within it."""
        yield self
        for child in self.children:
            yield from child.walk()


def unfold(body: bytes) -> tuple[list[str], list[Violation]]:
    """The content lines of a stream (3.1)."""
    found: list[Violation] = []
    if not body.endswith(b"\r\n"):
        found.append(Violation("line-break", "the last line does not end"))
    lines: list[bytes] = []
    for number, line in enumerate(body.removesuffix(b"\r\n").split(b"\r\n"), 1):
        found += _physical(line, f"line {number}")
        if line[:1] in (b" ", b"\t") and lines:
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return [line.decode(errors="replace") for line in lines], found


def _physical(line: bytes, where: str) -> Iterator[Violation]:
    if b"\r" in line or b"\n" in line:
        yield Violation("line-break", where)
    if len(line) > LONGEST:
        yield Violation("line-length", f"{where}: {len(line)} octets")
    try:
        line.decode()
    except UnicodeDecodeError:
        yield Violation("utf-8", where)


def parse(body: bytes) -> tuple[list[Component], list[Violation]]:
    """The outermost components, and what breaks the grammar."""
    lines, found = unfold(body)
    root = Component("")
    stack = [root]
    for number, line in enumerate(lines, 1):
        where = f"content line {number}: {line[:60]!r}"
        one = _property(line)
        if CONTROL.search(line):
            found.append(Violation("control", where))
        if one is None:
            found.append(Violation("content-line", where))
        elif one.name == "BEGIN":
            stack[-1].children.append(Component(one.value.upper()))
            stack.append(stack[-1].children[-1])
        elif one.name == "END":
            if len(stack) == 1 or stack[-1].name != one.value.upper():
                found.append(Violation("begin-end", where))
            else:
                stack.pop()
        else:
            stack[-1].properties.append(one)
    found += [Violation("begin-end", f"{open.name} is not closed") for open in stack[1:]]
    found += [Violation("object", f"{one.name} outside a component") for one in root.properties]
    return root.children, found


def _property(line: str) -> Property | None:
    match = LINE.fullmatch(line)
    if match is None:
        return None
    pairs = PARAM.findall(match[2])
    params = {name.upper(): value.strip('"') for name, value in pairs}
    return Property(match[1].upper(), params, match[5]) if len(params) == len(pairs) else None
