"""A person's own page: what they see of what they handed in, and what each button does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest

from aggregator.model import (
    Entry,
    Mistake,
    OfferedEvent,
    OfferedSource,
    Role,
    Source,
    Standing,
    Submission,
    SubmissionKind,
    When,
)
from aggregator.moderation import Action, Actor
from aggregator.state import SourceState
from aggregator.store import Refresh
from aggregator.store.submissions import Deed
from tests.town import ZONE
from tests.web.people import Browser, Hall, form_of

pytestmark = pytest.mark.anyio
ADDRESS = OfferedSource(address="https://sockenhuset.example/k.ics", name="Sockenhuset", role=Role.ASSOCIATION)
CONCERT = OfferedEvent(
    title="Vårkonsert",
    dates=tuple(When(datetime(2027, 1, d, 18, tzinfo=ZONE), datetime(2027, 1, d, 20, tzinfo=ZONE)) for d in (20, 27)),
    place="Kyrkan",
    organizer="Kören",
    description="Vi sjunger.\n\nKom!",
    price="120 kr",
)


def handed(town: Hall, body: OfferedSource | OfferedEvent | Mistake, id: str = "s1", person: str = "p1") -> None:
    """Something that waits."""
    kinds = {OfferedSource: "source", OfferedEvent: "event", Mistake: "report"}
    told = {"created": town.now, "changed": town.now, "state": Standing.WAITING, "person": person}
    submission = Submission(id=id, kind=SubmissionKind(kinds[type(body)]), body=body, **told)  # type: ignore[arg-type]  # mixed values
    town.store.submissions.add(submission, f"person:{person}")


def staff(town: Hall, action: Action, id: str = "s1", note: str = "") -> Submission:
    """What staff do with it."""
    shown = town.store.submissions.get(id)
    assert shown is not None
    deed = Deed(id=id, version=shown.version, action=action, actor=Actor.STAFF, by="staff:1", now=town.now, note=note)
    return town.store.submissions.act(deed, town.program.config)


def inside(town: Hall, id: str = "p1", email: str = "kansliet@sockenhuset.example") -> Browser:
    """The browser of a person who is logged in."""
    town.person(id, email)
    mine = town.browser()
    mine.cookies["__Host-evenemang-person"] = town.store.people.open("person", id, town.now)
    return mine


async def press(mine: Browser, page: str, action: str, **fields: str) -> httpx.Response:
    """Press the button of a form on a page."""
    shown = await mine.get(page)
    return await mine.post(action, {**form_of(shown.text, action), **fields})


def now(town: Hall, id: str = "s1") -> Submission:
    found = town.store.submissions.get(id)
    assert found is not None
    return found


# --- what is seen


async def test_everything_is_listed_what_asks_first_and_what_is_over_last(town: Hall) -> None:
    mine = inside(town)
    handed(town, ADDRESS, "s1")
    handed(town, replace(ADDRESS, name="Nejad"), "s2")
    handed(town, replace(ADDRESS, name="Frågad"), "s3")
    handed(town, CONCERT, "s4")
    handed(town, Mistake(event="x", text="Fel tid"), "s5")
    staff(town, Action.REJECT, "s2", "Inget för oss")
    staff(town, Action.ASK, "s3", "Vem är arrangör?")
    page = (await mine.get("/min-sida")).text
    names = ["Frågad", "Sockenhuset", "Nejad", "Vårkonsert", "Fel tid"]
    assert sorted(names, key=page.index) == names
    assert "Redaktionen har en fråga" in page
    shown = (await mine.get("/min-sida/s2")).text
    assert "Inget för oss" in shown
    assert "Rätta" not in shown, "the table has no way back from a no but through staff"


async def test_a_source_tells_how_it_does_and_why(town: Hall) -> None:
    mine = inside(town)
    handed(town, ADDRESS)
    source = staff(town, Action.APPROVE).source or ""
    told = SourceState(id=source, tried=town.now, failures=3, error="timeout", error_code="timeout", due=town.now)
    lease = town.store.ledger.acquire(source, "t", town.now)
    assert lease is not None
    town.store.ledger.note(Refresh(state=told), lease, town.now)
    page = (await mine.get("/min-sida/s1")).text
    assert "Servern svarade inte i tid" in page
    assert "Vi försöker igen" in page
    assert "did not answer in time" in (await mine.get("/en/min-sida/s1")).text


async def test_an_event_is_shown_as_it_will_look(town: Hall) -> None:
    mine = inside(town)
    handed(town, CONCERT)
    page = (await mine.get("/min-sida/s1")).text
    assert all(word in page for word in ("Vårkonsert", "onsdag 20 januari 2027 kl. 18.00–20.00", "120 kr", "Kom!"))


# --- correct


async def test_an_event_is_corrected_and_its_dates_too(town: Hall) -> None:
    mine = inside(town)
    handed(town, CONCERT)
    shown = await mine.get("/min-sida/s1/ratta")
    assert 'value="2027-01-27"' in shown.text
    fields = {"rubrik": "Vårkonsert", "plats": "Stora kyrkan", "arrangor": "Kören", "roll": "organizer"}
    fields |= {"dag": ["2027-01-20", "2027-01-28"], "fran": ["18:00", "18:00"], "till": ["20:00", ""]}  # type: ignore[dict-item]  # a field that comes twice
    fields |= {"sista": ["", ""], "installt": "1"}  # type: ignore[dict-item]  # as above
    answer = await press(mine, "/min-sida/s1/ratta", "/min-sida/s1/ratta", **fields)
    assert answer.headers["location"] == "/min-sida/s1?klart=mine-changed"
    body = now(town).body
    assert isinstance(body, OfferedEvent)
    assert (body.place, [w.start.day for w in body.dates]) == ("Stora kyrkan", [20, 28])
    assert body.cancelled == body.dates[:1]


async def test_what_is_wrong_in_a_correction_comes_back_as_it_was_typed(town: Hall) -> None:
    mine = inside(town)
    handed(town, CONCERT)
    answer = await press(mine, "/min-sida/s1/ratta", "/min-sida/s1/ratta", rubrik="Ny rubrik", plats="")
    assert answer.status_code == 422
    assert 'value="Ny rubrik"' in answer.text
    assert now(town).version == 1


async def test_F25_a_correction_of_what_was_changed_meanwhile_changes_nothing(town: Hall) -> None:
    mine = inside(town)
    handed(town, CONCERT)
    form = form_of((await mine.get("/min-sida/s1/ratta")).text, "/min-sida/s1/ratta")
    staff(town, Action.ASK, note="Var?")
    fields = {"rubrik": "Annat", "dag": "2027-01-20", "plats": "Kyrkan", "arrangor": "Kören"}
    answer = await mine.post("/min-sida/s1/ratta", {**form, **fields})
    assert (answer.status_code, "Det har ändrats sedan du öppnade sidan" in answer.text) == (409, True)
    assert (now(town).body, now(town).state) == (CONCERT, Standing.ASKED)


async def test_a_new_address_of_an_approved_source_waits_for_staff_and_the_old_one_holds(town: Hall) -> None:
    mine = inside(town)
    handed(town, ADDRESS)
    staff(town, Action.APPROVE)
    new = {"adress": "webcal://ny.example/k.ics", "kalla": "Sockenhuset", "roll": "association"}
    await press(mine, "/min-sida/s1/ratta", "/min-sida/s1/ratta", **new)
    assert [e.source.url for e in town.store.town.entries()] == [ADDRESS.address]
    (waiting,) = town.store.submissions.queue()
    assert isinstance(waiting.body, OfferedSource)
    assert (waiting.source, waiting.body.address) == ("sockenhuset", "https://ny.example/k.ics")
    await press(mine, "/min-sida/s1/ratta", "/min-sida/s1/ratta", **{**new, "kalla": "Sockenhuset i Byn"})
    assert [s.id for s in town.store.submissions.queue()] == [waiting.id], "one correction waits, with its newest words"
    staff(town, Action.APPROVE, waiting.id)
    assert [(e.source.name, e.source.url) for e in town.store.town.entries()] == [
        ("Sockenhuset i Byn", "https://ny.example/k.ics")
    ]


# --- answer, pause, take back


async def test_a_question_is_answered(town: Hall) -> None:
    mine = inside(town)
    handed(town, ADDRESS)
    staff(town, Action.ASK, note="Vem är arrangör?")
    assert (await press(mine, "/min-sida/s1", "/min-sida/s1/svara", svar="")).status_code == 422
    await press(mine, "/min-sida/s1", "/min-sida/s1/svara", svar="Det är vi.")
    found = now(town)
    assert isinstance(found.body, OfferedSource)
    assert (found.state, found.note, found.body.note) == (Standing.WAITING, "Vem är arrangör?", "Det är vi.")


async def test_a_source_is_paused_and_resumed(town: Hall) -> None:
    mine = inside(town)
    handed(town, ADDRESS)
    source = staff(town, Action.APPROVE).source or ""
    await press(mine, "/min-sida/s1", "/min-sida/s1/pausa")
    assert town.store.ledger.state(source).paused == "organizer"
    assert "Återuppta" in (await mine.get("/min-sida/s1")).text
    await press(mine, "/min-sida/s1", "/min-sida/s1/ateruppta")
    assert town.store.ledger.state(source).paused is None


async def test_what_staff_paused_is_not_resumed_by_its_owner(town: Hall) -> None:
    mine = inside(town)
    handed(town, ADDRESS)
    source = staff(town, Action.APPROVE).source or ""
    form = form_of((await mine.get("/min-sida/s1")).text, "/min-sida/s1/pausa")
    town.app.state.desk.office.pause(source, "staff")
    assert (await mine.post("/min-sida/s1/ateruppta", form)).status_code == 404
    assert town.store.ledger.state(source).paused == "staff"


@pytest.mark.parametrize("body", [ADDRESS, CONCERT])
async def test_what_is_taken_back_is_no_source_any_more(town: Hall, body: OfferedSource | OfferedEvent) -> None:
    mine = inside(town)
    handed(town, body)
    staff(town, Action.APPROVE)
    assert "Ta tillbaka" in (await mine.get("/min-sida/s1/ta-tillbaka")).text
    assert now(town).state is Standing.APPROVED, "looking changes nothing"
    await press(mine, "/min-sida/s1/ta-tillbaka", "/min-sida/s1/ta-tillbaka")
    assert now(town).state is Standing.WITHDRAWN
    assert [e for e in town.store.town.entries() if e.removed is None] == []


async def test_all_is_right_is_noted(town: Hall) -> None:
    mine = inside(town)
    handed(town, ADDRESS)
    staff(town, Action.APPROVE)
    answer = await press(mine, "/min-sida/s1", "/min-sida/s1/stammer")
    assert answer.headers["location"].endswith("klart=mine-right")
    (line,) = town.store.audit.newest(subject="source:sockenhuset")
    assert (line.by, line.action) == ("person:p1", "all-right")


# --- what is kept of them


async def test_name_role_and_language_are_changed(town: Hall) -> None:
    mine = inside(town)
    answer = await press(
        mine, "/min-sida/uppgifter", "/min-sida/uppgifter", namn="Kansliet, nytt", roll="venue", sprak="en"
    )
    assert answer.status_code == 303
    person = town.store.people.person("p1")
    assert person is not None
    assert (person.name, person.role, person.language) == ("Kansliet, nytt", Role.VENUE, "en")
    assert (await press(mine, "/min-sida/uppgifter", "/min-sida/uppgifter", namn="", roll="venue")).status_code == 422


async def test_G03_a_person_takes_everything_along_and_nothing_of_others(town: Hall) -> None:
    mine = inside(town)
    handed(town, CONCERT)
    town.person("p2", "annan@x.example")
    handed(town, replace(CONCERT, title="Annans"), "s2", "p2")
    answer = await mine.get("/min-sida/uppgifter.json")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"
    told = json.dumps(answer.json(), ensure_ascii=False)
    assert "Vårkonsert" in told
    assert "kansliet@sockenhuset.example" in told
    assert "Annans" not in told
    assert (await town.browser().get("/min-sida/uppgifter.json")).status_code == 303


@pytest.mark.parametrize(("choice", "kept"), [("bort", False), ("behall", True)])
async def test_G01_a_person_is_erased_and_what_was_published_stays_or_goes(town: Hall, choice: str, kept: bool) -> None:
    mine = inside(town)
    handed(town, ADDRESS)
    staff(town, Action.APPROVE)
    assert "går inte att ångra" in (await mine.get("/min-sida/radera")).text
    answer = await press(mine, "/min-sida/radera", "/min-sida/radera", evenemang=choice)
    assert "Raderat" in answer.text
    assert (mine.cookies, town.store.people.person("p1")) == ({}, None)
    assert [e.person for e in town.store.town.entries()] == ([None] if kept else [])
    assert (await mine.get("/min-sida")).status_code == 303


async def test_an_entry_of_the_towns_file_is_nobodys(town: Hall) -> None:
    entry = Entry(source=Source(id="x", name="X", url="https://x.example/"), added=town.now)
    town.store.town.put(entry)
    mine = inside(town)
    assert "X" not in (await mine.get("/min-sida")).text.split("<h1>")[1].split("</main>")[0]


async def test_a_day_later_one_logs_in_again(town: Hall) -> None:
    mine = inside(town)
    assert (await mine.get("/min-sida")).status_code == 200
    town.now += timedelta(days=1, minutes=1)
    assert (await mine.get("/min-sida")).headers["location"].startswith("/min-sida/logga-in")
