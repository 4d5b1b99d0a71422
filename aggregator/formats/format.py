"""What every format gives: one `Format` value of plain functions. No reading itself, and no list of the formats.

A format cuts an answer into pieces (`split`) and reads one piece (`read`); hashing, the ladder, judging and
counting are the same for all and live in `formats.__init__`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aggregator.model import Context, Coverage, Draft, Layer, Linked, Problem
from aggregator.normalize import Fall


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One chunk of an answer, not read yet.

    `key` is stable over refetches (UID, id, address). `raw` is self-contained: `Format.read` needs nothing
    else. `mark` is what the chunk's hash covers: `raw` without what changes from fetch to fetch and in one
    order. `whole` is False where a *cut* answer might hold only a part of the truth about this key.
    """

    key: str
    raw: bytes
    mark: bytes
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """An answer, cut into pieces.

    `damaged`: something was salvaged or is missing, so nothing may be removed because of this answer.
    `cut`: components are missing for certain (not closed); pieces that are not `whole` then do not replace
    what is known. `refused` counts components that belong to no piece; `stated` is that of `Reading`.
    """

    pieces: tuple[Piece, ...] = ()
    problems: tuple[Problem, ...] = ()
    damaged: bool = False
    cut: bool = False
    refused: int = 0
    name: str | None = None
    next_url: str | None = None
    follow: tuple[str, ...] = ()
    stamps: Mapping[str, str] = field(default_factory=dict)
    linked: tuple[Linked, ...] = ()
    stated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One component of a piece, read: its drafts, or where it falls when it gave none."""

    drafts: tuple[Draft, ...] = ()
    fall: Fall | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A piece, read. `moving`: the moving window can bring further dates, so the raw piece is kept."""

    items: tuple[Item, ...] = ()
    moving: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One source format.

    `detect(head, content_type)` gets the first 2 MiB, without a BOM, and tells by content; it never raises.
    `split` raises `ReadError` if the bytes are not this format after all. `read` raises nothing for bad items:
    they are `Problem`s. A changed `version` makes every stored chunk of the format be read again. `coverage`
    is what `auto` means; `layer` overrides the source's (notices and vacancies are civic).
    """

    name: str
    version: int
    coverage: Coverage
    detect: Callable[[bytes, str], bool]
    split: Callable[[bytes, Context], Split]
    read: Callable[[bytes, Context], Found]
    layer: Layer | None = None
