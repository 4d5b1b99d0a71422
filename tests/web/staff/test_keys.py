"""Staff at the keyboard: one key a decision, the next item at once, off for whoever wants it; and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from aggregator import codec
from aggregator.model import Evidence, Reason
from aggregator.sandbox import Sandbox
from aggregator.store import rows
from tests.town import at, readers, vevent  # noqa: F401 (fixture)
from tests.web.desk import Desk
from tests.web.looks import tab_to
from tests.web.staff.full import event_offer
from tests.web.staff.shown import member, served_desk

pytestmark = pytest.mark.browser
PAIRS = 12


def doubtful(desk: Desk) -> None:
    """Twelve pairs of which nobody can be sure, and two events that were sent in.

    That the pairs are unsure is said here: what twelve alike weeks teach the matching is no business of the keys.
    """
    town = desk.town
    for id, title, hour in (("klubben", "Jazzkväll", 11), ("tidningen", "Loppmarknad", 19)):
        town.add(id)
        days = range(3, 3 + 7 * PAIRS, 7)
        town.tell(id, *(vevent(title, at(day, hour), uid=f"{id}{day}") for day in days))
    town.refresh()
    sides = ((s.id for s in town.listings(id)) for id in ("klubben", "tidningen"))
    evidence = codec.dumps(Evidence(score=-1.0, reasons=(Reason("start-other", -1.0),)))
    edges = [
        {"a": min(pair), "b": max(pair), "band": "possible", "score": -1.0, "evidence": evidence}
        for pair in zip(*sides, strict=True)
    ]
    with desk.store._database.write() as connection:
        rows.upsert(connection, "edge", edges)
    desk.offer("s1", event_offer())
    desk.offer("s2", event_offer())


@pytest.fixture
def served(tmp_path: Path, readers: Sandbox) -> Iterator[tuple[Desk, str]]:  # noqa: F811
    with served_desk(tmp_path, readers, doubtful) as (desk, base, _):
        yield desk, base


@pytest.fixture
def mine(browser: Browser, served: tuple[Desk, str]) -> Iterator[Page]:
    context: BrowserContext = member(browser, *served)
    yield context.new_page()
    context.close()


def decisions(desk: Desk) -> list[str]:
    return [d.kind for d in desk.store.ledger.decisions() if d.undone is None]


def test_ten_decisions_are_ten_keys(mine: Page, served: tuple[Desk, str]) -> None:
    desk, base = served
    mine.goto(f"{base}/staff/dubbletter")
    mine.keyboard.press("j")
    assert mine.evaluate("document.activeElement.closest('[data-item]') !== null")
    mine.keyboard.press("j")
    mine.keyboard.press("k")
    mine.keyboard.press("Enter")
    expect(mine.locator("h1")).to_have_text("Samma evenemang?")
    for n in range(10):
        left = PAIRS - n
        expect(mine.get_by_text(f" av {left}.")).to_be_visible()
        mine.keyboard.press("s" if n % 2 else "d")
    expect(mine.get_by_text(f" av {PAIRS - 10}.")).to_be_visible()
    assert decisions(desk) == ["different", "same"] * 5
    expect(mine.locator(".flash")).to_contain_text("Samma evenemang.")
    mine.keyboard.press("u")
    expect(mine.locator(".flash")).to_contain_text("Ångrat.")
    assert len(decisions(desk)) == 9


def test_a_key_leads_to_the_reason_and_typing_presses_nothing(mine: Page, served: tuple[Desk, str]) -> None:
    desk, base = served
    mine.goto(f"{base}/staff/ko/s1")
    mine.keyboard.press("r")
    assert mine.evaluate("document.activeElement.id") == "reason-reject"
    mine.keyboard.press("Tab")
    assert mine.evaluate("document.activeElement.id") == "note-reject"
    mine.keyboard.type("araf u s d")
    assert mine.input_value("#note-reject") == "araf u s d"
    mine.keyboard.press("Escape")
    mine.keyboard.press("Tab")
    found = desk.store.submissions.get("s1")
    assert found is not None
    assert found.version == 1
    mine.locator("#note-reject").press("Tab")
    mine.keyboard.press("Enter")
    mine.wait_for_url("**/staff/ko/s2?klart=queue-reject*")
    mine.keyboard.press("a")
    mine.wait_for_url("**/staff/ko?klart=queue-approve*")
    mine.keyboard.press("u")
    mine.wait_for_url("**/staff/ko/s2?klart=undone")


def test_keys_are_off_for_whoever_turned_them_off(mine: Page, served: tuple[Desk, str]) -> None:
    desk, base = served
    mine.goto(f"{base}/staff/dubbletter")
    mine.click("[data-toggle]")
    expect(mine.locator("[data-toggle]")).to_have_attribute("aria-pressed", "false")
    mine.click("main .items a >> nth=0")
    mine.keyboard.press("s")
    mine.keyboard.press("j")
    mine.reload()
    mine.keyboard.press("d")
    assert decisions(desk) == []
    mine.click("[data-toggle]")
    mine.keyboard.press("d")
    expect(mine.locator(".flash")).to_contain_text("Två olika evenemang.")


def test_with_a_modifier_a_key_is_the_browsers(mine: Page, served: tuple[Desk, str]) -> None:
    desk, base = served
    mine.goto(f"{base}/staff/dubbletter")
    mine.click("main .items a >> nth=0")
    for key in ("Control+s", "Alt+d", "Meta+s"):
        mine.keyboard.press(key)
    assert decisions(desk) == []


def test_everything_is_reached_by_tab_and_the_focus_shows(mine: Page, served: tuple[Desk, str]) -> None:
    _, base = served
    mine.goto(f"{base}/staff/dubbletter")
    tab_to(mine, "main .items a")
    mine.keyboard.press("Enter")
    expect(mine.locator("h1")).to_have_text("Samma evenemang?")
    tab_to(mine, "button[value=same]")
    tab_to(mine, "button[value=different]")
    mine.keyboard.press("Space")
    expect(mine.locator(".flash")).to_contain_text("Två olika evenemang.")


def test_decisions_need_no_script(browser: Browser, served: tuple[Desk, str]) -> None:
    desk, base = served
    context = member(browser, desk, base, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/staff/dubbletter")
    page.click("main .items a >> nth=0")
    page.click("button[value=same]")
    page.click(".flash button")
    page.goto(f"{base}/staff/ko/s1")
    page.click("summary >> text=Avböj")
    page.select_option("#reason-reject", "far")
    page.click("details[open] button")
    page.wait_for_url("**/staff/ko/s2?klart=queue-reject*")
    assert [d.undone is not None for d in desk.store.ledger.decisions()] == [True]
    context.close()
