"""The API: what an event tells, pages by cursor, and errors in words."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from aggregator.errors import StoreError
from aggregator.model import (
    Conflict,
    Counts,
    Key,
    Listing,
    Problem,
    Provenance,
    Stated,
    Status,
    StoredListing,
)
from aggregator.state import SourceState
from aggregator.web import filters
from aggregator.web.openapi import SCHEMAS
from tests.render.worlds import BASE, TOLD, event, event_id, golden
from tests.web.memory import NOW, World

pytestmark = pytest.mark.anyio
SEEN = datetime(2027, 1, 9, 12, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    made = World()
    made.put(*golden().values())
    return made


async def json_of(world: World, path: str) -> Any:
    answer = await world.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_event_tells_who_told_what() -> None:
    world = World()
    told = event(
        1,
        sources=("biblioteket", "kommunen"),
        provenance=(Provenance("title", 1, "biblioteket", "media"), Provenance("when", 1, "kommunen", "media")),
        conflicts=(Conflict("when", "kommunen", "2027-01-16T18:00:00+01:00"),),
    )
    world.put(told)
    key = Key("biblioteket", "u1", "2027-01-16")
    listing = Listing(
        key=key, title="Sagostund", when=told.content.when, digest="d",
        stated=Stated("u1", "https://bibliotek.example/1", "2027-01-16T00:00:00"),
    )  # fmt: skip
    world.store.told_by[told.id] = [StoredListing(id=1, listing=listing, first_seen=TOLD, changed=TOLD)]
    world.store.states = [SourceState(id="biblioteket", tried=SEEN, good=SEEN)]
    node = (await json_of(world, "/api/v1/events"))["events"][0]
    assert node["provenance"] == {"name": "biblioteket", "startDate": "kommunen"}
    assert node["conflicts"] == [{"field": "startDate", "source": "kommunen", "value": "2027-01-16T18:00:00+01:00"}]
    assert (node["layer"], node["ongoing"]) == ("leisure", False)
    assert node["listings"] == [
        {
            "source": "biblioteket",
            "uid": "u1",
            "recurrenceId": "2027-01-16",
            "url": "https://bibliotek.example/1",
            "startDate": "2027-01-16T00:00:00",
            "firstSeen": "2027-01-02T09:30:00+00:00",
            "lastSeen": "2027-01-09T12:00:00+00:00",
        }
    ]
    single = await json_of(world, f"/api/v1/events/{told.id}")
    assert single == {"@context": "https://schema.org", **node}


async def test_last_seen_follows_the_source_without_a_new_version(world: World) -> None:
    first = await world.get("/api/v1/sources")
    world.store.states = [SourceState(id="biblioteket", tried=SEEN, good=SEEN)]
    second = await world.get("/api/v1/sources")
    assert first.json() != second.json()


async def test_list_begins_today_holds_cancelled_and_no_withdrawn(world: World) -> None:
    world.put(replace(golden()["no-end"], withdrawn=TOLD))
    ids = [node["identifier"] for node in (await json_of(world, "/api/v1/events"))["events"]]
    assert golden()["cancelled"].id in ids
    assert golden()["no-end"].id not in ids


@pytest.mark.parametrize("limit", [1, 7, 100])
async def test_pages_by_cursor_give_every_event_once_in_order(limit: int) -> None:
    world = World()
    world.put(*[event(n) for n in range(23)], *golden().values())
    path: str | None = f"/api/v1/events?limit={limit}&layer=all"
    seen: list[tuple[str, str]] = []
    while path:
        told = await json_of(world, path)
        assert len(told["events"]) <= limit
        seen += [(node["startDate"], node["identifier"]) for node in told["events"]]
        path = told["next"]
    ids = [id for _, id in seen]
    assert len(ids) == len(set(ids)) == len({event_id(n) for n in range(23)} | {e.id for e in golden().values()})


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "abc",
        "%00",
        "bm9w",
        "MSAy",
        "a" * 3000,
        "é",
        "====",
        "nan_" + event_id(1),
        "1_x",
        "1_" + event_id(1) + "%0A",
    ],
)
async def test_cursor_that_we_did_not_give_is_refused(world: World, cursor: str) -> None:
    answer = await world.get(f"/api/v1/events?cursor={cursor}")
    assert answer.status_code == 400
    assert "cursor" in answer.json()["error"]


@pytest.mark.parametrize(
    "path", ["/api/v1/events?kategori=x", "/api/v1/events?limit=0", "/api/v1/sources?q=a", "/api/v1/places?x=1"]
)
async def test_wrong_query_is_a_400_in_json(world: World, path: str) -> None:
    answer = await world.get(path)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


async def test_F08_unknown_ids_are_404_alike(world: World) -> None:
    answers = [await world.get(f"/api/v1/events/{id}") for id in (event_id(77777), "x", "1", "admin", "%2e%2e")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}


async def test_F13_every_origin_may_read_without_credentials(world: World) -> None:
    for path in ("/api/v1/events", "/api/v1/sources", "/api/v1/places", "/openapi.json"):
        answer = await world.get(path, Origin="https://a.example")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


async def test_sources_say_how_they_do(world: World) -> None:
    world.store.states = [
        SourceState(
            id="biblioteket",
            tried=NOW,
            good=SEEN,
            counts=Counts(inside=4, past=2, beyond=1, refused=1),
            problems=(Problem("no-title", "u7"),),
        ),
        SourceState(
            id="kommunen", tried=NOW, failures=3, error="10.0.0.1: refused", error_code="dns", failing_since=SEEN
        ),
    ]
    library, municipality = (await json_of(world, "/api/v1/sources?lang=en"))["sources"]
    assert (library["state"], library["components"]["inside"]) == ("degraded", 4)
    assert library["message"] == "One event of the calendar can't be read or is not shown."
    assert library["problems"][0]["text"] == "The event has no title."
    assert (municipality["state"], municipality["headline"][:21]) == ("failing", "Can't be read since S")
    assert municipality["message"].startswith("The name in the address does not exist")
    assert "10.0.0.1" not in str(municipality)  # what a server in our network says is nobody's business (F19)
    assert municipality["hints"] == [{"code": "find", "text": "The address does not lead to a calendar."}]


async def test_places_are_the_registry(world: World) -> None:
    assert (await json_of(world, "/api/v1/places"))["places"] == [
        {
            "id": "radhuset",
            "name": "Staffanstorps rådhus",
            "address": "Torget 1",
            "geo": {"latitude": 55.6426, "longitude": 13.2064},
        }
    ]


async def test_tentative_is_told_where_schema_org_has_no_word() -> None:
    world = World()
    world.put(event(1, status=Status.TENTATIVE))
    assert (await json_of(world, "/api/v1/events"))["events"][0]["tentative"] is True


async def test_openapi_names_every_key(world: World) -> None:
    told = await json_of(world, "/openapi.json")
    assert set(SCHEMAS) == set(filters.KEYS)
    names = [p["name"] for p in told["paths"]["/api/v1/events"]["get"]["parameters"]]
    assert set(names) == {*filters.KEYS, "cursor"}


@pytest.mark.parametrize("length", [5000, 60_000])
async def test_E07_query_that_is_too_long_is_a_414_in_json(world: World, length: int) -> None:
    answer = await world.get(f"/api/v1/events?q={'a' * length}")
    assert answer.status_code == 414
    assert set(answer.json()) == {"error"}
    assert answer.headers["cache-control"] == "no-store"


async def test_health_tells_what_is_wrong_in_sentences(world: World) -> None:
    assert (await json_of(world, "/healthz"))["status"] == "ok"
    long_ago = datetime(2027, 1, 1, tzinfo=UTC)
    world.store.states = [
        SourceState(id="kommunen", tried=SEEN, good=long_ago, error="Svarar inte.", failing_since=long_ago)
    ]
    told = await json_of(world, "/healthz")
    assert told["status"] == "degraded"
    assert told["problems"] == ["Staffanstorps kommun (kommunen) is failing: Svarar inte., since 2027-01-01 00:00"]
    assert told["now"] == "2027-01-10T09:00:00+00:00"


async def test_health_is_503_when_the_database_is_away(world: World) -> None:
    world.store.fails = StoreError("the database is away")
    answer = await world.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["problems"] == ["the database is away"]


async def test_metrics_count_what_was_rendered(world: World) -> None:
    await world.get("/events.ics")
    text = (await world.get("/metrics")).text
    assert f"evenemang_rendered_total {float(world.catalogue.rendered)}" in text
    assert f"evenemang_events {float(len(golden()))}" in text


async def test_answer_is_json_that_says_so(world: World) -> None:
    answer = await world.get("/api/v1/events")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert json.loads(answer.content)["next"] is None
    assert BASE in answer.text


@pytest.mark.parametrize("path", ["/api/", "/api/docs", "/api/v1", "/api/v1/", "/api/v1/docs"])
async def test_whoever_looks_for_the_api_is_led_to_its_page(world: World, path: str) -> None:
    for language in ("", "/en"):
        assert (await world.get(language + path)).headers["location"] == f"{BASE}{language}/api"
    assert "What there is stands at /api." in (await world.get("/api/v1/okand")).json()["error"]
    assert 'href="/api"' in (await world.get("/om")).text


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_page_of_the_api_has_addresses_that_work_and_every_key(world: World, language: str) -> None:
    text = (await world.get("/api" if language == "sv" else "/en/api")).text
    links = {unescape(link) for link in re.findall(r'href="(/(?:api/|events|changes|openapi)[^"]*)"', text)}
    assert len(links) >= 16
    for link in links:
        assert (await world.get(link)).status_code == 200, link
    table = text[text.index("<tbody>") : text.index("</tbody>")]
    assert set(re.findall(r"<th scope=\"row\"><code>(\w+)<", table)) == set(filters.KEYS)
    assert "leisure, civic, all" in table


async def test_page_of_the_api_needs_no_event() -> None:
    assert "category=" not in (await World().get("/api")).text
