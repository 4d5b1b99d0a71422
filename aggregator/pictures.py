"""Which pictures are fetched, in which sizes, and when one that failed is tried again. Rules only.

A picture is asked for while an event that shows it is to come, once, and again after some days, since a poster is
mended at the same address. One that can't be had is tried a few times; the event does without.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.errors import EvenemangError, FetchError, Gone, RefusedAddress
from aggregator.model import Picture

LARGE, SMALL = 1200, 480  # pixels of the longer side: what link previews ask for, and a phone's width
LEAST = 64  # pixels of a side; what is smaller counts visitors or draws a line (A34)
MOST_PIXELS = 40_000_000  # of what is decoded: 160 MB, far inside a reader's memory; a camera's largest is less
MOST_BYTES = 8_000_000
TYPES = "image/webp, image/jpeg, image/png, image/gif;q=0.5"

AGAIN = timedelta(days=14)
KEPT = timedelta(days=30)  # after the last event that shows it is over
_WAITS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3))


@dataclass(frozen=True, slots=True)
class Recoded:
    """A picture as we made it anew: JPEG in two sizes, of pixels alone."""

    width: int
    height: int
    small_width: int
    small_height: int
    large: bytes
    small: bytes

    def picture(self) -> Picture:
        """Its sizes and its name."""
        name = hashlib.sha256(self.large).hexdigest()[:32]
        return Picture(name, self.width, self.height, self.small_width, self.small_height)


def next_try(failures: int, error: EvenemangError, now: datetime) -> datetime | None:
    """When a picture that failed so often in a row is asked for again; None for never.

    A host that wishes a longer pause gets it.
    """
    if isinstance(error, RefusedAddress | Gone) or failures > len(_WAITS):
        return None
    wished = error.retry_after if isinstance(error, FetchError) else None
    return now + max(_WAITS[failures - 1], timedelta(seconds=wished or 0))
