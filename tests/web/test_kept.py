"""Nothing typed is lost by an error, whatever goes wrong: each form that people write in, each way in which it fails.

The forms are those of the pages, sent as a browser without scripts does; `test_kept_browser` does it in a real one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import psycopg
import pytest

from aggregator.moderation import Action
from aggregator.store import Store
from aggregator.store.submissions import Submissions
from aggregator.web import labels, private, words
from aggregator.web.gate import MAX_BODY
from tests.town import Town, at, vevent
from tests.web.desk import Desk
from tests.web.people import Browser, Hall, form_of, hall
from tests.web.test_offers import ADDRESS as KALLA
from tests.web.test_offers import AGREED, CONCERT, WHO, sent
from tests.web.test_own import ADDRESS, handed, inside, staff

pytestmark = pytest.mark.anyio
TEMPLATES = Path(private.__file__).parent / "templates"
TOLD = "Ett ord som bara står här."


@dataclass(frozen=True)
class Case:
    """A form of somebody's own page: where it stands, where it is sent, what is typed."""

    page: str
    action: str
    fields: Mapping[str, str]


OWN = {
    "correct": Case("/min-sida/s1/ratta", "/min-sida/s1/ratta", {"meddelande": TOLD, "kalla": "Sockenhuset i Byn"}),
    "answer": Case("/min-sida/s2", "/min-sida/s2/svara", {"svar": TOLD}),
    "data": Case("/min-sida/uppgifter", "/min-sida/uppgifter", {"namn": TOLD}),
}
MORE = {"adress": ADDRESS.address, "kalla": "Sockenhuset", "roll": "association"}


@pytest.fixture
def mine(town: Hall) -> Browser:
    """Somebody with a calendar that waits, and one that staff asked about."""
    found = inside(town)
    handed(town, ADDRESS, "s1")
    handed(town, ADDRESS, "s2")
    staff(town, Action.ASK, "s2", "Vem är arrangör?")
    return found


async def typed(mine: Browser, case: Case) -> dict[str, str]:
    """The form as it is once it is filled in."""
    shown = await mine.get(case.page)
    more = MORE if case.page.endswith("/ratta") else {"roll": "association", "sprak": "sv"}
    return {**form_of(shown.text, case.action), **more, **case.fields}


def is_there(answer: httpx.Response, text: str = TOLD) -> bool:
    """Whether a text is in a field of the page, or beside it to be copied."""
    return text in unescape(answer.text)


def in_a_field(answer: httpx.Response, text: str = TOLD) -> bool:
    """Whether it is in a field, so that the form can be sent again as it is."""
    found = re.findall(r'<textarea[^>]*>\s*(.*?)</textarea>|<input[^>]*value="([^"]*)"', answer.text, re.S)
    return any(text == unescape(a or b) for a, b in found)


