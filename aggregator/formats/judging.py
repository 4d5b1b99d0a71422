"""From a piece of an answer to its chunk: read, judged, edited, counted. The same for all formats; it cuts nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from aggregator import editorial, normalize
from aggregator.formats.editing import asked, edited, ruled
from aggregator.formats.format import Format, Found, Item, Piece
from aggregator.model import Chunk, Context, Counts, Draft, Problem
from aggregator.normalize import Fall, Verdict
from aggregator.text import clean_text, verbatim

_COUNTED = {
    Fall.INSIDE: Counts(inside=1),
    Fall.BEYOND: Counts(beyond=1),
    Fall.PAST: Counts(past=1),
    Fall.REFUSED: Counts(refused=1),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One component of a piece; `verdicts` are those of its certain drafts, in their order."""

    item: Item
    verdicts: tuple[Verdict, ...] = ()

    @property
    def fall(self) -> Fall:
        """Where the component falls."""
        falls = [verdict.fall for verdict in self.verdicts]
        return min(falls) if falls else Fall.REFUSED if self.item.fall is None else self.item.fall


@dataclass(frozen=True, slots=True)
class Judged:
    """A piece, read and judged. `digest` is the hash that its chunk gets; `moving` is that of `Found`."""

    piece: Piece
    digest: str
    heard: tuple[Heard, ...]
    moving: bool = False

    @property
    def verdicts(self) -> list[Verdict]:
        """Those of all components, in order."""
        return [verdict for heard in self.heard for verdict in heard.verdicts]


def judged(form: Format, piece: Piece, digest: str, context: Context) -> Judged:
    """A piece, read; one that breaks its reader is told and refused, so that its siblings live (law 4)."""
    try:
        found = form.read(piece.raw, context)
        return Judged(piece, digest, tuple(_heard(found, context)), found.moving)
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError) as error:
        problem = Problem("unreadable", piece.key, f"{type(error).__name__}: {error}")
        return Judged(piece, digest, (Heard(Item(problems=(problem,))),))


def across(pieces: list[Judged], context: Context) -> list[Judged]:
    """The pieces of a whole answer after the rules that ask how often it tells a thing on one day.

    Their raw bytes are all kept: when the window moves, what is read again must be the whole answer too.
    """
    rules = editorial.daily(context.source.policy)
    if not rules:
        return pieces
    verdicts = [verdict for piece in pieces for verdict in piece.verdicts]
    for rule in rules:
        told = [(n, verdict.listing) for n, verdict in enumerate(verdicts) if verdict.listing is not None]
        again = editorial.repeated(rule, told, ZoneInfo(context.zone))
        verdicts = [ruled(verdict, rule, context) if n in again else verdict for n, verdict in enumerate(verdicts)]
    return list(_with(pieces, iter(verdicts)))


def _with(pieces: Iterable[Judged], verdicts: Iterator[Verdict]) -> Iterator[Judged]:
    for piece in pieces:
        heard = tuple(replace(one, verdicts=tuple(next(verdicts) for _ in one.verdicts)) for one in piece.heard)
        yield replace(piece, heard=heard, moving=True)


def chunk(told: Judged) -> Chunk:
    """What is kept of a piece: its listings, its problems, how its components fell, and what waits for staff."""
    verdicts = told.verdicts
    problems = [
        problem
        for heard in told.heard
        for part in (heard.item.problems, *(verdict.problems for verdict in heard.verdicts))
        for problem in part
    ]
    moving = told.moving or any(verdict.fall is Fall.BEYOND for verdict in verdicts)
    return Chunk(
        key=told.piece.key,
        hash=told.digest,
        listings=tuple(verdict.listing for verdict in verdicts if verdict.listing is not None),
        problems=tuple(dict.fromkeys(map(_short, problems))),
        counts=sum((_COUNTED[heard.fall] for heard in told.heard), Counts()),
        raw=told.piece.raw if moving else None,
        suggestions=_storable(tuple(draft for heard in told.heard for draft in _suggested(heard))),
    )


def _heard(found: Found, context: Context) -> Iterator[Heard]:
    verdicts = iter(normalize.judge([draft for item in found.items for draft in _certain(item)], context))
    for item in found.items:
        yield Heard(item, tuple(edited(next(verdicts), context) for _ in _certain(item)))


def _certain(item: Item) -> list[Draft]:
    return [draft for draft in item.drafts if draft.certain]


def _suggested(heard: Heard) -> Iterator[Draft]:
    """The drafts that staff are to decide, each with its reason as its last note; of a series only the first date."""
    for draft in heard.item.drafts:
        if not draft.certain:
            yield replace(draft, notes=(*draft.notes, *map(_short, heard.item.problems[-1:])))
    for draft, verdict in zip(_certain(heard.item), heard.verdicts, strict=True):
        if reason := asked(verdict):
            yield replace(draft, notes=(*draft.notes, _short(reason)))
            return


def _short(problem: Problem) -> Problem:
    """A problem that tells of a stranger's text without bringing its length and its control characters along."""
    return replace(problem, item=clean_text(problem.item, limit=200), detail=clean_text(problem.detail, limit=200))


def _storable(value: Any) -> Any:
    """The value with every text in it as a store can hold it (A17, A18): drafts for staff are not cleaned."""
    if isinstance(value, str):
        return value if isinstance(value, Enum) else verbatim(value)
    if isinstance(value, tuple):
        return tuple(map(_storable, value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return replace(value, **{field.name: _storable(getattr(value, field.name)) for field in fields(value)})
