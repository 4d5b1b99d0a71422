"""What a page says beside a search: days that it names, a misspelt word, the other layer, what is not taken."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest

from aggregator.model import Layer, When
from tests.render.worlds import BASE, event, local
from tests.web.memory import World

pytestmark = pytest.mark.anyio


@pytest.fixture
def world() -> World:
    """A Wednesday in December with what follows."""
    world = World(now=local("2026-12-02 10:00"))
    world.put(
        event(1, title="Lunchkonsert", when=When(local("2026-12-02 12:00"))),
        event(2, title="Julkonsert", when=When(local("2026-12-05 18:00")), categories=("Konsert",)),
        event(3, title="Konsert i kyrkan", when=When(local("2026-12-13 18:00"))),
        event(4, title="Pyssel", when=When(local("2026-12-22 13:00"))),
        event(5, title="Julmarknad", when=When(date(2026, 12, 6))),
        event(6, title="Gudstjänst", when=When(local("2026-12-06 11:00"))),
        event(7, title="Kommunfullmäktige", when=When(local("2026-12-14 18:00")), layer=Layer.CIVIC),
        event(8, title="Kommunfullmäktige", when=When(local("2027-01-25 18:00")), layer=Layer.CIVIC),
    )
    return world


async def links(world: World, path: str) -> list[tuple[str, str]]:
    """The links that a list offers in place of a search: what they say and where they lead."""
    text = (await world.get(path)).text
    listed = re.search(r'<ul class="instead".*?</ul>', text, re.S)
    return [
        (unescape(said), unescape(url))
        for url, said in re.findall(r'<a href="([^"]+)">([^<]+)</a>', listed[0] if listed else "")
    ]


@pytest.mark.parametrize(
    ("path", "said", "url"),
    [
        ("/?q=Konserter+i+dag", "Visa Konserter i dag (1)", "/?from=2026-12-02&q=Konserter&to=2026-12-02"),
        ("/?q=konsert+i+helgen", "Visa konsert 5–6 december (1)", "/?from=2026-12-05&q=konsert&to=2026-12-06"),
        ("/?q=l%C3%B6rdag", "Visa allt lördag 5 december (1)", "/?from=2026-12-05&to=2026-12-05"),
        ("/?q=13+december", "Visa allt söndag 13 december (1)", "/?from=2026-12-13&to=2026-12-13"),
        ("/?q=jullovet", "Visa allt 19 december–6 januari (1)", "/?from=2026-12-19&to=2027-01-06"),
        ("/?q=i+morgon", "Visa allt i morgon (0)", "/?from=2026-12-03&to=2026-12-03"),
        ("/?free=1&q=idag", "Visa allt i dag (0)", "/?free=1&from=2026-12-02&to=2026-12-02"),
        ("/en?q=concerts+today", "Show concerts today (1)", "/en?from=2026-12-02&q=concerts&to=2026-12-02"),
        ("/?q=konsrt", "Menade du konsert? (3 träffar)", "/?q=konsert"),
        ("/?q=marknd", "Menade du marknad? (1 träff)", "/?q=marknad"),  # which is told in a compound alone
        ("/?q=julmarkand", "Menade du julmarknad? (1 träff)", "/?q=julmarknad"),
        ("/?q=Gudstjanst", "Menade du gudstjänst? (1 träff)", "/?q=gudstj%C3%A4nst"),
        ("/?q=Konsrt+i+kyrkan", "Menade du konsert i kyrkan? (1 träff)", "/?q=konsert+i+kyrkan"),
        ("/en?q=konsrt", "Did you mean konsert? (3 hits)", "/en?q=konsert"),
        (
            "/?q=kommunfullm%C3%A4ktige",
            "2 träffar i möten och samråd – visa dem",
            "/?layer=civic&q=kommunfullm%C3%A4ktige",
        ),
        ("/en?layer=civic&q=julmarknad", "1 hit in leisure – show it", "/en?q=julmarknad"),
    ],
)
async def test_list_offers_what_a_search_could_have_asked(world: World, path: str, said: str, url: str) -> None:
    assert (said, url) in await links(world, path)


@pytest.mark.parametrize(
    "path", ["/", "/?q=konsert", "/?category=konsert", "/?q=xyzzy", "/?q=konsert&q=bok+i+dag", "/?q=!"]
)
async def test_list_offers_nothing_where_there_is_nothing_to_offer(world: World, path: str) -> None:
    assert await links(world, path) == []


async def test_link_shows_as_many_events_as_it_says(world: World) -> None:
    for path in ("/?q=konserter+i+dag", "/?q=konsrt", "/?q=kommunfullm%C3%A4ktige", "/?q=jullovet"):
        for said, url in await links(world, path):
            count = re.search(r"\d+(?= träff)|(?<=\()\d+(?=\))", said)
            assert count is not None
            assert f">{count[0]} evenemang" in (await world.get(url)).text


async def test_search_itself_is_never_changed(world: World) -> None:
    text = unescape((await world.get("/?q=konsrt")).text)
    assert "Inga evenemang passar" in text
    feed = await world.get("/events.json?q=konsrt&from=2026-12-01")
    assert feed.json()["items"] == []


async def test_words_of_a_feed_mean_what_they_mean_on_a_page(world: World) -> None:
    for words, found in (
        ("julen", {"Julkonsert", "Julmarknad"}),
        ("musik i kyrkan", set()),
        ("konsert i kyrkan", {"Konsert i kyrkan"}),
    ):
        items = (await world.get(f"/api/v1/events?q={words.replace(' ', '+')}")).json()["events"]
        assert {item["name"] for item in items} == found
        text = (await world.get(f"/?q={words.replace(' ', '+')}")).text
        assert {
            title for title in ("Julkonsert", "Julmarknad", "Konsert i kyrkan", "Pyssel") if f">{title}</a>" in text
        } == found


async def test_search_stands_on_the_page_as_it_was_typed(world: World) -> None:
    answer = await world.get("/?q=Konserter+i+dag&from=&age=")  # as a form sends it
    assert (answer.status_code, answer.headers["location"]) == (303, "/?q=Konserter+i+dag")
    text = unescape((await world.get("/?q=Konserter+i+dag")).text)
    assert 'value="Konserter i dag"' in text
    assert "”Konserter i dag”" in text.partition('class="taken"')[2].partition("</p>")[0]
    assert f'<link rel="canonical" href="{BASE}/?q=dag+i+konserter">' in text
    assert 'value="i DAG konserter"' in unescape((await world.get("/?q=i+DAG+konserter")).text)  # no other's page


@pytest.mark.parametrize(
    ("path", "note"),
    [
        ("/?from=abc", "”abc” är inget datum som går att läsa och räknas inte. Skriv som 2027-01-16."),
        ("/?to=2027-02-30", "”2027-02-30” är inget datum som går att läsa och räknas inte. Skriv som 2027-01-16."),
        ("/?age=200", "”200” är ingen ålder som går att läsa och räknas inte. Skriv hela år, från 0 till 150."),
        ("/?vid=finnsinte", "Platsen ”finnsinte” finns inte på kartan, så avståndet räknas inte."),
        (
            "/?q=" + "ord+" * 11,
            "”ord ord ord ord ord ord ord ord ord ord…” räknas inte: sök på högst tio ord och hundra tecken.",
        ),
        ("/?layer=alla", "”layer=alla” i adressen går inte att läsa och räknas inte."),
        ("/?category=finns-inte", "I kalendern finns inget i kategorin ”finns inte”."),
        ("/?organizer=finns-inte", "I kalendern finns inget av arrangören ”finns inte”."),
        ("/vecka?age=200", "”200” är ingen ålder som går att läsa och räknas inte. Skriv hela år, från 0 till 150."),
        (
            "/prenumerera?age=200",
            "”200” är ingen ålder som går att läsa och räknas inte. Skriv hela år, från 0 till 150.",
        ),
        ("/en?age=200", "“200” is no age that can be read and doesn’t count. Write whole years, from 0 to 150."),
    ],
)
async def test_page_tells_what_it_does_not_take(world: World, path: str, note: str) -> None:
    assert f'<p class="note">{note}</p>' in unescape((await world.get(path)).text)


async def test_what_is_not_taken_is_told_after_a_form_too(world: World) -> None:
    answer = await world.get("/?q=&from=abc&vid=finnsinte&km=5&age=200")
    assert answer.status_code == 303
    text = unescape((await world.get(answer.headers["location"])).text)
    assert text.count('<p class="note">') == 3


async def test_what_is_known_and_empty_is_no_note(world: World) -> None:
    world.put(event(9, title="Bad", when=When(local("2026-11-02 12:00")), categories=("Bad",)))
    assert 'class="note"' not in (await world.get("/?category=bad")).text
    assert 'class="note"' not in (await world.get("/?place=radhuset")).text


@pytest.mark.parametrize("path", ["/events.ics", "/events.json", "/api/v1/events"])
@pytest.mark.parametrize("query", ["from=abc", "age=200", "vid=finnsinte", "layer=alla"])
async def test_programs_are_still_refused(world: World, path: str, query: str) -> None:
    assert (await world.get(f"{path}?{query}")).status_code == 400


async def test_page_of_another_day_offers_other_days(world: World) -> None:
    assert ("Visa allt i dag (1)", "/?from=2026-12-02&to=2026-12-02") in await links(world, "/?q=idag")
    world.now += timedelta(days=3)
    assert ("Visa allt i dag (1)", "/?from=2026-12-05&to=2026-12-05") in await links(world, "/?q=idag")
