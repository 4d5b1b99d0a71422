"""Where a VEVENT says that it is: LOCATION, GEO, Apple's and LiveWhale's extensions → `Location`. No registry.

A LOCATION is one line for people. It is taken apart only where the parts are certain: a Swedish postal code names the
town behind it, a word and a house number are a street.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from aggregator.formats.contentlines import Properties, first
from aggregator.model import Geo, Location

_POSTAL = re.compile(r"(?:\b(?:SE?|S)-?\s?)?\b(\d{3})\s?(\d{2})\s+([A-ZÅÄÖ][\wåäöÅÄÖé .-]{1,40}?)\s*$")
_STREET = re.compile(
    r"(?:[A-ZÅÄÖ0-9][\w.'’:åäöÅÄÖé-]*\s+){1,4}\d{1,4}\s?[A-Za-z]?(?:\s?[-–]\s?\d{1,4}\s?[A-Za-z]?)?\s*$"
)
_COUNTRY = re.compile(r"(?:sverige|sweden|se)", re.IGNORECASE)
_ONLINE = re.compile(
    r"(?:online|digitalt?|på nätet|webben|webbinarium|zoom|teams|microsoft teams(?:[ -]m(?:öte|eeting))?)",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


def location(props: Properties) -> Location | None:
    """The place that the properties tell, in parts as far as they are certain; None where none is told."""
    told = first(props, "LOCATION")
    place = apart(told) if told else Location()
    if "X-APPLE-STRUCTURED-LOCATION" in props:
        place = _structured(props, place)
    geo = _coordinates(_raw(props, "GEO"))
    room = first(props, "X-LIVEWHALE-CUSTOM-ROOM-NUMBER")
    if geo is not None or room is not None:
        place = replace(place, geo=geo or place.geo, room=place.room or room)
    return None if place == Location() else place


def apart(line: str) -> Location:
    """One line of text as name, address, locality; what is not certain stays in the name."""
    line = line.strip().strip(",").strip()
    if _URL.fullmatch(line):
        return Location(online=line)
    if _ONLINE.fullmatch(line):
        return Location(online="")
    parts = [part.strip() for part in re.split(r"\s*[,\n]\s*", line) if part.strip()]
    if len(parts) > 1 and _COUNTRY.fullmatch(parts[-1]):
        parts.pop()
    postal = _POSTAL.search(parts[-1]) if parts else None
    street = next((number for number, part in enumerate(parts) if _STREET.fullmatch(part)), None)
    if postal is None or street is None:
        return Location(name=", ".join(parts) or None) if street != 0 or len(parts) > 2 else _bare(parts)
    name = ", ".join(parts[:street]) or None
    return Location(name=name, address=", ".join(parts[street:]), locality=postal[3].strip())


def _bare(parts: list[str]) -> Location:
    """A line that begins with a street: an address, and the town if one part follows."""
    town = (
        parts[1] if len(parts) == 2 and re.fullmatch(r"[A-ZÅÄÖ][a-zåäöé]+(?: [A-ZÅÄÖ]?[a-zåäöé]+)?", parts[1]) else None
    )
    return Location(address=", ".join(parts), locality=town)


def _structured(props: Properties, place: Location) -> Location:
    """X-APPLE-STRUCTURED-LOCATION: "geo:55.6,13.2" with the title and address as parameters."""
    for prop in props.get("X-APPLE-STRUCTURED-LOCATION", ())[:1]:
        params = prop.params
        geo = _coordinates(prop.value.removeprefix("geo:"))
        title = params.get("X-TITLE", "").replace("\\n", ", ").strip() or None
        address = params.get("X-ADDRESS", "").replace("\\n", ", ").replace("\\,", ",").strip() or None
        if place.name is None and place.address is None and title is not None:
            place = apart(title)
        place = replace(place, geo=geo, address=place.address or address)
    return place


def _coordinates(value: str) -> Geo | None:
    """ "lat;lon" (RFC 5545 3.8.1.6); a comma between is common. Values are judged later, unreadable ones too."""
    if not value.strip(" ;,"):
        return None
    try:
        lat, lon = re.split(r"[;,]", value.removeprefix("geo:"), maxsplit=1)
        return Geo(float(lat[:30]), float(lon[:30]))
    except ValueError:
        return Geo(math.nan, math.nan)


def _raw(props: Properties, name: str) -> str:
    found = props.get(name)
    return found[0].value if found else ""
