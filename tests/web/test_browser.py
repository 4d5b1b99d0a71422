"""The pages in a real browser: accessibility, privacy, the keyboard, embeds on pages of others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, Error, Page, Route, expect

from aggregator.model import When
from tests.loopback import Loopback
from tests.render.worlds import event, golden, local
from tests.web.looks import shot, tab_to, violations
from tests.web.memory import World
from tests.web.served import served, town

pytestmark = pytest.mark.browser

PAGES = [
    *(
        "/",
        "/?category=barn&free=1&q=saga",
        "/?q=finnsinte",
        "/?q=sagostnd",
        "/?q=saga+i+dag&age=200",
        "/vecka",
        "/vecka/2027-v03",
        "/manad",
        "/manad/2027-02",
    ),
    *("/serie/S1", "/prenumerera", "/badda-in", "/kallor", "/kallor/biblioteket", "/om", "/tillganglighet"),
    *("/integritet", "/om/stil", "/finns-inte", "EVENT", "CANCELLED", "MOVED", "EMOJI"),
]
OTHERS = [  # every page is looked at in each; two of them are enough for an edit
    *(("sv", 320, "light"), ("sv", 1280, "dark"), ("sv", 1280, "light")),
    *(("en", 320, "light"), ("en", 320, "dark"), ("en", 1280, "dark")),
]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with served(*town()) as made:
        yield made


def path_of(name: str, language: str) -> str:
    """The path of a page of `PAGES` in a language."""
    cases = {"EVENT": "timed", "CANCELLED": "cancelled", "MOVED": "moved", "EMOJI": "emoji"}
    path = f"/evenemang/{golden()[cases[name]].id}" if name in cases else name
    return (
        path
        if language == "sv"
        else "/en" + path.removeprefix("/")
        if path.startswith("/?")
        else f"/en{path}".removesuffix("/")
    )


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [
        ("sv", 320, "dark"),
        ("en", 1280, "light"),
        *[pytest.param(*which, marks=pytest.mark.slow) for which in OTHERS],
    ],
)
def test_every_page_is_accessible_private_and_fits(
    browser: Browser, world: World, language: str, width: int, scheme: Any
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    hosts: set[str] = set()
    told: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: told.append(message.text))
    for name in PAGES:
        page.goto(world.base + path_of(name, language))
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate("document.documentElement.lang") == language, name
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie.length]") == [0, 0, 0]
        shot(page, name, f"{language}-{width}-{scheme}")
    assert context.cookies() == []
    assert hosts == {urlsplit(world.base).netloc}
    assert [text for text in told if "404" not in text] == []
    context.close()


def test_axe_is_awake(page: Page, world: World) -> None:
    page.goto(world.base)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=/static/icon.svg><input>')")
    assert {found.partition(":")[0] for found in violations(page)} == {"image-alt", "label"}


def test_pages_work_without_javascript(browser: Browser, world: World) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(world.base)
    page.fill("#q", "trädgård")
    page.click("button[type=submit]")
    assert page.locator(".event h3").first.inner_text() == "Föreläsning om trädgård"
    assert "q=tr%C3%A4dg%C3%A5rd" in page.url
    page.click("text=Prenumerera på det här urvalet")
    assert page.locator("#address").input_value().endswith("/events.ics?q=tr%C3%A4dg%C3%A5rd")
    page.click("main >> text=Bädda in på din webbplats")
    assert "<iframe" in page.locator("pre").first.inner_text()
    assert page.locator("pre", has_text="<evenemang-lista").first.is_visible()
    context.close()


@pytest.mark.parametrize(
    ("path", "hidden"),
    [("/prenumerera", "a[href^='webcal:']"), ("/badda-in", "pre >> nth=0"), ("/en/prenumerera", "#address")],
)
def test_what_is_ticked_and_not_sent_yet_can_not_be_taken_for_chosen(
    browser: Browser, world: World, path: str, hidden: str
) -> None:
    """By the style alone: whoever ticks "barn" and goes on to the buttons would subscribe to everything."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(world.base + path)
    stale, ready = page.locator(".stale").first, page.locator(f"main {hidden}")
    expect(stale).to_be_hidden()
    expect(ready).to_be_visible()
    page.check("input[name=category][value=barn]")
    expect(stale).to_be_visible()
    expect(ready).to_be_hidden()
    page.uncheck("input[name=category][value=barn]")
    expect(ready).to_be_visible()
    page.check("input[name=category][value=barn]")
    stale.locator("button").click()
    page.wait_for_url(f"**{path}?category=barn")
    expect(page.locator(".stale").first).to_be_hidden()
    expect(ready).to_be_visible()
    context.close()


