"""The outermost door: which host was asked, how long the address is, and the feeds. Pure ASGI.

A request that names another host than ours gets nothing (F16): no link is ever made from what a request says,
and a shared cache can't be made to keep an answer for another name. Everything but the feeds goes on to the routes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.errors import EvenemangError
from aggregator.web import answer
from aggregator.web.errors import too_large
from aggregator.web.feeds import PATHS, Feeds, sent
from aggregator.web.respond import JSON, encoded
from aggregator.web.site import Desk

_LONGEST_PATH = 1024
_LONGEST_QUERY = 8192  # of any page; feeds and API ask for less
_REMEMBERED = 256
MAX_BODY = 2**20  # octets of a request's body; the largest form is far below (F21)


class Gate:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._feeds = Feeds(desk)
        self._good: set[bytes] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        question = answer.asked(scope["headers"])
        if not self._ours(question.hosts, scope["http_version"]):
            await _refuse(scope, send, 400, "This host name is not served here.")
        elif scope["path"] in PATHS:
            await self._feed(scope, question, send)
        elif len(scope["path"]) > _LONGEST_PATH or len(scope["query_string"]) > _LONGEST_QUERY:
            await _refuse(scope, send, 414, "The address is too long.")
        elif question.length > MAX_BODY:
            await too_large(Request(scope))(scope, receive, _guarded(send))
        else:
            await self._app(scope, receive, _guarded(send))

    def instant(self, scope: Mapping[str, Any]) -> tuple[int, bytes, bytes] | None:
        """Status, header lines and body for a poll whose answer is ready, else None. It asks nobody and never waits."""
        if scope["path"] not in PATHS or scope["method"] not in ("GET", "HEAD"):
            return None
        question = answer.asked(scope["headers"])
        if question.body or not self._ours(question.hosts, scope["http_version"]):
            return None
        return self._feeds.instant(scope["path"], scope["query_string"], scope["method"], question)

    async def _feed(self, scope: Scope, question: answer.Asked, send: Send) -> None:
        """A feed; where it can't be made, a sentence that nobody keeps."""
        try:
            await self._feeds(scope, question, send)
        except EvenemangError:
            headers = answer.error_headers({b"retry-after": b"30", **dict(answer.OPEN)})
            await sent(send, 503, headers, b"The calendar can't be read just now.\n")
        except Exception as error:
            self._desk.catalogue.report("", scope["path"], error)
            headers = answer.error_headers(dict(answer.OPEN))
            await sent(send, 500, headers, b"Something went wrong here. It has been noted.\n")

    def _ours(self, hosts: tuple[bytes, ...], version: str) -> bool:
        """One Host, of ours; HTTP/1.0 may send none (RFC 9112 3.2). Ports do not matter."""
        if len(hosts) != 1:
            return not hosts and version == "1.0"
        if hosts[0] in self._good:
            return True
        name = hosts[0].decode("latin-1").lower()
        plain = name[: name.index("]") + 1] if name.startswith("[") and "]" in name else name.partition(":")[0]
        if plain.rstrip(".") not in self._desk.site.hosts:
            return False
        if len(self._good) < _REMEMBERED:
            self._good.add(hosts[0])
        return True


def _guarded(send: Send) -> Send:
    """`send` that lets no answer out without what every answer has; an error is never kept (E15)."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            names = {name for name, _ in headers}
            headers += [pair for pair in answer.SAFE if pair[0] not in names]
            if b"cache-control" not in names:
                headers.append((b"cache-control", b"no-store"))
            if b"content-security-policy" not in names:
                headers.append((b"content-security-policy", answer.POLICY))
            message = {**message, "headers": headers}
        await send(message)

    return guarded


async def _refuse(scope: Scope, send: Send, status: int, sentence: str) -> None:
    """A sentence, in the form in which the address tells its errors."""
    if not scope["path"].startswith("/api/"):
        await sent(send, status, answer.error_headers(), f"{sentence}\n".encode())
        return
    headers = answer.error_headers(dict(answer.OPEN))
    await sent(send, status, [(b"content-type", JSON.encode()), *headers[1:]], encoded({"error": sentence}))
