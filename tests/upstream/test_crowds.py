"""What could make matching dear or wrong, as sources tell it: a crowded day, everything twice, two that copy a mistake,
titles of one letter, a name that every place has. Nothing is merged by accident, and who looks is told.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import yaml

from aggregator import config, match
from aggregator.report import line
from tests.town import HOUR, NAMES, Town, at, vevent
from tests.web.desk import staffed

SQUARE = "Torget"
THINGS = ("lera", "papper", "trä", "ull", "läder", "tenn", "näver", "halm", "sten", "glas")


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each pair that is compared."""
    made: list[int] = []
    compare = match.compare

    def counted(*told: Any) -> Any:
        made.append(1)
        return compare(*told)

    monkeypatch.setattr(match, "compare", counted)
    return made


@pytest.mark.slow
def test_a_day_of_three_thousand_listings_costs_little_a_listing(small_town: Town, comparisons: list[int]) -> None:
    told = [(f"Prova på {thing} {n}", 8 + n % 12) for n in range(300) for thing in THINGS]
    for at_once, source in enumerate(("bibliotek", "museum", "forening")):
        small_town.add(source, role="organizer")
        small_town.tell(source, *[vevent(title, at(20, hour), location=SQUARE) for title, hour in told[at_once::3]])
    small_town.refresh()
    assert len(small_town.titles()) == 3000, "each number is another event"
    assert len(comparisons) < 3000 * 150, f"{len(comparisons)} comparisons; all pairs would be 4.5 million"
    del comparisons[:]
    small_town.tell("bibliotek", *[vevent(title, at(20, hour), location=SQUARE) for title, hour in told[0:2997:3]])
    small_town.tell("museum", *[vevent(t, at(20, h), location=SQUARE) for t, h in told[1::3]], vevent("Sill", at(20)))
    small_town.refresh(after=HOUR)
    assert len(comparisons) < 1500, "one more and one less meet their neighbours only"


def test_a_source_that_lists_everything_twice_is_told_once(small_town: Town) -> None:
    small_town.add("bibliotek")
    small_town.add("forening", role="association")
    once = [vevent(title, at(5 + n, 18), location=SQUARE, uid=f"a{n}") for n, title in enumerate(NAMES[:8])]
    again = [vevent(title, at(5 + n, 18), location=SQUARE, uid=f"b{n}") for n, title in enumerate(NAMES[:8])]
    small_town.tell("bibliotek", *once, *again)
    small_town.tell("forening", *once[:4])
    small_town.refresh()
    assert small_town.titles() == list(NAMES[:8])
    ids = small_town.ids()
    small_town.tell("bibliotek", *again)
    small_town.refresh(after=HOUR)
    assert small_town.ids() == ids, "one of the two goes, and nobody notices"


def test_two_sources_that_copy_each_other_and_are_wrong_lose_to_the_organizer_and_it_is_shown(small_town: Town) -> None:
    for source, role in (("kyrkan", "organizer"), ("tidningen", "media"), ("turism", "media")):
        small_town.add(source, role=role)
    small_town.tell("kyrkan", vevent("Orgelkonsert med Bach", at(13, 19), location="Byns kyrka"))
    for source in ("tidningen", "turism"):
        small_town.tell(source, vevent("Orgelkonsert med Bach", at(13, 18), location="Byns kyrka", uid="kopia"))
    small_town.refresh()
    (event,) = small_town.events().values()
    assert event.content.when.start.hour == 19  # type: ignore[union-attr]  # it tells a time
    desk = staffed(small_town)
    page = desk.get(desk.get(f"/evenemang/{event.id}").headers["location"]).text
    assert "Så här sattes evenemanget ihop" in page
    assert "18.00" in page, "what the two say is shown beside what is published"


def test_titles_of_one_letter_are_no_name(small_town: Town) -> None:
    small_town.add("bibliotek")
    small_town.add("forening")
    small_town.tell("bibliotek", *[vevent(letter, at(5, 18), location=SQUARE, uid=letter) for letter in "ABX"])
    small_town.tell(
        "forening", vevent("Q", at(5, 18), location=SQUARE), vevent("Vårkonsert", at(5, 18), location=SQUARE)
    )
    small_town.refresh()
    assert sorted(small_town.titles()) == ["A", "B", "Q", "Vårkonsert", "X"]


def places(town: Town, told: list[dict[str, Any]]) -> None:
    """Register places in the town's file."""
    file = town.folder / "sources.yaml"
    file.write_text(yaml.safe_dump(yaml.safe_load(file.read_text()) | {"places": told}, allow_unicode=True))
    town._program = town.program.with_config(config.load(file))  # the town's own way of reading its file again


def test_a_name_that_every_place_has_decides_nothing_and_staff_see_it(small_town: Town, comparisons: list[int]) -> None:
    small_town.add("bibliotek")
    small_town.add("forening")
    houses = [{"id": f"hus{n}", "name": f"Hus {n}", "aliases": ["Byn"]} for n in range(40)]
    places(small_town, houses)
    small_town.tell("bibliotek", *[vevent(f"Prova på {t}", at(5, 18), location="Byn", uid=t) for t in THINGS])
    small_town.tell("forening", *[vevent(name, at(5, 18), location=f"Hus {n}") for n, name in enumerate(NAMES[:10])])
    small_town.refresh()
    assert len(small_town.titles()) == 20
    assert len(comparisons) <= 20 * 19 // 2
    shown = staffed(small_town).get("/staff/platser").text
    assert "Namn som flera platser har" in shown
    assert "Hus 39" in shown


def test_a_place_that_every_event_names_joins_none_of_them(small_town: Town) -> None:
    small_town.add("bibliotek")
    small_town.add("forening")
    places(small_town, [{"id": "byn", "name": "Byn", "aliases": ["på", "i", "och", "Torget", "Prova"]}])
    small_town.tell("bibliotek", *[vevent(f"Prova på {t}", at(5, 18), location="Torget i Byn", uid=t) for t in THINGS])
    small_town.tell("forening", *[vevent(f"Prova på {t}", at(5, 18), location="Byn") for t in THINGS[:5]])
    small_town.refresh()
    assert Counter(small_town.titles()) == Counter(f"Prova på {t}" for t in THINGS)


def test_a_crowd_that_is_not_compared_whole_is_told_by_the_refresh(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.loom.CROWD", 5)
    for source in ("bibliotek", "museum"):
        small_town.add(source)
        small_town.tell(source, *[vevent(f"Prova på {t}", at(20, 10), location=SQUARE) for t in THINGS])
    told = [line(report) for report in small_town.refresh().values()]
    assert any("crowds of listings alike in day and place: not all of them were compared" in text for text in told)
    assert len(small_town.titles()) >= len(THINGS), "nothing is merged by accident"
