"""A real mail server on loopback, that keeps what it gets and can be told to misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session


class Box:
    """The handler: keeps envelopes; `answers` are what RCPT and DATA reply instead, by command, one after the other."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.answers: dict[str, list[str]] = {}
        self.taken: Callable[[], None] | None = None

    async def handle_RCPT(
        self, server: Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("RCPT")
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:
        answer = self._answer("DATA")
        if answer is None:
            self.envelopes.append(envelope)
            if self.taken is not None:
                self.taken()
        return answer or "250 OK"

    @property
    def messages(self) -> list[EmailMessage]:
        """What arrived, read again."""
        found = (message_from_bytes(e.original_content or b"", policy=default) for e in self.envelopes)
        return [message for message in found if isinstance(message, EmailMessage)]

    def _answer(self, command: str) -> str | None:
        planned = self.answers.get(command, [])
        return planned.pop(0) if planned else None


class _Loopback(Controller):
    """A controller that listens on any free port."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd leaves it unannotated


class Mailbox:
    """The server: `with Mailbox() as server`. `tls` offers STARTTLS; `login` asks for that user and password.

    `told` holds what it was given for a login, under TLS or not.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None) -> None:
        self.box = Box()
        self.told: list[tuple[str, str] | None] = []
        options: dict[str, Any] = {"tls_context": tls} if tls else {}
        if login:  # aiosmtpd warns of one that must log in without TLS; one that may is what an attacker would offer
            must = tls is not None
            options |= {"authenticator": self._checked(login), "auth_required": must, "auth_require_tls": must}
        self._controller = _Loopback(self.box, hostname="127.0.0.1", port=0, **options)

    @property
    def url(self) -> str:
        """Its address, as the setting takes it."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        port: int = self._controller.port
        return port

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._controller.stop()

    def _checked(self, login: tuple[str, str]) -> Callable[..., AuthResult]:
        def checked(server: Server, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
            given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
            self.told.append(given)
            return AuthResult(success=given == login, handled=False)

        return checked


Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def speaking(script: Script) -> AsyncIterator[int]:
    """A server that speaks by a script; its port."""
    running: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await script(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