def test_what_is_near_is_found_without_javascript_and_asks_nobody_where(browser: Browser, world: World) -> None:
    context = browser.new_context(java_script_enabled=False, locale="sv-SE")
    page = context.new_page()
    page.goto(world.base)
    page.click(".panel summary")
    page.select_option("#vid", label="Staffanstorps rådhus")
    page.select_option("#km", "2")
    page.fill("#age", "6")
    page.fill("#not", "sagostund")
    page.click(".panel button")
    assert page.url == f"{world.base}/?age=6&near=55.6426,13.2064,2&not=sagostund"
    assert "inom 2 km från Staffanstorps rådhus" in page.locator(".taken").inner_text()
    assert page.locator(".event h3", has_text="Sagostund").count() == 0
    assert page.locator(".event h3", has_text="Språkcafé").count() > 0
    context.close()


def test_whole_way_by_keyboard_alone(page: Page, world: World) -> None:
    page.goto(world.base)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innehall"
    tab_to(page, "#q")
    page.keyboard.type("sagostund")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=sagostund*")
    tab_to(page, ".panel > summary")
    page.keyboard.press("Enter")
    tab_to(page, "input[name=category][value=barn]")
    page.keyboard.press("Space")
    tab_to(page, ".panel button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?category=barn&q=sagostund")
    tab_to(page, "main a[href*='/prenumerera']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/prenumerera?category=barn&q=sagostund")
    tab_to(page, "main a[href^='webcal:']")
    tab_to(page, "main a[href*='/badda-in']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/badda-in?category=barn&q=sagostund")
    tab_to(page, "pre")


def _note(dialog: Dialog, seen: list[str]) -> None:
    seen.append(dialog.message)
    dialog.dismiss()


def test_targets_are_large_enough(page: Page, world: World) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 px, but for links within a sentence."""
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(world.base + "/manad")
    small = page.evaluate(
        """() => [...document.querySelectorAll('main a, button, input, select, summary, nav a')].filter(e => {
            const box = e.getBoundingClientRect();
            return box.width > 0 && getComputedStyle(e).display !== 'inline' && (box.height < 24 || box.width < 24)
              && !e.closest('label');
        }).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []


OPEN = {"Access-Control-Allow-Origin": "*"}
POISON = {
    "@type": "Event",
    "@id": "javascript:alert(1)",
    "name": "<img src=x onerror=alert(1)>",
    "startDate": "2027-01-16",
    "location": {"name": "<script>alert(2)</script>"},
}
HOSTILE = """<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Värd</title>
<style>* {{ all: unset !important; display: block !important; }} a {{ color: white !important; }}</style></head>
<body><h1>Vår sida</h1><script type="module" src="{base}/embed.js"></script>
<evenemang-lista src="{base}" limit="3" lang="sv"><a href="{base}/">Kalendern</a></evenemang-lista>
<p id="after">Efter</p></body></html>"""


@pytest.fixture
def host(site: Loopback, world: World) -> Loopback:
    """A page of another origin with a reset of all styles and a strict policy."""
    policy = f"default-src 'none'; script-src {world.base}; connect-src {world.base}; style-src 'unsafe-inline'"
    markup = HOSTILE.format(base=world.base).encode()
    site.page("/", markup, content_type="text/html; charset=utf-8", content_security_policy=policy)
    return site


