"""A real HTTP(S) server on loopback for tests: answers by path, scripted or as files, and counts what comes.

It runs in a thread of its own, so that sync tests, async tests and child processes all can ask it. It speaks
only as much HTTP as a test needs: one request a connection, then close. It knows nothing of the program.

    with Loopback() as site:
        site.file("/a.ics", b"BEGIN:VCALENDAR…")     # ETag, Last-Modified, 304
        site.page("/gone", b"", status=410)          # any status and headers
        site.raw("/half", b"HTTP/1.1 200 OK…")       # exactly these bytes, one answer a request, the last repeats
        site.script("/slow", handler)                # async handler(asked, writer)
        site.url("/a.ics"), site.authority, site.hits("/a.ics"), site.connections
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Self

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
CALENDAR = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


Handler = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


def answer(status: int = 200, body: bytes = b"", headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """The bytes of a plain, complete answer."""
    lines = [f"HTTP/1.1 {status} Status"]
    lines += [f"{name}: {value}" for name, value in headers]
    lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


class Loopback:
    """The server; a context manager. `busiest` is the largest number of requests that were open at once."""

    def __init__(self, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.host = host
        self.port = 0
        self.connections = 0
        self.busiest = 0
        self.asked: list[Asked] = []
        self._tls = tls
        self._open = 0
        self._handlers: dict[str, Handler] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="loopback", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @property
    def authority(self) -> str:
        """`host:port`, as it stands in an address."""
        return f"{self.host}:{self.port}"

    def url(self, path: str = "/") -> str:
        """The address of a path on this server."""
        return f"{'https' if self._tls else 'http'}://{self.authority}{path}"

    def hits(self, path: str) -> int:
        """How many requests asked for this path."""
        return sum(asked.path == path for asked in self.asked)

    def last(self, path: str) -> Asked:
        """The newest request for this path."""
        return next(asked for asked in reversed(self.asked) if asked.path == path)

    def script(self, path: str, handler: Handler) -> None:
        """Let `handler` write the answer; the connection is closed when it returns."""
        self._handlers[path] = handler

    def raw(self, path: str, *answers: bytes) -> None:
        """Send exactly these bytes and close: one answer a request, the last one for all that follow."""
        left = list(answers)

        async def handler(asked: Asked, writer: asyncio.StreamWriter) -> None:
            writer.write(left.pop(0) if len(left) > 1 else left[0])

        self.script(path, handler)

    def page(self, path: str, body: bytes, *, status: int = 200, content_type: str = CALENDAR, **headers: str) -> None:
        """A complete answer without validators; `retry_after="5"` becomes `Retry-After: 5`."""
        named = [(name.replace("_", "-").title(), value) for name, value in headers.items()]
        self.raw(path, answer(status, body, [("Content-Type", content_type), *named]))

    def redirect(self, path: str, location: str, *, status: int = 302) -> None:
        """An answer that sends elsewhere."""
        self.page(path, b"elsewhere", status=status, location=location)

    def file(self, path: str, body: bytes, *, content_type: str = CALENDAR, modified: datetime = EPOCH) -> None:
        """A static file with ETag and Last-Modified, answered by 304 to a request that has either."""
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        stamp = format_datetime(modified, usegmt=True)
        validators = [("ETag", etag), ("Last-Modified", stamp), ("Content-Type", content_type)]

        async def handler(asked: Asked, writer: asyncio.StreamWriter) -> None:
            same = asked.headers.get("if-none-match") == etag
            if "if-none-match" not in asked.headers:
                same = asked.headers.get("if-modified-since") == stamp
            writer.write(answer(304, b"", validators) if same else answer(200, body, validators))

        self.script(path, handler)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, self.host, 0, ssl=self._tls, limit=1 << 20)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in self._tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._answer(_asked(await reader.readuntil(b"\r\n\r\n")), writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            writer.close()

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.asked.append(asked)
        self._open += 1
        self.busiest = max(self.busiest, self._open)
        try:
            await self._handlers.get(asked.path, _missing)(asked, writer)
            await writer.drain()
        finally:
            self._open -= 1


async def _missing(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(answer(404, b"nothing here", [("Content-Type", "text/plain")]))


def _asked(head: bytes) -> Asked:
    request, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = request.split(" ", 2)
    pairs = (line.partition(":") for line in lines if line)
    return Asked(method, target, {name.lower(): value.strip() for name, _, value in pairs})
