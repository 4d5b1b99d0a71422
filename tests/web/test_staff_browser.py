"""Pages behind a login in a real browser: accessible, by keyboard, without JavaScript, and no typed word is code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page

from tests.web.looks import shot, small_targets, tab_to, violations
from tests.web.people import EDITOR, PASSWORD, Hall, hall, letters, link_in
from tests.web.served import base_of, listening, serving

pytestmark = pytest.mark.browser

CODE = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}"
STRANGERS = ("/staff/logga-in", "/staff/glomt", "/staff/valkommen/over", "/min-sida/logga-in", "/min-sida/lank/over")
STAFF = ("/staff/konto", "/staff/medarbetare", "/staff/medarbetare/ANDRA/ta-bort", "/staff/utkorg")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Hall]:
    """A town hall that listens, with two members and a letter that could not be sent."""
    with listening() as listener, hall(tmp_path, base=base_of(listener)) as town:
        town.staff()
        town.staff("andra@byn.example")
        town.store.staff.add("ny@byn.example", CODE, town.now, by="tests")
        with serving(town.app, listener):
            yield town


def base(town: Hall) -> str:
    return town.program.settings.base_url


def _note(dialog: Dialog, seen: list[str]) -> None:
    seen.append(dialog.message)
    dialog.dismiss()


def log_in(page: Page, town: Hall) -> None:
    page.goto(f"{base(town)}/staff/logga-in?till=/staff/konto")
    page.fill("#email", EDITOR)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/staff/konto")


@pytest.mark.parametrize(("language", "width", "scheme"), [("sv", 320, "light"), ("en", 1280, "dark")])
def test_every_page_of_accounts_is_accessible_and_fits(
    browser: Browser, served: Hall, language: str, width: int, scheme: Any
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    other = served.store.staff.by_email("andra@byn.example")
    assert other is not None
    before = "/en" if language == "en" else ""
    look = f"{language}-{width}-{scheme}"

    def seen(name: str) -> None:
        assert violations(page) == [], name
        assert small_targets(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate("document.documentElement.lang") == language, name
        shot(page, name, look)

    for path in STRANGERS:
        page.goto(f"{base(served)}{before}{path}")
        seen(path)
    page.goto(f"{base(served)}{before}/staff/logga-in")
    page.fill("#email", EDITOR)
    page.fill("#password", "fel")
    page.click("main button")
    seen("login refused")
    log_in(page, served)
    page.goto(f"{base(served)}{before}/staff/medarbetare")
    page.fill("#name", CODE)
    page.fill("#email", "nyast@byn.example")
    page.click("main form.form button")
    page.wait_for_url("**klart=members-invited")
    for path in STAFF:
        page.goto(f"{base(served)}{before}{path.replace('ANDRA', other.id)}")
        seen(path)
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    seen("outbox read")
    page.goto(f"{base(served)}{before}/staff/finns-inte")
    seen("staff not found")
    context.close()


def test_a_first_member_gets_in_invites_and_is_invited_without_javascript(browser: Browser, served: Hall) -> None:
    context = browser.new_context(java_script_enabled=False, locale="sv-SE")
    page = context.new_page()
    log_in(page, served)
    page.click("nav >> text=Medarbetare")
    page.fill("#name", "Ny redaktör")
    page.fill("#email", "nyast@byn.example")
    page.click("main form.form button")
    assert "är inbjuden" in page.locator(".done").inner_text()
    page.click("text=Utkorg")
    page.click("summary")
    path = link_in(page.locator("pre").first.inner_text(), base(served))
    page.click("text=Logga ut")
    page.wait_for_url("**/staff/logga-in")
    assert context.cookies() == []
    page.goto(base(served) + path)
    page.fill("#password", "en helt annan mening")
    page.click("main form button")
    page.wait_for_url("**/staff")
    page.goto(f"{base(served)}/staff/konto")
    assert "nyast@byn.example" in page.locator("main").inner_text()
    context.close()


def test_the_login_by_keyboard_alone(page: Page, served: Hall) -> None:
    page.goto(f"{base(served)}/staff/logga-in?till=/staff/utkorg")
    tab_to(page, "#email")
    page.keyboard.type(EDITOR)
    tab_to(page, "#password")
    page.keyboard.type("fel")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    tab_to(page, ".refused a")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "email"
    assert page.input_value("#email") == EDITOR
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/utkorg")


def test_F01_no_typed_word_is_code_on_a_page_behind_a_login(page: Page, served: Hall) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: _note(dialog, dialogs))
    page.goto(f"{base(served)}/staff/logga-in?till={CODE}")
    page.evaluate("document.querySelector('#email').type = 'text'")
    page.fill("#email", CODE)
    page.fill("#password", CODE)
    page.click("main button")
    assert page.input_value("#email") == CODE
    log_in(page, served)
    for path in (*STAFF[:2], STAFF[3], f"/staff/utkorg?klart={CODE}", f"/staff/{CODE}"):
        page.goto(f"{base(served)}{path}")
        page.wait_for_load_state()
    page.goto(f"{base(served)}/staff/medarbetare")
    assert CODE in page.locator("table").inner_text()
    page.fill("#name", CODE)
    page.evaluate("document.querySelector('#email').type = 'text'")
    page.fill("#email", CODE)
    page.click("main form.form button")
    assert page.input_value("#name") == CODE
    assert page.locator("main script, main img").count() == 0
    assert dialogs == []


def test_F02_a_page_of_another_site_cannot_act_as_staff(page: Page, served: Hall) -> None:
    """The browser's own word for where a form stood, and its rules for cookies, keep it out."""
    log_in(page, served)
    token = re.findall(r'name="token" value="([^"]+)"', page.content())[0]
    with listening() as other:
        evil = base_of(other).replace("127.0.0.1", "localhost")
        fields = {"token": token, "name": "x", "email": "x@byn.example", "language": "sv"}
        inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
        form = f'<form method=post action="{base(served)}/staff/medarbetare">{inputs}<button>go</button></form>'
        page.route(f"{evil}/**", lambda route: route.fulfill(body=form, content_type="text/html"))
        page.goto(f"{evil}/")
        with page.expect_navigation() as answered:
            page.click("button")
        assert answered.value is not None
    assert served.store.staff.by_email("x@byn.example") is None
    assert letters(served) == []
