"""Whether all times of a source moved by the same hours at once: an export that lost its time zone. Pure.

It is told and changes nothing: what the source says is published. A constant difference from other sources is
`offsets`; here a source is held against what it said itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from aggregator.model import When
from aggregator.state import Shift

FEWEST = 5  # events; two or three that move together are one evening that was put off
SHARE = 0.8  # of the coming ones
MOST = timedelta(hours=3)  # a lost zone is an hour or two; more is another day's plan
KEPT = timedelta(days=14)  # so long it is told


def noticed(before: Shift | None, pairs: Iterable[tuple[When, When]], now: datetime) -> Shift | None:
    """The shift of a source after an answer. `pairs` are what was told and is told of each coming event.

    A shift back ends it, and so does time.
    """
    moved = common([(old.start, new.start) for old, new in pairs])
    if moved:
        return None if before is not None and before.minutes == -moved else Shift(moved, now)
    return None if before is None or now - before.since >= KEPT else before


def common(pairs: list[tuple[object, object]]) -> int:
    """The minutes by which nearly all moved, whole hours alone; 0 where there is none such."""
    timed = [new - old for old, new in pairs if isinstance(old, datetime) and isinstance(new, datetime)]
    if len(timed) < FEWEST:
        return 0
    (step, count), *_ = Counter(timed).most_common(1)
    whole = step and not step % timedelta(hours=1) and abs(step) <= MOST
    return int(step / timedelta(minutes=1)) if whole and count >= SHARE * len(timed) else 0
