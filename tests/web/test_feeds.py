"""Feeds over HTTP: conditions, codings, headers, filters, and what one change costs."""

from __future__ import annotations

import gzip
import io
import re
import urllib.parse
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import feedparser
import httpx
import pytest
from icalendar import Calendar

from aggregator.model import Event, Layer, Location, Price, Status, When
from tests.render.worlds import BASE, TOLD, event, event_id, golden, local
from tests.web.memory import World

pytestmark = pytest.mark.anyio
FEEDS = ["/events.ics", "/events.rss"]


@pytest.fixture
def world() -> World:
    made = World()
    made.put(*golden().values())
    return made


def ids(body: bytes) -> list[str]:
    """The events of a calendar."""
    return [str(component["UID"]) for component in Calendar.from_ical(body).walk("VEVENT")]


@pytest.mark.parametrize("path", FEEDS)
async def test_feed_has_the_headers_that_clients_and_caches_need(world: World, path: str) -> None:
    answer = await world.get(path)
    assert answer.status_code == 200
    headers = answer.headers
    assert headers["content-type"].endswith("; charset=utf-8")
    assert headers["cache-control"] == "public, max-age=900, stale-while-revalidate=86400, stale-if-error=604800"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["vary"] == "Accept-Encoding"
    assert headers["content-disposition"] == (
        f'inline; filename="evenemang-i-staffanstorp.{path[-3:]}"; '
        f"filename*=UTF-8''Evenemang%20i%20Staffanstorp.{path[-3:]}"
    )
    assert re.fullmatch('"[0-9a-f]{32}"', headers["etag"])
    assert "last-modified" in headers
    assert "set-cookie" not in headers


@pytest.mark.parametrize("path", FEEDS)
async def test_E05_head_has_the_headers_of_get(world: World, path: str) -> None:
    get, head = await world.get(path), await world.get(path, "HEAD")
    assert head.headers == get.headers
    assert head.content == b""
    assert int(head.headers["content-length"]) == len(get.content)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_E05_feed_can_only_be_read(world: World, method: str) -> None:
    answer = await world.get("/events.ics", method)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["cache-control"] == "no-store"


async def test_E05_options_tells_what_other_origins_may_ask(world: World) -> None:
    answer = await world.get("/events.ics", "OPTIONS", Origin="https://a.example")
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("range_", ["bytes=0-0", "bytes=" + ",".join(["0-1"] * 5000), "bytes=-1"])
async def test_E05_range_is_ignored(world: World, range_: str) -> None:
    answer = await world.get("/events.ics", Range=range_)
    assert answer.status_code == 200
    assert len(ids(answer.content)) > 1


@pytest.mark.parametrize("path", FEEDS)
async def test_E04_if_none_match(world: World, path: str) -> None:
    tag = (await world.get(path)).headers["etag"]
    for value in (tag, f"W/{tag}", f'"other", {tag}', f'W/"x",W/{tag} , "y"', "*", f'"a,b", {tag}'):
        answer = await world.get(path, If_None_Match=value)
        assert answer.status_code == 304, value
        assert answer.content == b""
        assert answer.headers["etag"] == tag
        assert {"cache-control", "vary"} <= set(answer.headers)
    for value in ('"other"', "garbage", '""', tag[:-2] + '"', '"*"', f'"x{tag[1:]}'):
        assert (await world.get(path, If_None_Match=value)).status_code == 200, value


async def test_E04_if_modified_since_counts_only_without_if_none_match(world: World) -> None:
    modified = (await world.get("/events.ics")).headers["last-modified"]
    assert (await world.get("/events.ics", If_Modified_Since=modified)).status_code == 304
    both = await world.get("/events.ics", If_Modified_Since=modified, If_None_Match='"other"')
    assert both.status_code == 200


@pytest.mark.parametrize(
    "since", ["yesterday", "", "Thu, 01 Jan 1970 00:00:00 GMT", "0", "Sat, 99 Foo 2027 00:00:00 GMT"]
)
async def test_E04_bad_or_old_if_modified_since_gives_the_feed(world: World, since: str) -> None:
    assert (await world.get("/events.ics", If_Modified_Since=since)).status_code == 200


