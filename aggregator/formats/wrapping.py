"""What an answer is wrapped in: a gzip file that is served as a file, a page that holds nothing but a calendar. Pure.

`Content-Encoding` is the network's business, not this module's.
"""

from __future__ import annotations

import re
import zlib

from aggregator.formats.foreign import is_html
from aggregator.formats.markup import document

LARGEST = 5 * 1024 * 1024  # of what is inside, as of an answer that is not packed (A14)
_GZIP = b"\x1f\x8b\x08"
_CALENDAR = re.compile(r"\s*BEGIN:VCALENDAR\s")


def unwrapped(body: bytes, content_type: str = "") -> bytes:
    """What is inside; the answer itself where nothing is around it, and for a file that swells beyond reason (A14)."""
    if body.startswith(_GZIP):
        body = _unpacked(body)
    if b"BEGIN:VCALENDAR" in body and b"<pre" in body[:4096].lower() and is_html(body):
        return _shown(body, content_type) or body
    return body


def _unpacked(body: bytes) -> bytes:
    """Of a file that is cut, what there is: its readers see that it has no end."""
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        inside = unpacking.decompress(body, LARGEST + 1)
    except zlib.error:
        return body
    return inside if len(inside) <= LARGEST else body


def _shown(body: bytes, content_type: str) -> bytes | None:
    """The calendar that is all that a page shows; one that stands in a text about calendars is an example."""
    page = document(body, content_type)
    shown = (page.body.text() if page.body is not None else "").strip()
    inside = [node.text().strip() for node in page.css("pre")]
    return f"{shown}\n".encode() if inside == [shown] and _CALENDAR.match(shown) else None
