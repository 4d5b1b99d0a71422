"""Embeds and change feeds over HTTP."""

from __future__ import annotations

import gzip
import io
import re
from datetime import date, datetime, timedelta
from html import unescape
from importlib.resources import files
from urllib.parse import quote

import feedparser
import pytest

from aggregator.codec import moment_text
from aggregator.model import When
from aggregator.publish import Change, Kind
from aggregator.store.store import LoggedChange
from aggregator.web.filters import KEYS
from tests.render.worlds import BASE, event, golden, local
from tests.web.memory import NOW, World

pytestmark = pytest.mark.anyio


@pytest.fixture
def world() -> World:
    made = World()
    made.put(*golden().values())
    return made


@pytest.mark.parametrize("path", ["/embed", "/embed.html"])
async def test_embed_takes_the_filter(world: World, path: str) -> None:
    answer = await world.get(f"{path}?category=barn&lang=en")
    assert answer.status_code == 200
    assert len(re.findall("<li[ >]", answer.text)) == 1
    assert "/en/evenemang/" in answer.text
    assert len(re.findall("<li[ >]", (await world.get(f"{path}?limit=2")).text)) == 2


WRONG = [
    ("kategori=barn", "&#39;kategori&#39; finns inte i filtret; menas category? kända nycklar är accessible, "),
    ("antal=3&lang=en", "&#39;antal&#39; is no key of the filter; is it limit? known keys are "),
    ("kommun=lund", "&#39;kommun&#39; finns inte i filtret; kända nycklar är "),
    ("limit=abc", "limit: ska vara ett heltal från 1 till 500. Det utelämnas."),
    ("limit=100000", "limit: ska vara ett heltal från 1 till 500. Det utelämnas."),
    ("limit=-1&lang=en", "limit: must be a whole number from 1 to 500. It is left out."),
    ("layer=allt", "layer: ska vara leisure, civic eller all. Det utelämnas."),
    ("from=2027-02-01&to=2027-01-01", "from: 2027-02-01 är efter to: 2027-01-01. De läses i omvänd ordning."),
    ("category=bran", "category: inget evenemang har ”bran”; menas barn?"),
    ("category=finns&lang=en", "category: no event has “finns”; there are "),
    ("series=finns", "series: inget evenemang har ”finns”; de som finns står i /api/v1/choices"),
    ("lang=de", "lang: ska vara sv eller en. Det utelämnas."),
    ("q=--%3E%3Cscript%3E&free=ja", "free: ska vara 1, eller utelämnas. Det utelämnas."),
]


@pytest.mark.parametrize(("query", "told"), WRONG)
async def test_E07_mistake_in_an_embed_is_left_out_and_told_to_whoever_made_its_code(
    world: World, query: str, told: str
) -> None:
    frame, fragment = (await world.get(f"/embed?{query}")), (await world.get(f"/embed.html?{query}"))
    read = (await world.get(f"/embed.json?{query}")).json()
    unknown = "finns" in query or "bran" in query  # an id that nobody has today may come back
    assert {frame.status_code, fragment.status_code} == {200 if unknown else 400}
    assert unknown or "no-store" in frame.headers["cache-control"] == fragment.headers["cache-control"]
    assert "frame-ancestors *" in frame.headers["content-security-policy"]
    assert fragment.headers["access-control-allow-origin"] == "*"
    assert f'<meta name="evenemang:wrong" content="{told}' in frame.text
    assert f"<!-- evenemang: {told}" in fragment.text
    assert any(sentence.startswith(unescape(told)) for sentence in read["wrong"])
    for text in (frame.text.partition("<body")[2], re.sub("<!--.*?-->", "", fragment.text)):
        assert unescape(told)[:20] not in unescape(text)
    assert (await world.get(f"/events.jsonld?{read['query']}")).status_code == 200


async def test_mistake_of_one_value_leaves_the_others(world: World) -> None:
    read = (await world.get("/embed.json?category=barn&category=Barn+och+unga&limit=3")).json()
    assert read["query"] == "category=barn&limit=3"
    assert len(read["wrong"]) == 1
    assert (await world.get("/embed.json?category=barn")).json() == {"query": "category=barn", "wrong": []}


async def test_english_name_of_a_category_leads_to_its_id(world: World) -> None:
    read = (await world.get("/embed.json?category=children&lang=en")).json()
    assert read["wrong"] == ["category: no event has “children”; is it barn?"]