async def test_E04_etag_is_equal_in_another_process(world: World) -> None:
    other = World()
    other.put(*reversed(golden().values()))
    assert (await world.get("/events.ics")).headers["etag"] == (await other.get("/events.ics")).headers["etag"]
    assert (await world.get("/events.ics")).content == (await other.get("/events.ics")).content


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8", "*", "GZIP"])
async def test_E09_gzip_is_another_representation(world: World, accepted: str) -> None:
    transport: Any = httpx.ASGITransport(app=world.app)
    async with (
        httpx.AsyncClient(transport=transport, base_url=BASE) as client,
        client.stream("GET", "/events.ics", headers={"Accept-Encoding": accepted}) as answer,
    ):
        packed = b"".join([part async for part in answer.aiter_raw()])
    plain = await world.get("/events.ics")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["etag"] != plain.headers["etag"]
    assert gzip.decompress(packed) == plain.content
    again = await world.get("/events.ics", Accept_Encoding=accepted, If_None_Match=answer.headers["etag"])
    assert again.status_code == 304


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "br", "deflate, gzip;q=0.0", ""])
async def test_E09_no_gzip_for_who_does_not_take_it(world: World, accepted: str) -> None:
    answer = await world.get("/events.ics", Accept_Encoding=accepted)
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "kalender.example.evil.example", "kalender.example@evil.example", ""])
async def test_F16_forged_host_gets_nothing(world: World, host: str) -> None:
    for path in ("/events.ics", "/", "/api/v1/events"):
        answer = await world.get(path, Host=host)
        assert answer.status_code == 400
        assert "no-store" in answer.headers["cache-control"]


async def test_F16_links_come_from_the_base_url_alone(world: World) -> None:
    answer = await world.get(
        "/events.rss", X_Forwarded_Host="evil.example", X_Forwarded_Proto="ftp", Forwarded="host=evil.example"
    )
    assert b"evil.example" not in answer.content
    assert BASE.encode() in answer.content


async def test_F17_unknown_tail_is_not_the_feed(world: World) -> None:
    for path in ("/events.ics/x.css", "/events.ics/", "/EVENTS.ICS", "/events.ics%2Fx.css"):
        assert (await world.get(path)).status_code == 404


async def test_equal_filters_are_one_feed(world: World) -> None:
    one = await world.get("/events.ics?category=barn&free=1&q=Saga+stund")
    for query in (
        "free=1&category=barn&q=saga%20stund",
        "q=stund+SAGA&category=BARN&category=barn&free=1&layer=leisure",
        "category=barn&ongoing=yes&free=1&q=saga+stund&cancelled=marked&lang=sv",
    ):
        other = await world.get(f"/events.ics?{query}")
        assert (other.content, other.headers["etag"]) == (one.content, one.headers["etag"])
    assert world.catalogue.held[0] == 1


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("kategori=barn", "kategori"),
        ("from=2027-13-01", "from"),
        ("from=0001-01-01", "from"),
        ("to=9999-12-31", "to"),
        ("to=i+morgon", "to"),
        ("days=0", "days"),
        ("days=551", "days"),
        ("days=1e2", "days"),
        ("limit=501", "limit"),
        ("limit=-1", "limit"),
        ("limit=1&limit=2", "limit"),
        ("category=../etc", "category"),
        ("category=", "category"),
        ("layer=secret", "layer"),
        ("ongoing=maybe", "ongoing"),
        ("dates=some", "dates"),
        ("status=lost", "status"),
        ("cancelled=shown", "cancelled"),
        ("time=noon", "time"),
        ("free=0", "free"),
        ("free=yes", "free"),
        ("near=55.6", "near"),
        ("near=55.6,13.2,101", "near"),
        ("near=95,13.2,5", "near"),
        ("age=-1", "age"),
        ("age=six", "age"),
        ("lang=de", "lang"),
        ("cursor=abc", "cursor"),
        ("q=", "q"),
        ("q=" + "a" * 101, "q"),
        ("q=" + "+".join(f"w{n}" for n in range(11)), "q"),
        ("q=%ff%fe", "UTF-8"),
        ("&".join(f"category=c{n}" for n in range(51)), "category"),
        ("from=2027-01-01&from=2027-01-02", "from"),
    ],
)
@pytest.mark.parametrize("path", FEEDS)
async def test_E07_wrong_filter_is_a_400_with_a_sentence_that_names_it(
    world: World, path: str, query: str, word: str
) -> None:
    answer = await world.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert word in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/plain")


async def test_E07_flood_of_a_query_is_refused(world: World) -> None:
    assert (await world.get("/events.ics?q=" + "a" * 60_000)).status_code == 414
    assert (await world.get("/?q=" + "a" * 60_000)).status_code == 414
    assert (await world.get("/api/v1/events?" + "&".join(f"category=c{n}" for n in range(1000)))).status_code in (
        400,
        414,
    )


@pytest.mark.parametrize("path", ["/events.ics", "/events.csv", "/api/v1/events"])
async def test_E07_days_the_wrong_way_round_are_a_400_with_a_sentence(world: World, path: str) -> None:
    answer = await world.get(f"{path}?from=2027-02-01&to=2027-01-01")
    assert answer.status_code == 400
    assert "from: 2027-02-01 is after to: 2027-01-01" in answer.text
    assert (await world.get(f"{path}?from=2027-01-01&to=2027-01-01")).status_code == 200


