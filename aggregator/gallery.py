"""Bringing pictures: ask, make anew in a child, keep. One process at a time, one picture after the other. No rule.

A picture that can't be had is noted and leaves its event without one; nothing here fails a refresh.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from urllib.parse import urlsplit

import structlog

from aggregator import codec
from aggregator.errors import BadAnswer, EvenemangError, FetchError, LeaseLost, ReadError, StoreError
from aggregator.fetch import Fetched
from aggregator.kit import Kit
from aggregator.pictures import MOST_BYTES, TYPES, Recoded, next_try
from aggregator.store import Lease

AT_ONCE = 50  # pictures of one go; between two goes whoever stops the program is heard
TURN = "/pictures"  # the name of the lease, which no source can have
log = structlog.get_logger()


async def hang(kit: Kit, now: datetime, *, most: int = AT_ONCE) -> int:
    """Bring the pictures that are due; how many were asked for. 0 too where another process is at it."""
    lease = await asyncio.to_thread(kit.ledger.acquire, TURN, kit.holder, kit.clock())
    if lease is None:
        return 0
    try:
        return await _each(kit, lease, await asyncio.to_thread(kit.ledger.pictures.due, now, most), now)
    except LeaseLost:
        return 0
    finally:
        await asyncio.to_thread(kit.ledger.give_back, lease)


async def _each(kit: Kit, lease: Lease, addresses: list[str], now: datetime) -> int:
    silent: set[str | None] = set()  # hosts that did not answer: the others are not kept waiting for them
    asked = 0
    for address in addresses:
        host = urlsplit(address).hostname
        if host not in silent:
            asked += 1
            await asyncio.to_thread(kit.ledger.extend, lease, kit.clock())
            if not await _one(kit, lease, address, now):
                silent.add(host)
    return asked


async def _one(kit: Kit, lease: Lease, address: str, now: datetime) -> bool:
    """Bring one picture, or note why not; False where its host is silent."""
    try:
        made = await _made(kit, address)
        await asyncio.to_thread(kit.ledger.pictures.keep, address, made, lease, now)
    except StoreError:
        raise
    except Exception as error:
        if not isinstance(error, EvenemangError):
            log.exception("picture.unexpected", address=address)
        known = error if isinstance(error, EvenemangError) else EvenemangError("an unexpected error")
        await asyncio.to_thread(_failed, kit, lease, address, known, now)
        return not (isinstance(error, FetchError) and error.status is None)  # it did not get as far as an answer
    return True


async def _made(kit: Kit, address: str) -> Recoded:
    answer = await kit.fetcher.fetch(address, limit=MOST_BYTES, accept=TYPES)
    if not isinstance(answer, Fetched):
        raise BadAnswer("nothing new was asked for", url=address)
    said = await asyncio.to_thread(kit.sandbox.run, "picture", "", answer.body)
    try:
        return codec.loads(Recoded, said)
    except (ValueError, TypeError, KeyError) as error:
        raise ReadError("The reader gave an answer without meaning.", code="picture") from error


def _failed(kit: Kit, lease: Lease, address: str, error: EvenemangError, now: datetime) -> None:
    failures = kit.ledger.pictures.failures(address) + 1
    kit.ledger.pictures.fail(address, str(error), next_try(failures, error, now), lease, now)
