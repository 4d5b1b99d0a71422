"""One answer, read: its chunks, their counts, what it links to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aggregator.model.listing import Draft, Listing
from aggregator.model.problem import Problem
from aggregator.model.vocabulary import Coverage


@dataclass(frozen=True, slots=True)
class Counts:
    """How the components of an answer fell; their sum is the number of components it holds."""

    inside: int = 0
    past: int = 0
    beyond: int = 0
    refused: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.inside + other.inside, self.past + other.past, self.beyond + other.beyond, self.refused + other.refused
        )

    @property
    def read(self) -> int:
        """All components."""
        return self.inside + self.past + self.beyond + self.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """All components of one UID (or one item), read. `listings` is None where `hash` was already known.

    `raw` is kept where the moving window can bring further dates: a rule, or a start beyond the window.
    `suggestions` are for staff, each with its reason as its last note; what is stored of a chunk has none.
    """

    key: str
    hash: str
    listings: tuple[Listing, ...] | None = None
    problems: tuple[Problem, ...] = ()
    counts: Counts = Counts()
    raw: bytes | None = None
    suggestions: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True)
class Linked:
    """A calendar, feed or API that a page links to. `why` tells in English how it was found ("rel=alternate")."""

    format: str
    url: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One answer, read. `damaged` answers add and change but never remove.

    `stated`: what it leaves out was taken back by who wrote it, so its silence is no absence but a statement.
    """

    format: str
    coverage: Coverage  # what `auto` means for this format
    chunks: tuple[Chunk, ...] = ()
    problems: tuple[Problem, ...] = ()
    damaged: bool = False
    name: str | None = None
    next_url: str | None = None  # a further page of the same answer
    follow: tuple[str, ...] = ()  # addresses that this answer lists instead of holding events
    stamps: Mapping[str, str] = field(default_factory=dict)  # of some of them: what says when it last changed
    stated: bool = False
    maker: str | None = None  # which program wrote it, in its own words
    linked: tuple[Linked, ...] = ()  # other addresses of the same events, richest first; richer ones are to be tried
    counts: Counts = Counts()  # of components that belong to no chunk (not closed, no times to be read)

    @property
    def suggestions(self) -> tuple[Draft, ...]:
        """What staff are to decide of all that was read."""
        return tuple(draft for chunk in self.chunks for draft in chunk.suggestions)
