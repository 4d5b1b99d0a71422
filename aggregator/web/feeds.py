"""The merged feeds: `/events.ics` and its siblings, one path a format. Pure ASGI, ahead of any routing.

What a feed holds depends on the catalogue version, the filter and the local date, nothing else. A poll that is
answered from ready bytes touches no template, no route and no database beyond the version check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from starlette.types import Scope, Send

from aggregator.catalogue import Build, Catalogue, Prepared
from aggregator.errors import UsageError
from aggregator.render import FORMATS, Format, joined
from aggregator.render.view import Feed
from aggregator.selection import (
    NEWS_LIMIT,
    Filter,
    Span,
    feed_span,
    matching,
    names_nothing,
    newest_first,
    once_a_series,
)
from aggregator.shelf import Entry, Shelf
from aggregator.web import answer, filters, words
from aggregator.web.filters import Query
from aggregator.web.site import Desk, Site, twin

PATHS: Mapping[str, Format] = {f"/events.{extension}": form for extension, form in FORMATS.items()}

_REFRESH, _DEAD_REFRESH = 1, 168  # hours between polls; a filter that names nothing is asked for once a week
_REMEMBERED = 4096  # parsed queries and header lists kept; beyond, all are dropped and made again (E08)


@dataclass(frozen=True, slots=True)
class _Known:
    """One feed that was asked for, and how it is built."""

    site: Site
    form: Format
    query: Query
    key: tuple[str, str, str]


class Feeds:
    """Answers the paths of `PATHS`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[tuple[str, bytes], _Known] = {}

    async def __call__(self, scope: Scope, question: answer.Asked, send: Send) -> None:
        """Answer one request whose path is in `PATHS`."""
        method = scope["method"]
        if method not in ("GET", "HEAD"):
            await _refuse_method(method, send)
            return
        try:
            known = self._parse(scope["path"], scope["query_string"])
        except UsageError as wrong:
            status = 414 if len(scope["query_string"]) > filters.LONGEST_QUERY else 400
            await sent(send, status, answer.error_headers(dict(answer.OPEN)), f"{wrong}\n".encode())
            return
        prepared = await self._prepared(known)
        status, headers, body = answer.choose(prepared, self._faces(known, prepared), question)
        await sent(send, status, headers, b"" if method == "HEAD" else body)

    def instant(self, path: str, raw: bytes, method: str, question: answer.Asked) -> tuple[int, bytes, bytes] | None:
        """As `__call__`, if the feed was asked for before and its bytes are ready: status, header lines, body."""
        known = self._known.get((path, raw))
        if known is None or known.site is not self._desk.site:
            return None
        prepared = self._desk.catalogue.current(known.key, self._desk.today())
        if prepared is None:
            return None
        status, headers, body = answer.choose(prepared, self._faces(known, prepared), question)
        lines: bytes | None = prepared.derived.get(id(headers))
        if lines is None:
            lines = prepared.derived[id(headers)] = b"".join([b"%s: %s\r\n" % pair for pair in headers])
        return status, lines, b"" if method == "HEAD" else body

    async def _prepared(self, known: _Known) -> Prepared:
        desk, today = self._desk, self._desk.today()
        build = feed(known.site, desk.catalogue, known.form, known.query, today)
        return await desk.catalogue.prepared(known.key, today, build)

    def _faces(self, known: _Known, prepared: Prepared) -> answer.Faces:
        look: answer.Faces | None = prepared.derived.get("faces")
        if look is None:
            extra = [*answer.OPEN, answer.disposition(known.site.name, known.form.extension)]
            look = prepared.derived["faces"] = answer.faces(prepared, known.form.content_type, extra)
        return look

    def _parse(self, path: str, raw: bytes) -> _Known:
        site = self._desk.site
        known = self._known.get((path, raw))
        if known is None or known.site is not site:
            form = PATHS[path]
            query = _plain(filters.parse(raw.decode("latin-1"), language=site.language), form, site)
            if len(self._known) >= _REMEMBERED:
                self._known = {}
            known = _Known(site, form, query, ("feed", form.extension, query.canonical))
            self._known[path, raw] = known
        return known


