"""Time zone names as sources write them → zones of the IANA database. No calendar parsing, no clock.

A name is looked up as IANA first, whatever a VTIMEZONE says about it (fault C15); then as a Windows name (Unicode
CLDR, from icalendar), a vendor's path, an abbreviation. What is left has no meaning here: None.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from aggregator.errors import ConfigError

UTC_ZONE = ZoneInfo("UTC")

# What Outlook and Exchange call zones in their own lists, beside the names that CLDR has.
_VENDOR = {
    "eastern time (us & canada)": "America/New_York",
    "central time (us & canada)": "America/Chicago",
    "mountain time (us & canada)": "America/Denver",
    "pacific time (us & canada)": "America/Los_Angeles",
    "amsterdam, berlin, bern, rome, stockholm, vienna": "Europe/Berlin",
    "stockholm": "Europe/Stockholm",
    "sweden": "Europe/Stockholm",
    "western europe": "Europe/Berlin",
    "central europe": "Europe/Budapest",
    "romance": "Europe/Paris",
    "gmt standard time": "Europe/London",
    "greenwich mean time : dublin, edinburgh, lisbon, london": "Europe/London",
    "brussels, copenhagen, madrid, paris": "Europe/Paris",
    "belgrade, bratislava, budapest, ljubljana, prague": "Europe/Budapest",
    "sarajevo, skopje, warsaw, zagreb": "Europe/Warsaw",
    "helsinki, kyiv, riga, sofia, tallinn, vilnius": "Europe/Helsinki",
    "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC",
    "zulu": "UTC",
    "etc/utc": "UTC",
    "coordinated universal time": "UTC",
    "cet": "Europe/Stockholm",
    "cest": "Europe/Stockholm",
    "mez": "Europe/Berlin",
    "mesz": "Europe/Berlin",
    "eet": "Europe/Helsinki",
    "eest": "Europe/Helsinki",
    "wet": "Europe/Lisbon",
    "bst": "Europe/London",
    "est": "America/New_York",
    "edt": "America/New_York",
    "cdt": "America/Chicago",
    "mst": "America/Denver",
    "mdt": "America/Denver",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
}
_OFFSET = re.compile(r"\(?(?:utc|gmt)\s*([+-])(\d{1,2})(?::?(\d{2}))?\)?", re.IGNORECASE)


@lru_cache(maxsize=512)
def resolve(name: str) -> ZoneInfo | None:
    """The zone that a TZID, an X-WR-TIMEZONE or a setting names; None where it names none that is known."""
    plain = name.strip().strip('"').strip()
    slashed = plain.replace("-", "/", 1)  # "US-Eastern", "America-Chicago" in old feeds
    found = _iana(plain) or _iana(_names().get(plain.casefold(), "")) or _iana(slashed)
    return found or _vendor(plain) or _offset(plain)


def of_offsets(standard: timedelta, daylight: timedelta | None, likely: ZoneInfo) -> ZoneInfo | None:
    """The zone that keeps these offsets from UTC, `likely` first; None if no zone of the list does.

    For a VTIMEZONE whose name means nothing. Without `daylight` a fixed zone of whole hours is meant.
    """
    candidates = (likely, *(ZoneInfo(name) for name in _COMMON))
    wanted = {standard, standard if daylight is None else daylight}
    for zone in candidates:
        if {datetime(2026, month, 15, tzinfo=zone).utcoffset() for month in (1, 7)} == wanted:
            return zone
    hours, rest = divmod(standard, timedelta(hours=1))
    return _iana(f"Etc/GMT{-hours:+d}") if daylight is None and not rest and hours else None


def check() -> str:
    """A sentence about the zone database in use; raises `ConfigError` where it is missing or knows no summer time.

    Called once at start (fault C16): a host without zone data must not serve wrong hours.
    """
    try:
        zone = ZoneInfo("Europe/Stockholm")
        offsets = [datetime(2026, month, 15, tzinfo=UTC).astimezone(zone).utcoffset() for month in (1, 7)]
    except Exception as error:
        raise ConfigError("The time zone database is missing; install the package tzdata.") from error
    if offsets != [timedelta(hours=1), timedelta(hours=2)]:
        raise ConfigError("The time zone database is wrong about Europe/Stockholm; install the package tzdata.")
    return f"{len(available_timezones())} time zones are known."


_COMMON = ("Europe/Stockholm", "Europe/London", "Europe/Helsinki", "America/New_York", "America/Chicago",
           "America/Denver", "America/Los_Angeles", "UTC", "Asia/Tokyo", "Australia/Sydney")  # fmt: skip


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    windows = {key.casefold(): value for key, value in WINDOWS_TO_OLSON.items()}
    proper = {key.casefold(): key for key in available_timezones()}
    return proper | windows | _VENDOR


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def _iana(name: str) -> ZoneInfo | None:
    """Only names that are listed: "Europe" is a folder and `ZoneInfo` raises OSError for it."""
    return ZoneInfo(name) if name in _known() else None


def _vendor(name: str) -> ZoneInfo | None:
    """ "/freeassociation.sourceforge.net/Tzfile/Europe/Stockholm", "/mozilla.org/20070129_1/Europe/Stockholm",
    "Europe/Stockholm 1", "(UTC+01:00) Amsterdam, Berlin …": the longest tail that is a zone."""
    parts = [part for part in re.split(r"[/\\]", name) if part]
    for first in range(len(parts)):
        zone = _iana(_names().get("/".join(parts[first:]).casefold(), ""))
        if zone is not None:
            return zone
    bare = re.sub(r"^\([^)]*\)\s*|\s+\d+$|^tzone://microsoft/|^microsoft/", "", name, flags=re.IGNORECASE)
    return resolve(bare) if bare and bare != name else None


def _offset(name: str) -> ZoneInfo | None:
    found = _OFFSET.fullmatch(name)
    if found is None or found[3] not in (None, "00") or int(found[2]) > 12:
        return None
    hours = int(found[2])
    return _iana("UTC" if hours == 0 else f"Etc/GMT{'-' if found[1] == '+' else '+'}{hours}")