@contextmanager
def held(store: Store) -> Iterator[None]:
    """Another program writes, and does not end."""
    other = sqlite3.connect(store._database.file or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


# --- a page that had been open for too long (403), an error of the form (422), a busy database (503)


@pytest.mark.parametrize("name", OWN)
async def test_F02_a_form_that_is_old_comes_back_filled(mine: Browser, name: str) -> None:
    fields = await typed(mine, OWN[name])
    answer = await mine.post(OWN[name].action, {**fields, "token": "gammal"})
    assert (answer.status_code, in_a_field(answer)) == (422, True)
    assert "Inget har gått förlorat" in answer.text


@pytest.mark.parametrize("name", OWN)
async def test_D10_a_form_comes_back_filled_within_seconds_while_another_program_writes(
    town: Hall, mine: Browser, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = await typed(mine, OWN[name])
    monkeypatch.setattr(private, "PATIENCE", 0.2)
    with held(town.store):
        began = monotonic()
        answer = await mine.post(OWN[name].action, fields)
    assert monotonic() - began < 5, "the database waits for a minute, a person does not"
    assert (answer.status_code, answer.headers["retry-after"], in_a_field(answer)) == (503, "30", True)
    again = await mine.post(OWN[name].action, fields)
    assert again.status_code == 303


PUBLIC = {
    "/lamna-kalla": {**KALLA, **WHO, **AGREED, "meddelande": TOLD},
    "/lamna-evenemang": {**CONCERT, **WHO, **AGREED, "beskrivning": TOLD},
}


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("wrong", ["old", "busy"])
async def test_D10_a_strangers_form_comes_back_filled(
    town: Hall, path: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private, "PATIENCE", 0.2)
    if wrong == "old":
        answer = await sent(town, path, {**PUBLIC[path], "token": "gammal"})
        assert answer.status_code == 422
    else:
        shown = await town.browser().get(path)
        with held(town.store):
            answer = await town.browser().post(path, {**form_of(shown.text, path), **PUBLIC[path], "steg": "titta"})
            answer = await sent(town, path, PUBLIC[path])
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert in_a_field(answer)
    assert in_a_field(answer, WHO["epost"])
    assert answer.text.count(" checked") >= 2


@pytest.mark.postgres
async def test_D10_on_postgresql_too_a_form_waits_for_seconds_only(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private, "PATIENCE", 0.2)
    path = "/lamna-evenemang"
    with hall(tmp_path, url=postgres_url) as town, psycopg.connect(postgres_url) as other:
        form = form_of((await town.browser().get(path)).text, path)
        town.now += timedelta(seconds=3)
        other.execute("LOCK TABLE submission IN EXCLUSIVE MODE")  # who reads goes on, who writes waits
        began = monotonic()
        answer = await town.browser().post(path, {**form, **PUBLIC[path], "steg": "lamna"})
        assert monotonic() - began < 5
        assert (answer.status_code, answer.headers["retry-after"], in_a_field(answer)) == (503, "30", True)
        other.rollback()
        assert "Titta i din inkorg" in (await town.browser().post(path, {**form, **PUBLIC[path], "steg": "lamna"})).text


def test_D10_a_tip_comes_back_filled(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private, "PATIENCE", 0.2)
    path = f"/evenemang/{_event(desk.town)}/tipsa"
    with held(desk.store):
        form = form_of(desk.get(path).text, path)
        desk.town.now += timedelta(seconds=3)
        answer = desk.post(path, {**form, "text": TOLD})
    assert (answer.status_code, in_a_field(answer)) == (503, True)


async def test_D10_even_where_nobody_can_be_recognised_what_was_typed_is_shown(
    town: Hall, mine: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = await typed(mine, OWN["answer"])
    monkeypatch.setattr(private, "PATIENCE", 0.2)
    other = sqlite3.connect(town.store._database.file or "", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    answer = await mine.post(OWN["answer"].action, fields)
    other.close()
    assert (answer.status_code, is_there(answer)) == (503, True)
    assert "Det här skrev du" in answer.text


async def test_F02_what_another_site_sends_is_not_repeated(town: Hall) -> None:
    answer = await town.browser().post("/allt-stammer/x", {"text": TOLD}, sec_fetch_site="cross-site")
    assert (answer.status_code, is_there(answer)) == (403, False)


# --- somebody was faster (409)


async def test_F25_a_correction_that_came_late_is_still_in_its_form_and_goes_by_one_more_press(
    town: Hall, mine: Browser
) -> None:
    case = OWN["correct"]
    fields = await typed(mine, case)
    staff(town, Action.ASK, "s1", "Var?")
    late = await mine.post(case.action, fields)
    assert (late.status_code, in_a_field(late)) == (409, True)
    again = await mine.post(case.action, {**fields, **form_of(late.text, case.action)})
    assert again.status_code == 303
    found = town.store.submissions.get("s1")
    assert found is not None
    assert getattr(found.body, "note", "") == TOLD


@pytest.mark.parametrize("name", ["correct", "answer"])
async def test_F25_what_can_be_sent_no_longer_is_there_to_be_copied(town: Hall, mine: Browser, name: str) -> None:
    case = OWN[name]
    fields = await typed(mine, case)
    staff(town, Action.REJECT, case.action.split("/")[2], "Nej")
    answer = await mine.post(case.action, fields)
    assert (answer.status_code, is_there(answer)) == (409, True)


# --- staff


def test_D10_staff_find_what_they_typed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _event(desk.town)
    path = "/staff/plats-ny"
    form = {**form_of(desk.get(path).text, path), "name": "Nya lokalen", "aliases": TOLD, "do": "save"}
    monkeypatch.setattr(private, "PATIENCE", 0.2)
    with held(desk.store):
        answer = desk.post(path, form)
    assert (answer.status_code, is_there(answer)) == (503, True)
    assert "Databasen är upptagen" in answer.text


# --- an error of ours (500)


async def test_G12_an_error_notes_nothing_of_what_was_typed(
    town: Hall, mine: Browser, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: Any
) -> None:
    fields = await typed(mine, OWN["answer"])

    def broken(*_args: object) -> None:
        raise RuntimeError("of ours")

    monkeypatch.setattr(Submissions, "act", broken)
    answer = await mine.post(OWN["answer"].action, fields)
    assert (answer.status_code, "Det är noterat" in answer.text) == (500, True)
    told = "".join(capfd.readouterr()) + caplog.text
    assert TOLD not in told
    assert "kansliet@" not in told


# --- too much (413)


async def test_F21_too_much_is_a_page_with_a_sentence(town: Hall) -> None:
    for path, told in (("/lamna-evenemang", "Det blev för mycket"), ("/en/lamna-evenemang", "That was too much")):
        answer = await town.browser().post(path, {"beskrivning": "x" * MAX_BODY})
        assert (answer.status_code, told in answer.text) == (413, True)
        assert 'href="/static/' in answer.text, "in the layout of the site"
    assert (await town.browser().post("/api/v1/events", {"x": "x" * MAX_BODY})).json() == {
        "error": "That is more than is taken here."
    }


async def test_F21_no_form_of_ours_can_hold_so_much(town: Hall) -> None:
    """Each field that people write in ends before; all full of the dearest letters are below the limit."""
    for path in ("/lamna-kalla", "/lamna-evenemang"):
        shown = await town.browser().send(path, {"steg": "lamna" if path == "/lamna-kalla" else "fler"})
        areas = re.findall(r"<textarea[^>]*>", shown.text)
        assert all("maxlength=" in area for area in areas), areas
        longest = sum(map(int, re.findall(r'maxlength="(\d+)"', shown.text)))
        assert longest * len("%E2%82%AC") < MAX_BODY


# --- the list of what is to be mended


async def test_the_list_names_each_field_and_leads_to_it(town: Hall) -> None:
    answer = await sent(town, "/lamna-evenemang", {**CONCERT, **WHO, "namn": "", "rubrik": "", "fran": "25:00"})
    told = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', answer.text)
    assert ("namn", "Ditt namn: fyll i det här.") in told
    assert ("rubrik", "Rubrik: fyll i det här.") in told
    asks = labels.summary({"kalla": "Fyll i det här."}, "sv", "offer_source.html")
    assert asks == [("kalla", "Vad heter den? Fyll i det här.")], "a question is no label"
    assert any(name == "dag-1" and text.startswith("Datum 1: ") for name, text in told)
    assert all(f'id="{name}"' in answer.text for name, _ in told)
    assert answer.text.count("<title>Fel: ") == 1


def test_a_field_is_called_in_the_list_what_it_is_called_beside_its_box() -> None:
    """The names stand in templates and once more in `labels`; here one is held to the other."""
    field = re.compile(r"fields\.(?:input|area|choice)\(\"(\w+)\", t\('([\w-]+)'\)")
    wrong = []
    for file in TEMPLATES.rglob("*.html"):
        pages = _pages(file.relative_to(TEMPLATES).as_posix())
        for name, key in field.findall(file.read_text()):
            for page in pages:
                called = labels.label(name, "sv", page)
                if not called or not words.say("sv", key).startswith(called):
                    wrong.append((page, name, called, words.say("sv", key)))
    assert wrong == []


def _pages(template: str) -> list[str]:
    """The pages in which a template of fields stands."""
    parts = {
        "staff/sourcefields.html": ["staff/source.html", "staff/newsource.html"],
        "staff/entry.html": ["staff/suggestion.html", "staff/entering.html"],
        "offer_parts.html": ["offer_source.html", "offer_event.html"],
        "event_fields.html": ["offer_event.html"],
    }
    return parts.get(template, [template])


def _event(town: Town) -> str:
    town.add("klubben")
    town.tell("klubben", vevent("Sagostund", at(5), uid="a"))
    town.refresh()
    return town.ids()["Sagostund"]