@pytest.mark.parametrize("path", ["/embed", "/embed.html"])
@pytest.mark.parametrize(("language", "told"), [("sv", "Inget inlagt."), ("en", "Nothing listed.")])
async def test_embed_of_a_filter_that_matches_nothing_says_so(
    world: World, path: str, language: str, told: str
) -> None:
    answer = await world.get(f"{path}?category=finns-inte&lang={language}")
    assert answer.status_code == 200
    assert f"<p>{told}</p>" in answer.text


async def test_F11_frames_are_allowed_for_the_embed_alone(world: World) -> None:
    assert "frame-ancestors *" in (await world.get("/embed")).headers["content-security-policy"]
    for path in ("/", "/embed.html", "/badda-in", "/events.ics", "/api/v1/events", "/finns-inte", "/healthz"):
        assert "frame-ancestors 'none'" in (await world.get(path)).headers["content-security-policy"]


async def test_embed_has_no_form_no_cookie_and_no_relative_link(world: World) -> None:
    for path in ("/embed", "/embed.html"):
        answer = await world.get(path)
        assert "<form" not in answer.text
        assert "set-cookie" not in answer.headers
        assert 'href="/e' not in answer.text


async def test_component_is_small_and_may_be_loaded_anywhere(world: World) -> None:
    answer = await world.get("/embed.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "stale-if-error" in answer.headers["cache-control"]
    body = (files("aggregator.web") / "static" / "embed.js").read_bytes()
    assert answer.content == body
    assert len(gzip.compress(body, 6)) <= 6 * 1024
    for word in (b"cookie", b"localStorage", b"sessionStorage", b"innerHTML", b"eval("):
        assert word not in body.replace(b"no cookie", b"")


async def test_oembed_gives_the_frame_of_a_list_page(world: World) -> None:
    page = f"{BASE}/?category=barn&utm_source=x"
    told = (await world.get(f"/oembed?url={quote(page, safe='')}&maxwidth=400")).json()
    assert (told["version"], told["type"], told["width"]) == ("1.0", "rich", 400)
    assert f'src="{BASE}/embed?category=barn"' in told["html"]
    text = unescape((await world.get("/?category=barn")).text)
    assert f'href="{BASE}/oembed?url={quote(BASE + "/?category=barn", safe="")}"' in text


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "/", "javascript:alert(1)", f"{BASE}.evil.example/", f"{BASE}/staff", "//x"]
)
async def test_oembed_knows_no_page_of_others(world: World, url: str) -> None:
    assert (await world.get(f"/oembed?url={quote(url, safe='')}")).status_code == 404
    assert (await world.get(f"/oembed?format=xml&url={BASE}/")).status_code == 501


async def test_oembed_without_an_address_says_what_is_missing(world: World) -> None:
    for path in ("/oembed", "/oembed?format=json", "/oembed?url="):
        answer = await world.get(path)
        assert answer.status_code == 400
        assert "url: must be given" in answer.text


def titles(text: str) -> list[str]:
    return re.findall(r'<a href="[^"]*/evenemang/[^"]*"[^>]*>([^<]*)</a>', text)


async def test_code_of_the_frame_has_no_border_and_holds_what_it_shows(world: World) -> None:
    text = unescape(unescape((await world.get("/badda-in?limit=3")).text))
    code = re.findall(r"<iframe [^>]*loading=[^>]*></iframe>", text)[0]
    assert 'width="100%" height="430" frameborder="0" style="border:0;width:100%;max-width:100%"' in code
    told = (await world.get(f"/oembed?url={quote(BASE + '/?limit=50', safe='')}&maxwidth=400")).json()
    assert (told["width"], told["height"]) == (400, 1200)
    assert 'style="border:0;width:400px;max-width:100%"' in told["html"]


async def test_fragment_tells_title_time_and_place_on_lines_of_their_own_under_names_of_its_own(world: World) -> None:
    text = (await world.get("/embed.html")).text
    for part in ("title", "time", "place"):
        assert f'<div class="evenemang-{part}"' in text
    assert "<strong>Inställt:</strong> <a " in text
    assert {name.partition("-")[0] for name in re.findall(r'class="([^"]*)"', text)} == {"evenemang"}


@pytest.mark.parametrize("path", ["/embed", "/embed.html"])
@pytest.mark.parametrize(
    ("when", "told"),
    [
        (When(date(2027, 2, 2), date(2027, 4, 30)), "tisdag 2 februari – fredag 30 april"),
        (When(date(2028, 2, 2), date(2028, 4, 30)), "onsdag 2 februari – söndag 30 april 2028"),
        (When(date(2027, 12, 20), date(2028, 1, 6)), "måndag 20 december 2027 – torsdag 6 januari 2028"),
        (When(local("2099-02-03 18:00")), "tisdag 3 februari 2099 kl. 18.00"),
    ],
)
async def test_year_that_is_not_this_one_is_told_once(path: str, when: When, told: str) -> None:
    world = World()
    world.put(event(1, title="Mässa", when=when))
    assert f">{told}</time>" in (await world.get(f"{path}?to=2099-12-31")).text