def feed(site: Site, catalogue: Catalogue, form: Format, query: Query, today: date) -> Build:
    """How the bytes of a feed are made from a shelf."""

    def build(shelf: Shelf) -> bytes:
        wanted, span = query.filter, feed_span(query.filter, today)
        told = matching(shelf, wanted, span)
        held = chosen(form, wanted, [entry for entry in told if entry.shown], today)
        texts = catalogue.texts(form, site.view(query.language, wanted.cancelled), held)
        left = _withdrawn(form, wanted, told, today) + _passed(shelf, wanted, span, today)
        dead = not held and bool(wanted.ids) and names_nothing(shelf, wanted)
        around = _around(site, form, query, shelf.labels, _newest([*held, *left]), _DEAD_REFRESH if dead else _REFRESH)
        return joined(form, around, texts).encode()

    return build


def chosen(form: Format, wanted: Filter, entries: Sequence[Entry], today: date) -> Sequence[Entry]:
    """The entries of a feed as the format tells them: each series once where asked, in its order, within its limit."""
    if (wanted.dates or _dates(form)) == "next":
        entries = once_a_series(entries, today)
    if form.news:
        entries = newest_first(entries)
    return entries[: wanted.limit or (NEWS_LIMIT if form.news else None)]


def _dates(form: Format) -> str:
    """How a series is told where nobody asks."""
    return "next" if form.news else "all"


def _plain(query: Query, form: Format, site: Site) -> Query:
    """The query without what this format does anyway: asked for or not, it is one feed."""
    if query.filter.dates != _dates(form):
        return query
    wanted = replace(query.filter, dates=None)
    return replace(query, filter=wanted, canonical=filters.canonical(wanted, query.language, site.language))


async def sent(send: Send, status: int, headers: Sequence[answer.Header], body: bytes) -> None:
    """One whole answer."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _withdrawn(form: Format, wanted: Filter, told: Sequence[Entry], today: date) -> list[Entry]:
    """What the feed would hold, were it not withdrawn: its end is a change of the feeds that held it, and no other."""
    if all(entry.shown for entry in told):
        return []
    return [entry for entry in chosen(form, wanted, told, today) if not entry.shown]


def _passed(shelf: Shelf, wanted: Filter, span: Span, today: date) -> list[Entry]:
    """What left the feed by the passing of days, if it changed while it was in: its change is the feed's."""
    if wanted.first is not None or wanted.days is not None or span.first is None:
        return []
    before = matching(shelf, wanted, Span(None, span.first - 1))
    kept = today.toordinal() - span.first  # days that an event stays in the feed after its last
    return [e for e in before if e.last < span.first and e.event.changed.toordinal() <= e.last + kept]


def _newest(entries: Sequence[Entry]) -> datetime | None:
    return max((entry.event.changed for entry in entries), default=None)


def _around(
    site: Site, form: Format, query: Query, labels: Mapping[str, str], changed: datetime | None, refresh: int
) -> Feed:
    path = f"/events.{form.extension}"
    page = site.base + twin("/", query.language)
    shown = filters.canonical(query.filter)
    label = words.filter_label(query.filter, site, query.language, labels)
    limit = query.filter.limit or (NEWS_LIMIT if form.news else None)
    return Feed(
        name=f"{site.name}: {label}" if label else site.name,
        description=words.feed_description(site, query.language, limit, news=form.news),
        address=f"{site.base}{path}?{query.canonical}" if query.canonical else site.base + path,
        page=f"{page}?{shown}" if shown else page,
        language=query.language,
        zone=site.zone,
        changed=changed,
        refresh=refresh,
    )


async def _refuse_method(method: str, send: Send) -> None:
    """405, or for OPTIONS what may be asked, also from other origins."""
    if method == "OPTIONS":
        allowed = [
            (b"allow", answer.METHODS),
            (b"access-control-allow-methods", answer.METHODS),
            (b"access-control-allow-headers", b"If-None-Match, If-Modified-Since"),
            (b"access-control-max-age", b"86400"),
        ]
        await sent(send, 204, [*answer.OPEN, *allowed], b"")
        return
    headers = answer.error_headers({b"allow": answer.METHODS, **dict(answer.OPEN)})
    await sent(send, 405, headers, b"This address can only be read: GET or HEAD.\n")
