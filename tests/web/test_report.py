"""Anybody tells of a mistake in an event; who wants an answer follows the link in a mail."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from aggregator.model import Mistake, Person, Standing, SubmissionKind
from aggregator.publish import Change, Kind
from aggregator.store import StoreView
from aggregator.weave import Changeset
from aggregator.web.offering import TRAP
from tests.store.making import event, kept, name
from tests.web.people import Browser, Hall, form_of, letters, link_in

pytestmark = pytest.mark.anyio
EVENT = name(1)
PATH = f"/evenemang/{EVENT}/tipsa"


@pytest.fixture
def town(town: Hall) -> Hall:
    """A town with one event."""

    def compute(view: StoreView) -> Changeset:
        told = event(EVENT, 1, start=town.now + timedelta(days=3))
        return Changeset(
            version=view.version,
            listings=(kept(1, EVENT, start=town.now + timedelta(days=3)),),
            events=(told,),
            changes=(Change(EVENT, Kind.ADDED, "Sagostund", "", "2027"),),
        )

    town.store.ledger.rewrite(compute, town.now)
    return town


async def told(town: Hall, fields: dict[str, str], browser: Browser | None = None) -> httpx.Response:
    mine = browser or town.browser()
    form = form_of((await mine.get(PATH)).text, PATH)
    town.now += timedelta(seconds=3)
    return await mine.post(PATH, {**form, **fields})


async def test_the_event_leads_to_the_form_and_what_is_told_is_in_the_queue(town: Hall) -> None:
    page = await town.browser().get(f"/evenemang/{EVENT}/sagostund")
    assert f'href="{PATH}"' in page.text
    mine = town.browser()
    answer = await told(town, {"text": "Det är inställt.\nPå riktigt."}, mine)
    assert "Tack!" in answer.text
    (found,) = town.store.submissions.queue()
    assert (found.kind, found.state, found.person) == (SubmissionKind.REPORT, Standing.WAITING, None)
    assert found.body == Mistake(event=EVENT, text="Det är inställt.\nPå riktigt.")
    assert (letters(town), mine.cookies) == ([], {})


async def test_who_wants_an_answer_confirms_it_by_mail(town: Hall) -> None:
    answer = await told(town, {"text": "Fel tid", "epost": "Nagon@X.example", "processing": "1"})
    assert "nagon@x.example" in answer.text
    (found,) = town.store.submissions.queue()
    assert found.person is None
    link = link_in(letters(town)[0])
    mine = town.browser()
    shown = await mine.get(link)
    assert shown.status_code == 200
    assert town.store.submissions.queue() == [found], "looking changes nothing"
    token = re.findall(r'name="token" value="([^"]+)"', shown.text)[0]
    assert "Redaktionen kan nu svara dig" in (await mine.post(link, {"token": token})).text
    (found,) = town.store.submissions.queue()
    person: Person | None = town.store.people.person(found.person or "")
    assert person is not None
    assert (person.email, person.confirmed) == ("nagon@x.example", town.now)
    assert (await mine.post(link, {"token": token})).status_code == 410


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": ""}, "Fyll i det här"),
        ({"text": "x" * 2001}, "Högst 2000 tecken"),
        ({"text": "Fel", "epost": "ingen"}, "Skriv en e-postadress"),
        ({"text": "Fel", "epost": "a@x.example"}, "Kryssa i att uppgifterna får sparas"),
        ({"text": "Fel", TRAP: "x"}, "såg ut som ett program"),
    ],
)
async def test_nothing_typed_is_lost_by_a_mistake(town: Hall, fields: dict[str, str], wrong: str) -> None:
    answer = await told(town, fields)
    assert (answer.status_code, wrong in answer.text) == (422, True)
    assert fields["text"] in answer.text
    assert town.store.submissions.queue() == []


async def test_F06_five_an_hour_from_one_network(town: Hall) -> None:
    codes = [(await told(town, {"text": f"Fel {n}"})).status_code for n in range(7)]
    assert codes == [200] * 5 + [429] * 2
    assert len(town.store.submissions.queue()) == 5


async def test_F06_two_mails_a_day_to_one_address(town: Hall) -> None:
    for n in range(4):
        await told(town, {"text": "Fel", "epost": "a@x.example", "processing": "1"}, town.browser(f"192.0.2.{n}"))
    assert len(letters(town)) == 2


@pytest.mark.parametrize("id", ["finns-inte", name(7)])
async def test_F08_of_what_is_not_shown_nothing_is_told(town: Hall, id: str) -> None:
    assert (await town.browser().get(f"/evenemang/{id}/tipsa")).status_code == 404
    assert (await town.browser().post(f"/evenemang/{id}/tipsa", {"text": "x"})).status_code == 404


async def test_F06_the_mail_holds_no_word_of_the_stranger(town: Hall) -> None:
    await told(town, {"text": "Köp piller", "epost": "a@x.example", "processing": "1"})
    assert "piller" not in letters(town)[0]
