"""Which program wrote an answer, in its own words: PRODID of a calendar, generator of a feed or a page."""

from __future__ import annotations

import re

from aggregator.text import clean_text

_LOOK = 20_000  # bytes; whoever says so says it at the head
_LONGEST = 100  # bytes that are kept of it
_PATTERNS = (
    re.compile(rb"^PRODID(?:;[^:\r\n]{0,200})?:([^\r\n]{1,200})", re.IGNORECASE | re.MULTILINE),
    re.compile(rb"<generator\b[^>]{0,200}>\s*(?:<!\[CDATA\[)?([^<\]]{1,200})", re.IGNORECASE),
    re.compile(
        rb"<meta\b(?=[^>]{0,200}\bname\s*=\s*[\"']?generator\b)[^>]{0,200}\bcontent\s*=\s*[\"']([^\"']{1,200})",
        re.IGNORECASE,
    ),
)


def maker(body: bytes) -> str | None:
    """What the answer says of who wrote it, None where it says nothing."""
    head = body[:_LOOK]
    for pattern in _PATTERNS:
        if found := pattern.search(head):
            return clean_text(found.group(1).decode("utf-8", "replace"), limit=_LONGEST) or None
    return None