def _lists(page: Page, count: int) -> None:
    """Wait until the component shows so many events; not by a script, which the page's policy may forbid."""
    expect(page.locator("evenemang-lista li")).to_have_count(count)


def test_F12_component_reads_well_on_a_hostile_page(page: Page, world: World, host: Loopback) -> None:
    told: list[str] = []
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: told.append(message.text))
    page.goto(host.url("/"))
    _lists(page, 3)
    assert (
        page.evaluate(
            "getComputedStyle(document.querySelector('evenemang-lista').shadowRoot.querySelector('a')).fontWeight"
        )
        == "600"
    )
    assert page.context.cookies() == []
    assert hosts == {urlsplit(world.base).netloc, urlsplit(host.url("/")).netloc}
    assert told == []


def test_component_leaves_out_what_is_over_by_the_visitors_clock(page: Page, host: Loopback, world: World) -> None:
    now = datetime.now(UTC)
    ends = {"Över": -1, "Pågår": 1, "Länge sedan": -48}  # hours from now; one of long ago is a calendar's own clock
    told = [
        {
            "@type": "Event",
            "@id": f"{world.base}/evenemang/X{n}",
            "name": name,
            "startDate": (now + timedelta(hours=hours - 2)).isoformat(timespec="seconds"),
            "endDate": (now + timedelta(hours=hours)).isoformat(timespec="seconds"),
        }
        for n, (name, hours) in enumerate(ends.items())
    ]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/events.jsonld*ongoing=no*", lambda route: route.fulfill(json={"@graph": told}, headers=OPEN))
    page.route("**/events.jsonld*ongoing=only*", lambda route: route.fulfill(json={"@graph": []}, headers=OPEN))
    page.goto(host.url("/"))
    _lists(page, 2)
    assert page.locator("evenemang-lista a[part=title]").all_inner_texts() == ["Pågår", "Länge sedan"]
    assert f"{world.base}/events.jsonld?lang=sv&limit=23&ongoing=no" in asked


def test_F12_text_of_events_is_never_markup_in_the_component(page: Page, host: Loopback, world: World) -> None:
    page.route("**/events.jsonld*ongoing=no*", lambda route: route.fulfill(json={"@graph": [POISON]}, headers=OPEN))
    page.route("**/events.jsonld*ongoing=only*", lambda route: route.fulfill(json={"@graph": []}, headers=OPEN))
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: _note(dialog, dialogs))
    page.goto(host.url("/"))
    _lists(page, 1)
    assert (
        page.evaluate("document.querySelector('evenemang-lista').shadowRoot.querySelectorAll('img, script').length")
        == 0
    )
    assert (
        page.evaluate("document.querySelector('evenemang-lista').shadowRoot.querySelector('li a').hasAttribute('href')")
        is False
    )
    assert dialogs == []


def test_host_page_is_whole_when_the_calendar_is_away(page: Page, host: Loopback, world: World) -> None:
    page.route(f"{world.base}/**", lambda route: route.abort())
    page.goto(host.url("/"))
    assert page.locator("evenemang-lista a").inner_text() == "Kalendern"
    assert page.locator("#after").inner_text() == "Efter"


def test_last_good_list_is_shown_when_the_calendar_goes_away(page: Page, host: Loopback, world: World) -> None:
    page.goto(host.url("/"))
    shown = "document.querySelector('evenemang-lista').shadowRoot?.querySelectorAll('li').length"
    _lists(page, 3)
    with served() as empty:
        pass  # a server that has stopped
    page.evaluate(
        """([old, gone]) => {
            const asked = window.fetch;
            window.fetch = (url, options) =>
                asked(options.cache === 'force-cache' ? url : url.replace(old, gone), options);
            document.querySelector('evenemang-lista').load();
        }""",
        [world.base, empty.base],
    )
    page.wait_for_timeout(300)
    assert page.evaluate(shown) == 3


