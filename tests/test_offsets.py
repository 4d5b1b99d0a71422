"""A source whose clock is off by hours is found, told, and heard in matching."""

# ruff: noqa: E501 - rows of cases are read across, not down

from typing import Any

from aggregator import match, offsets
from aggregator.health import health
from aggregator.match import Statistics
from aggregator.model import StoredListing
from aggregator.state import SourceState
from tests.matching import RULES, SEEN, features, listing, source

NAMES = (
    "Trollskogen",
    "Fladdermusnatt",
    "Kören Vågskum",
    "Sillmarknad",
    "Duo Skrovmål",
    "Kustens historia",
    "Segel",
    "Tångkväll",
)


def _town(month: int = 3, **shifts: int) -> list[StoredListing]:
    """Each source tells each event, with its clock off by so many hours."""
    return [
        listing(1000 * month + 10 * at + column, title=name, place="Ladan", source=source, start=f"2027-{month:02}-{at + 1:02}T{18 + hours:02}:00")
        for at, name in enumerate(NAMES)
        for column, (source, hours) in enumerate(shifts.items(), 1)
    ]  # fmt: skip


def _found(**shifts: int) -> dict[str, int]:
    return {o.source: o.minutes for o in offsets.find(features(_town(**shifts)).values())}


def test_a_source_that_is_always_an_hour_off_is_named() -> None:
    assert _found(kommunen=0, tidningen=0, turism=-1) == {"turism": -60}


def test_two_wrong_sources_among_five_are_named() -> None:
    assert _found(kommunen=0, tidningen=0, teatern=0, turism=-1, klubben=2) == {"klubben": 120, "turism": -60}


def test_an_export_in_utc_is_an_hour_off_in_winter_and_two_in_summer() -> None:
    town = [*_town(kommunen=0, tidningen=0, turism=-1), *_town(kommunen=0, tidningen=0, turism=-2, month=6)]
    found = offsets.find(features(town).values())
    assert [(o.source, o.summer, o.minutes) for o in found] == [("turism", False, -60), ("turism", True, -120)]


def test_of_two_that_differ_nobody_knows_which_is_wrong() -> None:
    assert _found(kommunen=0, turism=-1) == {}


def test_half_an_hour_is_doors_and_no_wrong_clock() -> None:
    town = _town(kommunen=0, tidningen=0)
    sellers: list[Any] = [
        listing(500 + at, title=name, place="Ladan", source="biljetter", start=f"2027-03-{at + 1:02}T17:30")
        for at, name in enumerate(NAMES)
    ]
    assert offsets.find(features([*town, *sellers]).values()) == ()


def test_a_few_pairs_prove_nothing() -> None:
    few = [s for s in _town(kommunen=0, tidningen=0, turism=-1) if s.id < 3020]
    assert offsets.find(features(few).values()) == ()


def test_a_known_offset_lets_its_listings_find_their_events() -> None:
    found = features(_town(kommunen=0, tidningen=0, turism=-1))
    stats = Statistics.build(list(match.units(found.values()).values()), 1)
    assert stats.offsets == {"turism winter": -60}
    clusters = match.cluster(found, stats, (), RULES).clusters
    assert sorted(map(len, clusters)) == [3] * len(NAMES)


def test_a_wrong_clock_is_told_in_a_sentence() -> None:
    told = offsets.told({"turism winter": -60, "turism summer": -120, "klubben winter": 60}, "turism")
    assert told == "its times are off against those of other sources: 1 h behind in winter, 2 h behind in summer"
    assert offsets.told({}, "turism") == ""


def test_the_health_of_a_source_tells_of_its_clock() -> None:
    state = SourceState(id="turism", tried=SEEN, good=SEEN)
    assert health(source("turism"), state, SEEN, "its times are off").word == "problems"
    assert health(source("turism"), state, SEEN).word == "good"