@pytest.mark.parametrize("path", ["/embed", "/embed.html"])
async def test_what_runs_for_long_stands_after_the_days_and_takes_no_place_from_them(path: str) -> None:
    world = World()
    run = When(date(2027, 1, 2), date(2027, 3, 1))
    dated = [event(n, title=f"Dag {n}", when=When(local(f"2027-01-{10 + n} 18:00"))) for n in range(1, 5)]
    world.put(*dated, *[event(n, title=f"Salong {n}", when=run, ongoing=True) for n in range(5, 8)])
    assert titles((await world.get(f"{path}?limit=3")).text) == ["Dag 1", "Dag 2", "Dag 3"]
    text = (await world.get(f"{path}?limit=5")).text
    assert titles(text) == ["Dag 1", "Dag 2", "Dag 3", "Dag 4", "Salong 5"]
    assert text.index("Dag 4") < text.index("Pågår länge</") < text.index("Salong 5")
    only = (await world.get(f"{path}?limit=2&ongoing=only")).text
    assert titles(only) == ["Salong 5", "Salong 6"]
    assert "Pågår länge" not in only
    assert titles((await world.get(f"{path}?ongoing=no")).text) == ["Dag 1", "Dag 2", "Dag 3", "Dag 4"]
    preview = (await world.get("/prenumerera")).text
    assert preview.index("Dag 4") < preview.index("Salong 5")


@pytest.mark.parametrize(
    ("query", "look", "scheme"),
    [("", "light", "light"), ("theme=light", "light", "light"), ("theme=dark", "dark", "dark"),
     ("theme=auto&lang=en", "auto", "light dark")],
)  # fmt: skip
async def test_frame_is_light_unless_its_page_asks_otherwise(world: World, query: str, look: str, scheme: str) -> None:
    text = (await world.get(f"/embed?{query}")).text
    assert f'class="framed {look}">' in text
    assert f'<meta name="color-scheme" content="{scheme}">' in text


@pytest.mark.parametrize("query", ["theme=svart", "theme=dark&theme=light"])
async def test_E07_theme_that_there_is_not_is_the_usual_one(world: World, query: str) -> None:
    text = (await world.get(f"/embed?{query}")).text
    assert 'class="framed light">' in text
    assert 'content="theme: ska vara light, dark eller auto. Det utelämnas."' in text


async def test_only_the_frame_has_a_theme(world: World) -> None:
    for path in ("/events.jsonld", "/api/v1/events"):
        assert (await world.get(f"{path}?theme=dark")).status_code == 400
    told = "theme: gäller bara ramen (iframe)"
    assert told in (await world.get("/embed.html?theme=dark")).text
    assert (await world.get("/embed.json?theme=dark")).json()["wrong"][0].startswith(told)


async def test_builder_says_what_is_wrong_in_the_code_that_it_was_asked_about(world: World) -> None:
    text = unescape((await world.get("/badda-in?limit=abc&category=bran&kategori=barn&theme=svart&utm_source=x")).text)
    note = text[text.index('class="note"') :].partition("</div>")[0]
    for told in (
        "limit: ska vara ett heltal",
        "menas barn?",
        "menas category?",
        "theme: ska vara light, dark eller auto",
    ):
        assert told in note
    assert "utm_source" not in note
    assert 'class="note"' not in (await world.get("/badda-in?limit=3&utm_source=x")).text


async def test_builder_offers_how_many_what_runs_for_long_and_the_colours(world: World) -> None:
    sent = "/badda-in?category=barn&limit=3&ongoing=no&theme=dark&q=&vid=&km=5"
    led = await world.get(sent)
    assert led.headers["location"] == "/badda-in?category=barn&limit=3&ongoing=no&theme=dark"
    text = unescape((await world.get(led.headers["location"])).text)
    assert '<option value="3" selected>3</option>' in text
    assert '<option value="no" selected>visas inte</option>' in text
    assert '<option value="dark" selected>mörka</option>' in text
    assert 'type="hidden"' not in text
    assert f'<iframe src="{BASE}/embed?category=barn&limit=3&ongoing=no&theme=dark"' in unescape(text)
    assert '<iframe src="/embed?category=barn&limit=3&ongoing=no&theme=dark"' in text
    assert f'<evenemang-lista src="{BASE}" category="barn" limit="3" ongoing="no" lang="sv">' in text
    plain = unescape((await world.get("/badda-in?theme=svart")).text)
    assert '<option value="" selected>ljusa</option>' in plain
    assert not [code for code in re.findall("<pre.*?</pre>", plain) if "theme=" in code]
    assert 'id="theme"' not in (await world.get("/prenumerera")).text


