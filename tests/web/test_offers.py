"""The forms of those who hand something in, as a browser without scripts uses them, up to the queue."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from aggregator.address import Policy
from aggregator.consents import VERSIONS
from aggregator.errors import StoreError
from aggregator.fetch import Fetcher
from aggregator.model import OfferedEvent, OfferedSource, Role, Standing, Submission
from aggregator.samples import Samples
from aggregator.store.offers import Offers
from aggregator.web import offering
from tests.loopback import Loopback
from tests.town import calendar, vevent
from tests.web.people import Browser, Hall, form_of, hall, letters, link_in
from tests.web.whole import day

pytestmark = pytest.mark.anyio
SOURCE, EVENT = "/lamna-kalla", "/lamna-evenemang"
WHO = {"namn": "Kansliet", "epost": "kansliet@sockenhuset.example", "roll": "association"}
AGREED = {"guidelines": "1", "processing": "1"}
ADDRESS = {"adress": "https://sockenhuset.example/k.ics", "kalla": "Sockenhuset"}
CONCERT = {"rubrik": "Vårkonsert", "dag": "2027-01-20", "fran": "18:30", "plats": "Kyrkan", "arrangor": "Kören"}
TERMS = Path(offering.__file__).parent / "templates" / "terms"


@pytest.fixture
def quick(town: Hall, site: Loopback) -> Hall:
    """A town whose strangers may look at the loopback site, and wait less for what they may not."""
    looks(town, site)
    return town


def looks(town: Hall, site: Loopback, patience: float = 0.3) -> None:
    """Let strangers look; what is to be seen may take a while, a child that reads has to start."""
    office = town.app.state.desk.office
    fetcher = Fetcher(agent="t", now=lambda: town.now, policy=Policy(allow=frozenset({site.authority})), spacing=0)
    office.samples = Samples(lambda: office.kit, town.store, fetcher, patience=patience)


async def sent(
    town: Hall, path: str, fields: dict[str, str], *, browser: Browser | None = None, wait: float = 3
) -> httpx.Response:
    """Open a page, wait as long as people do, and send its form."""
    mine = browser or town.browser()
    shown = await mine.get(path)
    assert shown.status_code == 200, shown.text
    form = form_of(shown.text, path)
    town.now += timedelta(seconds=wait)
    return await mine.post(path, {**form, "steg": "lamna", **fields})


async def confirmed(town: Hall, browser: Browser) -> Submission:
    """Follow the newest link."""
    link = link_in(letters(town, "confirm-submission")[-1])
    shown = await browser.get(link)
    token = re.findall(r'name="token" value="([^"]+)"', shown.text)[0]
    assert (await browser.post(link, {"token": token})).status_code == 303
    return town.store.submissions.queue()[-1]


# --- the whole way


async def test_an_address_is_seen_then_handed_in_then_confirmed(quick: Hall, site: Loopback) -> None:
    named = b"VERSION:2.0\r\nX-WR-CALNAME:Byns bibliotek"
    site.file("/k.ics", calendar(vevent("Sagostund", day(20, 10))).replace(b"VERSION:2.0", named))
    looks(quick, site, patience=30)
    mine, url = quick.browser(), site.url("/k.ics")
    seen = await mine.send(SOURCE, {"adress": url, "steg": "titta"})
    assert all(
        word in seen.text for word in ("Det här är en kalender", "Sagostund", "De flesta evenemang saknar plats")
    )
    form = form_of(seen.text, SOURCE)
    assert 'name="kalla" type="text" autocomplete="off" value="Byns bibliotek"' in seen.text, (
        "as the calendar calls itself"
    )
    quick.now += timedelta(seconds=3)
    answer = await mine.post(SOURCE, {**form, **WHO, **AGREED, "adress": url, "kalla": "Sockenhuset", "steg": "lamna"})
    assert "Titta i din inkorg" in answer.text
    assert (quick.store.submissions.queue(), mine.cookies) == ([], {})
    found = await confirmed(quick, mine)
    assert found.body == OfferedSource(address=url, name="Sockenhuset", role=Role.ASSOCIATION)
    assert "Väntar på redaktionen" in (await mine.get("/min-sida")).text
    assert site.hits("/k.ics") == 1, "what was seen is not asked for again"


async def test_an_event_is_reviewed_then_handed_in(town: Hall) -> None:
    mine = town.browser()
    seen = await mine.send(EVENT, {**CONCERT, "steg": "granska"})
    assert seen.status_code == 200
    assert "onsdag 20 januari 2027 kl. 18.30" in seen.text
    form = form_of(seen.text, EVENT)
    town.now += timedelta(seconds=3)
    await mine.post(EVENT, {**form, **CONCERT, **WHO, **AGREED, "steg": "lamna"})
    found = await confirmed(town, mine)
    assert isinstance(found.body, OfferedEvent)
    assert (found.body.title, found.body.place, found.body.organizer) == ("Vårkonsert", "Kyrkan", "Kören")


async def test_a_button_that_is_pressed_twice_sends_once(town: Hall) -> None:
    mine = town.browser()
    form = form_of((await mine.get(EVENT)).text, EVENT)
    town.now += timedelta(seconds=3)
    told = {**form, **CONCERT, **WHO, **AGREED, "steg": "lamna"}
    answers = [await mine.post(EVENT, told), await mine.post(EVENT, told)]
    assert ["Titta i din inkorg" in answer.text for answer in answers] == [True, True]
    assert len(letters(town, "confirm-submission")) == 1
    town.now += timedelta(minutes=5)
    await mine.post(EVENT, told)
    assert len(letters(town, "confirm-submission")) == 2, "who waits in vain for the mail gets another"


async def test_what_was_forgotten_is_filled_in_as_fast_as_one_can(town: Hall) -> None:
    mine = town.browser()
    form = form_of((await mine.get(EVENT)).text, EVENT)
    town.now += timedelta(seconds=3)
    told = {**CONCERT, **WHO, **AGREED, "steg": "lamna"}
    back = await mine.post(EVENT, {**form, **told, "processing": ""})
    assert "Kryssa i att uppgifterna får sparas" in back.text
    assert "Titta i din inkorg" in (await mine.post(EVENT, {**form_of(back.text, EVENT), **told})).text


async def test_the_pages_are_in_english_too(quick: Hall) -> None:
    mine = quick.browser()
    assert "Hand in a calendar" in (await mine.get(f"/en{SOURCE}")).text
    seen = await mine.send(f"/en{EVENT}", {**CONCERT, "steg": "granska"})
    assert "Wednesday" in seen.text
    assert "This is how it looks" in seen.text


async def test_without_an_office_nothing_can_be_handed_in(town: Hall) -> None:
    town.app.state.desk.office = None
    for path in (SOURCE, EVENT, f"{EVENT}/traffar.json?dag=2027-01-20"):
        assert (await town.browser().get(path)).status_code == 404
    assert SOURCE not in (await town.browser().get("/om")).text


# --- nothing typed is lost


@pytest.mark.parametrize(
    ("path", "fields", "wrong"),
    [
        (SOURCE, {**ADDRESS, **WHO}, "Kryssa i att du följer riktlinjerna"),
        (SOURCE, {**ADDRESS, **WHO, **AGREED, "epost": "ingen adress"}, "Skriv en e-postadress"),
        (SOURCE, {**ADDRESS, **WHO, **AGREED, "adress": "ftp://x.example/"}, "ingen webbadress"),
        (SOURCE, {**ADDRESS, **WHO, **AGREED, "adress": "sockenhuset"}, "ingen webbadress"),
        (SOURCE, {**ADDRESS, **WHO, **AGREED, "adress": "C:\\Skrivbord\\kalender.ics"}, "en fil på en dator"),
        (SOURCE, {**ADDRESS, **WHO, **AGREED, "adress": "kansliet@sockenhuset.example"}, "en e-postadress"),
        (SOURCE, {**ADDRESS, **WHO, **AGREED, "adress": "https://www.facebook.com/sockenhuset"}, "ett och ett"),
        (SOURCE, {**ADDRESS, **WHO, **AGREED, "kalla": "x" * 200}, "Högst 120 tecken"),
        (EVENT, {**CONCERT, **WHO, **AGREED, "rubrik": ""}, "Fyll i det här"),
        (EVENT, {**CONCERT, **WHO, **AGREED, "dag": "2027-02-30"}, "Välj en dag"),
        (EVENT, {**CONCERT, **WHO, **AGREED, "dag": "2026-12-01"}, "Alla datum har redan varit"),
        (EVENT, {**CONCERT, **WHO, **AGREED, "fran": "25:00"}, "Skriv klockslaget"),
        (EVENT, {**CONCERT, **WHO, **AGREED, "fran": "18.30", "till": "18:30"}, "Slutet måste komma efter"),
        (EVENT, {**CONCERT, **WHO, **AGREED, "lank": "javascript:alert(1)"}, "Skriv en webbadress"),
        (EVENT, {**CONCERT, **WHO, **AGREED, "roll": "staff"}, "Fyll i det här"),
    ],
)
async def test_nothing_typed_is_lost_by_a_mistake(town: Hall, path: str, fields: dict[str, str], wrong: str) -> None:
    town.app.state.desk.office.samples = _never(town)
    answer = await sent(town, path, fields)
    assert (answer.status_code, wrong in answer.text) == (422, True)
    for value in fields.values():
        assert value in (*WHO.values(), "1", "staff") or f'value="{value}"' in answer.text, value
    assert letters(town) == []


async def test_D10_nothing_typed_is_lost_when_the_database_is_away(town: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object) -> None:
        raise StoreError("locked")

    monkeypatch.setattr(Offers, "submit", away)
    answer = await sent(town, EVENT, {**CONCERT, **WHO, **AGREED})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert 'value="Vårkonsert"' in answer.text


async def test_more_dates_keep_what_was_typed(town: Hall) -> None:
    answer = await town.browser().send(EVENT, {**CONCERT, "steg": "fler"})
    assert answer.status_code == 200
    assert 'value="2027-01-20"' in answer.text
    assert answer.text.count('name="dag"') == 4


def _never(town: Hall) -> Samples:
    """Looks that must not be taken."""
    office = town.app.state.desk.office

    def fail() -> None:
        raise AssertionError("the address was asked again")

    return Samples(fail, town.store, office.kit.fetcher)  # type: ignore[arg-type]  # it is never asked


# --- F06: programs and floods


async def test_F06_a_program_that_fills_in_everything_gets_the_form_back(town: Hall) -> None:
    answer = await sent(town, EVENT, {**CONCERT, **WHO, **AGREED, offering.TRAP: "https://spam.example"})
    assert (answer.status_code, "såg ut som ett program" in answer.text) == (422, True)
    assert 'value="Vårkonsert"' in answer.text
    assert "spam.example" not in answer.text
    assert letters(town) == []


@pytest.mark.parametrize("visad", [None, "", "0", "123.abc"])
async def test_F06_a_form_that_was_never_open_is_not_taken(town: Hall, visad: str | None) -> None:
    fields = {**CONCERT, **WHO, **AGREED} | ({} if visad is None else {"visad": visad})
    answer = await sent(town, EVENT, fields, wait=0.5 if visad is None else 3)
    assert "såg ut som ett program" in answer.text
    assert letters(town) == []


async def test_F06_who_was_too_fast_is_heard_at_once_the_second_time(town: Hall) -> None:
    mine = town.browser()
    again = await sent(town, EVENT, {**CONCERT, **WHO, **AGREED}, browser=mine, wait=0.5)
    town.now += timedelta(seconds=1.6)
    await mine.post(EVENT, {**form_of(again.text, EVENT), "steg": "lamna", **CONCERT, **WHO, **AGREED})
    assert len(letters(town)) == 1


async def test_F06_nobody_gets_more_mails_than_five_an_hour_and_nothing_is_lost(town: Hall) -> None:
    for n in range(8):
        told = {**CONCERT, **WHO, **AGREED, "rubrik": f"Konsert {n}"}
        answer = await sent(town, EVENT, told, browser=town.browser(f"192.0.2.{n}"))
    assert answer.status_code == 429
    assert 'value="Konsert 7"' in answer.text
    assert len(letters(town)) == 5
    town.now += timedelta(hours=1, minutes=1)
    await sent(town, EVENT, {**CONCERT, **WHO, **AGREED}, browser=town.browser("192.0.2.99"))
    assert len(letters(town)) == 6


async def test_F06_a_flood_from_one_network_stops_and_the_queue_stays_empty(town: Hall) -> None:
    for n in range(30):
        await sent(town, EVENT, {**CONCERT, **WHO, **AGREED, "epost": f"a{n}@x.example"})
    assert len(letters(town)) == 20
    assert town.store.submissions.queue() == []
    assert town.store.submissions.counts()[Standing.UNCONFIRMED] == 20


async def test_F06_what_goes_to_an_unconfirmed_address_holds_no_word_of_the_stranger(town: Hall) -> None:
    await sent(town, EVENT, {**CONCERT, **WHO, **AGREED, "rubrik": "Köp piller", "namn": "Billiga piller"})
    assert "piller" not in letters(town)[0].lower()


# --- F09, F10: only what is asked for, only one's own


@pytest.mark.parametrize("path", [SOURCE, EVENT])
async def test_F09_no_field_decides_what_staff_decide(town: Hall, path: str) -> None:
    mine, more = town.browser(), {"state": "approved", "status": "approved", "source": "x", "person": "p9", "id": "s9"}
    more |= {"version": "99", "trusted": "1", "is_staff": "1", "format": "submitted", "kind": "report", "url": "x"}
    fields = {**(ADDRESS if path == SOURCE else CONCERT), **WHO, **AGREED, **more}
    await sent(town, path, fields, browser=mine)
    found = await confirmed(town, mine)
    assert (found.state, found.source, found.version, found.kind) == (Standing.WAITING, None, 2, found.kind)
    assert (found.id == "s9", found.person == "p9", town.store.town.entries()) == (False, False, [])


async def test_F10_what_others_handed_in_is_not_there(town: Hall) -> None:
    mine, other = town.browser(), town.browser("192.0.2.8")
    await sent(town, EVENT, {**CONCERT, **WHO, **AGREED}, browser=mine)
    found = await confirmed(town, mine)
    await sent(town, EVENT, {**CONCERT, **WHO, **AGREED, "epost": "b@x.example"}, browser=other)
    await confirmed(town, other)
    shown = await mine.get(f"/min-sida/{found.id}")
    token = form_of(shown.text, "/min-sida/logga-ut")["token"]
    for tail in ("", "/ratta", "/ta-tillbaka"):
        assert (await other.get(f"/min-sida/{found.id}{tail}")).status_code == 404
        assert (await town.browser().get(f"/min-sida/{found.id}{tail}")).status_code == 303
    for tail in ("/ratta", "/ta-tillbaka", "/svara", "/pausa", "/ateruppta", "/stammer"):
        answer = await other.post(f"/min-sida/{found.id}{tail}", {"token": token, "version": "2", "svar": "x"})
        assert answer.status_code == 404, tail
    assert town.store.submissions.get(found.id) == found


# --- F19, F20 at the door


async def test_F19_whatever_does_not_answer_is_one_page(quick: Hall, site: Loopback) -> None:
    site.page("/borta", b"", status=404)
    told = set()
    for address in (
        site.url("/borta"),
        "http://10.0.0.1/",
        "http://localhost/",
        "https://finns.invalid/",
        "http://x.example:22/",
    ):
        answer = await quick.browser().send(SOURCE, {"adress": address, "steg": "titta"})
        assert answer.status_code == 200
        told.add(_bare(answer.text, address))
    assert len(told) == 1
    assert "Vi kan inte visa något" in told.pop()


async def test_F19_nothing_is_asked_by_a_get(quick: Hall, site: Loopback) -> None:
    site.file("/k.ics", calendar())
    shown = await quick.browser().get(f"{SOURCE}?adress={site.url('/k.ics')}")
    assert site.url("/k.ics") in shown.text
    assert site.connections == 0


async def test_F20_one_network_looks_so_often_and_no_more(quick: Hall, site: Loopback) -> None:
    looks(quick, site, patience=30)
    site.file("/k.ics", calendar(vevent("Sagostund", day(20, 10))))
    mine = quick.browser()
    codes = [(await mine.send(SOURCE, {"adress": site.url("/k.ics"), "steg": "titta"})).status_code for _ in range(32)]
    assert codes == [200] * 30 + [429] * 2
    assert site.hits("/k.ics") == 1


def _bare(page: str, address: str) -> str:
    """A page without what differs by rights: the address and the signed fields."""
    return re.sub(r'value="[^"]*"', "", page).replace(address, "")


# --- consent


def test_G09_a_changed_text_has_a_new_version() -> None:
    told = {
        name: hashlib.sha256(
            "".join((TERMS / f"{name}.{lang}.html").read_text() for lang in ("sv", "en")).encode()
        ).hexdigest()[:12]
        for name in VERSIONS
    }
    assert (VERSIONS, told) == (
        {"guidelines": "1", "processing": "1"},
        {"guidelines": "33538b439786", "processing": "d47a3f4e3456"},
    )


async def test_G09_consent_is_stored_with_version_and_time_and_taken_back_by_one_button(town: Hall) -> None:
    mine = town.browser()
    await sent(town, EVENT, {**CONCERT, **WHO, **AGREED}, browser=mine)
    found = await confirmed(town, mine)
    person = found.person or ""
    assert [(c.what, c.version, c.withdrawn) for c in town.store.people.consents(person)] == [
        ("guidelines", "1", None),
        ("processing", "1", None),
    ]
    shown = await mine.get("/min-sida/uppgifter")
    await mine.post("/min-sida/samtycke", form_of(shown.text, "/min-sida/samtycke"))
    assert all(c.withdrawn for c in town.store.people.consents(person))
    assert [s.state for s in town.store.submissions.of_person(person)] == [Standing.WITHDRAWN]


# --- hints


async def test_hints_tell_public_events_alone(town: Hall) -> None:
    answer = await town.browser().get(f"{EVENT}/traffar.json?rubrik=Sagostund&dag=2027-01-20&fran=10:00")
    assert json.loads(answer.text) == {"same": [], "clash": []}
    assert answer.headers.get("set-cookie") is None
    for query in ("", "dag=x", "dag=2027-01-20&fran=99", "rubrik=" + "a" * 5000 + "&dag=2027-01-20"):
        assert (await town.browser().get(f"{EVENT}/traffar.json?{query}")).status_code == 200


async def test_the_hall_has_its_own_looks(tmp_path: Path) -> None:
    """A program that was not told how to ask for strangers asks nothing."""
    with hall(tmp_path) as town:
        assert not (await town.app.state.desk.office.samples._taken("https://x.example/")).shown
