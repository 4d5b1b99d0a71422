"""Pictures from a source to our own address: only with leave, only for what is to come, and never a refresh lost."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta

import pytest
from PIL import Image

from aggregator import gallery
from aggregator.jobs import follow
from tests import pictures
from tests.jobs.hands import Hands, look, runner
from tests.loopback import Asked, Loopback
from tests.town import DAY, HOUR, NOW, Town, at, vevent

pytestmark = pytest.mark.usefixtures("town")
PATH = "/affisch.jpg"


def showing(town: Town, *, day: int = 5, images: bool = True, licence: str = "") -> None:
    """A source that tells one event with a picture, refreshed."""
    town.add("klubben", images=images, licence=licence)
    town.tell("klubben", vevent("Konsert", at(day), f"IMAGE;VALUE=URI:{town.site.url(PATH)}"))
    town.refresh()


def hang(town: Town, after: timedelta = timedelta(0)) -> int:
    """One go at the pictures; how many were asked for."""
    town.now += after
    return asyncio.run(gallery.hang(town.program.kit, town.now))


def draw(town: Town, body: bytes | None = None, path: str = PATH) -> None:
    town.site.page(path, body or pictures.drawn(), content_type="image/jpeg")


def test_A34_picture_is_fetched_made_anew_and_served_from_our_host(town: Town) -> None:
    draw(town, pictures.told())
    showing(town)
    assert hang(town) == 1
    event = town.events()["Konsert"]
    assert event.picture is not None
    for path, size in ((event.picture.large, (675, 1200)), (event.picture.small, (270, 480))):
        served = town.get(path)
        assert (served.status_code, served.headers["content-type"]) == (200, "image/jpeg")
        assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert Image.open(io.BytesIO(served.content)).size == size
        assert pictures.SECRET.encode() not in served.content


@pytest.mark.parametrize("path", ["/events.ics", "/events.rss", "/events.json", "/events.jsonld", "/api/v1/events"])
def test_A34_address_of_the_source_is_told_nowhere(town: Town, path: str) -> None:
    draw(town)
    showing(town)
    before = town.get(path).text.replace("\r\n ", "")
    assert PATH not in before
    hang(town)
    picture = town.events()["Konsert"].picture
    assert picture is not None
    after = town.get(path).text.replace("\r\n ", "")
    assert picture.large in after
    assert PATH not in after


@pytest.mark.parametrize(("licence", "asked"), [("", 0), ("CC BY 4.0", 1)])
def test_A34_picture_is_asked_for_only_where_its_source_allows_it(town: Town, licence: str, asked: int) -> None:
    draw(town)
    showing(town, images=False, licence=licence)
    assert hang(town) == town.site.hits(PATH) == asked


def test_A34_picture_inside_a_private_network_is_not_asked_for(town: Town) -> None:
    with Loopback() as inner:
        town.add("klubben", images=True)
        town.tell("klubben", vevent("Konsert", at(5), f"IMAGE;VALUE=URI:{inner.url(PATH)}"))
        town.refresh()
        assert hang(town) == 1
        assert inner.connections == 0
    assert hang(town, DAY) == 0  # and never again


def test_A34_redirect_into_a_private_network_is_not_followed(town: Town) -> None:
    with Loopback() as inner:
        town.site.page(PATH, b"", status=302, location=inner.url(PATH))
        showing(town)
        hang(town)
        assert inner.connections == 0
    assert town.events()["Konsert"].picture is None


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("bomb", pictures.bomb()),
        ("tracking pixel", pictures.drawn("GIF", (1, 1))),
        ("page", b"<!doctype html><p>Logga in"),
        ("too many bytes", b"\xff\xd8\xff" + bytes(9_000_000)),
    ],
)
def test_A34_event_does_without_what_is_no_picture(town: Town, name: str, body: bytes) -> None:
    draw(town, body)
    showing(town)
    before = town.version()
    assert hang(town) == 1, name
    assert town.events()["Konsert"].picture is None
    assert town.version() == before
    assert town.refresh(after=HOUR)["klubben"].ok


def test_picture_that_fails_is_tried_a_few_times_and_no_more(town: Town) -> None:
    town.site.page(PATH, b"", status=500)
    showing(town, day=31)
    for _ in range(24 * 12):
        hang(town, HOUR)
    assert town.site.hits(PATH) == 5
    assert "500" in (town.program.kit.ledger.pictures.error(town.site.url(PATH)) or "")


def test_host_that_is_silent_is_asked_once_a_go(town: Town) -> None:
    async def hang_up(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    town.add("klubben", images=True)
    told = []
    for n in range(4):
        town.site.script(f"/{n}.jpg", hang_up)
        told.append(vevent(f"Kväll {n}", at(5 + n), f"IMAGE;VALUE=URI:{town.site.url(f'/{n}.jpg')}"))
    town.tell("klubben", *told)
    town.refresh()
    assert hang(town) == 1


def test_picture_of_the_next_event_comes_first_and_one_picture_once(town: Town) -> None:
    town.add("klubben", images=True)
    addresses = [town.site.url(f"/{n}.jpg") for n in (9, 1, 5, 1)]
    shown = [(n, f"IMAGE;VALUE=URI:{address}") for n, address in enumerate(addresses)]
    told = [vevent(f"Kväll {n}", at(20 - n), line, uid=f"e{n}") for n, line in shown]
    for n in (9, 1, 5):
        draw(town, path=f"/{n}.jpg")
    town.tell("klubben", *told)
    town.refresh()
    assert town.program.kit.ledger.pictures.due(town.now, 50) == [addresses[3], addresses[2], addresses[0]]
    assert hang(town) == 3
    assert hang(town, HOUR) == 0


def test_past_event_gets_no_picture(town: Town) -> None:
    draw(town)
    showing(town, day=5)
    assert hang(town, 10 * DAY) == 0


def test_picture_that_comes_is_no_news_and_reaches_every_feed(town: Town) -> None:
    draw(town)
    showing(town)
    event, version = town.events()["Konsert"], town.version()
    town.now += HOUR
    hang(town)
    after = town.events()["Konsert"]
    assert (after.changed, after.told, after.sequence) == (event.changed, event.told, event.sequence)
    assert after.version == town.version() == version + 1
    assert town.told() == []
    assert town.refresh(after=HOUR)["klubben"].changes == ()
    assert town.events()["Konsert"].picture == after.picture


def test_new_poster_at_the_same_address_is_seen_after_a_while(town: Town) -> None:
    draw(town)
    showing(town, day=31)
    hang(town)
    first = town.events()["Konsert"].picture
    draw(town, pictures.drawn(colour="#8c1d18"))
    assert hang(town, 13 * DAY) == 0
    assert hang(town, 2 * DAY) == 1
    second = town.events()["Konsert"].picture
    assert first is not None
    assert second not in (None, first)
    town.site.page(PATH, b"", status=500)
    hang(town, 15 * DAY)
    assert town.events()["Konsert"].picture == second


def test_picture_goes_when_no_event_shows_it(town: Town) -> None:
    draw(town)
    showing(town, day=5)
    hang(town)
    picture = town.events()["Konsert"].picture
    assert picture is not None
    town.now += 20 * DAY
    town.daily()
    assert town.get(picture.large).status_code == 200
    town.now += 20 * DAY
    town.daily()
    assert town.events()["Konsert"].picture is None
    assert town.get(picture.large).status_code == 404
    assert "/bild/" not in town.feed().decode()


def test_picture_goes_with_its_sources_leave(town: Town) -> None:
    draw(town)
    showing(town)
    hang(town)
    town.add("klubben", images=False)
    town.refresh(force=True)
    assert town.events()["Konsert"].picture is None
    town.now += DAY
    town.daily()
    assert town.program.kit.ledger.pictures.error(town.site.url(PATH)) is None


def test_two_processes_bring_a_picture_once(town: Town) -> None:
    draw(town)
    showing(town)
    lease = town.program.kit.ledger.acquire(gallery.TURN, "another", town.program.kit.clock())
    assert lease is not None
    assert hang(town) == 0
    town.program.kit.ledger.give_back(lease)
    assert hang(town) == 1


def test_runner_brings_pictures_beside_its_sources(town: Town) -> None:
    draw(town)
    hands = Hands(now=NOW)
    town.add("klubben", images=True)
    town.tell("klubben", vevent("Konsert", at(5), f"IMAGE;VALUE=URI:{town.site.url(PATH)}"))
    one = runner(town, hands)
    asyncio.run(look(one))
    hands.pass_(timedelta(seconds=follow.PICTURES_APART))
    asyncio.run(look(one))
    assert town.events()["Konsert"].picture is not None