def _embedded(site: Loopback, world: World, code: str) -> None:
    """A page of another origin with this code and nothing else."""
    markup = f'<!doctype html><html lang="sv"><title>Värd</title>{code}<p id="after">Efter</p>'
    script = f'<script type="module" src="{world.base}/embed.js"></script>'
    site.page("/", (markup + script).encode(), content_type="text/html; charset=utf-8")


def test_component_puts_what_runs_for_long_last(page: Page, site: Loopback) -> None:
    run = When(date(2026, 12, 20), date(2027, 3, 1))
    dated = [event(n, title=f"Dag {n}", when=When(local(f"2027-01-{12 + n} 18:00"))) for n in range(1, 4)]
    runs = [event(n, title=f"Salong {n}", when=run, ongoing=True) for n in range(5, 8)]
    with served(*dated, *runs) as world:
        for most, count in ((2, 2), (5, 5)):
            _embedded(site, world, f'<evenemang-lista src="{world.base}" limit="{most}"></evenemang-lista>')
            page.goto(site.url("/"))
            _lists(page, count)
            shown = page.locator("evenemang-lista [part=title]").all_inner_texts()
            assert (
                shown == [f"Dag {n}" for n in range(1, min(most, 3) + 1)] + ["Salong 5", "Salong 6"][: max(most - 3, 0)]
            )
            assert page.locator("evenemang-lista [part=apart]").all_inner_texts() == ["Pågår länge"][: most - 2]


@pytest.mark.parametrize(
    ("code", "told", "count"),
    [
        ('kategori="barn"', "'kategori' finns inte i filtret; menas category?", 10),
        ('Limits="3"', "'limits' finns inte i filtret; menas limit?", 10),
        ('kommun="lund" lang="en"', "'kommun' is no key of the filter; known keys are", 10),
        ('limit="abc"', "limit: ska vara ett heltal från 1 till 500. Det utelämnas.", 10),
        ('limit="100000"', "limit: ska vara ett heltal från 1 till 500. Det utelämnas.", 10),
        ('limit="-1" lang="en"', "limit: must be a whole number from 1 to 500. It is left out.", 10),
        ('limit="3" time="morgon"', "time: ska vara morning, day, evening eller weekend. Det utelämnas.", 3),
        ('limit="3" theme="dark"', "theme: gäller bara ramen (iframe)", 3),
        ('category="finns"', "category: inget evenemang har ”finns”; de som finns är", 0),
        ('src="kalender.example" limit="2"', "src: ska börja med https://", 2),
        ('src="{site}/annan" limit="2"', "src: kalendern på {site}/annan svarade med fel 404. Är adressen rätt?", None),
        ('src="http://127.0.0.1:9" lang="en"', "src: the calendar at http://127.0.0.1:9 could not be reached.", None),
    ],
)
def test_what_is_wrong_in_the_code_is_told_in_the_console_and_never_to_visitors(
    page: Page, site: Loopback, world: World, code: str, told: str, count: int | None
) -> None:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    own = code.replace("{site}", site.url("").rstrip("/"))
    base = "" if "src=" in own else f'src="{world.base}"'
    _embedded(site, world, f'<evenemang-lista {base} {own}><a href="/">Kalendern</a></evenemang-lista>')
    with page.expect_console_message(lambda message: message.text.startswith("evenemang-lista: ")):
        page.goto(site.url("/"))
    assert any(
        text.startswith("evenemang-lista: " + told.replace("{site}", site.url("").rstrip("/"))) for text in heard
    )
    if count is None:  # no list could be had: what stands in the code stays
        expect(page.locator("evenemang-lista a")).to_have_text("Kalendern")
    else:
        _lists(page, min(count, len(golden())))
    shown = page.locator("evenemang-lista").evaluate("e => e.shadowRoot.textContent")
    assert not any(word in shown for word in ("finns inte", "ska vara", "must", "src", "theme"))
    assert page.locator("#after").inner_text() == "Efter"


