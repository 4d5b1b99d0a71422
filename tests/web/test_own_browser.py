"""The pages of an organizer in a real browser: accessible, narrow and wide, light and dark, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from aggregator.model import OfferedEvent, OfferedSource, Role, When
from tests.town import ZONE, at, readers, vevent  # noqa: F401 - a fixture
from tests.web.desk import Desk
from tests.web.looks import violations
from tests.web.staff.shown import served_desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OWN = ("/min-sida", "/min-sida/uppgifter", "/min-sida/lamna-kalla", "/min-sida/lamna-evenemang")
CODES = {"/min-sida/finns-inte": 404, "/lamna/bekrafta/over": 410}
ONE = ("", "/ratta", "/ta-tillbaka")


def filled(desk: Desk) -> str:
    """A calendar that waits and an event; the id of the event that residents may tell of."""
    town = desk.town
    town.add("klubben")
    town.tell("klubben", vevent("Vårkonsert", at(5), location="Kyrkan"))
    town.refresh()
    desk.get("/staff")
    start = at(9, 18).replace(tzinfo=ZONE)
    desk.offer("s1", OfferedSource(address="https://koren.example/k.ics", name="Kören", role=Role.ASSOCIATION))
    dates = (When(start, start + timedelta(hours=2)),)
    desk.offer("e1", OfferedEvent(title="Vårkonsert", dates=dates, place="Kyrkan", organizer="Kören"))
    return town.ids()["Vårkonsert"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, readers: Any) -> Iterator[tuple[Desk, str, str]]:  # noqa: F811
    with served_desk(tmp_path_factory.mktemp("town"), readers, filled) as found:
        yield found


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_every_own_page_is_accessible_and_fits(
    browser: Browser, served: tuple[Desk, str, str], language: str, width: int, scheme: Any
) -> None:
    desk, base, event = served
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    session = desk.store.people.open("person", "p1", desk.town.now)
    context.add_cookies([{"name": "evenemang-person", "value": session, "url": base}])
    page = context.new_page()
    own = [f"/min-sida/{id}{more}" for id in ("s1", "e1") for more in ONE]
    for path in (*OWN, *own, *CODES, f"/evenemang/{event}/tipsa"):
        answer = page.goto(base + language + path)
        assert answer is not None
        assert (answer.status, page.url) == (CODES.get(path, 200), base + language + path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        focusable = page.locator("main a, main button, main input:not([type=hidden]), main select, main textarea")
        assert focusable.count() > 0, path
    context.close()
