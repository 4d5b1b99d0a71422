"""Zone names as sources write them (fault C15) and the start-up check (C16)."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo, reset_tzpath

import pytest

from aggregator import zones
from aggregator.errors import ConfigError

NAMES = {
    "Europe/Stockholm": "Europe/Stockholm",
    "europe/stockholm": "Europe/Stockholm",
    '"Europe/Stockholm"': "Europe/Stockholm",
    "W. Europe Standard Time": "Europe/Berlin",
    "Central European Standard Time": "Europe/Warsaw",
    "Eastern Time (US & Canada)": "America/New_York",
    "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna": "Europe/Berlin",
    "/freeassociation.sourceforge.net/Tzfile/Europe/Stockholm": "Europe/Stockholm",
    "/mozilla.org/20070129_1/Europe/Stockholm": "Europe/Stockholm",
    "US-Eastern": "US/Eastern",
    "CET": "Europe/Stockholm",
    "PDT": "America/Los_Angeles",
    "GMT+0100": "Etc/GMT-1",
    "UTC-07": "Etc/GMT+7",
    "Z": "UTC",
    "UTC": "UTC",
}


@pytest.mark.parametrize(("name", "zone"), NAMES.items())
def test_C15_name_means_a_zone_of_the_database(name: str, zone: str) -> None:
    found = zones.resolve(name)
    assert found is not None
    assert found.key in (zone, name)


@pytest.mark.parametrize(
    "name", ["", "Europe", "Rymden", "../../etc/passwd", "/", "x" * 10_000, "Customized Time Zone"]
)
def test_C15_name_that_means_nothing_is_none(name: str) -> None:
    assert zones.resolve(name) is None


@pytest.mark.parametrize(
    ("standard", "daylight", "zone"),
    [
        (1, 2, "Europe/Stockholm"),
        (0, 1, "Europe/London"),
        (9, None, "Asia/Tokyo"),
        (3, None, "Etc/GMT-3"),
        (5, 9, ""),
    ],
)
def test_C15_offsets_of_an_unnamed_zone_are_looked_up(standard: int, daylight: int | None, zone: str) -> None:
    summer = None if daylight is None else timedelta(hours=daylight)
    found = zones.of_offsets(timedelta(hours=standard), summer, ZoneInfo("Europe/Stockholm"))
    assert (found.key if found else "") == zone


def test_C16_check_tells_how_many_zones_are_known() -> None:
    assert zones.check().endswith("time zones are known.")


def test_C16_missing_zone_database_stops_the_start() -> None:
    import importlib.resources as resources

    ZoneInfo.clear_cache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resources, "open_binary", _missing, raising=False)
        patch.setattr(resources, "files", _missing)
        reset_tzpath(to=())
        try:
            with pytest.raises(ConfigError, match="tzdata"):
                zones.check()
        finally:
            reset_tzpath()


def _missing(*names: str) -> object:
    raise ModuleNotFoundError(names)