async def test_F15_no_filter_or_title_reaches_a_header(world: World) -> None:
    told = event(50, title='Ö"; filename="../../etc\r\nX-Evil: 1')
    world.put(told)
    answer = await world.get(f"/evenemang/{told.id}.ics")
    assert "x-evil" not in answer.headers
    named = answer.headers["content-disposition"]
    assert named.startswith('inline; filename="o-filename-etc-x-evil-1.ics"; ')
    assert ".." not in named.partition(";")[2].partition(";")[0]


def sample(number: int, **changes: Any) -> Event:
    return event(number, title=f"Nummer {number}", **changes)


SAMPLES = {
    "plain": sample(1, categories=("Barn & familj",), sources=("biblioteket",)),
    "later": sample(2, when=When(local("2027-02-20 08:00"), local("2027-02-20 09:00")), audience="Vuxna"),
    "free": sample(3, price=Price(free=True), location=Location(name="Rådhuset", place="radhuset"), accessible=True),
    "civic": sample(4, layer=Layer.CIVIC),
    "off": sample(5, status=Status.CANCELLED, organizer="Föreningen Öst", sources=("kommunen",)),
    "run": sample(6, ongoing=True, when=When(date(2027, 1, 1), date(2027, 3, 1))),
    "child": sample(7, age=(6, 9), description="Läsning ur folkmusikens böcker"),
    "far": sample(8, when=When(local("2027-12-01 18:00"))),
    "past": sample(9, when=When(local("2026-12-28 18:00"))),
    "old": sample(10, when=When(local("2026-11-01 18:00"))),
}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", "plain later free off run child past"),
        ("layer=civic", "civic"),
        ("layer=all", "plain later free civic off run child past"),
        ("layer=civic&layer=leisure", "plain later free civic off run child past"),
        ("category=barn-familj", "plain"),
        ("category=barn-familj&category=annat", "plain"),
        ("audience=vuxna", "later"),
        ("place=radhuset", "free"),
        ("organizer=foreningen-ost", "off"),
        ("source=kommunen", "off"),
        ("source=kommunen&source=biblioteket", "plain off"),
        ("free=1", "free"),
        ("accessible=1", "free"),
        ("status=cancelled", "off"),
        ("status=cancelled&status=scheduled&free=1", "free"),
        ("cancelled=omit", "plain later free run child past"),
        ("ongoing=no", "plain later free off child past"),
        ("ongoing=only", "run"),
        ("age=7", "plain later free off run child past"),
        ("age=12", "plain later free off run past"),
        ("q=folkmusik+bok", "child"),
        ("q=musik", "child"),
        ("q=nummer&not=musik&free=1", "free"),
        ("from=2027-02-01", "later run far"),
        ("from=2027-02-01&to=2027-02-28", "later run"),
        ("to=2027-01-20", "plain free off run child past"),
        ("to=2026-11-30", "old"),
        ("days=7", "plain free off run child"),
        ("from=2027-02-20&days=1", "later run"),
        ("time=morning", "later"),
        ("time=evening&ongoing=no", "plain free off child past"),
        ("time=weekend&from=2027-02-20&to=2027-02-21", "later run"),
        ("time=day", ""),
        ("limit=2&ongoing=no", "plain free"),
        ("category=finns-inte", ""),
        ("q=finnsinte", ""),
    ],
)
async def test_each_filter_key_selects_what_it_says(query: str, wanted: str) -> None:
    world = World()
    world.put(*SAMPLES.values())
    answer = await world.get(f"/events.ics?{query}")
    assert answer.status_code == 200
    names = {told.id: name for name, told in SAMPLES.items()}
    assert {names[id] for id in ids(answer.content)} == set(wanted.split())


async def test_near_selects_by_distance(world: World) -> None:
    assert ids((await world.get("/events.ics?near=55.6426,13.2064,1")).content) == [golden()["timed"].id]
    assert ids((await world.get("/events.ics?near=56.6426,13.2064,1")).content) == []


async def test_filter_that_names_nothing_is_an_empty_valid_calendar_that_is_seldom_asked(world: World) -> None:
    answer = await world.get("/events.ics?category=nedlagd")
    assert answer.status_code == 200
    assert ids(answer.content) == []
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT168H" in answer.content
    assert b"PT1H" in (await world.get("/events.ics")).content


