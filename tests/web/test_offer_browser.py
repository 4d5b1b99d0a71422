"""The whole way in a real browser: paste or fill in, preview, consent, mail, confirm, approve, then /events.ics has it.

The program is the real command over loopback, mail goes through a real server, staff decide in their queue. Each step
is pictured in `.test-output/offers`.
"""

from __future__ import annotations

import os
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.looks import violations
from tests.web.people import PASSWORD
from tests.web.whole import Whole, calendar, day, wait, whole

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOTS = Path(os.environ.get("SHOTS", Path(__file__).parents[2] / ".test-output" / "offers"))
EDITOR = "redaktor@byn.example"
TWO_MINUTES = 120.0
OPEN = 2100  # milliseconds: people take longer than that to fill in a form


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with whole(tmp_path_factory.mktemp("town")) as served:
        events = [("Sagostund", day(2, 10), "Biblioteket"), ("Vårkonsert", day(5), "Kyrkan")]
        served.site.file("/koren.ics", calendar(*events, prodid="-//WordPress 6.5//SV"))
        served.site.file("/kvart.ics", calendar(("Repetition", day(9), "Församlingshemmet")))
        served.site.page("/om", b"<html><body><h1>Om oss</h1></body></html>", content_type="text/html")
        yield served


@pytest.fixture(scope="module")
def editor(browser: Browser, town: Whole) -> Iterator[Page]:
    """The page of a member of the staff, who chose a password by the link that the command prints."""
    link = re.findall(rf"{re.escape(town.base)}/\S+", town.run("staff", "add", EDITOR))[0]
    context = browser.new_context(locale="sv-SE")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(link)
    page.fill("input[type=password]", PASSWORD)
    page.click("main button")
    yield page
    context.close()


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def person(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """The page of an organizer, on a phone where there are no scripts."""
    scripts: bool = request.param
    width = 1280 if scripts else 320
    context = browser.new_context(locale="sv-SE", viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.set_extra_http_headers({})
    yield page
    context.close()


def shot(page: Page, name: str) -> None:
    """A picture of the whole page."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)


def who(page: Page, email: str) -> None:
    """Fill in who one is, and agree."""
    page.fill("#namn", "Kansliet")
    page.fill("#epost", email)
    page.check("#guidelines")
    page.check("#processing")
    page.wait_for_timeout(OPEN)


def confirmed(page: Page, town: Whole, email: str, name: str) -> None:
    """Open the mail's link and press its button."""
    page.goto(town.link(email))
    shot(page, f"{name}-mail")
    page.click("main button")
    expect(page.locator(".done")).to_contain_text("bekräftat")
    shot(page, f"{name}-min-sida")


def approved(editor: Page, town: Whole, title: str) -> None:
    """Staff find it in their queue and approve it."""
    editor.goto(f"{town.base}/staff/ko")
    editor.click(f"a:has-text('{title}')")
    shot(editor, "staff")
    editor.click("button[name=do][value=approve]")
    editor.wait_for_load_state()


def published(town: Whole, title: str) -> bool:
    """Whether the calendar tells it now."""
    with urllib.request.urlopen(f"{town.base}/events.ics", timeout=10) as answer:  # noqa: S310 - our own server
        return f"SUMMARY:{title}" in answer.read().decode()


def test_a_calendar_from_its_address_to_the_feed(town: Whole, person: Page, editor: Page) -> None:
    scripts = person.viewport_size == {"width": 1280, "height": 900}
    path, title = ("/koren.ics", "Vårkonsert") if scripts else ("/kvart.ics", "Repetition")
    email, name = f"{path[1:5]}@koren.example", f"Kören {path[1:6]}"
    begun = monotonic()
    person.goto(f"{town.base}/lamna-kalla")
    person.fill("#adress", town.site.url(path))
    person.click("button[value=titta]")
    expect(person.locator(".sample")).to_contain_text(title)
    shot(person, "kalla-sedd")
    person.fill("#kalla", name)
    who(person, email)
    person.click("button[value=lamna]")
    expect(person.locator("h1")).to_have_text("Titta i din inkorg")
    shot(person, "kalla-lamnad")
    confirmed(person, town, email, "kalla")
    took = monotonic() - begun
    approved(editor, town, name)
    assert wait(lambda: published(town, title))
    person.goto(f"{town.base}/min-sida")
    expect(person.locator(".things")).to_contain_text("Visas")
    assert took < TWO_MINUTES
    assert "är godkänt" in town.letter(email, after=1)


def test_a_single_event_from_the_form_to_the_feed(town: Whole, person: Page, editor: Page) -> None:
    scripts = person.viewport_size == {"width": 1280, "height": 900}
    title, hour = ("Öppet hus", "14:00") if scripts else ("Loppis", "11:00")
    email = "hus@koren.example" if scripts else "loppis@koren.example"
    person.goto(f"{town.base}/lamna-evenemang")
    person.fill("#rubrik", title)
    person.locator("[name=dag]").first.fill("2027-03-20")
    person.locator("[name=fran]").first.fill(hour)
    person.fill("#plats", "Kyrkan")
    person.fill("#arrangor", "Kören Kvart")
    person.click("button[value=granska]")
    expect(person.locator(".sample")).to_contain_text("lördag 20 mars 2027")
    shot(person, "evenemang-granskat")
    who(person, email)
    person.click("button[value=lamna]")
    expect(person.locator("h1")).to_have_text("Titta i din inkorg")
    confirmed(person, town, email, "evenemang")
    approved(editor, town, title)
    assert wait(lambda: published(town, title))


def test_while_an_event_is_typed_what_is_there_already_is_told(browser: Browser, town: Whole) -> None:
    context = browser.new_context(locale="sv-SE")
    page = context.new_page()
    wait(lambda: published(town, "Sagostund"))
    page.goto(f"{town.base}/lamna-evenemang")
    page.fill("#rubrik", "Sagostund för små")
    page.locator("[name=dag]").first.fill("2027-03-03")
    page.locator("[name=fran]").first.fill("11:00")
    expect(page.locator("#traffar")).to_contain_text("Sagostund")
    page.locator("[name=fran]").first.fill("18:00")
    expect(page.locator("#traffar")).not_to_contain_text("Sagostund")
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_forms_are_accessible_fit_and_set_no_cookie(
    browser: Browser, town: Whole, width: int, language: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if language else "light"
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    base = town.base + language

    def look(name: str) -> None:
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        shot(page, f"{name}{language.replace('/', '-')}")

    page.goto(f"{base}/lamna-kalla")
    look("tom-kalla")
    page.fill("#adress", town.site.url("/koren.ics"))
    page.click("button[value=titta]")
    look("kalla")
    page.fill("#adress", town.site.url("/om"))
    page.click("button[value=titta]")
    look("kalla-webbsida")
    page.evaluate("document.querySelector('form.form').noValidate = true")
    page.wait_for_timeout(OPEN)
    page.click("button[value=lamna]")
    look("kalla-fel")
    page.goto(f"{base}/lamna-evenemang")
    look("tomt-evenemang")
    page.click("button[value=fler]")
    page.fill("#rubrik", "Sagostund")
    page.locator("[name=dag]").first.fill("2027-03-03")
    page.fill("#plats", "Biblioteket")
    page.fill("#arrangor", "Biblioteket")
    page.click("button[value=granska]")
    look("evenemang")
    page.goto(f"{base}/riktlinjer")
    look("riktlinjer")
    assert context.cookies() == []
    assert [text for text in told if "422" not in text] == []
    context.close()


def test_a_form_is_filled_in_and_reviewed_by_keyboard_alone(page: Page, town: Whole) -> None:
    page.goto(f"{town.base}/lamna-evenemang")
    page.focus("#rubrik")
    page.keyboard.type("Kvällsmusik")
    for _ in range(200):  # a date and a time have parts of their own
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || ''")
        if name == "dag" and not page.locator("[name=dag]").first.input_value():
            page.locator("[name=dag]").first.fill("2027-03-21")
        elif name in ("plats", "arrangor"):
            page.keyboard.type("Kyrkan")
        elif page.evaluate("document.activeElement.value") == "granska":
            break
        assert name != "hemsida", "a field that nobody sees is reached by nobody"
    page.keyboard.press("Enter")
    expect(page.locator(".sample")).to_contain_text("Kvällsmusik")
