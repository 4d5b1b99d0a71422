"""What an HTTP answer is for us, by its head and its coding. Rules only: bytes and headers in, values or errors out."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from aggregator.errors import BadAnswer, FetchError, Gone

LONGEST_ETAG = 1024  # what we keep of a stranger and send back at every poll has an end
LONGEST_WAIT = timedelta(days=7)
MOST_MEMBERS = 64  # of one gzip stream; each costs a decoder, and no server sends more than one

_PRINTABLE = re.compile(r"[\x20-\x7e]+\Z")
_SENTENCES = {
    401: ("forbidden", "{host} asks for a password (401)."),
    403: ("forbidden", "{host} does not let us read the address (403)."),
    404: ("not-found", "{host} has nothing at the address (404)."),
    410: ("gone", "{host} says that the address is gone for good (410)."),
    429: ("asked-too-often", "{host} says that it is asked too often (429)."),
    451: ("forbidden", "{host} may not show the address for legal reasons (451)."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A complete answer with status 200. `url` is the address that gave it, after redirects.

    `moved` is the address that permanent redirects alone lead to, None without any. The validators are those to
    send next time; what a server says of its content type is a hint and no more.
    """

    url: str
    body: bytes
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    moved: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """304 to validators that were sent."""

    url: str
    moved: str | None = None


def refusal(status: int, *, url: str, host: str, retry_after: float | None) -> FetchError:
    """The error that a status other than 200 and 304 is (RFC 9110 15)."""
    code, sentence = _SENTENCES.get(status, ("status", "{host} answered with the status {status}, which is no feed."))
    if status >= 500:
        code, sentence = "server-error", "{host} has a fault of its own ({status})."
    kind = Gone if status == 410 else BadAnswer
    message = sentence.format(host=host, status=status)
    return kind(message, url=url, code=code, status=status, retry_after=retry_after)


def server_time(headers: Mapping[str, str], now: datetime) -> datetime:
    """The server's own clock by its `Date`; ours where it tells none. Its dates are compared with its clock."""
    return _http_date(headers.get("date")) or now


def retry_after(headers: Mapping[str, str], now: datetime, interval: timedelta) -> float | None:
    """Seconds to wait by `Retry-After` (RFC 9110 10.2.3), within [interval, 7 days]; None if absent or garbage."""
    text = (headers.get("retry-after") or "").strip()
    if re.fullmatch(r"-?[0-9]+", text):
        seconds = float(text[:20])
    elif moment := _http_date(text):
        seconds = (moment - server_time(headers, now)).total_seconds()
    else:
        return None
    return min(max(seconds, interval.total_seconds()), LONGEST_WAIT.total_seconds())


def kept_etag(headers: Mapping[str, str]) -> str | None:
    """The entity tag if it is one to send back: printable ASCII of at most 1 KB."""
    etag = (headers.get("etag") or "").strip()
    return etag if len(etag) <= LONGEST_ETAG and _PRINTABLE.match(etag) else None


def kept_last_modified(headers: Mapping[str, str], now: datetime) -> str | None:
    """`Last-Modified` unless it lies in the future (RFC 9110 8.8.2.1): then no change would ever be seen again."""
    text = (headers.get("last-modified") or "").strip()
    moment = _http_date(text)
    return text if moment and _PRINTABLE.match(text) and moment <= server_time(headers, now) else None


def content_type(headers: Mapping[str, str]) -> str:
    """The stated content type, which readers take as a hint only."""
    text = headers.get("content-type") or ""
    return text if len(text) <= 200 and _PRINTABLE.match(text) else ""


def _http_date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text) if text and len(text) <= 64 else None
    except (ValueError, OverflowError):
        return None
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Body:
    """Collects a body, decoding gzip as it comes, and stops at `limit` decoded bytes.

    Only gzip is asked for (RFC 9110 12.5.3), so any other coding, and gzip within gzip, is an error; so is a stream
    that is cut or whose checksum is wrong: there is no partial answer.
    """

    def __init__(self, headers: Mapping[str, str], *, limit: int, url: str) -> None:
        self._url = url
        self._limit = limit
        self._left = limit
        self._parts: list[bytes] = []
        self._members = 0
        coding = (headers.get("content-encoding") or "identity").strip().lower()
        if coding not in ("identity", "gzip", "x-gzip"):
            raise self._bad("encoding", "The answer is coded in a way that was not asked for.")
        self._gzip = None if coding == "identity" else zlib.decompressobj(zlib.MAX_WBITS | 16)
        if _digits(headers.get("content-length")) > limit:
            raise self._too_large()

    def feed(self, data: bytes) -> None:
        """Take what came; raises `BadAnswer` as soon as the body is too large or not what it says."""
        while data:
            data = self._keep(data) if self._gzip is None else self._inflate(self._gzip, data)

    def finish(self) -> bytes:
        """The whole body, decoded."""
        if self._gzip is not None and not self._gzip.eof:
            raise self._bad("cut", "The compressed answer ends before its end.")
        return b"".join(self._parts)

    def _keep(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise self._too_large()
        self._parts.append(data)
        return b""

    def _inflate(self, decoder: zlib._Decompress, data: bytes) -> bytes:
        """Decode some; gives back what is left to decode. One byte more than allowed is enough to know."""
        if decoder.eof:
            return self._another(data)
        try:
            self._keep(decoder.decompress(data, self._left + 1))
        except zlib.error as error:
            raise self._bad("encoding", "The compressed answer is damaged.") from error
        return decoder.unused_data if decoder.eof else decoder.unconsumed_tail

    def _another(self, data: bytes) -> bytes:
        """A further member (RFC 1952 2.2); bytes after the last one are padding, as gzip(1) has it."""
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise self._bad("encoding", "The compressed answer has too many parts.")
        if not data.startswith(b"\x1f"):
            return b""
        self._gzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return data

    def _too_large(self) -> BadAnswer:
        return self._bad("too-large", f"The answer is larger than {self._limit // 1000} kB.")

    def _bad(self, code: str, sentence: str) -> BadAnswer:
        return BadAnswer(sentence, url=self._url, code=code, status=200)


def _digits(text: str | None) -> int:
    return int(text[:20]) if text and text.isascii() and text.isdigit() else 0
