"""Text twice as large, as somebody who sees badly sets it in the browser, on the narrowest phone (WCAG 1.4.4)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.web.memory import World
from tests.web.served import served, town
from tests.web.test_browser import PAGES, path_of

pytestmark = pytest.mark.browser

TWICE = {"standard": 32, "fixed": 26}
_WIDER = """() => [...document.querySelectorAll('main :is(a, button, input, select, label, h1, h2, h3)')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll'))
    .map(e => e.outerHTML.slice(0, 100))"""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with served(*town()) as made:
        yield made


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_fits_with_text_twice_as_large(browser: Browser, world: World, language: str) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 900}).new_page()
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": TWICE})
    for name in PAGES:
        page.goto(world.base + path_of(name, language))
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") >= "32px"
        page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        assert page.evaluate(_WIDER) == [], name
    page.context.close()
