"""Hands letters to a mail server (RFC 5321). It keeps no queue: see `store.outbox` for that, and `jobs.postman`.

`smtps://` speaks TLS from the first byte. `smtp://` changes to it by STARTTLS: always where a password is to be sent,
else where the server offers it. A certificate is checked with `smtps://`, and wherever a password is sent.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from aggregator.errors import MailError
from aggregator.mailbox import mailbox
from aggregator.settings import Settings
from aggregator.store.outbox import Posted
from aggregator.text import typed

STEP = 20.0  # seconds for one step of the conversation
WHOLE = 60.0  # seconds for one letter: a server that gives a byte a second does not hold the others up
_LONGEST_REPLY = 300
_FAREWELL = 2.0
_FOR_GOOD = range(500, 600)
_CLOSING = 421


@dataclass(frozen=True, slots=True)
class Server:
    """The mail server that a setting names."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who letters come from: an address, the name beside it, and where answers go if elsewhere."""

    address: str
    name: str
    answers: str | None = None


def server_of(url: str) -> Server:
    """The server of `smtp://user:password@host:port` or `smtps://…`."""
    parts = urlsplit(url)
    tls, user = parts.scheme == "smtps", unquote(parts.username or "")
    port = parts.port or (465 if tls else 587 if user else 25)
    return Server(parts.hostname or "", port, tls, user, unquote(parts.password or ""))


def sender_of(settings: Settings, town: str) -> Sender:
    """The address that is set; else the contact, the mail account, or one made of the public host's name."""
    contact = mailbox(settings.contact or "")
    user = mailbox(server_of(settings.smtp_url.get_secret_value()).user) if settings.smtp_url else None
    host = urlsplit(settings.base_url).hostname or "localhost"
    address = settings.mail_from or contact or user or f"evenemang@{host}"
    return Sender(address, town, contact if contact != address else None)


def message(posted: Posted, sender: Sender) -> EmailMessage:
    """A letter as it is sent. Equal letters are equal messages: its id tells a mailbox that it has it already."""
    letter = posted.letter
    if mailbox(letter.recipient) != letter.recipient:
        raise MailError("the letter has no mail address on it", permanent=True)
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(sender.name, addr_spec=sender.address)
    made["To"] = Address(addr_spec=letter.recipient)
    if sender.answers:
        made["Reply-To"] = Address(addr_spec=sender.answers)
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(posted.created)
    made["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:32]}@{sender.address.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice is wanted
    made.set_content(letter.plain)
    made.add_alternative(letter.html, subtype="html")
    made["Content-Language"] = letter.language
    return made


class Mailer:
    """Knows the server and the sender. `trust` is what certificates are checked against; None: the machine's roots.

    `step` and `whole` are the seconds for one step and for all of a conversation.
    """

    def __init__(
        self,
        server: Server,
        sender: Sender,
        trust: ssl.SSLContext | None = None,
        *,
        step: float = STEP,
        whole: float = WHOLE,
    ) -> None:
        self._server = server
        self._sender = sender
        self._trust = trust
        self._step = step
        self._whole = whole

    async def send(self, posted: Posted) -> None:
        """Hand one letter over. Raises MailError: `permanent` for good, `server` where no letter gets through now."""
        made = message(posted, self._sender)
        server = self._connection()
        try:
            with _told():
                async with asyncio.timeout(self._whole):
                    await self._carried(server, posted.letter.recipient, made)
            # The letter is the server's now: what happens at the farewell must not have it sent again.
            with suppress(aiosmtplib.SMTPException, OSError):
                await server.quit(timeout=_FAREWELL)
        finally:
            server.close()

    async def _carried(self, server: aiosmtplib.SMTP, recipient: str, made: EmailMessage) -> None:
        try:
            await server.connect()
        except aiosmtplib.SMTPException as error:
            raise _Unreachable from error
        await server.sendmail(self._sender.address, [recipient], made.as_bytes())

    def _connection(self) -> aiosmtplib.SMTP:
        to = self._server
        return aiosmtplib.SMTP(
            hostname=to.host,
            port=to.port,
            username=to.user or None,
            password=to.password or None,
            use_tls=to.tls,
            start_tls=None if to.tls or not to.user else True,
            tls_context=self._trust or _roots(checked=to.tls or bool(to.user)),
            local_hostname=self._sender.address.rpartition("@")[2],
            timeout=self._step,
        )


def _roots(*, checked: bool) -> ssl.SSLContext:
    """What certificates are held to; unchecked ones still keep who only listens out."""
    context = ssl.create_default_context()
    if not checked:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class _Unreachable(Exception):
    """What went wrong, its cause, went wrong before any letter was spoken of."""


@contextmanager
def _told() -> Iterator[None]:
    """What can go wrong, as one sentence and whose fault it is."""
    try:
        yield
    except _Unreachable as error:
        raise MailError(f"the mail server takes no letters now: {_words(error.__cause__)}", server=True) from error
    except aiosmtplib.SMTPRecipientsRefused as error:
        first = error.recipients[0]
        raise MailError(f"refused: {_words(first)}", permanent=first.code in _FOR_GOOD) from error
    except aiosmtplib.SMTPResponseException as error:
        # The sender is the same for all letters; 421 shuts the connection (RFC 5321 4.2.3).
        away = isinstance(error, aiosmtplib.SMTPSenderRefused) or error.code == _CLOSING
        raise MailError(
            f"refused: {_words(error)}", permanent=error.code in _FOR_GOOD and not away, server=away
        ) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise MailError(f"the mail server fell silent: {_words(error)}", server=True) from error


def _words(error: BaseException | None) -> str:
    """What the server said, or else what befell us."""
    code = (
        f"{error.code} "
        if isinstance(error, aiosmtplib.SMTPResponseException | aiosmtplib.SMTPRecipientRefused)
        else ""
    )
    message = error.message if isinstance(error, aiosmtplib.SMTPException) else str(error or "")
    return typed(f"{code}{message}", lines=False)[:_LONGEST_REPLY] or "no answer in time"
