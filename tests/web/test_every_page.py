"""Every public page of the routes table in a real browser, in each look; a new page is looked at without being listed.

A full town is served. What answers with a page is found by asking; what a part of a path stands for has to be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from starlette.routing import Route

from aggregator.web.app import ROUTES
from tests.town import at, readers, vevent  # noqa: F401 (fixture)
from tests.web.desk import Desk
from tests.web.looks import shot, violations
from tests.web.staff.full import fill
from tests.web.staff.shown import served_desk

pytestmark = pytest.mark.browser

PRIVATE = re.compile(r"/(?:en/)?(?:staff|min-sida)(?:/|$)")  # looked at in tests of their own, by who is logged in
FILES = re.compile(r"/(?:bild|static|api)/|\.\w+$")  # of which only an error is ever a page
SECRET = re.compile(r"\{secret(?::str)?\}")  # of a letter; one that is not known leads to a page that says so
MORE = ("/finns-inte", "/?q=finnsinte", "/?near=55.6,13.2,5&from=2027-05-01&to=2027-03-01", "/embed?theme=auto")
LOOKS = [
    (language, width, scheme) for language in ("sv", "en") for width in (320, 1280) for scheme in ("light", "dark")
]
FAST = {("sv", 320, "light"), ("en", 1280, "dark")}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, readers: Any) -> Iterator[tuple[str, list[str]]]:  # noqa: F811
    """Where a full town is served, and the Swedish path of each of its public pages."""
    with served_desk(tmp_path_factory.mktemp("town"), readers, filled) as (desk, base, _):
        yield base, pages_of(base, known(desk))


def filled(desk: Desk) -> None:
    """Something in every pile, and a course of some weeks."""
    fill(desk)
    desk.town.add("kursen", role="organizer")
    desk.town.tell("kursen", vevent("Språkcafé", at(8, 17), "RRULE:FREQ=WEEKLY;COUNT=6", location="Biblioteket"))
    desk.town.refresh("kursen")


def known(desk: Desk) -> dict[str, str]:
    """What stands for a part of a path."""
    told = next(event for event in desk.store.events() if event.withdrawn is None and event.series)
    return {
        "/evenemang/{id}": told.id, "/evenemang/{id}/tipsa": told.id, "/evenemang/{id}/{slug}": told.id,
        "/serie/{id}": str(told.series), "/kallor/{id}": "klubben",
    }  # fmt: skip


def pages_of(base: str, told: dict[str, str]) -> list[str]:
    """The paths that answer with a page. Fails for one whose parts are not known."""
    found = []
    for route in ROUTES:
        if not isinstance(route, Route) or "GET" not in (route.methods or ()) or PRIVATE.match(route.path):
            continue
        plain = re.sub(r":\w+}", "}", route.path)
        if plain.startswith("/en") or FILES.search(plain):
            continue
        path = SECRET.sub("okand", plain).replace("{id}", told.get(plain, "okand")).replace("{slug}", "en-kvall")
        path = path.replace("{week}", "2027-v10").replace("{month}", "2027-03")
        answer = httpx.get(base + path, follow_redirects=True, trust_env=False)
        if answer.headers["content-type"].startswith("text/html") and not SECRET.search(plain):
            assert answer.status_code == 200, f"{plain}: say in this test what stands for its parts"
        if "<html" in answer.text:
            found.append(path)
    return found


def in_language(path: str, language: str) -> str:
    if path.startswith("/embed"):
        return f"{path}{'&' if '?' in path else '?'}lang={language}"
    return path if language == "sv" else f"/en{path}".replace("/en/?", "/en?").removesuffix("/")


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [look if look in FAST else pytest.param(*look, marks=pytest.mark.slow) for look in LOOKS],
)
def test_every_public_page_is_accessible_private_and_fits(
    browser: Browser, full: tuple[str, list[str]], language: str, width: int, scheme: Any
) -> None:
    base, pages = full
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, hosts, told, wrong = context.new_page(), set[str](), list[str](), list[str]()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: told.append(f"{urlsplit(page.url).path}: {message.text}"))
    for path in (*pages, *MORE):
        page.goto(base + in_language(path, language))
        wrong += [f"{path}: {found}" for found in _wrong(page, language, width)]
        shot(page, f"all-{path}", f"{language}-{width}-{scheme}")
    assert wrong == []
    assert _kept(context) == []
    assert hosts == {urlsplit(base).netloc}
    assert [text for text in told if "404" not in text and "410" not in text] == []
    context.close()


def _wrong(page: Page, language: str, width: int) -> list[str]:
    found = violations(page)
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("wider than the screen")
    if page.evaluate("document.documentElement.lang") != language:
        found.append("in another language")
    if page.evaluate("[localStorage.length, sessionStorage.length, document.cookie.length]") != [0, 0, 0]:
        found.append("keeps something")
    return found


def _kept(context: BrowserContext) -> list[Any]:
    """Cookies; a form that is handed in needs one against forgery, which is none of whoever only reads."""
    return [cookie for cookie in context.cookies() if not cookie.get("httpOnly")]


def test_every_public_page_reads_without_scripts(browser: Browser, full: tuple[str, list[str]]) -> None:
    base, pages = full
    with_scripts, without = browser.new_context(), browser.new_context(java_script_enabled=False)
    one, other = with_scripts.new_page(), without.new_page()
    for path in (*pages, *MORE):
        told = []
        for page in (one, other):
            page.goto(base + path)
            told.append(page.locator("main").inner_text())
        assert told[0] == told[1] != "", path
    with_scripts.close()
    without.close()


def test_pages_that_residents_and_editors_need_are_among_them(full: tuple[str, list[str]]) -> None:
    plain = {"/", "/vecka", "/manad", "/prenumerera", "/badda-in", "/embed", "/kallor", "/om", "/om/stil", "/api"}
    plain |= {"/tillganglighet", "/integritet", "/riktlinjer", "/lamna-kalla", "/lamna-evenemang"}
    assert plain <= set(full[1])
    assert len(full[1]) >= len(plain) + 6
