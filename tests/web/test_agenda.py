"""What of today is over: folded on the list, left out of short lists, and never a reason for a feed to change."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest

from aggregator.model import When
from aggregator.web.agenda import PAGE_SIZE
from tests.render.worlds import event, local
from tests.web.memory import World

pytestmark = pytest.mark.anyio


def today_at(now: str) -> World:
    """A Saturday with a morning, an afternoon without a known end, a night, a day and a run; and the day after."""
    world = World(now=local(f"2027-01-16 {now}"))
    world.put(
        event(1, title="Morgongympa", when=When(local("2027-01-16 08:00"), local("2027-01-16 09:00"))),
        event(2, title="Bokcafé", when=When(local("2027-01-16 13:00"))),
        event(3, title="Nattorientering", when=When(local("2027-01-16 21:00"), local("2027-01-17 02:00"))),
        event(4, title="Loppis", when=When(date(2027, 1, 16))),
        event(5, title="Utställning", when=When(date(2027, 1, 2), date(2027, 1, 30)), ongoing=True),
        event(6, title="Gudstjänst", when=When(local("2027-01-17 11:00"), local("2027-01-17 12:00"))),
    )
    return world


async def folded(world: World, path: str = "/") -> tuple[str, str]:
    """What stands open and what is folded away on a list."""
    text = unescape((await world.get(path)).text)
    before, _, rest = text.partition('<details class="over">')
    inside, _, after = rest.partition("</details>")
    return before + after, inside


@pytest.mark.parametrize(
    ("now", "over"),
    [
        ("08:59", set()),
        ("09:00", {"Morgongympa"}),
        ("15:59", {"Morgongympa"}),
        ("16:00", {"Morgongympa", "Bokcafé"}),  # no end is known: three hours
        ("23:50", {"Morgongympa", "Bokcafé"}),
    ],
)
async def test_what_is_over_today_is_folded_away(now: str, over: set[str]) -> None:
    shown, inside = await folded(today_at(now))
    titles = {"Morgongympa", "Bokcafé", "Nattorientering", "Loppis", "Utställning", "Gudstjänst"}
    assert {title for title in titles if title in inside} == over
    assert {title for title in titles if f">{title}</a>" in shown} == titles - over


async def test_today_is_told_even_when_all_of_it_is_over() -> None:
    world = World(now=local("2027-01-16 18:00"))
    world.put(event(1, when=When(local("2027-01-16 08:00"))), event(2, when=When(local("2027-01-20 08:00"))))
    shown, inside = await folded(world)
    assert "Inget mer i dag." in shown
    assert "Sagostund" in inside
    assert shown.index("lördag 16\u00a0januari") < shown.index("onsdag 20\u00a0januari")


async def test_who_asks_for_days_gone_by_sees_them_open() -> None:
    world = today_at("18:00")
    assert (await folded(world, "/?from=2027-01-10"))[1] == ""
    assert "Morgongympa" in (await folded(world, "/?from=2027-01-16&to=2027-01-16"))[1]  # "I dag" is of today


async def test_page_turns_without_what_is_over() -> None:
    world = World(now=local("2027-01-16 18:00"))
    early, late = local("2027-01-16 08:00"), local("2027-01-17 08:00")
    world.put(*[event(n, title=f"Över {n}", when=When(early)) for n in range(40)])
    world.put(*[event(100 + n, title=f"Kommer {n}", when=When(late)) for n in range(PAGE_SIZE)])
    text = (await world.get("/")).text
    assert text.count(">Kommer ") == PAGE_SIZE
    assert 'rel="next"' not in text


@pytest.mark.parametrize("path", ["/embed?limit=2", "/embed.html?limit=2", "/prenumerera"])
async def test_short_list_has_no_room_for_what_is_over(path: str) -> None:
    text = unescape((await today_at("18:00").get(path)).text)
    assert "Nattorientering" in text or "Loppis" in text
    assert ">Morgongympa<" not in text


async def test_page_is_new_when_something_ends_and_says_so() -> None:
    world = today_at("08:50")
    before = await world.get("/")
    world.now += timedelta(minutes=8)
    assert (await world.get("/")).headers["etag"] == before.headers["etag"]
    world.now += timedelta(minutes=2)
    again = await world.get("/", if_none_match=before.headers["etag"])
    assert again.status_code == 200
    assert again.headers["last-modified"] == "Sat, 16 Jan 2027 08:00:00 GMT"
    assert (await world.get("/", if_modified_since=before.headers["last-modified"])).status_code == 200


@pytest.mark.parametrize("extension", ["ics", "rss", "atom", "json", "jsonld", "csv"])
async def test_feed_is_the_same_bytes_from_midnight_to_midnight(extension: str) -> None:
    world, tags = today_at("00:01"), set()
    for hour in (0, 9, 16, 23):
        world.now = local(f"2027-01-16 {hour:02}:59")
        world.ticks.seconds += 1
        tags.add((await world.get(f"/events.{extension}?limit=3")).headers["etag"])
    assert len(tags) == 1


async def test_what_runs_for_long_and_has_not_begun_stands_apart_each_series_once() -> None:
    world = today_at("12:00")
    spring = [(20 + n, When(date(2027 + n, 2, 1), date(2027 + n, 4, 30))) for n in (0, 1)]
    world.put(*[event(n, title="Vårsalong", when=when, ongoing=True, series="SALONG") for n, when in spring])
    text = unescape((await world.get("/")).text)
    now, _, later = text[text.index("Pågår länge</h2>") :].partition("Börjar senare och pågår länge</h2>")
    assert ("Utställning" in now, "Vårsalong" in now) == (True, False)
    assert later.count(">Vårsalong</a>") == 1
    asked = unescape((await world.get("/?from=2027-03-01&to=2027-03-31")).text)
    assert "Vårsalong" in asked
    assert "Börjar senare" not in asked


async def test_a_page_beyond_the_last_is_the_last() -> None:
    world = World(now=local("2027-01-16 18:00"))
    world.put(*[event(n, title=f"Kommer {n:03}", when=When(local("2027-01-17 08:00"))) for n in range(PAGE_SIZE + 3)])
    text = (await world.get("/?sida=199")).text
    assert text.count(">Kommer ") == 3
    assert 'rel="prev" href="/"' in text or 'href="/" rel="prev"' in text


@pytest.mark.parametrize(
    ("path", "links"),
    [
        (
            "/?category=barn&from=2027-01-16",
            {"/vecka?category=barn", "/manad?category=barn", "/prenumerera?category=barn"},
        ),
        ("/vecka?category=barn", {"/?category=barn", "/manad?category=barn", "/vecka"}),
        ("/en/prenumerera?free=1", {"/en?free=1", "/en/vecka?free=1"}),
    ],
)
async def test_a_filter_is_kept_from_view_to_view(path: str, links: set[str]) -> None:
    text = unescape((await today_at("12:00").get(path)).text)
    nav = text[text.index("<nav") : text.index("</nav>")]
    assert links <= set(re.findall(r'href="([^"]*)"', nav))


async def test_a_subscription_to_what_is_seen_has_no_days_and_one_that_ends_says_so() -> None:
    world = today_at("12:00")
    text = unescape((await world.get("/?from=2027-01-16&to=2027-01-16&q=loppis")).text)
    assert 'href="/prenumerera?q=loppis">Prenumerera på det här urvalet' in text
    ending = unescape((await world.get("/prenumerera?to=2027-01-16&q=loppis")).text)
    assert "Den slutar lördag 16 januari 2027 och är sedan tom." in ending
    assert '<a href="/prenumerera?q=loppis">Prenumerera utan slutdatum' in ending
    assert "Inget passar just nu." in unescape((await world.get("/prenumerera?q=finnsinte")).text)


async def test_a_subscription_shows_nothing_that_it_does_not_hold() -> None:
    world = World(now=local("2027-01-16 12:00"))
    world.put(
        event(1, title="Snart", when=When(local("2027-01-20 18:00"))),
        event(2, title="Nästa år", when=When(local("2028-01-20 18:00"))),
    )
    text = unescape((await world.get("/prenumerera")).text)
    assert ("Snart" in text, "Nästa år" in text) == (True, False)
