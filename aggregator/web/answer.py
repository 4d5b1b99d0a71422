"""Prepared bytes as an HTTP answer: conditions, codings and headers of RFC 9110 and 9111. Pure ASGI, no framework.

It reads no store, and an answer costs a few dictionary look-ups: this is what every poll pays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote

from aggregator.catalogue import Prepared
from aggregator.slugs import slug

Header = tuple[bytes, bytes]

POLLED = b"public, max-age=900, stale-while-revalidate=86400, stale-if-error=604800"
PAGE = b"public, max-age=60, stale-while-revalidate=600"
METHODS = b"GET, HEAD, OPTIONS"
OPEN: tuple[Header, ...] = ((b"access-control-allow-origin", b"*"),)
SAFE: tuple[Header, ...] = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
# No inline script or style, nothing from other hosts, no frame but for embeds, which say so themselves (F01, F11).
POLICY = (
    b"default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    b"form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'none'"
)

DATA_POLICY = b"default-src 'none'; frame-ancestors 'none'"

_WITH_BODY = (b"content-length", b"transfer-encoding", b"expect", b"upgrade")
_TAG = re.compile(rb'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_LONGEST_LIST = 1000  # octets of Accept-Encoding that are looked at


@dataclass(frozen=True, slots=True)
class Asked:
    """The headers of a request that decide the answer; empty where absent. Several of one name are joined."""

    none_match: bytes = b""
    since: bytes = b""
    encoding: bytes = b""
    hosts: tuple[bytes, ...] = ()
    body: bool = False  # whether one follows
    length: int = 0  # octets of the body, as far as they are told


@dataclass(frozen=True, slots=True)
class Faces:
    """The four header lists of one prepared answer, worked out once: full and 304, identity and gzip."""

    plain: list[Header]
    packed: list[Header]
    plain_304: list[Header]
    packed_304: list[Header]


def asked(headers: Iterable[Header]) -> Asked:
    """What of a request's headers matters here."""
    none_match = since = encoding = b""
    hosts: tuple[bytes, ...] = ()
    body, length = False, 0
    for name, value in headers:
        if name == b"if-none-match":
            none_match = none_match + b"," + value if none_match else value
        elif name == b"accept-encoding":
            encoding = encoding + b"," + value if encoding else value
        elif name == b"if-modified-since":
            since = value
        elif name == b"host":
            hosts += (value,)
        elif name in _WITH_BODY:
            body = True
            length = max(length, int(value[:18])) if name == b"content-length" and value.isdigit() else length
    return Asked(none_match, since, encoding, hosts, body, length)


def faces(
    prepared: Prepared,
    content_type: str,
    extra: Sequence[Header],
    *,
    cache: bytes = POLLED,
    policy: bytes = DATA_POLICY,
) -> Faces:
    """The header lists of an answer. A 304 has what a cache needs to keep its copy (RFC 9110 15.4.5), and no more."""
    again = [
        (b"cache-control", cache),
        (b"vary", b"Accept-Encoding"),
        (b"last-modified", http_date(prepared.modified)),
        *[pair for pair in extra if pair in OPEN],
    ]
    told = [pair for pair in extra if pair not in OPEN]
    full = [(b"content-type", content_type.encode()), *again, (b"content-security-policy", policy), *SAFE, *told]
    plain, packed = (b"etag", prepared.etag.encode()), (b"etag", prepared.packed_etag.encode())
    return Faces(
        [*full, plain, (b"content-length", b"%d" % len(prepared.body))],
        [*full, packed, (b"content-encoding", b"gzip"), (b"content-length", b"%d" % len(prepared.packed))],
        [*again, plain],
        [*again, packed],
    )


def choose(prepared: Prepared, look: Faces, question: Asked) -> tuple[int, list[Header], bytes]:
    """Status, headers and body for a GET: 304 where the client has the chosen coding already."""
    if wants_gzip(question.encoding):
        if _has(question, prepared.packed_etag, prepared.modified):
            return 304, look.packed_304, b""
        return 200, look.packed, prepared.packed
    if _has(question, prepared.etag, prepared.modified):
        return 304, look.plain_304, b""
    return 200, look.plain, prepared.body


def wants_gzip(accepted: bytes) -> bool:
    """Whether the client takes gzip (RFC 9110 12.5.3)."""
    if not accepted:
        return False
    if accepted.startswith(b"gzip,") or accepted == b"gzip":
        return True
    for part in accepted[:_LONGEST_LIST].lower().split(b","):
        name, _, weight = part.partition(b";")
        if name.strip() in (b"gzip", b"x-gzip", b"*"):
            return weight.strip().removeprefix(b"q=").strip(b"0.") != b"" or b"=" not in weight
    return False


def has(question: Asked, etag: bytes) -> bool:
    """Whether the client's copy is the one of that tag, by If-None-Match alone."""
    if question.none_match in (etag, b"W/" + etag):
        return True
    return question.none_match.strip() == b"*" or etag in _TAG.findall(question.none_match)


def http_date(moment: datetime) -> bytes:
    """IMF-fixdate (RFC 9110 5.6.7)."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True).encode()


def disposition(name: str, extension: str) -> Header:
    """`inline` with a file name in ASCII and its twin in UTF-8 (RFC 6266, RFC 8187); nothing else can get in (F15)."""
    plain = slug(name)[:80] or "evenemang"
    told = quote("".join(c for c in name if c.isprintable() and c not in '/\\"')[:80], safe="")
    value = f"inline; filename=\"{plain}.{extension}\"; filename*=UTF-8''{told}.{extension}"
    return b"content-disposition", value.encode("ascii")


def error_headers(extra: Mapping[bytes, bytes] | None = None) -> list[Header]:
    """Headers of an answer that nobody may keep (E15)."""
    found = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"), *SAFE]
    return [*found, *(extra or {}).items()]


def _has(question: Asked, etag: str, modified: datetime) -> bool:
    """Whether the client's copy is this one. If-None-Match goes before If-Modified-Since (RFC 9110 13.2.2)."""
    if question.none_match:
        return has(question, etag.encode())
    if not question.since:
        return False
    try:
        since = parsedate_to_datetime(question.since.decode("latin-1"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return False
    # Also where the date lies in the future: RFC 9110 13.1.3 dropped the older rule that such a date is invalid.
    return since.tzinfo is not None and modified.replace(microsecond=0) <= since
