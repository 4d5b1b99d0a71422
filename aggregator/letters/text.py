"""One letter in one language, with blanks. Fills nothing in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, init=False)
class Text:
    """`paragraphs` that begin with "> " are somebody's own words; `link` is what the one link says, or empty."""

    subject: str
    paragraphs: tuple[str, ...]
    link: str

    def __init__(self, subject: str, *paragraphs: str, link: str = "") -> None:
        object.__setattr__(self, "subject", subject)
        object.__setattr__(self, "paragraphs", paragraphs)
        object.__setattr__(self, "link", link)
