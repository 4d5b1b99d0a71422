"""HTML that stands inside a feed: whole, harmless, its addresses absolute. What the checkers of three formats share."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_FORBIDDEN = {"script", "style", "iframe", "object", "embed", "form", "input", "meta", "link", "base", "svg", "math"}
_VOID = {"br", "img", "hr", "wbr"}
_ADDRESS = re.compile(r"(?:https?://[^\s/]|mailto:[^\s])", re.ASCII)


class _Walk(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _FORBIDDEN:
            self.found.append(f"<{tag}>")
        if tag not in _VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"{name} of <{tag}>")
            if name in ("href", "src") and not _ADDRESS.match(value or ""):
                self.found.append(f"{name}={value!r}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}> closes another")


def faults(html: str) -> list[str]:
    """What is wrong with a piece of HTML, in words."""
    walk = _Walk()
    walk.feed(html)
    walk.close()
    return walk.found + [f"<{tag}> is not closed" for tag in walk.open]
