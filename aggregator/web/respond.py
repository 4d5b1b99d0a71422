"""Prepared answers for routes: the glue between Starlette's requests and `answer`. Decides nothing of content."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from aggregator.catalogue import Build, Prepared
from aggregator.render.jsonld import dumps
from aggregator.web import answer
from aggregator.web.site import Desk

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


def desk_of(request: Request) -> Desk:
    """The desk of the application."""
    desk: Desk = request.app.state.desk
    return desk


async def ready(
    request: Request,
    key: Hashable,
    content_type: str,
    build: Build,
    *,
    cache: bytes,
    policy: bytes,
    extra: Sequence[answer.Header] = (),
    at: date | None = None,
) -> Response:
    """An answer that depends on version, key and local date alone; or on a quarter of an hour, which is then `at`."""
    desk = desk_of(request)
    prepared = await desk.catalogue.prepared(key, at or desk.today(), build)
    return reply(request, prepared, content_type, cache=cache, policy=policy, extra=extra)


async def fresh(
    request: Request,
    content_type: str,
    build: Build,
    *,
    cache: bytes,
    policy: bytes,
    extra: Sequence[answer.Header] = (),
) -> Response:
    """An answer that is made for each request, since it tells more than a version fixes."""
    desk = desk_of(request)
    prepared = await desk.catalogue.made(desk.today(), build)
    return reply(request, prepared, content_type, cache=cache, policy=policy, extra=extra)


def reply(
    request: Request,
    prepared: Prepared,
    content_type: str,
    *,
    cache: bytes,
    policy: bytes,
    extra: Sequence[answer.Header] = (),
    status: int = 200,
) -> Response:
    """Prepared bytes as a response to this request."""
    look = answer.faces(prepared, content_type, extra, cache=cache, policy=policy)
    code, headers, body = answer.choose(prepared, look, answer.asked(request.scope["headers"]))
    response = Response(b"" if request.method == "HEAD" else body, status if code == 200 else code)
    response.raw_headers = list(headers)
    return response


async def in_thread(work: Callable[..., Any], *args: Any) -> Any:
    """What the store answers, asked in a thread."""
    return await asyncio.to_thread(work, *args)


def encoded(value: Any) -> bytes:
    """A value as JSON bytes."""
    return (dumps(value) + "\n").encode()
