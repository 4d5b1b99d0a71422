"""Pages over HTTP: what they show, where they lead, what becomes of events that went, and what crawlers meet."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from aggregator.match import Pair
from aggregator.model import Event, Evidence, Key, Listing, Provenance, Reason, Stated, StoredListing, When
from aggregator.web.agenda import PAGE_SIZE
from aggregator.web.locale import sv
from aggregator.web.words import _AREAS, TABLES
from tests.render.worlds import BASE, TOLD, event, event_id, golden, local
from tests.web.memory import World

pytestmark = pytest.mark.anyio


@pytest.fixture
def world() -> World:
    made = World()
    made.put(*golden().values())
    return made


async def path_of(world: World, told: Event) -> str:
    """The canonical path of an event's page."""
    answer = await world.get(f"/evenemang/{told.id}")
    assert answer.status_code == 301
    return answer.headers["location"].removeprefix(BASE)


async def test_list_begins_today_and_tells_the_day_and_the_hour(world: World) -> None:
    text = (await world.get("/")).text
    assert '<time datetime="2027-01-16">lördag 16\u00a0januari</time>' in text
    assert "18.30–20.30" in text
    assert text.index("Sagostund") < text.index("Torgmöte") < text.index("Nationaldagen")


async def test_page_ignores_what_it_does_not_know_and_leaves_it_out_of_its_links(world: World) -> None:
    answer = await world.get("/?fbclid=abc&utm_source=x&category=barn&days=many")
    assert answer.status_code == 200
    assert "fbclid" not in answer.text
    assert "utm_source" not in answer.text
    assert f'<link rel="canonical" href="{BASE}/?category=barn">' in answer.text


async def test_list_page_links_every_format_with_its_filter(world: World) -> None:
    text = unescape((await world.get("/en?category=barn&free=1")).text)
    kinds = {"ics": "text/calendar", "rss": "application/rss+xml", "atom": "application/atom+xml", "csv": "text/csv"}
    for extension, kind in kinds.items():
        link = re.search(f'<link rel="alternate" type="{re.escape(kind)}" href="([^"]+)"', text)
        assert link is not None
        assert link[1] == f"{BASE}/events.{extension}?category=barn&free=1&lang=en"
        assert (await world.get(link[1])).status_code == 200


async def test_event_page_carries_json_ld_and_where_its_facts_come_from() -> None:
    world = World()
    told = event(1, provenance=(Provenance("title", 1, "biblioteket", "media"),), sources=("biblioteket",))
    world.put(told)
    text = (await world.get(await path_of(world, told))).text
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    node = json.loads(data[1])
    assert (node["@type"], node["name"], node["startDate"]) == ("Event", "Sagostund", "2027-01-16T18:30:00+01:00")
    assert "listings" not in node
    assert "Staffanstorps bibliotek" in text


async def test_event_page_tells_how_it_was_put_together() -> None:
    world = World()
    one = golden()["timed"]
    told = replace(one, content=replace(one.content, sources=("biblioteket", "kommunen")))
    world.put(told)
    world.store.told_by[told.id] = [
        told_by(1, "biblioteket", "Sagostund"),
        told_by(2, "kommunen", "Saga på biblioteket"),
    ]
    reasons = (Reason("prior", -3.5), Reason("start-same", 3.2), Reason("place-same", 2.0))
    world.store.alike = [Pair(1, 2, Evidence(score=1.7, reasons=reasons), "merge")]
    text = (await world.get(await path_of(world, told))).text
    assert TABLES["sv"]["together"] in text
    assert "Saga på biblioteket" in text
    assert "(samma starttid, samma plats)" in text
    assert "utgångsläge" not in text
    alone = replace(told, content=replace(told.content, sources=("biblioteket",)))
    world.put(alone)
    assert TABLES["sv"]["together"] not in (await world.get(await path_of(world, alone))).text


def told_by(id: int, source: str, title: str) -> StoredListing:
    """A listing of one source, as it is stored."""
    when = golden()["timed"].content.when
    listing = Listing(key=Key(source, title), title=title, when=when, stated=Stated(None, None, ""), digest="")
    return StoredListing(id=id, listing=listing, first_seen=TOLD, changed=TOLD)


async def test_cancelled_and_moved_are_unmistakable(world: World) -> None:
    cancelled = (await world.get(await path_of(world, golden()["cancelled"]))).text
    assert "<strong>Inställt</strong>" in cancelled
    assert "<title>Inställt: Konsert" in cancelled
    moved = (await world.get(await path_of(world, golden()["moved"]))).text
    assert "fredag 15 januari 2027 kl. 18.30–20.30" in moved


async def test_wrong_slug_leads_to_the_right_one_for_an_hour(world: World) -> None:
    answer = await world.get(f"/evenemang/{golden()['timed'].id}/annat")
    assert answer.status_code == 301
    assert answer.headers["location"].endswith("/sagostund")
    assert answer.headers["cache-control"] == "public, max-age=3600"


