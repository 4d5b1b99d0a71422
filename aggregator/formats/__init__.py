"""The table of formats, detection by content, and the one way from an answer's bytes to listings.

Pure: bytes and a `Context` in, a `Reading` out. It fetches nothing, stores nothing and reads no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from hashlib import blake2b
from typing import Any

from aggregator import normalize
from aggregator.errors import ReadError
from aggregator.formats.axiell import FORMAT as AXIELL
from aggregator.formats.csvtable import FORMAT as CSV
from aggregator.formats.decoding import decode
from aggregator.formats.editing import asks, edited
from aggregator.formats.foreign import name_foreign
from aggregator.formats.format import Format, Found, Item, Piece, Split
from aggregator.formats.hevent import FORMAT as HEVENT
from aggregator.formats.ical import FORMAT as ICAL
from aggregator.formats.jobs import FORMAT as JOBS
from aggregator.formats.jsonld import FORMAT as JSONLD
from aggregator.formats.jsonmap import FORMAT as JSONMAP
from aggregator.formats.linkedevents import FORMAT as LINKEDEVENTS
from aggregator.formats.microdata import FORMAT as MICRODATA
from aggregator.formats.notices import FORMAT as NOTICES
from aggregator.formats.page import FORMAT as PAGE
from aggregator.formats.rss import FORMAT as RSS
from aggregator.formats.sitemap import FORMAT as SITEMAP
from aggregator.formats.tickster import FORMAT as TICKSTER
from aggregator.formats.tribe import FORMAT as TRIBE
from aggregator.model import Chunk, Context, Counts, Draft, Listing, Problem, Reading
from aggregator.normalize import Fall
from aggregator.text import clean_text, verbatim

__all__ = ["FORMATS", "Fall", "Format", "Found", "Item", "Piece", "Split", "detect", "read_answer", "reread"]

# Richest first: detection asks in this order.
FORMATS: dict[str, Format] = {
    "ical": ICAL,
    "tribe": TRIBE,
    "linkedevents": LINKEDEVENTS,
    "axiell": AXIELL,
    "tickster": TICKSTER,
    "jsonmap": JSONMAP,
    "csv": CSV,
    "sitemap": SITEMAP,
    "notices": NOTICES,
    "jsonld": JSONLD,
    "microdata": MICRODATA,
    "hevent": HEVENT,
    "jobs": JOBS,
    "rss": RSS,
    "page": PAGE,
}

_COUNTED = {
    Fall.INSIDE: Counts(inside=1),
    Fall.BEYOND: Counts(beyond=1),
    Fall.PAST: Counts(past=1),
    Fall.REFUSED: Counts(refused=1),
}
READER = 1  # of this driver and of `normalize`; a change reads every stored chunk again
HEAD = 2 * 1024 * 1024  # bytes that detection sees; a page tells its events anywhere


def detect(body: bytes, content_type: str = "") -> Format:
    """The format of an answer, by its content first; raises `ReadError` that names what it is instead."""
    wide = body[:2] in (b"\xff\xfe", b"\xfe\xff")  # UTF-16, which no mark of a format can be seen in
    head = decode(body[:HEAD]).text.encode("utf-8", "replace") if wide else body[:HEAD]
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for form in FORMATS.values():
        if form.detect(head, content_type):
            return form
    raise name_foreign(body, content_type)


def read_answer(body: bytes, context: Context, known: Mapping[str, str] | None = None) -> Reading:
    """Read one answer. `known` maps chunk keys to stored hashes; an equal one comes back unread (`listings` None).

    In a cut answer a piece that may be incomplete (`Piece.whole` is False) is told as its known chunk, unread,
    so that an override that was cut away is not turned back. Raises `ReadError` where nothing can be read.
    """
    form = _form(body, context)
    context = _layered(form, context)
    split = form.split(body, context)
    known = known or {}
    salt = _salt(form, context)
    chunks = []
    drafts: list[Draft] = []
    distinct = _distinct(split.pieces)
    for piece in distinct:
        digest = blake2b(piece.mark, digest_size=16, key=salt).hexdigest()
        stored = known.get(piece.key)
        if stored is not None and (stored == digest or (split.cut and not piece.whole)):
            chunks.append(Chunk(key=piece.key, hash=stored))
            continue
        chunk, unsure = _read(form, piece, digest, context)
        chunks.append(chunk)
        drafts.extend(unsure)
    return Reading(
        format=form.name,
        coverage=form.coverage,
        chunks=tuple(chunks),
        problems=split.problems,
        damaged=split.damaged,
        name=split.name,
        suggestions=_storable(tuple(drafts)),
        next_url=split.next_url,
        follow=split.follow,
        stamps=split.stamps,
        linked=split.linked,
        counts=Counts(refused=split.refused + len(split.pieces) - len(distinct)),
    )


def reread(format: str, raws: Mapping[str, bytes], context: Context) -> Reading:
    """Kept raw pieces (chunk key → `Chunk.raw`) read again with the window of `context`; no fetch is needed.

    The hashes of the chunks are empty: the stored ones stay, since the bytes are the stored ones.
    """
    form = FORMATS[format]
    context = _layered(form, context)
    chunks = tuple(_read(form, Piece(key=key, raw=raw, mark=b""), "", context)[0] for key, raw in raws.items())
    return Reading(format=form.name, coverage=form.coverage, chunks=chunks)


def _form(body: bytes, context: Context) -> Format:
    name = context.source.format
    if name == "auto" and context.source.map:  # a source with a map is what its map says
        name = "jsonmap" if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else "csv"
    if name == "auto":
        return detect(body, context.content_type)
    if name not in FORMATS:
        raise ReadError(f"There is no format called {name}.", code="unknown-format")
    return FORMATS[name]


def _layered(form: Format, context: Context) -> Context:
    if form.layer is None:
        return context
    return replace(context, source=replace(context.source, layer=form.layer))


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


def _salt(form: Format, context: Context) -> bytes:
    """Everything besides the bytes that decides what a piece gives."""
    source = context.source
    told = (READER, form.name, form.version, context.zone, context.language, source.id, source.category, source.layer)
    rest = (
        source.zone,
        source.place,
        source.organizer,
        source.licence,
        source.images,
        source.policy,
        source.map,
        source.vocabulary,
    )
    return blake2b(repr((told, rest)).encode(), digest_size=32).digest()


def _distinct(pieces: tuple[Piece, ...]) -> list[Piece]:
    """Pieces with keys that are used once: what shares a key gets its own content behind it (C07).

    The same thing told twice is one thing; its repetition counts as refused.
    """
    times = Counter(piece.key for piece in pieces)
    distinct: dict[str, Piece] = {}
    for piece in pieces:
        key = verbatim(piece.key)
        if times[piece.key] > 1:
            key += "#" + blake2b(piece.mark, digest_size=8).hexdigest()
        distinct.setdefault(key, piece if key == piece.key else replace(piece, key=key))
    return list(distinct.values())


def _certain(item: Item) -> list[Draft]:
    return [draft for draft in item.drafts if draft.certain]


def _read(form: Format, piece: Piece, digest: str, context: Context) -> tuple[Chunk, list[Draft]]:
    """A piece, read; one that breaks its reader is told and refused, so that its siblings live (law 4)."""
    try:
        return _told(form.read(piece.raw, context), piece, digest, context)
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError) as error:
        problem = _short(Problem("unreadable", piece.key, f"{type(error).__name__}: {error}"))
        return Chunk(key=piece.key, hash=digest, listings=(), problems=(problem,), counts=Counts(refused=1)), []


def _told(found: Found, piece: Piece, digest: str, context: Context) -> tuple[Chunk, list[Draft]]:
    sure = [draft for item in found.items for draft in item.drafts if draft.certain]
    unsure = [draft for item in found.items for draft in item.drafts if not draft.certain]
    judged = iter(normalize.judge(sure, context))
    listings: list[Listing] = []
    problems: list[Problem] = []
    counts = Counts()
    moving = found.moving
    for item in found.items:
        verdicts = [edited(next(judged), context) for _ in _certain(item)]
        unsure += [draft for draft, verdict in zip(_certain(item), verdicts, strict=True) if asks(verdict)]
        problems.extend(item.problems)
        problems.extend(problem for verdict in verdicts for problem in verdict.problems)
        listings.extend(verdict.listing for verdict in verdicts if verdict.listing is not None)
        falls = [verdict.fall for verdict in verdicts] or [Fall.REFUSED if item.fall is None else item.fall]
        counts += _COUNTED[min(falls)]
        moving = moving or Fall.BEYOND in falls
    chunk = Chunk(
        key=piece.key,
        hash=digest,
        listings=tuple(listings),
        problems=tuple(dict.fromkeys(map(_short, problems))),
        counts=counts,
        raw=piece.raw if moving else None,
    )
    return chunk, unsure
