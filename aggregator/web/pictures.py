"""`/bild/…`: the pictures of events, from our host, for ever the same bytes at one address."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.web import answer
from aggregator.web.respond import desk_of, in_thread

_NAME = re.compile(r"([0-9a-f]{32})(-liten)?\.jpg")
_CACHE = b"public, max-age=31536000, immutable"  # the address names the content


async def picture(request: Request) -> Response:
    """`GET /bild/{name}`: a picture that some event shows. Who has its ETag has its bytes, so a 304 asks nobody."""
    found = _NAME.fullmatch(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    kept: list[answer.Header] = [(b"etag", f'"{found[1]}{found[2] or ""}"'.encode()), (b"cache-control", _CACHE)]
    kept += answer.OPEN
    if answer.has(answer.asked(request.scope["headers"]), kept[0][1]):
        return _response(304, kept, b"")
    body = await in_thread(desk_of(request).store.picture, found[1], found[2] is not None)
    if body is None:
        raise HTTPException(404)
    told = [
        (b"content-type", b"image/jpeg"),
        (b"content-length", b"%d" % len(body)),
        (b"content-security-policy", answer.DATA_POLICY),
        (b"cross-origin-resource-policy", b"cross-origin"),
    ]
    return _response(200, [*kept, *told], b"" if request.method == "HEAD" else body)


def _response(status: int, headers: list[answer.Header], body: bytes) -> Response:
    response = Response(body, status)
    response.raw_headers = headers
    return response


ROUTES = [Route("/bild/{name:str}", picture)]