async def test_merged_id_leads_to_the_event_that_took_it(world: World) -> None:
    world.store.redirects[event_id(900)] = golden()["timed"].id
    page = await world.get(f"/en/evenemang/{event_id(900)}/gammal")
    assert page.status_code == 301
    assert page.headers["location"] == f"{BASE}/en/evenemang/{golden()['timed'].id}/sagostund"
    calendar = await world.get(f"/evenemang/{event_id(900)}.ics")
    assert (calendar.status_code, calendar.headers["location"]) == (301, f"{BASE}/evenemang/{golden()['timed'].id}.ics")
    told = await world.get(f"/api/v1/events/{event_id(900)}")
    assert told.headers["location"] == f"{BASE}/api/v1/events/{golden()['timed'].id}"
    assert told.headers["cache-control"] == "public, max-age=3600"


async def test_withdrawn_event_is_410_and_says_what_became_of_it(world: World) -> None:
    gone = replace(golden()["timed"], withdrawn=TOLD + timedelta(days=1), reason="absent")
    world.put(gone)
    page = await world.get(f"/evenemang/{gone.id}/sagostund")
    assert page.status_code == 410
    assert "Sagostund" in page.text
    assert "söndag 3 januari 2027" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert (await world.get(f"/evenemang/{gone.id}.ics")).status_code == 410
    assert (await world.get(f"/api/v1/events/{gone.id}")).status_code == 410


async def test_E11_dead_address_polled_for_ever_asks_the_store_once(world: World) -> None:
    world.put(replace(golden()["timed"], withdrawn=TOLD))
    before = dict(world.store.asked)
    for _ in range(50):
        assert (await world.get(f"/evenemang/{golden()['timed'].id}.ics")).status_code == 410
        assert (await world.get(f"/evenemang/{event_id(999)}.ics")).status_code == 404
    assert world.store.asked.get("redirect", 0) - before.get("redirect", 0) == 2
    assert world.store.asked["events"] <= 1


@pytest.mark.parametrize(
    "path",
    [
        "/manad/9999-12",
        "/manad/2031-01",
        "/manad/2020-01",
        "/vecka/2031-v01",
        "/vecka/2027-v54",
        "/manad/2027-13",
        "/vecka/x",
    ],
)
async def test_E12_months_and_weeks_end(world: World, path: str) -> None:
    answer = await world.get(path)
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


async def test_E12_last_month_has_no_link_onward(world: World) -> None:
    text = (await world.get("/manad/2028-07")).text
    assert "/manad/2028-06" in text
    assert "/manad/2028-08" not in text
    assert 'rel="prev nofollow"' in text


@pytest.mark.parametrize("page", ["0", "-1", "1000000000", "x", "٣"])
async def test_E07_page_number_is_bounded(world: World, page: str) -> None:
    assert (await world.get(f"/?sida={page}")).status_code == 200


async def test_list_is_turned_page_by_page() -> None:
    world = World()
    world.put(*[event(n, title=f"Nummer {n:03}") for n in range(2 * PAGE_SIZE + 10)])
    first, second, third = [(await world.get(f"/?sida={n}")).text for n in (1, 2, 3)]
    assert first.count('<li class="event">') == PAGE_SIZE
    assert third.count('<li class="event">') == 10
    assert 'href="/?sida=3" rel="next"' in second
    assert 'rel="next"' not in third


async def test_exhibitions_stand_apart_from_the_days(world: World) -> None:
    text = (await world.get("/")).text
    runs = text.partition('<section class="runs">')[2]
    assert "Slättens ljus" in runs
    assert text.count("Slättens ljus") == 1


async def test_quick_choices_are_days() -> None:
    world = World()
    world.put(event(1, title="Idag", when=When(date(2027, 1, 10))), event(2, when=When(local("2027-01-16 10:00"))))
    text = unescape((await world.get("/")).text)
    assert 'href="/?from=2027-01-10&to=2027-01-10"' in text  # today, a Sunday, and the weekend that is left
    assert "Sagostund" not in (await world.get("/?from=2027-01-10&to=2027-01-10")).text


async def test_filter_bar_tells_counts_and_what_is_taken(world: World) -> None:
    text = (await world.get("/?category=barn&free=1&q=saga")).text
    assert 'value="barn" checked> <span>barn <span class="count">(1)</span>' in text
    assert 'href="/?category=barn&amp;free=1"' in text  # without the word


async def test_series_page_tells_all_dates_and_how_to_subscribe() -> None:
    world = World()
    course = [event(n, title="Kurs", series="S9", when=When(local(f"2027-01-{n:02} 18:00"))) for n in (5, 12, 19)]
    world.put(*course)
    text = (await world.get("/serie/S9")).text
    assert text.index("tisdag 12 januari") < text.index("tisdag 19 januari") < text.index("tisdag 5 januari")
    assert "webcal://kalender.example/serie/S9.ics" in text
    calendar = await world.get("/serie/S9.ics")
    assert calendar.content.count(b"BEGIN:VEVENT") == 3
    assert (await world.get("/serie/S8")).status_code == 404
    page = (await world.get(await path_of(world, course[1]))).text
    assert 'href="/serie/S9"' in page


