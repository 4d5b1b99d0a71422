"""An answer that goes on: a richer address that a page links to, further pages of a list, event pages of a site map.

Bounded, and polite: event pages are asked only where robots.txt lets us and only if the map or their validators say
that they changed. It reads nothing itself.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from aggregator import editorial, readers
from aggregator.answers import Fetched, NotModified
from aggregator.errors import FetchError, ReadError
from aggregator.kit import Kit
from aggregator.model import Chunk, Context, Linked, Problem, Reading
from aggregator.state import Page

MOST_PAGES = 50  # of one list: 5,000 events at the usual hundred a page
MOST_FOLLOWED = 200  # event pages of one site map
MOST_TRIED = 3  # linked addresses that are tried before the page itself is taken
RICHNESS = {
    "ical": 0,
    "xcal": 0,
    "jsonld": 2,
    "microdata": 3,
    "rdfa": 3,
    "hevent": 3,
    "rss": 4,
    "page": 5,
}  # what is not named is an API: 1
FAILURES = (FetchError, ReadError)


@dataclass(frozen=True, slots=True)
class Whole:
    """All that one source answers. `answer` is that of the address which was chosen, `pages` what was followed.

    `paged`: the answer goes on elsewhere, so that an equal first page says nothing of the rest.
    """

    answer: Fetched
    reading: Reading
    pages: tuple[Page, ...] = ()
    paged: bool = False


async def whole(
    kit: Kit, answer: Fetched, context: Context, known: Mapping[str, str], pages: tuple[Page, ...]
) -> Whole:
    """Read an answer with everything that belongs to it. Raises ReadError where nothing can be read.

    `known` maps chunk keys to stored hashes, `pages` are the event pages followed before.
    """
    reading = await _read(kit, answer, context, known)
    chosen = await _richest(kit, answer, reading, context, known)
    if chosen is not None:
        answer, reading = chosen
        context = replace(context, url=answer.url, content_type=answer.content_type)
    paged = reading.next_url is not None or bool(reading.follow)
    reading = await _listed(kit, reading, context, known)
    reading, followed = await _followed(kit, reading, context, known, pages)
    return Whole(answer, reading, followed, paged)


async def _read(kit: Kit, answer: Fetched, context: Context, known: Mapping[str, str]) -> Reading:
    here = replace(context, url=answer.url, content_type=answer.content_type)
    return await asyncio.to_thread(readers.read_answer, kit.sandbox, answer.body, here, known)


async def _richest(
    kit: Kit, answer: Fetched, reading: Reading, context: Context, known: Mapping[str, str]
) -> tuple[Fetched, Reading] | None:
    """The richest linked address that holds events, if it is richer than what was read; the choice is told."""
    if context.source.format != "auto" or context.source.path is not None:
        return None
    rank = RICHNESS.get(reading.format, 1)
    better = [link for link in reading.linked if RICHNESS.get(link.format, 1) < rank and link.url != answer.url]
    for link in better[:MOST_TRIED]:
        found = await _tried(kit, link, context, known)
        if found is not None:
            return found
    if reading.format == "page" and not reading.chunks:
        raise ReadError("The page has no events, and no address that it links to has any.", code="html-page")
    return None


async def _tried(kit: Kit, link: Linked, context: Context, known: Mapping[str, str]) -> tuple[Fetched, Reading] | None:
    try:
        answer = await _asked(kit, link.url, context)
        reading = await _read(kit, answer, context, known)
    except FAILURES:
        return None
    held = reading.counts.inside + sum(c.counts.inside if c.listings is not None else 1 for c in reading.chunks)
    if not held:
        return None
    told = Problem("chosen-link", detail=link.url, refused=False)
    return answer, replace(reading, problems=(told, *reading.problems))


async def _listed(kit: Kit, reading: Reading, context: Context, known: Mapping[str, str]) -> Reading:
    """The reading with its further pages. A page that fails makes the whole damaged: nothing is removed."""
    seen = {context.url}
    while reading.next_url is not None and reading.next_url not in seen:
        url = reading.next_url
        seen.add(url)
        if len(seen) > MOST_PAGES:
            return _damaged(reading, Problem("too-many-pages", detail=url))
        try:
            page = await _read(kit, await _asked(kit, url, context), context, known)
        except FAILURES as error:
            return _damaged(reading, Problem("page-failed", url, str(error)))
        reading = replace(_joined(reading, page), next_url=page.next_url)
    return await _counted(kit, reading, context) if len(seen) > 1 else reading


async def _counted(kit: Kit, reading: Reading, context: Context) -> Reading:
    """The pages of a list under the rules that ask how often a thing is told on one day: its dates may be on two."""
    raws = {chunk.key: chunk.raw for chunk in reading.chunks if chunk.raw is not None}
    if not editorial.daily(context.source.policy) or len(raws) < len(reading.chunks):
        return reading
    told = await asyncio.to_thread(readers.reread, kit.sandbox, reading.format, raws, context)
    judged = {chunk.key: chunk for chunk in told.chunks}
    return replace(reading, chunks=tuple(replace(judged[chunk.key], hash=chunk.hash) for chunk in reading.chunks))


async def _followed(
    kit: Kit, reading: Reading, context: Context, known: Mapping[str, str], pages: tuple[Page, ...]
) -> tuple[Reading, tuple[Page, ...]]:
    """The reading with the event pages that it names, and what to remember of each."""
    before = {page.url: page for page in pages}
    after: list[Page] = []
    queue, stamps, seen = list(reading.follow), dict(reading.stamps), {context.url}
    while queue and len(seen) <= MOST_FOLLOWED:
        url = queue.pop(0)
        if url in seen:
            continue
        seen.add(url)
        old = before.get(url)
        try:
            found, page = await _event_page(kit, url, stamps.get(url, ""), old, context, known)
        except FAILURES as error:
            reading = _damaged(reading, Problem("page-failed", url, str(error)))
            found, page = (_unread(reading, old, known), old) if old else (None, None)
        if found is not None:
            reading = _joined(reading, found)
            queue += found.follow  # a map of an index names pages of its own
            stamps |= found.stamps
        after += [page] if page and (page.keys or not found or not found.follow) else []
    return reading, tuple(after)


async def _event_page(
    kit: Kit, url: str, stamp: str, old: Page | None, context: Context, known: Mapping[str, str]
) -> tuple[Reading | None, Page | None]:
    """One event page, asked only if it may have changed."""
    empty = Reading(format=context.source.format, coverage=context.source.coverage)
    usable = old is not None and set(old.keys) <= known.keys()
    if old is not None and usable and stamp and stamp == old.stamp:
        return _unread(empty, old, known), old
    if not await kit.fetcher.allowed(url):
        return replace(empty, problems=(Problem("robots", url),)), None
    validators = (old.etag, old.last_modified) if old is not None and usable else (None, None)
    answer = await kit.fetcher.fetch(
        url, etag=validators[0], last_modified=validators[1], interval=context.source.interval
    )
    if isinstance(answer, NotModified):
        return (_unread(empty, old, known), replace(old, stamp=stamp)) if old else (None, None)
    await _kept(kit, answer, context)
    by_content = replace(context, source=replace(context.source, format="auto"))  # the map's format is not the page's
    reading = await _read(kit, answer, by_content, known)
    keys = tuple(chunk.key for chunk in reading.chunks)
    return reading, Page(url, stamp, answer.etag, answer.last_modified, keys)


def _unread(empty: Reading, old: Page, known: Mapping[str, str]) -> Reading:
    """A page as it was: its chunks stand unread."""
    chunks = tuple(Chunk(key=key, hash=known[key]) for key in old.keys if key in known)
    return replace(empty, chunks=chunks, problems=(), follow=(), next_url=None)


async def _asked(kit: Kit, url: str, context: Context) -> Fetched:
    answer = await kit.fetcher.fetch(url, interval=context.source.interval)
    if isinstance(answer, NotModified):
        raise ReadError("The page answered that nothing changed, which nobody asked.", code="not-a-feed")
    await _kept(kit, answer, context)
    return answer


async def _kept(kit: Kit, answer: Fetched, context: Context) -> None:
    if kit.keeps:
        await asyncio.to_thread(kit.ledger.keep_snapshot, answer.body, answer.content_type, answer.url, context.now)


def _damaged(reading: Reading, problem: Problem) -> Reading:
    return replace(reading, damaged=True, next_url=None, problems=(*reading.problems, problem))


def _joined(reading: Reading, page: Reading) -> Reading:
    known = {chunk.key for chunk in reading.chunks}
    return replace(
        reading,
        chunks=(*reading.chunks, *(chunk for chunk in page.chunks if chunk.key not in known)),
        problems=(*reading.problems, *page.problems),
        damaged=reading.damaged or page.damaged,
        counts=reading.counts + page.counts,
    )
