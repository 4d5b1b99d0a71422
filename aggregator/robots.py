"""What robots.txt allows (RFC 9309). Rules only: `fetch` brings the file and keeps what was read.

Obeyed where pages are crawled, not for the addresses themselves that were submitted or configured as feeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from aggregator.errors import FetchError

AGENT = "Evenemang"  # the product token (RFC 9309 2.2.1)
MOST_BYTES = 512 * 1024  # at least 500 KiB must be read (2.5)
KEPT = 24 * 3600.0  # seconds; not longer (2.4)
KEPT_AWAY = 3600.0  # after a fault of the server, which may pass
LONGEST_DELAY = 30.0  # seconds between two requests; who asks for more gets this


@dataclass(frozen=True, slots=True)
class Rules:
    """What one host allows, for `kept` seconds. `delay` is its `Crawl-delay`, 0 where it has none."""

    parsed: Protego
    kept: float = KEPT

    def allows(self, url: str) -> bool:
        """Whether a page may be asked by us."""
        return self.parsed.can_fetch(url, AGENT)

    @property
    def delay(self) -> float:
        """Seconds between two requests that the host asks for, not RFC 9309 but widely used."""
        return min(float(self.parsed.crawl_delay(AGENT) or 0.0), LONGEST_DELAY)


def address(url: str) -> str:
    """Where the rules for `url` lie (2.3)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def read(body: bytes) -> Rules:
    """The rules in a robots.txt; what can't be read in it allows."""
    return Rules(Protego.parse(body.decode("utf-8-sig", errors="replace")))


def without(error: FetchError) -> Rules:
    """The rules where no file came: a client error allows all (2.3.1.3), anything else nothing for now (2.3.1.4)."""
    if error.status is not None and 400 <= error.status < 500 and error.status != 429:
        return read(b"")
    return Rules(Protego.parse("User-agent: *\nDisallow: /"), KEPT_AWAY)
