"""Carries letters from the outbox to the mail server, beside the web and the workers. It holds no rule: see `postage`.

Several may run, in as many processes: who takes a letter has it alone for `HAND`. One that was killed after the server
took a letter and before that was written down leaves it to be sent again, with the same Message-ID.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

import structlog

from aggregator import postage
from aggregator.compose import Program
from aggregator.errors import EvenemangError, MailError
from aggregator.mail import Mailer, sender_of, server_of
from aggregator.settings import Clock
from aggregator.store.outbox import HANDFUL, Outbox, Posted

LOOK = 5.0  # seconds between two looks at the outbox
LONGEST_REST = 600.0  # seconds, while no letter gets through
log = structlog.get_logger()

Send = Callable[[Posted], Awaitable[None]]


class Postman:
    """Owns the round of one process. `chance` gives a number from 0 to 1."""

    def __init__(self, outbox: Outbox, send: Send, clock: Clock, chance: Callable[[], float]) -> None:
        self._outbox = outbox
        self._send = send
        self._clock = clock
        self._chance = chance
        self._rest = LOOK

    async def run(self, stop: asyncio.Event) -> None:
        """Carry what is due until `stop` is set; what is being handed over then is given up, and sent again later."""
        rounds = asyncio.create_task(self._rounds(stop))
        await stop.wait()
        rounds.cancel()
        with suppress(asyncio.CancelledError):
            await rounds

    async def look(self) -> float:
        """Carry what is due now; the seconds until the next look. No error of one look ends the postman."""
        try:
            letters = await asyncio.to_thread(self._outbox.due, self._clock())
            for posted in letters:
                if not await self._carry(posted):
                    self._rest = min(self._rest * 2, LONGEST_REST)
                    return self._rest * (0.75 + self._chance() / 2)
            self._rest = LOOK
            if len(letters) == HANDFUL:
                return 0.0  # there are more
        except EvenemangError as error:
            log.error("postman.look_failed", error=str(error))
        except Exception:
            log.exception("postman.look_failed")
        return LOOK

    async def _rounds(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            rest = await self.look()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), rest)

    async def _carry(self, posted: Posted) -> bool:
        """Hand one letter over; False where the server takes none now."""
        now = self._clock()
        if not await asyncio.to_thread(self._outbox.claim, posted, now + postage.HAND):
            return True
        try:
            await self._send(posted)
        except MailError as error:
            await self._failed(posted, error, now)
            return not error.server
        await asyncio.to_thread(self._outbox.sent, posted.id, self._clock())
        log.info("mail.sent", letter=posted.id, kind=posted.letter.kind)
        return True

    async def _failed(self, posted: Posted, error: MailError, now: datetime) -> None:
        next = postage.again(posted.created, posted.tries + 1, now, self._chance(), permanent=error.permanent)
        await asyncio.to_thread(self._outbox.failed, posted.id, str(error), next)
        # The sentence of the server may name the recipient: it stands in the outbox, not in the log.
        log.warning(
            "mail.failed", letter=posted.id, kind=posted.letter.kind, given_up=next is None, server=error.server
        )


async def deliver(program: Program, chance: Callable[[], float], stop: asyncio.Event) -> None:
    """Run a postman if there is a mail server; without one, letters stay in the outbox for staff to read."""
    url = program.settings.smtp_url
    if url is None:
        return
    mailer = Mailer(server_of(url.get_secret_value()), sender_of(program.settings, program.config.calendar.name))
    await Postman(program.store.outbox, mailer.send, program.clock, chance).run(stop)
