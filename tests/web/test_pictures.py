"""A picture over HTTP, on the event's page, and what a cache may do with it."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from aggregator.model import Picture
from tests.render.worlds import BASE, event
from tests.web.memory import World

pytestmark = pytest.mark.anyio

PICTURE = Picture("0123456789abcdef" * 2, 1200, 800, 480, 320)


@pytest.fixture
def world() -> World:
    made = World()
    made.put(event(1, title='Konsert "live" & mer', picture=PICTURE))
    made.store.pictures = {(PICTURE.name, False): b"stor", (PICTURE.name, True): b"liten"}
    return made


async def test_page_shows_the_picture_in_two_sizes(world: World) -> None:
    text = (await world.get((await world.get(f"/evenemang/{event(1).id}")).headers["location"])).text
    found = re.search(r"<img [^>]*>", text)
    assert found is not None
    tag = unescape(found[0])
    assert f'srcset="{PICTURE.small} 480w, {PICTURE.large} 1200w"' in tag
    assert 'width="1200" height="800" alt="Bild till Konsert "live" & mer"' in tag
    assert f'<meta property="og:image" content="{BASE}{PICTURE.large}">' in text
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["image"] == BASE + PICTURE.large


@pytest.mark.parametrize(("path", "body"), [(PICTURE.large, b"stor"), (PICTURE.small, b"liten")])
async def test_picture_is_kept_for_ever_and_asked_for_once(world: World, path: str, body: bytes) -> None:
    first = await world.get(path)
    assert (first.status_code, first.content) == (200, body)
    assert first.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert first.headers["content-length"] == str(len(body))
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in first.headers
    asked = world.store.asked["picture"]
    again = await world.get(path, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert world.store.asked["picture"] == asked
    head = await world.get(path, method="HEAD")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(body)))


async def test_large_and_small_have_tags_of_their_own(world: World) -> None:
    tags = {(await world.get(path)).headers["etag"] for path in (PICTURE.large, PICTURE.small)}
    assert len(tags) == 2


@pytest.mark.parametrize(
    "name", ["x.jpg", "0" * 32 + ".jpg", "0" * 32 + ".png", "0" * 31 + "g.jpg", "..%2F..%2Fetc%2Fpasswd", "%27--.jpg"]
)
async def test_F17_F18_other_names_are_nothing(world: World, name: str) -> None:
    answer = await world.get(f"/bild/{name}")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