def test_frame_tells_its_mistakes_in_the_console(page: Page, world: World) -> None:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    with page.expect_console_message(lambda message: message.text.startswith("evenemang: ")):
        page.goto(f"{world.base}/embed?limit=abc")
    assert "evenemang: limit: ska vara ett heltal från 1 till 500. Det utelämnas." in heard
    assert "ska vara" not in page.locator("body").inner_text()


def test_attributes_of_html_and_of_frameworks_are_no_mistakes(page: Page, site: Loopback, world: World) -> None:
    own = 'id="a" class="b" style="margin:0" data-x="1" aria-label="Lista" v-if="x" _ngcontent-1 onclick="" limit="2"'
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    _embedded(site, world, f'<evenemang-lista src="{world.base}" {own}></evenemang-lista>')
    page.goto(site.url("/"))
    _lists(page, 2)
    assert [text for text in heard if "evenemang" in text] == []


@pytest.mark.parametrize("inside", ['<a href="/">Vår länk</a>', ""])
def test_slow_calendar_leaves_a_link_after_ten_seconds_and_holds_nothing_up(
    page: Page, site: Loopback, world: World, inside: str
) -> None:
    """The calendar takes the question and never answers; the seconds pass by the browser's own clock."""
    _embedded(site, world, f'<evenemang-lista src="{world.base}">{inside}</evenemang-lista>')
    held: list[Route] = []
    page.route("**/events.jsonld*", lambda route: held.append(route))
    page.clock.install()
    with page.expect_request("**/events.jsonld*"):
        page.goto(site.url("/"))
    assert page.locator("#after").inner_text() == "Efter"
    with page.expect_request("**/events.jsonld*"):  # the browser's own copy is asked for, and there is none
        page.clock.fast_forward(8_100)
    page.clock.fast_forward(2_100)
    link = page.locator("evenemang-lista a")
    expect(link).to_have_text("Vår länk" if inside else "Hela kalendern")
    for route in held:  # else each waits for an answer until the browser is closed
        with suppress(Error):
            route.abort()


def test_swedish_words_in_an_english_component_say_so(page: Page, site: Loopback, world: World) -> None:
    _embedded(site, world, f'<evenemang-lista src="{world.base}" lang="en" category="barn"></evenemang-lista>')
    page.goto(site.url("/"))
    expect(page.locator("evenemang-lista [part=title]").first).to_have_attribute("lang", "sv")
    expect(page.locator("evenemang-lista [part=place]").first).to_have_attribute("lang", "sv")
    expect(page.locator("evenemang-lista [part=more]")).to_have_text("The whole calendar")


@pytest.mark.parametrize(("theme", "ground"), [("", "255"), ("?theme=dark", "26"), ("?theme=auto", "26")])
def test_frame_stays_light_on_a_dark_system_unless_asked(
    browser: Browser, world: World, theme: str, ground: str
) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{world.base}/embed{theme}")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor").startswith(f"rgb({ground},")
    assert violations(page) == []
    context.close()


def test_F11_frame_shows_itself_elsewhere_and_tells_its_height(page: Page, world: World, site: Loopback) -> None:
    markup = f"""<!doctype html><title>v</title><iframe src="{world.base}/embed?limit=2"></iframe>
    <iframe id="page" src="{world.base}/"></iframe>
    <script>addEventListener("message", e => window.told = e.data)</script>"""
    site.page("/", markup.encode(), content_type="text/html; charset=utf-8")
    page.goto(site.url("/"))
    page.wait_for_function("window.told")
    assert page.evaluate("told.type") == "evenemang:height"
    assert page.evaluate("told.height") > 50
    assert page.frames[1].locator("li").count() == 2
    assert page.frames[2].locator("main").count() == 0


