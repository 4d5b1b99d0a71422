"""An answer that goes on: further pages of a list, event pages that it only names. Bounded; reads nothing itself."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from aggregator import readers
from aggregator.errors import FetchError, ReadError
from aggregator.fetch import Fetched
from aggregator.kit import Kit
from aggregator.model import Context, Problem, Reading

MOST_PAGES = 50  # of one list: 5,000 events at the usual hundred a page
MOST_FOLLOWED = 200  # event pages of one site map


async def gathered(kit: Kit, reading: Reading, context: Context, known: Mapping[str, str]) -> Reading:
    """The reading with what its further pages hold. A page that fails makes the whole damaged: nothing is removed."""
    seen = {context.url}
    queue = [*([reading.next_url] if reading.next_url else []), *reading.follow]
    pages = followed = 0
    whole = reading
    while queue:
        url = queue.pop(0)
        is_next = url == whole.next_url
        if url in seen:
            continue
        seen.add(url)
        pages, followed = pages + is_next, followed + (not is_next)
        if pages > MOST_PAGES or followed > MOST_FOLLOWED:
            return replace(whole, damaged=True, problems=(*whole.problems, Problem("too-many-pages", url)))
        page = await _page(kit, url, context, known)
        whole = _joined(whole, page, url)
        if is_next and isinstance(page, Reading) and page.next_url:
            queue.insert(0, page.next_url)
    return whole


async def _page(kit: Kit, url: str, context: Context, known: Mapping[str, str]) -> Reading | Exception:
    try:
        answer = await kit.fetcher.fetch(url, interval=context.source.interval)
        if not isinstance(answer, Fetched):
            return ReadError("the page answered that nothing changed, which nobody asked")
        await asyncio.to_thread(kit.ledger.keep_snapshot, answer.body, answer.content_type, answer.url, context.now)
        here = replace(context, url=answer.url, content_type=answer.content_type)
        return await asyncio.to_thread(readers.read_answer, kit.sandbox, answer.body, here, known)
    except (FetchError, ReadError) as error:
        return error


def _joined(whole: Reading, page: Reading | Exception, url: str) -> Reading:
    if not isinstance(page, Reading):
        return replace(
            whole, damaged=True, next_url=None, problems=(*whole.problems, Problem("page-failed", url, str(page)))
        )
    return replace(
        whole,
        chunks=(*whole.chunks, *page.chunks),
        problems=(*whole.problems, *page.problems),
        damaged=whole.damaged or page.damaged,
        suggestions=(*whole.suggestions, *page.suggestions),
        counts=whole.counts + page.counts,
        next_url=page.next_url,
    )