async def test_rss_tells_newest_first_and_a_series_once() -> None:
    world = World()
    course = [
        event(n, title="Kurs", series="S1", when=When(local(f"2027-01-{n:02} 18:00")), told=TOLD + timedelta(hours=n))
        for n in range(5, 29, 7)
    ]
    world.put(*course, event(1, title="Äldst", told=TOLD - timedelta(days=3)))
    parsed = feedparser.parse(io.BytesIO((await world.get("/events.rss")).content))
    assert [entry.id for entry in parsed.entries] == [event_id(12), event_id(1)]
    every = feedparser.parse(io.BytesIO((await world.get("/events.rss?dates=all")).content))
    assert len(every.entries) == 5
    assert len(ids((await world.get("/events.ics")).content)) == 5


async def test_rss_holds_a_hundred_and_says_so() -> None:
    world = World()
    world.put(*[event(n) for n in range(130)])
    parsed = feedparser.parse(io.BytesIO((await world.get("/events.rss")).content))
    assert len(parsed.entries) == 100
    assert "100" in parsed.feed.description
    assert len(feedparser.parse(io.BytesIO((await world.get("/events.rss?limit=5")).content)).entries) == 5


async def test_english_feed_is_another_feed(world: World) -> None:
    answer = await world.get("/events.ics?lang=en&status=cancelled")
    assert b"SUMMARY:CANCELLED: Konsert" in answer.content
    assert b"/en/evenemang/" in answer.content.replace(b"\r\n ", b"")


async def test_cancelled_confirmed_is_for_clients_that_hide(world: World) -> None:
    body = (await world.get("/events.ics?cancelled=confirmed")).content.decode()
    assert "STATUS:CANCELLED" not in body
    assert "INSTÄLLT: Konsert" in body


async def test_one_changed_event_renders_one_component(world: World) -> None:
    first = await world.get("/events.ics")
    before = world.catalogue.rendered
    world.put(event(1, title="Ny rubrik"))
    second = await world.get("/events.ics")
    assert world.catalogue.rendered == before + 1
    assert second.headers["etag"] != first.headers["etag"]
    await world.get("/events.ics?q=rubrik")
    assert world.catalogue.rendered == before + 1


async def test_change_elsewhere_leaves_the_etag(world: World) -> None:
    first = (await world.get("/events.ics?category=barn")).headers
    world.put(event(60, title="Annat"))
    second = (await world.get("/events.ics?category=barn")).headers
    assert second["etag"] == first["etag"]


async def test_withdrawn_event_leaves_every_feed_and_moves_its_stamp(world: World) -> None:
    first = await world.get("/events.ics")
    gone = replace(golden()["timed"], withdrawn=TOLD + timedelta(hours=3), changed=TOLD + timedelta(hours=3))
    world.put(gone)
    second = await world.get("/events.ics")
    assert set(ids(first.content)) - set(ids(second.content)) == {gone.id}
    assert b"LAST-MODIFIED:20270102T123000Z" in second.content


async def test_day_that_passes_moves_the_window() -> None:
    world = World()
    world.put(event(1, when=When(date(2026, 12, 27))))
    assert len(ids((await world.get("/events.ics")).content)) == 1
    world.now += timedelta(days=1)
    assert len(ids((await world.get("/events.ics")).content)) == 0


async def test_E13_poisoned_event_is_left_out_and_reported() -> None:
    world = World()
    poison = event(2, title="Gift", price=Price(low="dyrt"))  # type: ignore[arg-type]  # what no reader should have let in
    world.put(event(1), poison, event(3))
    for path in FEEDS:
        answer = await world.get(path)
        assert answer.status_code == 200
        assert poison.id.encode() not in answer.content
        assert answer.content.count(b"Sagostund") >= 2
    assert {(id, form) for id, form, _ in world.reports} == {(poison.id, "ics"), (poison.id, "rss")}
    assert world.catalogue.skipped == 2


async def test_A18_lone_surrogate_never_breaks_a_feed() -> None:
    world = World()
    world.put(event(1, title="A\ud800B", description="\udfff"), event(2))
    for path in FEEDS:
        assert (await world.get(path)).status_code == 200


async def test_E08_cache_is_bounded_whatever_is_asked() -> None:
    world = World(budget=100_000)
    world.put(*golden().values())
    for n in range(60):
        await world.get(f"/events.ics?q=sagostund{n}")
        await world.get(f"/events.ics?limit={n + 1}")
    assert world.catalogue.held[1] <= 100_000


@pytest.mark.parametrize("text", ['"', "%", "_", "a' OR 1=1 --", "NEAR(a b)", "(", "sag[ao]", "\\", "sag%"])
async def test_F18_signs_of_query_languages_mean_nothing(world: World, text: str) -> None:
    answer = await world.get(f"/events.ics?q={urllib.parse.quote(text)}")
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert len(ids(answer.content)) < len(golden())
