"""Loads the rules of matching from the package's data files, once. An edge module: it reads disk and decides nothing."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from aggregator.match import Rules
from aggregator.model import Place
from aggregator.places import Registry


def load(zone: ZoneInfo, places: tuple[Place, ...] = ()) -> Rules:
    """The rules for a calendar's zone and place registry."""
    return Rules(zone=zone, places=Registry(places))
