"""The question that comes once a term: written where staff want it, answered by one button, turned off by another."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.model import Entry, Source
from aggregator.remind import Sender, remind
from aggregator.store.switches import FAILING, TERM
from tests.town import ZONE
from tests.web.people import BASE, DAY, Browser, Hall, form_of, letters, link_in
from tests.web.test_own import inside

pytestmark = pytest.mark.anyio
SENDER = Sender("Evenemang i Byn", BASE, None)


def settled(town: Hall, *, on: bool = True) -> Browser:
    """A town whose organizer handed in a source last term, in the midst of this one; their browser."""
    mine = inside(town)
    town.store.people.consent("p1", "processing", "1", town.now)
    source = Source(id="koren", name="Kören", url="https://k.example/")
    town.store.town.put(Entry(source=source, person="p1", added=town.now - timedelta(days=60)))
    town.store.switches.turn(TERM, on, "staff:1", town.now)
    return mine


def reminded(town: Hall, days: int = 20) -> int:
    town.now += days * DAY
    return remind(town.store, SENDER, town.now, ZONE)


async def test_the_letter_is_answered_by_one_button_without_a_login(town: Hall) -> None:
    settled(town)
    assert reminded(town) == 1
    (text,) = letters(town, "term-reminder")
    assert "Kören" in text
    link, stranger = link_in(text), town.browser()
    shown = await stranger.get(link)
    assert "Stämmer allt" in shown.text
    assert town.store.audit.newest(subject="source:koren")[0].action == "ask-right", "looking changes nothing"
    token = re.findall(r'name="token" value="([^"]+)"', shown.text)[0]
    assert "Tack!" in (await stranger.post(link, {"token": token})).text
    assert town.store.audit.newest(subject="source:koren")[0].action == "all-right"
    assert (await stranger.get(link)).status_code == 410
    assert stranger.cookies == {}


async def test_it_comes_once_a_term_though_letters_are_forgotten(town: Hall) -> None:
    settled(town)
    assert [reminded(town), reminded(town, 0), reminded(town, 40), reminded(town, 40)] == [1, 0, 0, 0]
    assert reminded(town, 120) == 1, "the next term"


async def test_it_comes_only_where_staff_want_it(town: Hall) -> None:
    settled(town, on=False)
    assert reminded(town) == 0


async def test_who_does_not_want_it_gets_none(town: Hall) -> None:
    mine = settled(town)
    for expected in (0, 1):
        shown = await mine.get("/min-sida/uppgifter")
        form = form_of(shown.text, "/min-sida/paminnelser")
        assert (await mine.post("/min-sida/paminnelser", form)).status_code == 303
        assert remind(town.store, SENDER, town.now + 20 * DAY, ZONE) == expected


async def test_G09_who_took_consent_back_is_written_to_no_more(town: Hall) -> None:
    settled(town)
    town.store.people.withdraw_consent("p1", "processing", town.now)
    assert reminded(town) == 0


async def test_who_never_answered_a_mail_is_not_asked(town: Hall) -> None:
    settled(town)
    person = town.store.people.person("p1")
    assert person is not None
    town.store.people.put(replace(person, confirmed=None))
    assert reminded(town) == 0


async def test_staff_turn_letters_on_and_off_and_it_is_noted(town: Hall) -> None:
    town.staff()
    mine = await town.editor()
    await mine.send("/staff/brev", {TERM: "1"})
    assert (town.store.switches.on(TERM), town.store.switches.on(FAILING)) == (True, False)
    await mine.send("/staff/brev", {FAILING: "1"})
    assert (town.store.switches.on(TERM), town.store.switches.on(FAILING)) == (False, True)
    told = [line.action for line in town.store.audit.newest(subject=f"switch:{TERM}")]
    assert told == ["turn-off", "turn-on"]
    assert (await inside(town).get("/staff/brev")).status_code == 303
