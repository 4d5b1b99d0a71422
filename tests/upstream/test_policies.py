"""The editors' rules as they meet what is published: a day that fills up, and a rule that is new."""

from __future__ import annotations

import json

from tests.town import DAY, HOUR, Town, at, vevent, weekly

CASTLE = "slottet"
TOURS = {"id": "visningar", "do": "refuse", "same_day": 3, "reason": "Bara dagens första visning"}


def tour(hour: int) -> str:
    return vevent("Visning", at(20, hour), uid=f"v{hour}", location="Slottet")


def hours(town: Town) -> list[int]:
    return sorted(int(f"{event.content.when.start:%H}") for event in town.events().values())


def told_on_the_20th(town: Town) -> list[str]:
    starts = [stored.listing.when.start for stored in town.listings(CASTLE)]
    return sorted(f"{start:%H}" for start in starts if f"{start:%m%d}" == "0320")


def test_of_a_day_that_fills_up_only_the_first_stays_published(small_town: Town) -> None:
    small_town.policies = [TOURS]
    small_town.add(CASTLE, policy=["visningar"])
    small_town.tell(CASTLE, tour(12), tour(14))
    small_town.refresh()
    assert hours(small_town) == [12, 14]
    small_town.tell(CASTLE, tour(12), tour(14), tour(10))
    report = small_town.refresh(after=HOUR)[CASTLE]
    assert hours(small_town) == [10]
    assert report.counts is not None
    assert (report.counts.inside, report.counts.refused) == (1, 2)
    small_town.pass_days(2)
    assert hours(small_town) == [10]


def test_the_moving_window_brings_no_date_that_a_rule_refused(small_town: Town) -> None:
    small_town.policies = [TOURS]
    small_town.add(CASTLE, policy=["visningar"])
    series = [weekly("Visning", at(6, hour), uid=f"w{hour}", location="Slottet") for hour in (10, 12)]
    small_town.tell(CASTLE, *series, tour(14))
    small_town.refresh()
    assert told_on_the_20th(small_town) == ["10"]
    small_town.now += DAY
    small_town.daily()
    assert told_on_the_20th(small_town) == ["10"]


def test_what_a_new_rule_refuses_goes_at_once(small_town: Town) -> None:
    small_town.add(CASTLE)
    elsewhere = vevent("Visning", at(20, 16), uid="park", location="Parken")
    small_town.tell(CASTLE, tour(10), tour(12), tour(14), elsewhere, vevent("Konsert", at(20, 18), location="Slottet"))
    small_town.refresh()
    assert hours(small_town) == [10, 12, 14, 16, 18]
    small_town.policies = [TOURS]
    small_town.add(CASTLE, policy=["visningar"])
    small_town.refresh(after=HOUR)
    assert hours(small_town) == [10, 16, 18]


def listed(town: Town, *tours: int, further: str | None = None) -> bytes:
    """A page of a LinkedEvents list, with the address of the next one."""
    told = [
        {
            "id": f"x:{hour}",
            "name": {"sv": "Visning"},
            "start_time": f"2027-03-20T{hour}:00:00+01:00",
            "event_status": "EventScheduled",
            "location": {"name": {"sv": "Slottet"}},
        }
        for hour in tours
    ]
    return json.dumps({"meta": {"next": town.site.url(further) if further else None}, "data": told}).encode()


def test_a_day_that_is_told_on_two_pages_of_a_list_is_one_day(small_town: Town) -> None:
    small_town.policies = [TOURS]
    small_town.site.file("/api", listed(small_town, 12, 14, further="/api2"), content_type="application/json")
    small_town.site.file("/api2", listed(small_town, 10), content_type="application/json")
    small_town.add(CASTLE, url=small_town.site.url("/api"), policy=["visningar"])
    report = small_town.refresh()[CASTLE]
    assert hours(small_town) == [10]
    assert report.counts is not None
    assert (report.counts.inside, report.counts.refused) == (1, 2)
    small_town.site.file("/api2", listed(small_town), content_type="application/json")
    small_town.refresh(after=HOUR)
    assert hours(small_town) == [10, 12, 14]
