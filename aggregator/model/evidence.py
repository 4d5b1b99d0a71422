"""Why two listings are one event or two: evidence by rules, and decisions of staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reason:
    """One named part of a pair's score, in log-odds (natural logarithm)."""

    name: str
    weight: float
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How alike two listings are. `veto` names what forbids a merge; `pinned` that staff decided."""

    score: float
    reasons: tuple[Reason, ...] = ()
    veto: str | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What staff decided, pinned on listing identities so that it outlives every refetch.

    kind: "same" and "different" (`listings` has the first side and then the
    other, `value` how many the first has), "hide" (the event of `listings[0]`),
    "correct" (`field`, `value`), "choose" (`field`, `value` is the source to take it from).
    """

    id: int
    kind: str
    listings: tuple[int, ...]
    field: str | None = None
    value: str | None = None
    made: datetime
    by: str = ""
    undone: datetime | None = None
