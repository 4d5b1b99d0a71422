"""The table of formats, detection by content, and the one way from an answer's bytes to listings.

Pure: bytes and a `Context` in, a `Reading` out. It fetches nothing, stores nothing and reads no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b

from aggregator import editorial
from aggregator.errors import ReadError
from aggregator.formats.axiell import FORMAT as AXIELL
from aggregator.formats.csvtable import FORMAT as CSV
from aggregator.formats.decoding import decode
from aggregator.formats.foreign import name_foreign
from aggregator.formats.format import Format, Found, Item, Piece, Split
from aggregator.formats.fullcalendar import FORMAT as FULLCALENDAR
from aggregator.formats.hevent import FORMAT as HEVENT
from aggregator.formats.ical import FORMAT as ICAL
from aggregator.formats.jobs import FORMAT as JOBS
from aggregator.formats.jsonld import FORMAT as JSONLD
from aggregator.formats.jsonmap import FORMAT as JSONMAP
from aggregator.formats.judging import Judged, across, chunk, judged
from aggregator.formats.linkedevents import FORMAT as LINKEDEVENTS
from aggregator.formats.maker import maker
from aggregator.formats.microdata import FORMAT as MICRODATA
from aggregator.formats.notices import FORMAT as NOTICES
from aggregator.formats.page import FORMAT as PAGE
from aggregator.formats.rdfa import FORMAT as RDFA
from aggregator.formats.rss import FORMAT as RSS
from aggregator.formats.sitemap import FORMAT as SITEMAP
from aggregator.formats.squarespace import FORMAT as SQUARESPACE
from aggregator.formats.submitted import FORMAT as HANDED_IN
from aggregator.formats.tickster import FORMAT as TICKSTER
from aggregator.formats.tribe import FORMAT as TRIBE
from aggregator.formats.wrapping import unwrapped
from aggregator.formats.xcal import FORMAT as XCAL
from aggregator.model import Chunk, Context, Counts, Reading
from aggregator.normalize import Fall
from aggregator.text import verbatim

__all__ = ["FORMATS", "Fall", "Format", "Found", "Item", "Piece", "Split", "detect", "read_answer", "reread"]

# Richest first: detection asks in this order.
FORMATS: dict[str, Format] = {
    "ical": ICAL,
    "xcal": XCAL,
    "tribe": TRIBE,
    "linkedevents": LINKEDEVENTS,
    "axiell": AXIELL,
    "tickster": TICKSTER,
    "squarespace": SQUARESPACE,
    "jsonmap": JSONMAP,
    "csv": CSV,
    "sitemap": SITEMAP,
    "notices": NOTICES,
    "jsonld": JSONLD,
    "microdata": MICRODATA,
    "rdfa": RDFA,
    "hevent": HEVENT,
    "jobs": JOBS,
    "fullcalendar": FULLCALENDAR,
    "rss": RSS,
    "page": PAGE,
    "submitted": HANDED_IN,
}

READER = 2  # of this driver and of `normalize`; a change reads every stored chunk again
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
    so that an override that was cut away is not turned back. Where a policy asks how often a thing is told on one
    day, an answer that differs in any piece is read whole. Raises `ReadError` where nothing can be read.
    """
    body = unwrapped(body, context.content_type)
    form = _form(body, context)
    context = _layered(form, context)
    split = form.split(body, context)
    salt = _salt(form, context)
    distinct = _distinct(split.pieces)
    hashes = {piece.key: blake2b(piece.mark, digest_size=16, key=salt).hexdigest() for piece in distinct}
    whole = bool(editorial.daily(context.source.policy))
    if whole and not split.damaged and hashes != known:
        known = {}
    known = known or {}
    unread: dict[str, Chunk] = {}
    fresh: list[Judged] = []
    for piece in distinct:
        digest = hashes[piece.key]
        stored = known.get(piece.key)
        if stored is not None and (stored == digest or (split.cut and not piece.whole)):
            unread[piece.key] = Chunk(key=piece.key, hash=stored)
        else:
            # What a damaged answer tells is judged without the rest of its day, so that it is read again.
            fresh.append(judged(form, piece, "" if whole and split.damaged else digest, context))
    read = {told.piece.key: chunk(told) for told in across(fresh, context)}
    return Reading(
        format=form.name,
        coverage=form.coverage,
        chunks=tuple(read.get(piece.key) or unread[piece.key] for piece in distinct),
        problems=split.problems,
        damaged=split.damaged,
        name=split.name,
        next_url=split.next_url,
        follow=split.follow,
        stamps=split.stamps,
        linked=split.linked,
        stated=split.stated,
        maker=maker(body),
        counts=Counts(refused=split.refused + len(split.pieces) - len(distinct)),
    )


def reread(format: str, raws: Mapping[str, bytes], context: Context) -> Reading:
    """Kept raw pieces (chunk key → `Chunk.raw`) read again with the window of `context`; no fetch is needed.

    The hashes of the chunks are empty: the stored ones stay, since the bytes are the stored ones.
    """
    form = FORMATS[format]
    context = _layered(form, context)
    told = [judged(form, Piece(key=key, raw=raw, mark=b""), "", context) for key, raw in raws.items()]
    return Reading(format=form.name, coverage=form.coverage, chunks=tuple(map(chunk, across(told, context))))


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