async def test_subscription_page_builds_the_links(world: World) -> None:
    text = unescape((await world.get("/prenumerera?category=barn")).text)
    feed = "kalender.example%2Fevents.ics%3Fcategory%3Dbarn"
    assert 'href="webcal://kalender.example/events.ics?category=barn"' in text
    assert f'href="https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F{feed}"' in text
    assert f'href="https://outlook.live.com/calendar/0/addfromweb?url=https%3A%2F%2F{feed}&name=' in text
    assert f'href="https://outlook.office.com/calendar/0/addfromweb?url=https%3A%2F%2F{feed}&name=' in text
    assert "<svg" in text
    assert "innehåller just nu 1 evenemang" in text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/vecka",
        "/manad",
        "/prenumerera",
        "/badda-in",
        "/om",
        "/api",
        "/kallor",
        "/kallor/kommunen",
        "/tillganglighet",
        "/integritet",
    ],
)
async def test_page_has_its_english_twin_and_safe_headers(world: World, path: str) -> None:
    swedish = await world.get(path)
    english = await world.get("/en" if path == "/" else f"/en{path}")
    assert (swedish.status_code, english.status_code) == (200, 200)
    assert '<html lang="sv">' in swedish.text
    assert '<html lang="en">' in english.text
    assert 'hreflang="en"' in swedish.text
    for answer in (swedish, english):
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers
        assert not re.search(r"<script(?! type=\"(?:application/ld\+json|module)\")|\son\w+=|\sstyle=\"", answer.text)


async def test_E15_errors_are_never_kept(world: World) -> None:
    for path in (
        "/finns-inte",
        "/en/finns-inte",
        "/api/v1/nothing",
        "/evenemang/x",
        "/static/nothing.css",
        "/api/v1/events?x=1",
    ):
        answer = await world.get(path)
        assert answer.status_code in (400, 404)
        assert answer.headers["cache-control"] == "no-store"
    assert '<html lang="en">' in (await world.get("/en/finns-inte")).text


async def test_E09_page_is_packed_and_answers_conditions(world: World) -> None:
    answer = await world.get("/", Accept_Encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    again = await world.get("/", Accept_Encoding="gzip", If_None_Match=answer.headers["etag"])
    assert again.status_code == 304
    head = await world.get("/", "HEAD")
    assert head.content == b""
    assert int(head.headers["content-length"]) > 1000


async def test_sitemap_and_robots(world: World) -> None:
    robots = (await world.get("/robots.txt")).text
    assert "Allow: /events.ics" in robots
    assert f"Sitemap: {BASE}/sitemap.xml" in robots
    sitemap = (await world.get("/sitemap.xml")).text
    assert sitemap.count("<url>") == len(golden()) + 1
    assert "<lastmod>2027-01-02</lastmod>" in sitemap


def test_both_languages_have_every_word() -> None:
    assert set(TABLES["sv"]) == set(TABLES["en"])
    assert len(TABLES["sv"]) == len(sv.WORDS) + sum(len(area["sv"]) for area in _AREAS), "a key is in two tables"
    for key, text in TABLES["sv"].items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", TABLES["en"][key])), key


async def test_english_pages_have_english_words_for_what_the_vocabulary_knows() -> None:
    world = World()
    told = event(1, title="Konsert", categories=("Musik", "Barn", "Stickat"), audience="barn")
    world.put(told)
    page, form = (await world.get("/en")).text.split("</search>")[::-1]
    assert [f"<li>{word}</li>" in page for word in ("Music", "Children")] == [True] * 2
    assert '<li lang="sv">Stickat</li>' in page
    assert 'value="musik"> <span>Music <span' in form  # the filter's ids are Swedish in every language
    assert 'value="barn"> <span>children <span' in form
    assert "Music" in (await world.get("/en?category=musik")).text.partition('class="taken"')[2]
    assert "<li>Musik</li>" in (await world.get("/")).text
    assert (
        "X-WR-CALNAME:Evenemang i Staffanstorp: Music" in (await world.get("/events.ics?category=musik&lang=en")).text
    )


@pytest.mark.parametrize("path", ["/tillganglighet", "/integritet", "/en/tillganglighet", "/en/integritet"])
async def test_who_to_write_to_is_told_whatever_is_set(path: str) -> None:
    world = World()
    assert '<a href="mailto:kalender@kommun.example">' in (await world.get(path)).text.partition("<footer")[0]
    site = world.app.state.desk.site
    told = {
        "https://kommun.example/kontakt": '<a href="https://kommun.example/kontakt">',
        "Växeln, 046-25 11 00": "046",
    }
    for contact, expected in told.items():
        world.app.state.desk.site = replace(site, contact=contact)
        world.catalogue.forget()
        assert expected in (await world.get(path)).text.partition("<footer")[0]
    world.app.state.desk.site = replace(site, contact=None)
    world.catalogue.forget()
    text = (await world.get(path)).text
    assert ("switchboard" if path.startswith("/en") else "växel") in text
    assert "kalender@kommun.example" not in text


async def test_a_page_that_is_not_there_is_none_of_the_menus(world: World) -> None:
    text = (await world.get("/finns-inte")).text
    assert 'aria-current="page"' not in text
    assert 'rel="canonical"' not in text
    assert 'aria-current="page"' in (await world.get("/")).text