def test_frame_beside_our_script_is_as_high_as_its_list(page: Page, world: World, site: Loopback) -> None:
    code = f'<iframe src="{world.base}/embed?limit=2" width="100%" height="3000" frameborder="0"></iframe>'
    _embedded(site, world, f'<iframe srcdoc="<p>x" height="77"></iframe>{code}')
    page.goto(site.url("/"))
    expect(page.locator("iframe").nth(1)).not_to_have_attribute("height", "3000")
    inside = "[document.documentElement.scrollHeight, innerHeight]"
    high, shown = page.frames[2].evaluate(inside)
    assert 50 < high == shown < 400
    assert page.locator("iframe").nth(0).get_attribute("height") == "77"


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_code_of_the_frame_fits_a_narrow_column_of_a_strict_page(
    page: Page, world: World, site: Loopback, lang: str
) -> None:
    """A policy that refuses styles in markup: no border, no wider than its column, nothing scrolled inside."""
    page.goto(f"{world.base}{'/en' if lang == 'en' else ''}/badda-in?limit=5")
    code = page.locator("pre").nth(0).inner_text()
    markup = f'<!doctype html><title>v</title><link rel="stylesheet" href="/s.css"><main>{code}</main>'
    policy = f"default-src 'none'; frame-src {world.base}; style-src 'self'"
    site.page("/s.css", b"main { width: 280px }", content_type="text/css")
    site.page("/", markup.encode(), content_type="text/html; charset=utf-8", content_security_policy=policy)
    page.goto(site.url("/"))
    frame = page.locator("iframe")
    assert frame.evaluate("e => [e.offsetWidth, e.clientWidth, getComputedStyle(e).borderTopWidth]") == [
        280,
        280,
        "0px",
    ]
    page.frames[1].wait_for_selector("li")
    assert page.frames[1].evaluate("document.documentElement.scrollHeight - innerHeight") == 0


def test_component_tells_a_year_that_is_not_this_one(page: Page, site: Loopback) -> None:
    this = datetime.now(UTC).year
    spans = [(date(this + 2, 2, 2), date(this + 2, 4, 30)), (date(this, 12, 30), date(this + 1, 1, 2))]
    told = [
        {"@type": "Event", "@id": f"{site.url('/')}{n}", "name": "Mässa", "startDate": f"{a}", "endDate": f"{b}"}
        for n, (a, b) in enumerate([*spans, (date(this, 12, 30), date(this, 12, 31))])
    ]
    with served() as world:
        page.route("**/events.jsonld*ongoing=no*", lambda route: route.fulfill(json={"@graph": told}, headers=OPEN))
        page.route("**/events.jsonld*ongoing=only*", lambda route: route.fulfill(json={"@graph": []}, headers=OPEN))
        _embedded(site, world, f'<evenemang-lista src="{world.base}"></evenemang-lista>')
        page.goto(site.url("/"))
        _lists(page, 3)
        far, over, now = (text.split(" – ") for text in page.locator("evenemang-lista time").all_inner_texts())
    assert [str(this + 2) in part for part in far] == [False, True]
    assert [str(this) in over[0], str(this + 1) in over[1]] == [True, True]
    assert not any(str(this) in part for part in now)


def test_F01_no_field_runs_as_script(browser: Browser) -> None:
    nasty = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"
    texts: dict[str, Any] = dict.fromkeys(("title", "description", "organizer", "audience", "hours"), nasty)
    links: dict[str, Any] = {"url": "https://a.example/" + nasty, "ticket_url": "https://b.example/" + nasty}
    told = event(1, **texts, **links, categories=(nasty,), attribution=(nasty,), sources=("biblioteket",), series="S1")
    with served(told) as world:
        context = browser.new_context()
        page = context.new_page()
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: _note(dialog, dialogs))
        for path in (
            "/",
            f"/evenemang/{told.id}",
            "/vecka",
            "/manad",
            "/prenumerera",
            "/serie/S1",
            "/embed",
            f"/?q={nasty}",
            f"/badda-in?q={nasty}",
            f"/{nasty}",
        ):
            page.goto(world.base + path)
            assert page.locator("img[src=x]").count() == 0
            assert "alert(1)" not in page.evaluate(
                "[...document.scripts].filter(s => s.type !== 'application/ld+json').map(s => s.textContent).join()"
            )
        assert dialogs == []
        context.close()
