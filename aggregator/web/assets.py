"""Style, script and pictures of our own, read once at start and named by their content in every link."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib.resources import files

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.catalogue import Prepared
from aggregator.web import answer
from aggregator.web.respond import reply

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_FOR_EVER = b"public, max-age=31536000, immutable"  # the link names the content
_AN_HOUR = b"public, max-age=3600, stale-if-error=604800"
_COMMENT, _ROOM = re.compile(rb"/\*.*?\*/", re.DOTALL), re.compile(rb"\s*([{};,])\s*")
_BUILT = datetime(2026, 1, 1, tzinfo=UTC)  # files of a package have no date that means anything


def load() -> dict[str, Prepared]:
    """Every file of `static/` by its name."""
    folder = files("aggregator.web") / "static"
    found = {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}
    return {name: _prepared(tight(body) if name.endswith(".css") else body) for name, body in found.items()}


def link(assets: Mapping[str, Prepared], name: str) -> str:
    """The address of a file, which changes with its content."""
    return f"/static/{name}?v={assets[name].etag[1:13]}"


async def static(request: Request) -> Response:
    """`GET /static/{name}`."""
    name = request.path_params["name"]
    prepared = request.app.state.assets.get(name)
    if prepared is None:
        raise HTTPException(404)
    cache = _FOR_EVER if request.query_params.get("v") == prepared.etag[1:13] else _AN_HOUR
    return send(request, prepared, name, cache)


def send(request: Request, prepared: Prepared, name: str, cache: bytes = _AN_HOUR) -> Response:
    """A file of ours; other pages may load it."""
    kind = _TYPES[name.rpartition(".")[2]]
    extra = [*answer.OPEN, (b"cross-origin-resource-policy", b"cross-origin")]
    return reply(request, prepared, kind, cache=cache, policy=answer.DATA_POLICY, extra=extra)


def tight(css: bytes) -> bytes:
    """A style without its comments and the spaces that people read it by."""
    return _ROOM.sub(rb"\1", _COMMENT.sub(b"", css)).strip()


def _prepared(body: bytes) -> Prepared:
    tag = hashlib.sha256(body).hexdigest()[:32]
    packed = gzip.compress(body, 9, mtime=0)
    return Prepared(0, date(2026, 1, 1), _BUILT, body, packed, f'"{tag}"', f'"{tag}-gzip"')


ROUTES = [Route("/static/{name:str}", static)]
