"""Which known places a told location may mean."""

import pytest

from aggregator.model import Geo, Location, Place
from aggregator.places import ONLINE, Registry, metres
from tests.matching import PLACES, RULES


@pytest.mark.parametrize(
    ("told", "ids", "rule"),
    [
        (Location(name="Ladan"), {"ladan"}, "name"),
        (Location(name="LADAN, Byvägen 3, Vik"), {"ladan"}, "address"),
        (Location(name="Strandgatan 4"), {"viks-bibliotek"}, "address"),
        (Location(name="Biblioteket"), {"viks-bibliotek", "nas-bibliotek"}, "name"),
        (Location(name="Biblioteket", locality="Näs"), {"nas-bibliotek"}, "name"),
        (Location(name="Biblioteket, Strandgatan 4"), {"viks-bibliotek"}, "address"),
        (Location(name="Loftet, Ladan"), {"ladan"}, "name"),
        (Location(name="Kyrkan i Näs"), {"nas-kyrka"}, "name"),
        (Location(name="Näs kyrkan"), {"nas-kyrka"}, "name"),
        (Location(name="Museet", locality="Vik"), {"museet"}, "house"),
        (Location(name="Brandstatoinen"), {"brandstationen"}, "typo"),
        (Location(name="Torpet", geo=Geo(56.0005, 13.0005)), {"sporthallen"}, "geo"),
        (Location(name="Torpet", geo=Geo(56.01, 13.0)), set(), ""),
        (Location(place="ladan", name="Konsthallen"), {"ladan"}, "given"),
        (Location(online=""), {ONLINE}, "online"),
        (Location(name="Vik"), set(), ""),
        (None, set(), ""),
    ],
)
def test_a_location_means_these_places(told: Location | None, ids: set[str], rule: str) -> None:
    found = RULES.places.find(told)
    assert (set(found.places), found.rule) == (ids, rule)
    assert RULES.places.resolve(told) == found.places


def test_a_town_alone_is_no_place_but_is_known() -> None:
    assert RULES.places.find(Location(name="Näs")).town == "nas"


@pytest.mark.parametrize(
    ("title", "town"),
    [
        ("Stickcafé i Näs", "nas"),
        ("Stickcafé, Näs", "nas"),
        ("Stickcafé (Näs)", "nas"),
        ("Stickcafé Näs!", "nas"),
        ("Sagor i Näs på torsdag", "nas"),
        ("Näs IF – Vik", None),
        ("Vik–Näs", None),
        ("Viks HK mot Näs", None),
        ("Biblioteken i Näs: Bokprat", None),
        ("Näs: konsert", None),
    ],
)
def test_a_title_tells_a_town_only_where_it_says_that_it_is_there(title: str, town: str | None) -> None:
    assert RULES.places.town_in(title) == town


def test_an_alias_that_names_every_place_decides_nothing() -> None:
    everywhere = Registry(tuple(Place(id=f"p{n}", name=f"Hus {n}", aliases=("Huset",)) for n in range(40)))
    assert len(everywhere.resolve(Location(name="Huset"))) == 40


def test_the_order_of_places_changes_nothing() -> None:
    turned = Registry(tuple(reversed(PLACES)), RULES.lexicon.houses)
    for name in ("Biblioteket", "Huset", "Kyrkan i Näs", "Ladan", "Stora museet"):
        assert turned.find(Location(name=name)) == RULES.places.find(Location(name=name))


def test_distance_in_metres() -> None:
    assert metres(Geo(55.0, 13.0), Geo(56.0, 13.0)) == pytest.approx(111_195, rel=0.001)
