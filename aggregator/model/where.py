"""Where something happens, what it costs, and the places that are known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Geo:
    """WGS 84 decimal degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where, as told: each part as plain text or None. `place` is the id in the place registry once resolved."""

    name: str | None = None
    address: str | None = None
    locality: str | None = None
    room: str | None = None
    geo: Geo | None = None
    online: str | None = None  # address of an online event, or "" when online without one
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What it costs. `free` is None where nobody said; `low` and `high` are in `currency`."""

    free: bool | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the place registry. `aliases` are further names; an alias may name several places."""

    id: str
    name: str
    address: str | None = None
    locality: str | None = None
    aliases: tuple[str, ...] = ()
    geo: Geo | None = None