async def test_builder_gives_code_that_leads_here(world: World) -> None:
    text = unescape((await world.get("/badda-in?category=barn&category=musik&free=1")).text)
    assert f'<evenemang-lista src="{BASE}" category="barn,musik" free="1" lang="sv">' in text
    assert f'<iframe src="{BASE}/embed?category=barn&category=musik&free=1"' in unescape(text)
    assert "WordPress" in text
    assert "SiteVision" in text


@pytest.mark.parametrize("path", ["/badda-in", "/en/badda-in"])
async def test_builder_tells_every_attribute_and_what_a_policy_must_allow(world: World, path: str) -> None:
    text = unescape((await world.get(f"{path}?category=barn")).text)
    table = text[text.index("<tbody>") : text.index("</tbody>")]
    assert set(re.findall(r'<th scope="row"><code>(\w+)<', table)) == {*KEYS, "src", "theme"}
    for line in (
        f"frame-src {BASE}<",
        f"script-src {BASE}; connect-src {BASE}<",
        f"frame-src {BASE}; script-src {BASE}<",
    ):
        assert line in text
    for theme in ("dark", "auto"):
        assert f'href="{path}?category=barn&theme={theme}"' in text
    assert f'<script type="module" src="{BASE}/embed.js">' in unescape(text)


def logged(kind: Kind, title: str, old: str = "", new: str = "", *, version: int = 1, id: str = "") -> LoggedChange:
    return LoggedChange(
        version, NOW - timedelta(hours=version), Change(id or golden()["timed"].id, kind, title, old, new)
    )


def times(*moments: datetime) -> str:
    return "/".join(moment_text(moment) for moment in moments)


async def test_changes_tell_what_happened_with_old_and_new(world: World) -> None:
    before = times(local("2027-01-16 18:30"), local("2027-01-16 20:30"))
    after = times(local("2027-01-17 18:30"), local("2027-01-17 20:30"))
    world.store.log = [
        logged(Kind.MOVED, "Konsert", before, after),
        logged(Kind.PLACE, "Quiz", "Rådhuset", "Biblioteket"),
        logged(Kind.CANCELLED, "Kurs", "scheduled", "cancelled"),
        logged(Kind.WITHDRAWN, "Loppis", "2027-02-01/2027-02-03"),
        logged(Kind.ADDED, "Ny", "", before),
    ]
    parsed = feedparser.parse(io.BytesIO((await world.get("/changes.rss")).content))
    assert not parsed.bozo
    assert [entry.title for entry in parsed.entries] == [
        "Ny tid: Konsert", "Ny plats: Quiz", "Inställt: Kurs", "Borttaget: Loppis", "Nytt: Ny",
    ]  # fmt: skip
    told = [entry.summary for entry in parsed.entries]
    assert "lördag 16 januari 2027 kl. 18.30–20.30" in told[0]
    assert "söndag 17 januari 2027 kl. 18.30–20.30" in told[0]
    assert "Förut: Rådhuset. Nu: Biblioteket." in told[1]
    assert "måndag 1 februari – onsdag 3 februari 2027" in told[3]
    assert parsed.entries[0].link == f"{BASE}/evenemang/{golden()['timed'].id}/sagostund"
    items = (await world.get("/changes.json?lang=en")).json()["items"]
    assert items[0]["title"] == "New time: Konsert"
    assert items[0]["_change"]["old"] == before
    assert len({item["id"] for item in items}) == 5


async def test_first_fill_of_a_source_is_one_line(world: World) -> None:
    world.store.log = [logged(Kind.FILLED, "Staffanstorps bibliotek", "", "60", id="biblioteket")]
    parsed = feedparser.parse(io.BytesIO((await world.get("/changes.rss")).content))
    assert [entry.title for entry in parsed.entries] == ["Ny källa: Staffanstorps bibliotek"]
    assert "60 evenemang" in parsed.entries[0].summary
    assert parsed.entries[0].link == f"{BASE}/kallor/biblioteket"


async def test_changes_know_no_key_but_lang(world: World) -> None:
    assert (await world.get("/changes.rss?category=barn")).status_code == 400
    assert (await world.get("/changes.json?lang=en")).status_code == 200
