"""Which system an organizer's calendar lives in, by its address and by what it says of itself. Pure; it asks nothing.

What is to be done in each system stands in `remedies`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class System:
    """A system by its name; `hosts` are ends of host names, `paths` parts of an address, `makers` words of its own."""

    id: str
    name: str
    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()


# The first that fits; a host says more than a word, a word more than a path.
SYSTEMS: tuple[System, ...] = (
    System("google", "Google Kalender", ("calendar.google.com", "calendar.app.google"), (), ("google calendar",)),
    System(
        "outlook",
        "Outlook",
        ("outlook.office365.com", "outlook.office.com", "outlook.live.com", "outlook.com"),
        (),
        ("microsoft exchange", "microsoft corporation//outlook", "microsoft outlook"),
    ),
    System("apple", "Apple Kalender", ("icloud.com",), (), ("apple inc.//", "caldav.icloud.com")),
    System("laget", "laget.se", ("laget.se",), (), ("laget.se",)),
    System("sportadmin", "SportAdmin", ("sportadmin.se",), (), ("sportadmin",)),
    System("svenskalag", "Svenska Lag", ("svenskalag.se",), (), ("svenskalag", "svenska lag")),
    System("tickster", "Tickster", ("tickster.com",), (), ("tickster",)),
    System("facebook", "Facebook", ("facebook.com", "fb.com", "fb.me")),
    System("sitevision", "SiteVision", (), ("/sitevision/", "/rest-api/", "/appresource/"), ("sitevision",)),
    System(
        "wordpress",
        "WordPress",
        (),
        ("/wp-json/", "/wp-content/", "?ical=1", "&ical=1"),
        ("wordpress", "the events calendar", "modern events calendar", "events manager", "all-in-one event calendar"),
    ),
)


def system_of(address: str, maker: str | None = None) -> System | None:
    """The system of an address whose answer says that `maker` wrote it; None where nobody can tell."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    told = " ".join((maker or "").casefold().split())
    where = f"{parts.path}?{parts.query}".casefold()
    return (
        _first(lambda system: any(host == end or host.endswith(f".{end}") for end in system.hosts))
        or _first(lambda system: any(re.search(rf"\b{re.escape(word)}", told) for word in system.makers))
        or _first(lambda system: any(part in where for part in system.paths))
    )


def _first(fits: Callable[[System], bool]) -> System | None:
    return next((system for system in SYSTEMS if fits(system)), None)
