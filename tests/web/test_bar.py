"""The filter's form: what it offers, what it keeps, and the address that it leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest

from aggregator.model import Geo, Location, When
from aggregator.web.app import reconfigure
from tests.render.worlds import BASE, event, local
from tests.web.memory import World

pytestmark = pytest.mark.anyio

NEAR = "near=55.6426%2C13.2064%2C5".replace("%2C", ",")


@pytest.fixture
def world() -> World:
    made = World()
    hall = Location(name="Staffanstorps rådhus", geo=Geo(55.6426, 13.2064), place="radhuset")
    away = Location(name="Malmö opera", geo=Geo(55.595, 12.994))
    made.put(
        event(1, title="Sagostund", location=hall, age=(3, 6)),
        event(2, title="Bingo", location=hall, age=(18, None)),
        event(3, title="Opera", location=away),
        event(4, title="Skridskodisko", when=When(local("2027-02-24 13:00"))),
    )
    return made


async def test_school_holiday_is_one_click(world: World) -> None:
    text = unescape((await world.get("/?category=barn")).text)
    assert 'href="/?category=barn&from=2027-02-22&to=2027-02-28">Sportlovet <span class="days">22–28 februari' in text
    found = (await world.get("/?from=2027-02-22&to=2027-02-28")).text
    assert "Skridskodisko" in found
    assert ">Sagostund<" not in found
    assert 'aria-current="true">Sportlovet' in found
    assert "Winter break" in (await world.get("/en")).text


async def test_school_holiday_that_is_on_begins_today(world: World) -> None:
    world.now = datetime(2027, 2, 24, 9, tzinfo=UTC)
    text = unescape((await world.get("/")).text)
    assert 'href="/?from=2027-02-24&to=2027-02-28">Sportlovet <span class="days">22–28 februari' in text


async def test_town_says_when_its_schools_are_closed(world: World) -> None:
    calendar = replace(world.config.calendar, holidays={"sportlov": (9,)})
    reconfigure(world.app, replace(world.config, calendar=calendar))
    assert "1–7 mars" in (await world.get("/")).text


@pytest.mark.parametrize("path", ["/", "/en", "/vecka", "/manad/2027-01", "/prenumerera", "/badda-in"])
async def test_form_leads_to_the_address_of_its_filter(world: World, path: str) -> None:
    sent = "?q=&from=&to=&age=6&layer=leisure&vid=radhuset&km=5&not=bingo+loppis&utm_source=x"
    answer = await world.get(path + sent)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{path}?age=6&{NEAR}&not=bingo&not=loppis"
    assert answer.headers["cache-control"] == "no-store"
    assert (await world.get(answer.headers["location"])).status_code == 200


@pytest.mark.parametrize(
    ("sent", "led"),
    [
        ("vid=&km=5", ""),
        ("vid=finnsinte&km=5", "?vid=finnsinte"),  # the page says so
        ("vid=radhuset&km=", f"?{NEAR}"),
        ("vid=radhuset&km=99999", ""),
        ("vid=//evil.example&km=1", "?vid=%2F%2Fevil.example"),
        ("vid=&km=5&near=55.6,13,2", "?near=55.6,13,2"),  # one that the form has no place for
        ("vid=radhuset&km=5&near=55.6,13,2", f"?{NEAR}"),
        ("from=2027-01-16&to=", "?from=2027-01-16"),
    ],
)
async def test_form_is_read_as_a_filter_or_not_at_all(world: World, sent: str, led: str) -> None:
    answer = await world.get(f"/?{sent}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{led}")


async def test_feeds_know_no_field_of_the_form(world: World) -> None:
    answer = await world.get("/events.ics?vid=radhuset&km=5")
    assert answer.status_code == 400
    assert "'vid' is no key of the filter" in answer.text


async def test_what_is_near_fits_the_age_and_is_not_muted(world: World) -> None:
    text = (await world.get(f"/?{NEAR}&age=5&not=bingo")).text
    assert "Sagostund" in text
    assert ">Bingo</a>" not in text
    assert ">Opera</a>" not in text


async def test_form_shows_what_is_taken_and_says_it_in_words(world: World) -> None:
    text = unescape((await world.get(f"/?{NEAR}&age=5&not=bingo&not=loppis")).text)
    assert '<option value="radhuset" selected>Staffanstorps rådhus</option>' in text
    assert '<option value="5" selected>5 km</option>' in text
    assert 'name="age" type="number" inputmode="numeric" min="0" max="150" value="5"' in text
    assert 'value="bingo loppis"' in text
    assert "inom 5 km från Staffanstorps rådhus" in text
    assert "within 5 km of Staffanstorps rådhus" in (await world.get(f"/en?{NEAR}")).text
    assert "(4 valda)" in text
    assert 'type="hidden"' not in text


async def test_form_keeps_what_it_has_no_field_for(world: World) -> None:
    text = (await world.get("/?near=55.6,13,2.5&age=5&age=9&status=moved&series=S9&ongoing=no")).text
    for key, value in (("near", "55.6,13,2.5"), ("age", "5"), ("age", "9"), ("status", "moved"), ("ongoing", "no")):
        assert f'<input type="hidden" name="{key}" value="{value}">' in text
    assert "utan det som pågår länge" in text


async def test_places_without_a_position_are_not_offered(world: World) -> None:
    bare = replace(world.config, places=tuple(replace(place, geo=None) for place in world.config.places))
    reconfigure(world.app, bare)
    assert 'name="vid"' not in (await world.get("/")).text


async def test_canonical_address_is_answered_at_once(world: World) -> None:
    answer = await world.get(f"/?{NEAR}&fbclid=x")
    assert answer.status_code == 200
    assert f'<link rel="canonical" href="{BASE}/?{NEAR}">' in answer.text


async def test_weekend_of_a_sunday_is_that_sunday(world: World) -> None:
    for day, first in ((date(2027, 1, 10), "2027-01-10"), (date(2027, 1, 11), "2027-01-16")):
        world.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        world.ticks.seconds += 1
        assert f'href="/?from={first}' in unescape((await world.get("/")).text)


async def test_what_has_no_position_is_counted_where_it_is_left_out(world: World) -> None:
    """Skridskodisko has no place; the opera has one, and is too far away."""
    text = (await world.get(f"/?{NEAR}")).text
    assert "1 evenemang till passar urvalet men saknar plats på kartan" in text
    assert "Skridskodisko" not in text
    world.put(event(5, title="Vandring"), event(6, title="Quiz"))
    assert "3 evenemang till passar urvalet" in (await world.get(f"/?{NEAR}")).text
    assert "3 more events fit but have no place on the map" in (await world.get(f"/en/prenumerera?{NEAR}")).text
    assert "1 evenemang till passar" in (await world.get(f"/?{NEAR}&q=vandring")).text
    for path in ("/", f"/?{NEAR}&q=saga", "/?q=vandring"):
        assert "saknar plats på kartan" not in (await world.get(path)).text


@pytest.mark.parametrize("path", ["/", "/en", "/prenumerera", "/badda-in"])
async def test_days_the_wrong_way_round_are_turned_and_the_page_says_so(world: World, path: str) -> None:
    note = "have swapped them" if path == "/en" else "bytt plats"
    wrong = await world.get(f"{path}?from=2027-03-01&to=2027-02-01&days=")
    assert wrong.headers["location"] == f"{path}?from=2027-03-01&to=2027-02-01"
    text = (await world.get(wrong.headers["location"])).text
    assert note in text
    assert f'<link rel="canonical" href="{BASE}{path}?from=2027-02-01&amp;to=2027-03-01">' in text
    right = (await world.get(f"{path}?from=2027-02-01&to=2027-03-01")).text
    assert note not in right
    if path == "/":
        assert "Skridskodisko" in text
        assert "Skridskodisko" in right
